// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/triangle_tree.h"

#include "renderih/base/error.h"
#include "renderih/geometry/predicates.h"
#include "renderih/geometry/triangle_distance.h"

#include <numeric>

namespace rih {
namespace {

constexpr int kLeafSize = 4;
constexpr int kMaxOpen =
    64; // three a level wait at most, and each level has a quarter of the faces

/// How the triangle counts for a vertical ray up from q: +1 where the ray leaves through it, -1
/// where it enters, 0 where it misses. Edges are taken from their lower end to their upper one, so
/// that both faces of an edge decide alike and no ray slips between them.
int vertical_crossing(const Triangle3& t, const Vec3& q) {
    int winding = 0; // of the triangle's shadow on the xy plane about q
    for (std::size_t k = 0; k < 3; ++k) {
        const Vec3 &from = t[k], &to = t[(k + 1) % 3];
        const bool up = from.y() <= q.y() && q.y() < to.y();
        const bool down = to.y() <= q.y() && q.y() < from.y();
        if (up || down) {
            const Vec3 &low = up ? from : to, &high = up ? to : from;
            if (orient2d(low.head<2>(), high.head<2>(), q.head<2>()) > 0) {
                winding += up ? 1 : -1;
            }
        }
    }
    return winding != 0 && orient3d(t[0], t[1], t[2], q) * winding < 0 ? winding : 0;
}

/// Where to cut `count` faces in two: both halves fill their leaves but for the last.
int first_half(int count) {
    return (count / 2 + kLeafSize - 1) / kLeafSize * kLeafSize;
}

/// Moves the half of order[first .. last) with the lower centres, along the longer side of their
/// box, to the front; returns where the other half begins.
int split(std::vector<int>& order, int first, int last, const std::vector<Vec3>& centres) {
    const auto centre = [&](int face) -> const Vec3& {
        return centres[static_cast<std::size_t>(face)];
    };
    const auto begin = order.begin();
    Box3 box;
    for (auto f = begin + first; f != begin + last; ++f) {
        box.include(centre(*f));
    }
    Eigen::Index axis = 0;
    (box.high - box.low).maxCoeff(&axis);
    const int middle = first + first_half(last - first);
    std::nth_element(begin + first, begin + middle, begin + last, [&](int a, int b) {
        const double x = centre(a)[axis], y = centre(b)[axis];
        return x != y ? x < y : a < b; // a total order: the same tree from every library
    });
    return middle;
}

} // namespace

TriangleTree::TriangleTree(const Points& vertices, const Triangles& faces) {
    RIH_REQUIRE(!faces.empty(), "a mesh without faces has no surface to measure");
    check_mesh(vertices, faces, "mesh");
    auto topology = std::make_shared<Topology>();
    topology->face_count = static_cast<int>(faces.size());
    topology->vertex_count = vertices.rows();
    std::vector<Vec3> centres;
    centres.reserve(faces.size());
    for (const auto& f : faces) {
        centres.emplace_back(vertices.row(f[0]) + vertices.row(f[1]) + vertices.row(f[2]));
    }
    topology->face_order.resize(faces.size());
    std::iota(topology->face_order.begin(), topology->face_order.end(), 0);

    // Depth first, cutting each node's faces in four by two cuts in two.
    struct Open {
        int first, last, parent;
    };
    std::vector<Open> open{{0, topology->face_count, -1}};
    const int leaves = (topology->face_count + kLeafSize - 1) / kLeafSize;
    topology->leaf_parent.resize(static_cast<std::size_t>(leaves));
    while (!open.empty()) {
        const Open range = open.back();
        open.pop_back();
        const int index = static_cast<int>(nodes_.size());
        nodes_.emplace_back();
        nodes_.back().parent = range.parent;
        if (range.parent >= 0) {
            nodes_[lane(range.parent / 4)].child[lane(range.parent % 4)] = index;
        }
        std::vector<std::pair<int, int>> pieces{{range.first, range.last}};
        for (int cut = 0; cut < 2; ++cut) {
            std::vector<std::pair<int, int>> halves;
            for (const auto& [first, last] : pieces) {
                if (last - first <= kLeafSize) {
                    halves.emplace_back(first, last);
                    continue;
                }
                const int middle = split(topology->face_order, first, last, centres);
                halves.emplace_back(first, middle);
                halves.emplace_back(middle, last);
            }
            pieces = std::move(halves);
        }
        for (std::size_t k = 0; k < pieces.size(); ++k) {
            const auto& [first, last] = pieces[k];
            const int slot = 4 * index + static_cast<int>(k);
            if (last - first > kLeafSize) {
                open.push_back({first, last, slot});
                continue;
            }
            // nth_element settles which faces a leaf has, not their order.
            std::sort(topology->face_order.begin() + first, topology->face_order.begin() + last);
            nodes_[lane(index)].child[k] = ~(first / kLeafSize);
            topology->leaf_parent[lane(first / kLeafSize)] = slot;
        }
    }
    for (int i = 0; i < leaves * kLeafSize; ++i) {
        const int f = topology->face_order[lane(std::min(i, topology->face_count - 1))];
        topology->faces.push_back(faces[static_cast<std::size_t>(f)]);
    }
    leaves_.resize(static_cast<std::size_t>(leaves));
    topology_ = std::move(topology);
    update(vertices);
}

TriangleTree TriangleTree::posed(const Points& vertices) const {
    TriangleTree other;
    other.topology_ = topology_;
    other.nodes_ = nodes_;
    other.leaves_.resize(leaves_.size());
    other.update(vertices);
    return other;
}

void TriangleTree::update(const Points& vertices) {
    RIH_ASSERT(vertices.rows() == topology_->vertex_count,
               "{} vertices for a tree over {}",
               vertices.rows(),
               topology_->vertex_count);
    RIH_REQUIRE(vertices.allFinite(), "mesh: a vertex coordinate is not a finite number");
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
        TriangleLeaf& leaf = leaves_[i];
        for (int k = 0; k < kLeafSize; ++k) {
            const auto& face = topology_->faces[kLeafSize * i + lane(k)];
            set_lane(leaf.a, k, vertices.row(face[0]));
            set_lane(leaf.b, k, vertices.row(face[1]));
            set_lane(leaf.c, k, vertices.row(face[2]));
        }
        const int slot = topology_->leaf_parent[i];
        nodes_[lane(slot / 4)].boxes.set(slot % 4, leaf.boxes().around());
    }
    for (std::size_t i = nodes_.size(); i-- > 1;) {
        const int slot = nodes_[i].parent;
        nodes_[lane(slot / 4)].boxes.set(slot % 4, nodes_[i].boxes.around());
    }
    box_ = nodes_[0].boxes.around();
}

