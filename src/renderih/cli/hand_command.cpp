// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/skin_transfer.h"
#include "renderih/pipeline/asset_folder.h"
#include "renderih/pipeline/dressed_hands.h"
#include "renderih/pipeline/provenance.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_hand(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand("hand", "Write a hand model's arrays as a numpy file");
    command->footer("Example:\n  renderih hand --side left --out left.npz");
    struct Flags {
        std::string hand = "open", side = "right";
        std::filesystem::path out, assets;
    };
    auto flags = std::make_shared<Flags>();
    command->add_option("--hand", flags->hand, "open, or RIGHT,LEFT hand model files (MANO)")
        ->capture_default_str();
    command->add_option("--side", flags->side, "right or left")
        ->check(CLI::IsMember({"right", "left"}))
        ->capture_default_str();
    add_path(*command, "--out", flags->out, "file to write (.npz)")->required();
    add_path(*command, "--assets", flags->assets, "folder of the built assets");
    command->callback([flags, &run] {
        run = [flags] {
            // Files of the user's own need no assets, unless they take over the open hand's skin.
            HandPair hands = flags->hand == "open"
                                 ? load_hands(flags->hand, find_assets(flags->assets).path)
                                 : load_hands(flags->hand, {});
            if (lacks_uv(hands[Side::Right]) || lacks_uv(hands[Side::Left])) {
                hands = dressed(std::move(hands), flags->hand, find_assets(flags->assets).path);
            }
            const HandModel& hand = hands[flags->side == "right" ? Side::Right : Side::Left];
            save_hand(flags->out, hand);
            fmt::print("wrote {}: {} vertices, {} faces, {} shape components{}\n",
                       flags->out.string(),
                       hand.vertex_count(),
                       hand.faces.size(),
                       hand.shape_count(),
                       has_skin_of_another(hand) ? ", skin of the open hand" : "");
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
