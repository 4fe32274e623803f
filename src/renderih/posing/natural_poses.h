// SPDX-License-Identifier: Apache-2.0
// Natural and unnatural poses of one hand, for training and judging the discriminator: hand shapes,
// points between two of them and natural variations (vary_naturally), since the paper's 63K
// captured poses may not be used; unnatural ones have offsets as the augmentation draws them (eq.
// 1).
#pragma once

#include "renderih/base/rng.h"
#include "renderih/posing/sources/hand_shapes.h"

#include <string>
#include <vector>

namespace rih {

/// What shapes are held out together, since one is a variant of the other: the sequence of a
/// recorded hand, the authored name up to the first '_' ("grasp_sphere" -> "grasp"), or the
/// package.
std::string family_of(const HandShape& shape);

/// Splits by whole families: each family goes to the second part with probability `share`, decided
/// by (seed, name) alone.
struct FamilySplit {
    std::vector<HandShape> kept, held_out;
    int families_kept = 0, families_held_out = 0;
};
FamilySplit split_families(const std::vector<HandShape>& shapes, double share, std::uint64_t seed);

struct NaturalDraw {
    double blend_share = 0.5;                     ///< of poses that lie between two shapes
    double max_bend_deg = 90, max_splay_deg = 30; ///< of offsets at level 1
};

class NaturalPoses {
  public:
    /// Throws UserError when there is no shape.
    NaturalPoses(std::vector<HandShape> shapes, const NaturalDraw& draw);

    FingerAngles natural(Rng& rng) const;

    /// A natural pose with uniform offsets of up to `level` times the largest, within Table 2.
    FingerAngles augmented(double level, Rng& rng) const;

  private:
    const HandShape& any(Rng& rng) const;

    std::vector<HandShape> shapes_;
    std::vector<double> cumulative_; // [shapes] sums of weights; empty when all are equal
    NaturalDraw draw_;
};

/// Root mean square difference over the 20 angles that Table 2 lets move (15 bends, 5 splays), rad.
double angle_distance(const FingerAngles& a, const FingerAngles& b);

} // namespace rih