std::optional<ClosestPoint>
TriangleTree::closest(const Vec3& query, double max_distance, int* hint) const {
    struct Open {
        int node;
        double squared_distance;
    };
    std::array<Open, kMaxOpen> stack;
    std::size_t depth = 0;
    double best = max_distance * max_distance;
    int best_leaf = -1, best_lane = 0;
    const auto look_at = [&](int i) {
        const Double4 d = squared_distances(query, leaf(i), best);
        const Double4 limit = splat(best);
        int nearer = bits_of(best_leaf < 0 ? d <= limit : d < limit);
        for (int k = 0; nearer != 0; ++k, nearer >>= 1) {
            if ((nearer & 1) != 0 && (d[k] < best || best_leaf < 0)) {
                best = d[k];
                best_leaf = i;
                best_lane = k;
            }
        }
    };
    if (hint != nullptr && *hint >= 0) {
        look_at(*hint);
    }
    stack[depth++] = {0, box_.squared_distance(query)};
    while (depth > 0) {
        const Open open = stack[--depth];
        if (!(open.squared_distance <= best)) {
            continue;
        }
        if (open.node < 0) {
            look_at(~open.node);
            continue;
        }
        const Node& n = node(open.node);
        const Double4 d = n.boxes.squared_distances(query);
        int near = bits_of(d <= splat(best));
        const std::size_t bottom = depth;
        for (int k = 0; near != 0; ++k, near >>= 1) {
            if ((near & 1) == 0) {
                continue;
            }
            // The nearest comes to lie on top.
            std::size_t place = depth++;
            for (; place > bottom && stack[place - 1].squared_distance < d[k]; --place) {
                stack[place] = stack[place - 1];
            }
            stack[place] = {n.child[lane(k)], d[k]};
        }
    }
    if (best_leaf < 0) {
        return std::nullopt;
    }
    if (hint != nullptr) {
        *hint = best_leaf;
    }
    const TrianglePoint p = closest_on_triangle(query, leaf(best_leaf).triangle(best_lane));
    const int item = std::min(4 * best_leaf + best_lane, topology_->face_count - 1);
    return ClosestPoint{
        p.point, p.barycentric, topology_->face_order[lane(item)], std::sqrt(p.squared_distance)};
}

