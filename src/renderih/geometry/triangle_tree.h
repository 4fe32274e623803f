// SPDX-License-Identifier: Apache-2.0
// A binary tree of axis-aligned boxes over triangles, for closest points, signed crossings and
// pairs. Our own in place of Eigen's KdBVH, because that one cannot be refitted when vertices move
// (a part of a hand moves hundreds of times between builds) and hides its boxes. The tree is a
// function of the mesh alone.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/geometry/signed_distance.h"

#include <limits>
#include <optional>

namespace rih {

using Triangle3 = std::array<Vec3, 3>;

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

class TriangleTree {
  public:
    /// Depth first: the left child of node i is i + 1, the right one `right`.
    struct Node {
        Box3 box;
        int right = 0;
        int first = 0, count = 0; ///< count > 0: a leaf of corners()[first .. first + count)
    };

    /// Throws UserError for an empty mesh and for what check_mesh() refuses.
    TriangleTree(const Points& vertices, const Triangles& faces);

    /// New positions of the same vertices: refits the boxes, keeps the tree.
    void update(const Points& vertices);

    const std::vector<Node>& nodes() const { return nodes_; }
    const std::vector<Triangle3>& corners() const { return corners_; }
    const Box3& box() const { return nodes_[0].box; }
    /// The face of the mesh that corners()[i] is.
    int face_at(int i) const { return face_order_[static_cast<std::size_t>(i)]; }
    const Triangle3& corners_at(int i) const { return corners_[static_cast<std::size_t>(i)]; }

    /// The closest point when it is at most `max_distance` away.
    std::optional<ClosestPoint>
    closest(const Vec3& query, double max_distance = std::numeric_limits<double>::infinity()) const;

    /// How often the ray from `query` along +z leaves the surface minus how often it enters:
    /// exactly the winding number when the surface has no border and `query` is not on it.
    int signed_crossings(const Vec3& query) const;

    /// Calls visit(i, j) for each pair of leaf triangles whose boxes overlap, until it returns
    /// false.
    template <typename Visit>
    void visit_overlaps(const TriangleTree& other, const Visit& visit) const {
        visit_overlaps(other, 0, 0, visit);
    }

    /// The least distance between the two surfaces if it is at most `max_distance`, else
    /// `max_distance`. Surfaces that cross have distances near but not always at zero: ask
    /// intersecting_triangles() first.
    double distance_to(const TriangleTree& other,
                       double max_distance = std::numeric_limits<double>::infinity()) const;

  private:
    int build(int first, int last, const std::vector<Vec3>& centres);
    void refit();
    void distance_between(int i, const TriangleTree& other, int j, double& best_squared) const;

    const Node& node(int i) const { return nodes_[static_cast<std::size_t>(i)]; }

    template <typename Visit>
    bool visit_overlaps(const TriangleTree& other, int i, int j, const Visit& visit) const {
        const Node &a = node(i), &b = other.node(j);
        if (!a.box.overlaps(b.box)) {
            return true;
        }
        if (a.count > 0 && b.count > 0) {
            for (int k = a.first; k < a.first + a.count; ++k) {
                const Box3 box = box_of(corners_at(k));
                if (!box.overlaps(b.box)) {
                    continue;
                }
                for (int l = b.first; l < b.first + b.count; ++l) {
                    if (box.overlaps(box_of(other.corners_at(l))) && !visit(k, l)) {
                        return false;
                    }
                }
            }
            return true;
        }
        // Open the larger box of the two.
        const bool open_a =
            b.count > 0 || (a.count == 0 && (a.box.high - a.box.low).squaredNorm() >=
                                                (b.box.high - b.box.low).squaredNorm());
        return open_a ? visit_overlaps(other, i + 1, j, visit) &&
                            visit_overlaps(other, a.right, j, visit)
                      : visit_overlaps(other, i, j + 1, visit) &&
                            visit_overlaps(other, i, b.right, visit);
    }

  public:
    static Box3 box_of(const Triangle3& t) {
        Box3 box;
        for (const Vec3& x : t) {
            box.include(x);
        }
        return box;
    }

  private:
    std::vector<Node> nodes_;
    std::vector<Triangle3> corners_; // in leaf order
    std::vector<int> face_order_;    // of corners_
    Triangles faces_;                // in leaf order
    Eigen::Index vertex_count_ = 0;
};

} // namespace rih
