// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/make_poses.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/geometry/interaction.h"
#include "renderih/pipeline/provenance.h"
#include "renderih/posing/pose_engine.h"
#include "renderih/posing/pose_file.h"

#include <nlohmann/json.hpp>

#include <chrono>

namespace rih {

std::string PosesSummary::text() const {
    const auto n = static_cast<double>(std::max<std::uint64_t>(count, 1));
    return fmt::format("wrote {}: {} pose pairs, {:.2f} attempts each, {:.0f} % nearer than 2 mm, "
                       "{:.2f} s each",
                       out.string(),
                       count,
                       static_cast<double>(attempts) / n,
                       100 * static_cast<double>(in_contact) / n,
                       seconds / n);
}

PosesSummary make_poses(const GenerateOptions& options,
                        std::uint64_t count,
                        const std::filesystem::path& out,
                        int threads,
                        const AssetFolder& assets) {
    constexpr std::uint64_t kMaxPoses = 10'000'000; // all are held in memory until written
    RIH_REQUIRE(
        count >= 1 && count <= kMaxPoses, "count is {}; it must lie in 1 .. {}", count, kMaxPoses);
    options.posing.validate();
    const auto start = std::chrono::steady_clock::now();
    const HandPair hands = load_hands(options.hand, assets.path);
    const PoseEngine engine(hands, options.posing, assets.path);
    std::vector<PosePair> pairs(count);
    {
        Progress progress("poses", count);
        const std::size_t batches = (count + PoseEngine::kBatch - 1) / PoseEngine::kBatch;
        parallel_for(batches, threads, [&](std::size_t batch) {
            std::vector<std::uint64_t> ids;
            for (std::uint64_t id = batch * PoseEngine::kBatch;
                 id < std::min<std::uint64_t>(count, (batch + 1) * PoseEngine::kBatch);
                 ++id) {
                ids.push_back(id);
            }
            for (PosePair& pair : engine.make_all(options.seed, ids)) {
                pair.contact_vertices = {}; // not in the file
                progress.step();
                pairs[pair.id] = std::move(pair);
            }
        });
    }
    const nlohmann::ordered_json meta{
        {"seed", options.seed},
        {"hand", options.hand},
        {"posing", nlohmann::ordered_json::parse(to_json(options.posing))},
        {"fingerprint", engine.fingerprint()},
        {"assets_sha256", assets.sha256}};
    write_poses(out,
                pairs,
                options.seed,
                meta.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));

    PosesSummary summary;
    summary.out = out;
    summary.count = count;
    for (const PosePair& pair : pairs) {
        summary.attempts += static_cast<std::uint64_t>(pair.attempts);
        summary.in_contact += pair.min_distance_m < kContactDistance ? 1 : 0;
    }
    summary.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary;
}

} // namespace rih
