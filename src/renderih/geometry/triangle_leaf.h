// SPDX-License-Identifier: Apache-2.0
// Four triangles side by side: what a leaf of the tree holds, and what can be asked of all four at
// once.
#pragma once

#include "renderih/geometry/box.h"

#include <array>

namespace rih {

using Triangle3 = std::array<Vec3, 3>;

struct TriangleLeaf {
    Vec3x4 a, b, c; // corners

    Triangle3 triangle(int lane) const {
        return {lane_of(a, lane), lane_of(b, lane), lane_of(c, lane)};
    }
    void set(int lane, const Triangle3& t) {
        set_lane(a, lane, t[0]);
        set_lane(b, lane, t[1]);
        set_lane(c, lane, t[2]);
    }
    Box4 boxes() const { return {min4(min4(a, b), c), max4(max4(a, b), c)}; }
    TriangleLeaf moved(const Vec3x4& by) const { return {a + by, b + by, c + by}; }
};

/// Squared distances of the four triangles to `query`, up to rounding; infinite for those that are
/// surely farther than the root of `squared_bound` when all four are.
Double4 squared_distances(const Vec3& query, const TriangleLeaf& leaf, double squared_bound);

/// On which side of the four planes points lie, where plain arithmetic can tell: the filter of
/// orient3d() (geometry/predicates.h), operation for operation.
class LeafPlanes {
  public:
    explicit LeafPlanes(const TriangleLeaf& leaf);

    struct Sides {
        int above = 0, below = 0; ///< bits of the lanes of which it is certain
    };
    Sides sides(const Vec3& x) const;

  private:
    Vec3x4 origin_, normal_, magnitude_;
};

} // namespace rih
