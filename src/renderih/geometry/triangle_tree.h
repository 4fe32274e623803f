// SPDX-License-Identifier: Apache-2.0
// A tree of axis-aligned boxes over triangles, four children a node and four triangles a leaf, for
// closest points, signed crossings and pairs. Our own in place of Eigen's KdBVH, because that one
// cannot be refitted when vertices move (a hand is posed hundreds of thousands of times) and
// answers for one box at a time. The tree is a function of the mesh alone.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/geometry/signed_distance.h"
#include "renderih/geometry/triangle_leaf.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>

namespace rih {

class TriangleTree {
  public:
    /// Throws UserError for an empty mesh and for what check_mesh() refuses.
    TriangleTree(const Points& vertices, const Triangles& faces);

    /// A tree over the same faces with other vertices, [V, 3]: no sorting, no checks of the faces.
    TriangleTree posed(const Points& vertices) const;

    /// New positions of the same vertices: refits the boxes, keeps the tree.
    void update(const Points& vertices);

    const Box3& box() const { return box_; }
    int leaf_count() const { return static_cast<int>(leaves_.size()); }
    const TriangleLeaf& leaf(int i) const { return leaves_[static_cast<std::size_t>(i)]; }
    /// How many of the leaf's four triangles count: four but in the last leaf, where the others
    /// repeat.
    int leaf_size(int i) const { return std::min(4, topology_->face_count - 4 * i); }
    /// The face of the mesh.
    int face_at(int leaf, int lane) const {
        return topology_->face_order[static_cast<std::size_t>(4 * leaf + lane)];
    }

    /// The closest point when it is at most `max_distance` away. `hint`, unless null, is the leaf
    /// to look at first (-1: none) and becomes the leaf of the answer: much quicker for queries
    /// that lie near one another, and without any part in the answer but for ties.
    std::optional<ClosestPoint>
    closest(const Vec3& query,
            double max_distance = std::numeric_limits<double>::infinity(),
            int* hint = nullptr) const;

    /// How often the ray from `query` along +z leaves the surface minus how often it enters:
    /// exactly the winding number when the surface has no border and `query` is not on it.
    int signed_crossings(const Vec3& query) const;

    /// Calls visit(leaf, other_leaf) for each pair of leaves whose boxes overlap when `other` is
    /// moved by `other_shift`, until it returns false. Certain: boxes are moved with rounding as
    /// their triangles are.
    template <typename Visit>
    void
    visit_leaf_pairs(const TriangleTree& other, const Vec3& other_shift, const Visit& visit) const {
        visit_pairs(0, box_, other, 0, other.box_.moved(other_shift), splat(other_shift), visit);
    }

    /// Calls visit(leaf) for each leaf whose box overlaps `box`.
    template <typename Visit>
    void visit_leaves(const Box3& box, const Visit& visit) const {
        visit_leaves(0, box, visit);
    }

    /// True when a leaf's box is no farther than `reach` from `box`.
    bool is_near(const Box3& box, double reach) const { return is_near(0, box, reach * reach); }

    /// The leaves, ascending, that are no farther than `reach` from a leaf of `other`.
    std::vector<int> leaves_near(const TriangleTree& other, double reach) const;

    /// The least distance between the two surfaces if it is at most `max_distance`, else
    /// `max_distance`. Surfaces that cross have distances near but not always at zero: ask
    /// intersecting_triangles() first.
    double distance_to(const TriangleTree& other,
                       double max_distance = std::numeric_limits<double>::infinity()) const;

  private:
    static constexpr int kNone = std::numeric_limits<int>::min();

    /// A child is a node (0 or more) or a leaf (~leaf) or kNone; its box is in the same lane.
    struct Node {
        Box4 boxes;
        std::array<int, 4> child{kNone, kNone, kNone, kNone};
        int parent = -1; ///< 4 x node + lane; none for the root, node 0
    };
    /// What does not change with the pose.
    struct Topology {
        int face_count = 0;
        Eigen::Index vertex_count = 0;
        std::vector<int> face_order;  // [F] in leaf order
        Triangles faces;              // [4 x leaves] in leaf order, the last one repeated
        std::vector<int> leaf_parent; // [leaves] 4 x node + lane
    };

    TriangleTree() = default;
    bool is_near(int node, const Box3& box, double squared_reach) const;
    void
    add_leaves_near(int node, const TriangleTree& other, double reach, std::vector<int>& out) const;
    /// Node `i`, or a node with the leaf `i` as its only child.
    Node opened(int i, const Box3& box) const;
    void distance_between(int i,
                          const Box3& box_i,
                          const TriangleTree& other,
                          int j,
                          const Box3& box_j,
                          double& best_squared) const;
    void leaf_distance(int i, const TriangleTree& other, int j, double& best_squared) const;

    const Node& node(int i) const { return nodes_[static_cast<std::size_t>(i)]; }

    template <typename Visit>
    void visit_leaves(int i, const Box3& box, const Visit& visit) const {
        if (i < 0) {
            visit(~i);
            return;
        }
        const int met = node(i).boxes.overlapping(box);
        for (int k = 0; k < 4; ++k) {
            if ((met >> k & 1) != 0) {
                visit_leaves(node(i).child[lane(k)], box, visit);
            }
        }
    }

    /// `i`, `j`: nodes or leaves, as a Node's child.
    template <typename Visit>
    bool visit_pairs(int i,
                     const Box3& box_i,
                     const TriangleTree& other,
                     int j,
                     const Box3& box_j,
                     const Vec3x4& shift,
                     const Visit& visit) const {
        if (i >= 0) {
            const Node& a = node(i);
            const int near = a.boxes.overlapping(box_j);
            for (int k = 0; k < 4; ++k) {
                if ((near >> k & 1) != 0 &&
                    !visit_children(
                        a.child[lane(k)], a.boxes.lane(k), other, j, box_j, shift, visit)) {
                    return false;
                }
            }
            return true;
        }
        return visit_children(i, box_i, other, j, box_j, shift, visit);
    }

    /// The pairs of `i` with the children of `j`.
    template <typename Visit>
    bool visit_children(int i,
                        const Box3& box_i,
                        const TriangleTree& other,
                        int j,
                        const Box3& box_j,
                        const Vec3x4& shift,
                        const Visit& visit) const {
        if (j < 0) {
            return i < 0 ? visit(~i, ~j) : visit_pairs(i, box_i, other, j, box_j, shift, visit);
        }
        const Node& b = other.node(j);
        const Box4 boxes = b.boxes.moved(shift);
        const int near = boxes.overlapping(box_i);
        for (int k = 0; k < 4; ++k) {
            if ((near >> k & 1) != 0 &&
                !visit_pairs(i, box_i, other, b.child[lane(k)], boxes.lane(k), shift, visit)) {
                return false;
            }
        }
        return true;
    }

    static std::size_t lane(int k) { return static_cast<std::size_t>(k); }

    std::shared_ptr<const Topology> topology_;
    std::vector<Node> nodes_; // children after their parents
    std::vector<TriangleLeaf> leaves_;
    Box3 box_;
};

} // namespace rih
