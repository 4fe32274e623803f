// SPDX-License-Identifier: Apache-2.0
// Stand-ins for the people of the paper's Table 3: two discriminators, each trained on one half of
// the families of hand shapes, of which a pose is shown to the one that never saw its family; the
// distance to the nearest of many natural poses; and the coupling of the end joints.
#pragma once

#include "renderih/posing/discriminator_training.h"

#include <array>
#include <filesystem>
#include <vector>

namespace rih {

class Judges {
  public:
    /// Trains both, about a minute with the default `steps`. Throws UserError.
    Judges(const std::filesystem::path& assets, std::uint64_t seed, int threads, int steps = 1500);

    /// Probability of natural for `angles`, by the judge that never saw the family of the shape
    /// nearest to `raw`, the pose that they were made from.
    double probability(const FingerAngles& angles, const FingerAngles& raw) const;

    /// Root mean square difference to the nearest of kNaturalPoses natural poses, degrees.
    double distance_deg(const FingerAngles& angles) const;

    static constexpr int kNaturalPoses = 4000;

  private:
    std::vector<HandShape> shapes_;
    std::vector<int> unseen_by_; // [shapes] index of the judge
    std::vector<Discriminator> judges_;
    std::vector<FingerAngles> natural_;
};

/// Share of the four long fingers whose end joint bends more than kCouplingSlack away from two
/// thirds of the middle joint's bend, to which one tendon ties it.
inline constexpr double kCouplingSlackDeg = 30;
double coupling_violations(const FingerAngles& angles);

} // namespace rih
