// SPDX-License-Identifier: Apache-2.0
// The way from a pose id to a valid pair: source -> augment -> optimise -> filter, tried again
// inside the same key until a pair passes.
#pragma once

#include "renderih/hand/hand_model.h"
#include "renderih/posing/pair_energy.h"
#include "renderih/posing/pose_pair.h"

#include <filesystem>
#include <memory>
#include <span>

namespace rih {

/// What the first draw of a pose id passed through, for studies: forearms are chosen after
/// `optimised`, so those of `rig` are the source's.
struct PoseTrace {
    PairRig rig;
    PairParameters raw;       ///< as the source gave it
    PairParameters augmented; ///< eq. 1, brought near: where the optimisation starts
    PairParameters optimised; ///< where it ends, before the exact step
    std::string failure;      ///< why the draw was refused; empty: released
    PosePair pair;            ///< released, or what was known of it; source names always
};

/// Where the time of some poses went: processor seconds of the threads that made them.
struct PoseStageSeconds {
    double people = 0;   ///< shapes and distance grids
    double source = 0;   ///< raw pair, augmentation, first approach
    double optimise = 0; ///< the iterations
    double forearms = 0;
    double separate = 0; ///< the exact step
    double measure = 0;  ///< the exact filter

    PoseStageSeconds& operator+=(const PoseStageSeconds& other);
};

class PoseEngine {
  public:
    /// Loads sources and the discriminator. `assets` is the built asset folder. The hand pair must
    /// outlive the engine. Throws UserError. Of the people met last, `people_kept` keep their
    /// tables (some 5 MiB and 60 ms each); 0: all.
    PoseEngine(const HandPair& hands,
               const PosingOptions& options,
               const std::filesystem::path& assets,
               std::size_t people_kept = 0);
    ~PoseEngine();

    /// How many poses are best made by one call of make_all.
    static constexpr std::size_t kBatch = 8;

    /// Poses `ids` of `seed`, each a function of (seed, population, options, assets, its id) alone;
    /// populations share nobody's shape. Thread-safe. Adds to `seconds` unless null. Throws
    /// UserError when `options.max_attempts` draws of one fail.
    std::vector<PosePair> make_all(std::uint64_t seed,
                                   std::span<const std::uint64_t> ids,
                                   int population = 0,
                                   PoseStageSeconds* seconds = nullptr) const;
    PosePair make(std::uint64_t seed, std::uint64_t id, int population = 0) const;

    /// The first draw of pose `id`, released or not. Thread-safe.
    PoseTrace trace(std::uint64_t seed, std::uint64_t id) const;
    /// The same for several poses, best kBatch of them.
    std::vector<PoseTrace> trace_all(std::uint64_t seed, std::span<const std::uint64_t> ids) const;

    /// What the energy of every pair is made of.
    const PosingContext& context() const;

    /// Digest of everything that a pose depends on besides (seed, id): options, sources, weights.
    std::string fingerprint() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace rih
