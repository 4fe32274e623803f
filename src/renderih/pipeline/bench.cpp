// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/bench.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/process_usage.h"
#include "renderih/base/stopwatch.h"
#include "renderih/base/temp_folder.h"
#include "renderih/geometry/interaction.h"
#include "renderih/hand/hand_io.h"
#include "renderih/pipeline/bench_render.h"
#include "renderih/pipeline/generate.h"
#include "renderih/pipeline/verify.h"
#include "renderih/posing/pose_engine.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>

namespace rih {

namespace {

BenchFigures bench_poses(const BenchOptions& options, const AssetFolder& assets, int threads) {
    const HandPair hands = load_hand_pair(options.generate.hand, assets.path);
    const PoseEngine engine(hands, options.generate.posing, assets.path);
    const auto count = static_cast<std::size_t>(options.count);
    double attempts = 0, touching = 0;
    std::vector<double> contact_areas(count);
    PoseStageSeconds stages;
    std::mutex mutex;
    const Stopwatch watch;
    const std::size_t batches = (count + PoseEngine::kBatch - 1) / PoseEngine::kBatch;
    parallel_for(batches, threads, [&](std::size_t batch) {
        std::vector<std::uint64_t> ids;
        for (std::size_t id = batch * PoseEngine::kBatch;
             id < std::min(count, (batch + 1) * PoseEngine::kBatch);
             ++id) {
            ids.push_back(id);
        }
        PoseStageSeconds spent;
        const std::vector<PosePair> made = engine.make_all(options.generate.seed, ids, 0, &spent);
        const std::lock_guard lock(mutex);
        stages += spent;
        for (const PosePair& pair : made) {
            attempts += pair.attempts;
            touching += pair.min_distance_m < kContactDistance ? 1 : 0;
            contact_areas[pair.id] = pair.contact_area_mm2;
        }
    });
    const double seconds = watch.seconds();
    std::nth_element(contact_areas.begin(),
                     contact_areas.begin() + static_cast<std::ptrdiff_t>(count / 2),
                     contact_areas.end());
    return {{"pairs", options.count},
            {"threads", threads},
            {"seconds", seconds},
            {"pairs_per_second", options.count / seconds},
            {"pairs_per_second_per_core", options.count / seconds / threads},
            {"yield", options.count / attempts},
            {"touching", touching / options.count},
            {"median_contact_area_mm2", contact_areas[count / 2]},
            {"seconds_people", stages.people},
            {"seconds_source", stages.source},
            {"seconds_optimise", stages.optimise},
            {"seconds_forearms", stages.forearms},
            {"seconds_separate", stages.separate},
            {"seconds_measure", stages.measure}};
}

/// From poses to shards, checked by `verify` afterwards: what is counted is right.
BenchFigures bench_pipeline(const BenchOptions& options, const AssetFolder& assets, int threads) {
    const TempFolder folder;
    GenerateOptions generated = options.generate;
    const auto views = static_cast<std::uint64_t>(generated.views);
    generated.poses = (static_cast<std::uint64_t>(options.count) + views - 1) / views;
    GenerateTarget target;
    target.folder = folder.path() / "data";
    target.threads = threads;
    const ProcessUsage before = process_usage();
    const GenerateSummary summary = generate(generated, target, assets);
    const ProcessUsage after = process_usage();
    const double thread_seconds = summary.seconds * threads;
    const auto records = static_cast<double>(summary.records_made);

    const Stopwatch watch;
    const VerifySummary verified =
        verify({.folder = target.folder,
                .hand = options.generate.hand == "open" ? "" : options.generate.hand,
                .threads = threads});
    RIH_REQUIRE(verified.findings.empty(), "{}", verified.text());
    return {{"records", records},
            {"threads", threads},
            {"spp", generated.image.spp},
            {"seconds", summary.seconds},
            {"images_per_second", records / summary.seconds},
            {"writer_share", summary.writer_seconds / thread_seconds},
            {"core_use", (after.cpu_seconds - before.cpu_seconds) / thread_seconds},
            {"peak_memory_mib", after.peak_memory_mib},
            {"verified_per_second", records / watch.seconds()}};
}

} // namespace

std::string BenchResult::text() const {
    std::string text = what;
    for (const auto& [name, value] : figures) {
        text += fmt::format("\n  {}: {:.4g}", name, value);
    }
    return text;
}

std::string BenchResult::json() const {
    nlohmann::ordered_json json{{"bench", what}};
    for (const auto& [name, value] : figures) {
        json[name] = value;
    }
    return json.dump();
}

BenchResult bench(const std::string& what, const BenchOptions& options, const AssetFolder& assets) {
    RIH_REQUIRE(options.count >= 1 && options.count <= 100000,
                "count is {}; it must lie in 1 .. 100000",
                options.count);
    RIH_REQUIRE(options.curve_spp >= 16 && options.curve_spp <= 1 << 20,
                "reference_spp is {}; it must lie in 16 .. {}",
                options.curve_spp,
                1 << 20);
    options.generate.validate();
    const int threads = resolve_thread_count(options.threads);
    if (what == "render" && options.curve) {
        BenchFigures figures = bench_render(options, assets, threads);
        for (const auto& [name, value] : bench_curve(options, assets, threads)) {
            figures.emplace_back("curve_" + name, value);
        }
        return {what, std::move(figures)};
    }
    return {what,
            what == "poses"    ? bench_poses(options, assets, threads)
            : what == "render" ? bench_render(options, assets, threads)
            : what == "curve"  ? bench_curve(options, assets, threads)
                               : bench_pipeline(options, assets, threads)};
}

} // namespace rih
