// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/pipeline/render_scene.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_render(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand("render", "Render a scene file to an EXR picture");
    command->footer("Example:\n  renderih render scene.json --out image.exr --spp 256 "
                    "--aov depth_z,normal\nThe scene format is in docs/rendering.md.");
    auto options = std::make_shared<RenderSceneOptions>();
    command->add_option("SCENE", options->scene, "the scene (.json)")->required();
    command->add_option("--out", options->out, "the picture to write (.exr)")->required();
    command->add_option("--spp", options->spp, "samples a pixel")->capture_default_str();
    command->add_option("--seed", options->seed, "seed of the samples")->capture_default_str();
    command
        ->add_option("--aov",
                     options->aovs,
                     "extra channels: depth_z, normal, shading_normal, part, hand, uv, albedo, "
                     "position")
        ->delimiter(',');
    command->add_option("--threads", options->threads, "threads; 0 = every core")
        ->check(CLI::NonNegativeNumber);
    command->callback([options, &run] {
        run = [options] {
            render_scene_file(*options);
            fmt::print("wrote {}\n", options->out.string());
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
