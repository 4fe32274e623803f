// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/pipeline/render_scene.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_render(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand("render", "Render a scene file to an EXR picture");
    command->footer("Example:\n  renderih render scene.json --out image.exr --spp 256 "
                    "--aov depth_z,normal\nThe scene format is in docs/rendering.md.");
    struct Flags {
        RenderSceneFiles files;
        RenderSceneOptions options;
    };
    auto flags = std::make_shared<Flags>();
    RenderSceneOptions* options = &flags->options;
    add_path(*command, "SCENE", flags->files.scene, "the scene (.json)")->required();
    add_path(*command, "--out", flags->files.out, "the picture to write (.exr)")->required();
    command->add_option("--spp", options->spp, "samples a pixel")->capture_default_str();
    command
        ->add_option("--subsurface",
                     options->subsurface,
                     "light below a surface: walk (exact) or profile (fast)")
        ->check(CLI::IsMember({"walk", "profile"}))
        ->capture_default_str();
    command->add_flag("--denoise", options->denoise, "filter the radiance, guided by the aovs");
    add_unsigned(*command, "--seed", options->seed, "seed of the samples");
    command
        ->add_option(
            "--aov",
            options->aovs,
            "extra channels: depth_z, normal, shading_normal, part, hand, amodal, uv, albedo, "
            "position")
        ->delimiter(',');
    add_threads(*command, options->threads);
    command->callback([flags, &run] {
        run = [flags] {
            require_place_for(flags->files.out);
            const RenderSceneTimes times = render_scene_file(flags->files, flags->options);
            fmt::print("wrote {}: read {:.2f} s, built {:.2f} s, rendered {:.2f} s, denoised "
                       "{:.2f} s, written {:.2f} s\n",
                       flags->files.out.string(),
                       times.read,
                       times.build,
                       times.render,
                       times.denoise,
                       times.write);
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
