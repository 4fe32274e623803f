// SPDX-License-Identifier: Apache-2.0
// The way from a pose id to a valid pair: source -> augment -> optimise -> filter, tried again
// inside the same key until a pair passes.
#pragma once

#include "renderih/hand/hand_model.h"
#include "renderih/posing/pose_pair.h"
#include "renderih/posing/posing_options.h"

#include <filesystem>
#include <memory>

namespace rih {

class PoseEngine {
  public:
    /// Loads sources and the discriminator. `assets` is the built asset folder. The hand pair must
    /// outlive the engine. Throws UserError.
    PoseEngine(const HandPair& hands,
               const PosingOptions& options,
               const std::filesystem::path& assets);
    ~PoseEngine();

    /// Pose `id` of `seed`: a function of (seed, options, assets, id) alone. Thread-safe. Throws
    /// UserError when `options.max_attempts` draws all fail.
    PosePair make(std::uint64_t seed, std::uint64_t id) const;

    /// Digest of everything that a pose depends on besides (seed, id): options, sources, weights.
    std::string fingerprint() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace rih
