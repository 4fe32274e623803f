// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/progress.h"
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/hand/hand_io.h"
#include "renderih/pipeline/asset_folder.h"
#include "renderih/posing/anchors.h"
#include "renderih/posing/contact_frequency.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_anchors(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand(
        "anchors", "Count how often each vertex touches the other hand, for the anchors");
    command->footer("Example:\n  renderih anchors --count 10000 --out open.npz");
    struct Flags {
        GenerateOptions options;
        RunFlags run;
        std::filesystem::path out;
        std::uint64_t count = 10'000;
    };
    auto flags = std::make_shared<Flags>();
    add_path(*command, "--out", flags->out, "file to write (.npz)")->required();
    add_unsigned(*command, "--count", flags->count, "raw pairs to count over");
    add_posing_flags(*command, flags->options);
    add_run_flags(*command, flags->run);
    command->callback([flags, &run] {
        run = [flags] {
            require_place_for(flags->out);
            const AssetFolder assets = find_assets(flags->run.assets);
            const GenerateOptions& options = flags->options;
            const HandPair hands = load_hand_pair(options.hand, assets.path);
            const std::unique_ptr<PoseSource> source =
                make_mixed_source(options.posing.sources, assets.path, hands);
            Progress progress("pairs", flags->count);
            ContactCounts counts = count_contacts(hands,
                                                  *source,
                                                  {.pairs = flags->count,
                                                   .seed = options.seed,
                                                   .threads = flags->run.threads,
                                                   .shape_sd = options.posing.shape_sd,
                                                   .step = [&] { progress.step(); }});
            counts.source = fmt::format("{}", fmt::join(options.posing.sources, ","));
            counts.save(flags->out);
            const VecX frequency = counts.frequency();
            const Anchors anchors = make_anchors(hands.hands[0], frequency);
            fmt::print("wrote {}: {} pairs; the most touched vertex in {:.1f} % of hands, the mean "
                       "one in {:.1f} %; {} anchors{}\n",
                       flags->out.string(),
                       counts.pairs,
                       100 * frequency.maxCoeff(),
                       100 * frequency.mean(),
                       anchors.vertices.size(),
                       anchors.radius_m > 0
                           ? fmt::format(" at least {:.1f} mm apart", 1e3 * anchors.radius_m)
                           : " 2 hops apart or more");
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
