// SPDX-License-Identifier: Apache-2.0
// Cross-sections of fingers and forearms, to which bands and sleeves are fitted: the surface
// between two planes across the limb, seen along it, and smooth outlines that it does not reach.
#pragma once

#include "renderih/things/thing.h"

#include <array>
#include <functional>
#include <vector>

namespace rih {

/// A limb's own axes, unit and right-handed: `across` x `up` = `along` for a right hand; a left
/// hand's are its mirror image.
struct LimbFrame {
    Vec3 origin;
    Vec3 along;  ///< towards the finger tip, or from the wrist to the elbow
    Vec3 across; ///< to the thumb's side
    Vec3 up;     ///< out of the back of the hand

    Vec3 world(double x, double y, double z) const {
        return origin + x * across + y * up + z * along;
    }
};

/// About the bone from keypoint `from` to keypoint `to`, origin at `from`.
LimbFrame finger_frame(const PosedSurface& hand, int from, int to);
/// From the wrist to the middle of the forearm's end; `length` is how far it reaches, m.
LimbFrame forearm_frame(const PosedSurface& hand, double& length);

using Outline = std::vector<Vec2>; // (across, up), m

/// A limb's surface in its own frame: (across, up, along).
class LimbSurface {
  public:
    /// `counts` tells which parts of the hand belong to the limb.
    LimbSurface(const PosedSurface& hand,
                const LimbFrame& frame,
                const std::function<bool(std::uint8_t part)>& counts);

    /// What lies between two planes, `low` .. `high` along the limb, as seen along it: the corners
    /// of the faces cut by the planes. A convex outline about them encloses the surface.
    Outline between(double low, double high) const;

  private:
    std::vector<std::array<Vec3, 3>> faces_;
};

/// The forearm with the palm, whose heel a cuff or a strap may lie about.
LimbSurface forearm_surface(const PosedSurface& hand, const LimbFrame& frame);

/// Counter-clockwise, no three corners in a line.
Outline convex_hull(Outline points);
Vec2 centroid(const Outline& convex); ///< of the area

/// How far a convex outline reaches from `centre`, inside it, in the direction of an angle.
double reach(const Outline& convex, const Vec2& centre, double angle);

/// r(angle) = sum over k of cosine[k] cos(k angle) + sine[k] sin(k angle) about a centre: as near
/// to the outline as `order` allows and nowhere nearer than `gap`.
struct SmoothSection {
    Vec2 centre = Vec2::Zero();
    std::vector<double> cosine, sine;

    double radius(double angle) const;
    Vec2 at(double angle, double outward = 0) const;
};
SmoothSection smooth_section(const Outline& convex, int order, double gap);

} // namespace rih
