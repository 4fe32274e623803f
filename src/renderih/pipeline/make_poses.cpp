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
#include <thread>

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

namespace {

/// The poses of a run, made round by round.
class PoseRun {
  public:
    PoseRun(const GenerateOptions& options, std::uint64_t count, const AssetFolder& assets)
        : options_(checked(options, count)), count_(count), assets_(assets),
          hands_(load_hands(options.hand, assets.path)),
          engine_(hands_, options.posing, assets.path) {}

    /// Calls take(pairs) with the poses in order, a round at a time; a round is so long that
    /// threads which wait for its last batch cost little. on_pair() may come from any thread; what
    /// it throws ends the work.
    void make(int threads,
              const std::function<void()>& on_pair,
              const std::function<void(std::vector<PosePair>)>& take) const {
        constexpr std::uint64_t kBatchesPerThread = 32;
        const std::uint64_t round = kBatchesPerThread * PoseEngine::kBatch *
                                    static_cast<std::uint64_t>(resolve_thread_count(threads));
        for (std::uint64_t first = 0; first < count_; first += round) {
            std::vector<PosePair> pairs(std::min(round, count_ - first));
            const std::size_t batches =
                (pairs.size() + PoseEngine::kBatch - 1) / PoseEngine::kBatch;
            parallel_for(batches, threads, [&](std::size_t batch) {
                const std::size_t begin = batch * PoseEngine::kBatch;
                std::vector<std::uint64_t> ids(std::min(PoseEngine::kBatch, pairs.size() - begin));
                std::iota(ids.begin(), ids.end(), first + begin);
                for (PosePair& pair : engine_.make_all(options_.seed, ids)) {
                    on_pair();
                    pairs[pair.id - first] = std::move(pair);
                }
            });
            take(std::move(pairs));
        }
    }

    /// `meta` of the poses file.
    std::string meta_json() const {
        const nlohmann::ordered_json meta{
            {"seed", options_.seed},
            {"hand", options_.hand},
            {"posing", nlohmann::ordered_json::parse(to_json(options_.posing))},
            {"fingerprint", engine_.fingerprint()},
            {"assets_sha256", assets_.sha256}};
        return meta.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    }

  private:
    static const GenerateOptions& checked(const GenerateOptions& options, std::uint64_t count) {
        constexpr std::uint64_t kMaxPoses = 10'000'000; // 13 GB
        RIH_REQUIRE(count >= 1 && count <= kMaxPoses,
                    "count is {}; it must lie in 1 .. {}",
                    count,
                    kMaxPoses);
        options.posing.validate();
        return options;
    }

    const GenerateOptions& options_;
    std::uint64_t count_;
    const AssetFolder& assets_;
    HandPair hands_;
    PoseEngine engine_;
};

} // namespace

PosesSummary make_poses(const GenerateOptions& options,
                        std::uint64_t count,
                        const std::filesystem::path& out,
                        int threads,
                        const AssetFolder& assets) {
    const auto start = std::chrono::steady_clock::now();
    const PoseRun run(options, count, assets);
    PoseFileWriter writer(out);
    PosesSummary summary;
    summary.out = out;
    summary.count = count;
    {
        Progress progress("poses", count);
        run.make(
            threads,
            [&] { progress.step(); },
            [&](const std::vector<PosePair>& pairs) {
                writer.append(pairs);
                for (const PosePair& pair : pairs) {
                    summary.attempts += static_cast<std::uint64_t>(pair.attempts);
                    summary.in_contact += pair.min_distance_m < kContactDistance ? 1 : 0;
                }
            });
    }
    writer.finish(options.seed, run.meta_json());
    summary.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary;
}

std::map<std::string, NpyOutput> make_pose_arrays(const GenerateOptions& options,
                                                  std::uint64_t count,
                                                  int threads,
                                                  const AssetFolder& assets,
                                                  const std::function<void()>& between) {
    const PoseRun run(options, count, assets);
    std::vector<PosePair> all;
    const auto caller = std::this_thread::get_id();
    run.make(
        threads,
        [&] {
            if (std::this_thread::get_id() == caller) { // it takes its part of the work
                between();
            }
        },
        [&](std::vector<PosePair> pairs) {
            for (PosePair& pair : pairs) {
                pair.contact_vertices = {}; // no array of the file, and long
                all.push_back(std::move(pair));
            }
        });
    std::map<std::string, NpyOutput> arrays = pose_arrays(all);
    arrays.merge(pose_run_arrays(options.seed, run.meta_json()));
    return arrays;
}

} // namespace rih
