// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/hand/hand_io.h"
#include "renderih/learn/engine.h"
#include "renderih/pipeline/asset_folder.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_predict(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("predict", "Both hands of pictures, by a trained network");
    command->footer(
        "Writes NAME.overlay.png, NAME.glb, NAME.right.obj, NAME.left.obj and NAME.json.\n"
        "Example:\n  renderih predict photo.jpg --checkpoint run/best.safetensors "
        "--box 120,80,260,240 --out predicted");
    struct Flags {
        learn::PredictRequest request;
        std::vector<double> box;
        std::string hand = "open";
        RunFlags run;
    };
    auto flags = std::make_shared<Flags>();
    command->add_option("IMAGE", flags->request.images, "JPEG, PNG or WebP")->required();
    add_path(*command, "--checkpoint", flags->request.checkpoint, "of renderih train")->required();
    add_path(*command, "--out", flags->request.out, "folder for the results")->required();
    command
        ->add_option(
            "--box",
            flags->box,
            "x,y,width,height in pixels around both hands; else the picture is taken for a "
            "crop around them")
        ->delimiter(',')
        ->expected(4);
    command->add_option("--hand", flags->hand, "the hand that the checkpoint belongs to")
        ->capture_default_str();
    add_run_flags(*command, flags->run);
    command->callback([flags, &run] {
        run = [flags] {
            const learn::Engine& engine = learn::engine();
            learn::PredictRequest& request = flags->request;
            if (!flags->box.empty()) {
                request.box.emplace();
                std::copy_n(flags->box.begin(), 4, request.box->begin());
            }
            request.threads = flags->run.threads;
            request.hands = load_hand_pair(flags->hand, find_assets(flags->run.assets).path);
            engine.predict(request);
            fmt::print(
                "{} pictures predicted into {}\n", request.images.size(), request.out.string());
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
