// SPDX-License-Identifier: Apache-2.0
// Axis-aligned boxes, one and four at a time. Comparisons are of the coordinates as they are, so
// "apart" is certain.
#pragma once

#include "renderih/geometry/double4.h"

#include <limits>

namespace rih {

struct Box3 {
    Vec3 low = Vec3::Constant(std::numeric_limits<double>::infinity());
    Vec3 high = Vec3::Constant(-std::numeric_limits<double>::infinity());

    void include(const Vec3& x) {
        low = low.cwiseMin(x);
        high = high.cwiseMax(x);
    }
    void include(const Box3& o) {
        low = low.cwiseMin(o.low);
        high = high.cwiseMax(o.high);
    }
    /// Rounding keeps order: a moved point is in the moved box.
    Box3 moved(const Vec3& by) const { return {low + by, high + by}; }
    bool contains(const Vec3& x) const {
        return (x.array() >= low.array()).all() && (x.array() <= high.array()).all();
    }
    bool overlaps(const Box3& o) const {
        return (low.array() <= o.high.array()).all() && (o.low.array() <= high.array()).all();
    }
    double squared_distance(const Vec3& x) const {
        return (low - x).cwiseMax(x - high).cwiseMax(0.0).squaredNorm();
    }
    double squared_distance(const Box3& o) const {
        return (low - o.high).cwiseMax(o.low - high).cwiseMax(0.0).squaredNorm();
    }
};

/// Four boxes. An empty one is far from everything.
struct Box4 {
    Vec3x4 low, high;

    Box4() : low(splat(Box3().low)), high(splat(Box3().high)) {}
    Box4(const Vec3x4& l, const Vec3x4& h) : low(l), high(h) {}

    void set(int lane, const Box3& box) {
        set_lane(low, lane, box.low);
        set_lane(high, lane, box.high);
    }
    Box3 lane(int k) const { return {lane_of(low, k), lane_of(high, k)}; }
    Box4 moved(const Vec3x4& by) const { return {low + by, high + by}; }

    /// Around all four.
    Box3 around() const {
        return {Vec3(least_of(low.x), least_of(low.y), least_of(low.z)),
                Vec3(most_of(high.x), most_of(high.y), most_of(high.z))};
    }
    /// Bits of those that overlap `box`.
    int overlapping(const Box3& box) const {
        return bits_of((low.x <= splat(box.high.x())) & (splat(box.low.x()) <= high.x) &
                       (low.y <= splat(box.high.y())) & (splat(box.low.y()) <= high.y) &
                       (low.z <= splat(box.high.z())) & (splat(box.low.z()) <= high.z));
    }
    /// Bits of those that a ray from `x` along +z may meet.
    int on_ray_up(const Vec3& x) const {
        const Double4 px = splat(x.x()), py = splat(x.y());
        return bits_of((low.x <= px) & (px <= high.x) & (low.y <= py) & (py <= high.y) &
                       (splat(x.z()) <= high.z));
    }
    Double4 squared_distances(const Vec3& x) const {
        const Vec3x4 p = splat(x);
        return squared_length(max4(low - p, p - high));
    }
    Double4 squared_distances(const Box3& box) const {
        return squared_length(max4(low - splat(box.high), splat(box.low) - high));
    }

  private:
    static Double4 squared_length(const Vec3x4& gap) {
        const Double4 zero{};
        const Vec3x4 positive{max4(gap.x, zero), max4(gap.y, zero), max4(gap.z, zero)};
        return dot(positive, positive);
    }
};

} // namespace rih
