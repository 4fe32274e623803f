// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/intersection.h"

#include "renderih/geometry/triangle_tree.h"

#include <algorithm>

namespace rih {
namespace {

/// Four rows (triangles of one leaf) of four bits (triangles of the other).
using PairBits = std::array<int, 4>;

/// Drops the pairs in which the triangle of `others` is certainly on one side of the plane of the
/// one of `planes`. Bit p of pairs[o] when `by_other`, else bit o of pairs[p].
void drop_one_sided(const LeafPlanes& planes,
                    const TriangleLeaf& others,
                    bool by_other,
                    PairBits& pairs) {
    for (int o = 0; o < 4; ++o) {
        int open = 0;
        for (std::size_t p = 0; p < 4; ++p) {
            open |= (by_other ? pairs[static_cast<std::size_t>(o)] >> p & 1 : pairs[p] >> o & 1)
                    << p;
        }
        if (open == 0) {
            continue;
        }
        const LeafPlanes::Sides a = planes.sides(lane_of(others.a, o)),
                                b = planes.sides(lane_of(others.b, o)),
                                c = planes.sides(lane_of(others.c, o));
        const int apart = (a.above & b.above & c.above) | (a.below & b.below & c.below);
        for (std::size_t p = 0; p < 4; ++p) {
            if ((apart >> p & 1) != 0) {
                if (by_other) {
                    pairs[static_cast<std::size_t>(o)] &= ~(1 << p);
                } else {
                    pairs[p] &= ~(1 << o);
                }
            }
        }
    }
}

/// Calls visit(lane of a, lane of b) for the pairs that intersect, of those in `pairs`, until it
/// returns false.
template <typename Visit>
bool visit_meeting(const TriangleLeaf& a,
                   const TriangleLeaf& b,
                   PairBits pairs,
                   const Visit& visit) {
    const Box4 boxes_a = a.boxes(), boxes_b = b.boxes();
    int any = 0;
    for (int i = 0; i < 4; ++i) {
        int& row = pairs[static_cast<std::size_t>(i)];
        if (row != 0) {
            row &= boxes_b.overlapping(boxes_a.lane(i));
            any |= row;
        }
    }
    if (any == 0) {
        return true;
    }
    drop_one_sided(LeafPlanes(b), a, true, pairs);
    if ((pairs[0] | pairs[1] | pairs[2] | pairs[3]) == 0) {
        return true;
    }
    drop_one_sided(LeafPlanes(a), b, false, pairs);
    for (int i = 0; i < 4; ++i) {
        const int row = pairs[static_cast<std::size_t>(i)];
        for (int j = 0; row >> j != 0; ++j) {
            if ((row >> j & 1) != 0 && finite_triangles_intersect(a.triangle(i), b.triangle(j)) &&
                !visit(i, j)) {
                return false;
            }
        }
    }
    return true;
}

/// All pairs of triangles that count.
PairBits all_pairs(const TriangleTree& a, int leaf_a, const TriangleTree& b, int leaf_b) {
    PairBits pairs{};
    const int columns = (1 << b.leaf_size(leaf_b)) - 1;
    for (int i = 0; i < a.leaf_size(leaf_a); ++i) {
        pairs[static_cast<std::size_t>(i)] = columns;
    }
    return pairs;
}

} // namespace

std::vector<std::pair<int, int>> intersecting_triangles(const TriangleTree& a,
                                                        const TriangleTree& b,
                                                        std::size_t limit,
                                                        const Vec3& b_shift) {
    std::vector<std::pair<int, int>> pairs;
    if (limit > 0) {
        const Vec3x4 shift = splat(b_shift);
        a.visit_leaf_pairs(b, b_shift, [&](int i, int j) {
            return visit_meeting(
                a.leaf(i), b.leaf(j).moved(shift), all_pairs(a, i, b, j), [&](int k, int l) {
                    pairs.emplace_back(a.face_at(i, k), b.face_at(j, l));
                    return pairs.size() < limit;
                });
        });
    }
    std::sort(pairs.begin(), pairs.end());
    return pairs;
}

std::vector<std::pair<int, int>>
intersecting_triangles(const TriMesh& a, const TriMesh& b, std::size_t limit) {
    if (a.faces.empty() || b.faces.empty()) {
        return {};
    }
    return intersecting_triangles(
        TriangleTree(a.vertices, a.faces), TriangleTree(b.vertices, b.faces), limit);
}

std::vector<std::pair<int, int>> self_intersecting_triangles(const TriangleTree& tree,
                                                             const Triangles& faces) {
    const auto share_a_vertex = [&](int f, int g) {
        const auto &a = faces[static_cast<std::size_t>(f)], &b = faces[static_cast<std::size_t>(g)];
        return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
    };
    std::vector<std::pair<int, int>> pairs;
    tree.visit_leaf_pairs(tree, Vec3::Zero(), [&](int i, int j) {
        if (i > j) {
            return true; // comes up the other way round too
        }
        PairBits open = all_pairs(tree, i, tree, j);
        for (int k = 0; k < tree.leaf_size(i); ++k) {
            for (int l = 0; l < tree.leaf_size(j); ++l) {
                if ((i == j && k >= l) || share_a_vertex(tree.face_at(i, k), tree.face_at(j, l))) {
                    open[static_cast<std::size_t>(k)] &= ~(1 << l);
                }
            }
        }
        return visit_meeting(tree.leaf(i), tree.leaf(j), open, [&](int k, int l) {
            pairs.emplace_back(std::minmax(tree.face_at(i, k), tree.face_at(j, l)));
            return true;
        });
    });
    std::sort(pairs.begin(), pairs.end());
    return pairs;
}

} // namespace rih
