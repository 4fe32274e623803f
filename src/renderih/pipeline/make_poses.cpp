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

#include <algorithm>
#include <chrono>
#include <numeric>

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
    constexpr std::uint64_t kMaxPoses = 10'000'000; // 13 GB
    RIH_REQUIRE(
        count >= 1 && count <= kMaxPoses, "count is {}; it must lie in 1 .. {}", count, kMaxPoses);
    options.posing.validate();
    const auto start = std::chrono::steady_clock::now();
    const HandPair hands = load_hands(options.hand, assets.path);
    const PoseEngine engine(hands, options.posing, assets.path);
    PoseFileWriter writer(out);
    PosesSummary summary;
    summary.out = out;
    summary.count = count;
    {
        // Round by round, each long enough that threads which wait for the last batch cost little.
        constexpr std::uint64_t kBatchesPerThread = 32;
        const std::uint64_t round = kBatchesPerThread * PoseEngine::kBatch *
                                    static_cast<std::uint64_t>(resolve_thread_count(threads));
        Progress progress("poses", count);
        for (std::uint64_t first = 0; first < count; first += round) {
            std::vector<PosePair> pairs(std::min(round, count - first));
            const std::size_t batches =
                (pairs.size() + PoseEngine::kBatch - 1) / PoseEngine::kBatch;
            parallel_for(batches, threads, [&](std::size_t batch) {
                const std::size_t begin = batch * PoseEngine::kBatch;
                std::vector<std::uint64_t> ids(std::min(PoseEngine::kBatch, pairs.size() - begin));
                std::iota(ids.begin(), ids.end(), first + begin);
                for (PosePair& pair : engine.make_all(options.seed, ids)) {
                    progress.step();
                    pairs[pair.id - first] = std::move(pair);
                }
            });
            writer.append(pairs);
            for (const PosePair& pair : pairs) {
                summary.attempts += static_cast<std::uint64_t>(pair.attempts);
                summary.in_contact += pair.min_distance_m < kContactDistance ? 1 : 0;
            }
        }
    }
    const nlohmann::ordered_json meta{
        {"seed", options.seed},
        {"hand", options.hand},
        {"posing", nlohmann::ordered_json::parse(to_json(options.posing))},
        {"fingerprint", engine.fingerprint()},
        {"assets_sha256", assets.sha256}};
    writer.finish(options.seed,
                  meta.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    summary.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary;
}

} // namespace rih