int TriangleTree::signed_crossings(const Vec3& q) const {
    int sum = 0;
    std::array<int, kMaxOpen> stack;
    std::size_t depth = 0;
    stack[depth++] = 0;
    while (depth > 0) {
        const int i = stack[--depth];
        if (i < 0) {
            const TriangleLeaf& triangles = leaf(~i);
            int met = triangles.boxes().on_ray_up(q) & ((1 << leaf_size(~i)) - 1);
            for (int k = 0; met != 0; ++k, met >>= 1) {
                if ((met & 1) != 0) {
                    sum += vertical_crossing(triangles.triangle(k), q);
                }
            }
            continue;
        }
        int met = node(i).boxes.on_ray_up(q);
        for (int k = 0; met != 0; ++k, met >>= 1) {
            if ((met & 1) != 0) {
                stack[depth++] = node(i).child[lane(k)];
            }
        }
    }
    return sum;
}

bool TriangleTree::is_near(int i, const Box3& box, double squared_reach) const {
    const Double4 d = node(i).boxes.squared_distances(box);
    int near = bits_of(d <= splat(squared_reach));
    for (int k = 0; near != 0; ++k, near >>= 1) {
        if ((near & 1) != 0) {
            const int child = node(i).child[lane(k)];
            if (child < 0 || is_near(child, box, squared_reach)) {
                return true;
            }
        }
    }
    return false;
}

void TriangleTree::add_leaves_near(int i,
                                   const TriangleTree& other,
                                   double reach,
                                   std::vector<int>& out) const {
    const Node& n = node(i);
    for (int k = 0; k < 4; ++k) {
        const int child = n.child[lane(k)];
        if (child == kNone || !other.is_near(n.boxes.lane(k), reach)) {
            continue;
        }
        if (child < 0) {
            out.push_back(~child);
        } else {
            add_leaves_near(child, other, reach, out);
        }
    }
}

std::vector<int> TriangleTree::leaves_near(const TriangleTree& other, double reach) const {
    std::vector<int> leaves;
    add_leaves_near(0, other, reach, leaves);
    std::sort(leaves.begin(), leaves.end());
    return leaves;
}

double TriangleTree::distance_to(const TriangleTree& other, double max_distance) const {
    double best = max_distance * max_distance;
    distance_between(0, box_, other, 0, other.box_, best);
    return std::sqrt(best);
}

void TriangleTree::leaf_distance(int i,
                                 const TriangleTree& other,
                                 int j,
                                 double& best_squared) const {
    const TriangleLeaf &a = leaf(i), &b = other.leaf(j);
    const Box4 boxes_a = a.boxes(), boxes_b = b.boxes();
    for (int k = 0; k < leaf_size(i); ++k) {
        const Double4 bound = boxes_b.squared_distances(boxes_a.lane(k));
        for (int l = 0; l < other.leaf_size(j); ++l) {
            if (bound[l] < best_squared) {
                best_squared =
                    std::min(best_squared, triangle_squared_distance(a.triangle(k), b.triangle(l)));
            }
        }
    }
}

TriangleTree::Node TriangleTree::opened(int i, const Box3& box) const {
    if (i >= 0) {
        return node(i);
    }
    Node alone;
    alone.child[0] = i;
    alone.boxes.set(0, box);
    return alone;
}

void TriangleTree::distance_between(int i,
                                    const Box3& box_i,
                                    const TriangleTree& other,
                                    int j,
                                    const Box3& box_j,
                                    double& best_squared) const {
    if (i < 0 && j < 0) {
        leaf_distance(~i, other, ~j, best_squared);
        return;
    }
    const Node a = opened(i, box_i), b = other.opened(j, box_j);
    struct Open {
        double squared_distance;
        int a, b; // lanes
    };
    std::array<Open, 16> open;
    std::size_t count = 0;
    for (int k = 0; k < 4; ++k) {
        if (a.child[lane(k)] == kNone) {
            continue;
        }
        const Double4 d = b.boxes.squared_distances(a.boxes.lane(k));
        for (int l = 0; l < 4; ++l) {
            if (b.child[lane(l)] != kNone && d[l] < best_squared) {
                open[count++] = {d[l], k, l};
            }
        }
    }
    std::stable_sort(
        open.begin(),
        open.begin() + static_cast<std::ptrdiff_t>(count),
        [](const Open& x, const Open& y) { return x.squared_distance < y.squared_distance; });
    for (std::size_t n = 0; n < count && open[n].squared_distance < best_squared; ++n) {
        const int k = open[n].a, l = open[n].b;
        distance_between(a.child[lane(k)],
                         a.boxes.lane(k),
                         other,
                         b.child[lane(l)],
                         b.boxes.lane(l),
                         best_squared);
    }
}

} // namespace rih
