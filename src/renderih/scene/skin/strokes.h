// SPDX-License-Identifier: Apache-2.0
// Lines on a plane, found by place: creases of the palm, veins, tendons.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/math/vec.h"

#include <vector>

namespace rih {

/// One line: its shape across is a bell of `width` mm, thinner and flatter at both ends.
struct Stroke {
    std::vector<Vec2f> points; ///< mm
    float width = 1;           ///< mm from the middle to 1 / e
    float strength = 1;
    float taper = 0.25; ///< of its length at each end
    float fading = 0;   ///< share of its strength that comes and goes along it, 0 .. 1
};

/// Points of a smooth curve through `control` (Catmull and Rom), about `step` mm apart.
std::vector<Vec2f> smooth_curve(const std::vector<Vec2f>& control, float step_mm);
/// The same with each inner point pushed aside by up to `wander` mm, smoothly.
std::vector<Vec2f> wandering(std::vector<Vec2f> points, float wander_mm, float size_mm, Rng& rng);

class StrokeField {
  public:
    void add(const Stroke& stroke);
    /// Sorts the lines into cells; call once, after the last add().
    void finish();

    /// The strongest line's strength here, 0 far from all.
    float at(Vec2f place) const;
    bool empty() const { return pieces_.empty(); }

  private:
    struct Piece {
        Vec2f from, along; // along: to the other end
        float inverse_square_length;
        float width_from, width_to, strength_from, strength_to;
    };
    std::vector<Piece> pieces_;
    std::vector<int> first_, members_; // of cells
    Vec2f low_;
    int columns_ = 0, rows_ = 0;
};

} // namespace rih
