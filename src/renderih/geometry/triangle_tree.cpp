// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/triangle_tree.h"

#include "renderih/base/error.h"
#include "renderih/geometry/predicates.h"
#include "renderih/geometry/triangle_distance.h"

#include <algorithm>
#include <numeric>

namespace rih {
namespace {

constexpr int kLeafSize = 4;
constexpr int kMaxDepth = 64; // the split is at the median: depth is log2 of the count

/// True when the triangle's plane is farther than the root of `squared_distance`: half of what
/// comes up can be dropped by that.
bool plane_is_beyond(const Vec3& query, const Triangle3& t, double squared_distance) {
    const Vec3 n = (t[1] - t[0]).cross(t[2] - t[0]);
    const double height = n.dot(query - t[0]);
    // The slack keeps rounding from dropping the nearest of all.
    return height * height * (1 - 1e-9) > squared_distance * n.squaredNorm();
}

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

} // namespace

TriangleTree::TriangleTree(const Points& vertices, const Triangles& faces) {
    RIH_REQUIRE(!faces.empty(), "a mesh without faces has no surface to measure");
    check_mesh(vertices, faces, "mesh");
    vertex_count_ = vertices.rows();
    std::vector<Vec3> centres;
    centres.reserve(faces.size());
    for (const auto& f : faces) {
        centres.emplace_back(vertices.row(f[0]) + vertices.row(f[1]) + vertices.row(f[2]));
    }
    face_order_.resize(faces.size());
    std::iota(face_order_.begin(), face_order_.end(), 0);
    nodes_.reserve(2 * faces.size() / (kLeafSize / 2));
    build(0, static_cast<int>(faces.size()), centres);
    faces_.reserve(faces.size());
    for (const int f : face_order_) {
        faces_.push_back(faces[static_cast<std::size_t>(f)]);
    }
    corners_.resize(faces.size());
    update(vertices);
}

int TriangleTree::build(int first, int last, const std::vector<Vec3>& centres) {
    const int index = static_cast<int>(nodes_.size());
    nodes_.emplace_back();
    if (last - first <= kLeafSize) {
        // nth_element settles which faces a leaf has, not their order.
        std::sort(face_order_.begin() + first, face_order_.begin() + last);
        nodes_.back().first = first;
        nodes_.back().count = last - first;
        return index;
    }
    const auto centre = [&](int face) -> const Vec3& {
        return centres[static_cast<std::size_t>(face)];
    };
    const auto begin = face_order_.begin();
    Box3 box;
    for (auto f = begin + first; f != begin + last; ++f) {
        box.include(centre(*f));
    }
    Eigen::Index axis = 0;
    (box.high - box.low).maxCoeff(&axis);
    const int middle = first + (last - first) / 2;
    std::nth_element(begin + first, begin + middle, begin + last, [&](int a, int b) {
        const double x = centre(a)[axis], y = centre(b)[axis];
        return x != y ? x < y : a < b; // a total order: the same tree from every library
    });
    build(first, middle, centres);
    const int right = build(middle, last, centres);
    nodes_[static_cast<std::size_t>(index)].right = right;
    return index;
}

void TriangleTree::update(const Points& vertices) {
    RIH_ASSERT(vertices.rows() == vertex_count_,
               "{} vertices for a tree over {}",
               vertices.rows(),
               vertex_count_);
    RIH_REQUIRE(vertices.allFinite(), "mesh: a vertex coordinate is not a finite number");
    for (std::size_t i = 0; i < faces_.size(); ++i) {
        for (std::size_t k = 0; k < 3; ++k) {
            corners_[i][k] = vertices.row(faces_[i][k]).transpose();
        }
    }
    refit();
}

void TriangleTree::refit() {
    // Children come after their parents.
    for (int i = static_cast<int>(nodes_.size()) - 1; i >= 0; --i) {
        Node& n = nodes_[static_cast<std::size_t>(i)];
        n.box = Box3();
        if (n.count == 0) {
            n.box.include(node(i + 1).box);
            n.box.include(node(n.right).box);
        }
        for (int k = n.first; k < n.first + n.count; ++k) {
            for (const Vec3& x : corners_at(k)) {
                n.box.include(x);
            }
        }
    }
}

std::optional<ClosestPoint> TriangleTree::closest(const Vec3& query, double max_distance) const {
    struct Open {
        int node;
        double squared_distance;
    };
    std::array<Open, kMaxDepth> stack;
    int depth = 0;
    double best = max_distance * max_distance;
    int best_index = -1;
    TrianglePoint best_point;
    const double root = box().squared_distance(query);
    if (root <= best) {
        stack[static_cast<std::size_t>(depth++)] = {0, root};
    }
    while (depth > 0) {
        const Open open = stack[static_cast<std::size_t>(--depth)];
        if (open.squared_distance > best) {
            continue;
        }
        const Node& n = node(open.node);
        for (int k = n.first; k < n.first + n.count; ++k) {
            const Triangle3& t = corners_at(k);
            if (plane_is_beyond(query, t, best)) {
                continue;
            }
            const TrianglePoint p = closest_on_triangle(query, t);
            if (p.squared_distance < best || (best_index < 0 && p.squared_distance <= best)) {
                best = p.squared_distance;
                best_index = k;
                best_point = p;
            }
        }
        if (n.count == 0) {
            Open near{open.node + 1, node(open.node + 1).box.squared_distance(query)};
            Open far{n.right, node(n.right).box.squared_distance(query)};
            if (far.squared_distance < near.squared_distance) {
                std::swap(near, far);
            }
            if (far.squared_distance <= best) {
                stack[static_cast<std::size_t>(depth++)] = far;
            }
            if (near.squared_distance <= best) {
                stack[static_cast<std::size_t>(depth++)] = near;
            }
        }
    }
    if (best_index < 0) {
        return std::nullopt;
    }
    return ClosestPoint{
        best_point.point, best_point.barycentric, face_at(best_index), std::sqrt(best)};
}

int TriangleTree::signed_crossings(const Vec3& q) const {
    int sum = 0;
    std::array<int, kMaxDepth> stack;
    int depth = 0;
    stack[static_cast<std::size_t>(depth++)] = 0;
    while (depth > 0) {
        const int i = stack[static_cast<std::size_t>(--depth)];
        const Node& n = node(i);
        if (q.z() > n.box.high.z() || q.x() < n.box.low.x() || q.x() > n.box.high.x() ||
            q.y() < n.box.low.y() || q.y() > n.box.high.y()) {
            continue;
        }
        for (int k = n.first; k < n.first + n.count; ++k) {
            sum += vertical_crossing(corners_at(k), q);
        }
        if (n.count == 0) {
            stack[static_cast<std::size_t>(depth++)] = n.right;
            stack[static_cast<std::size_t>(depth++)] = i + 1;
        }
    }
    return sum;
}

double TriangleTree::distance_to(const TriangleTree& other, double max_distance) const {
    double best = max_distance * max_distance;
    distance_between(0, other, 0, best);
    return std::sqrt(best);
}

void TriangleTree::distance_between(int i,
                                    const TriangleTree& other,
                                    int j,
                                    double& best_squared) const {
    const Node &a = node(i), &b = other.node(j);
    if (a.count > 0 && b.count > 0) {
        for (int k = a.first; k < a.first + a.count; ++k) {
            const Box3 box = box_of(corners_at(k));
            if (box.squared_distance(b.box) >= best_squared) {
                continue;
            }
            for (int l = b.first; l < b.first + b.count; ++l) {
                const Triangle3& t = other.corners_at(l);
                if (box.squared_distance(box_of(t)) < best_squared) {
                    best_squared =
                        std::min(best_squared, triangle_squared_distance(corners_at(k), t));
                }
            }
        }
        return;
    }
    const bool open_a = b.count > 0 || (a.count == 0 && (a.box.high - a.box.low).squaredNorm() >=
                                                            (b.box.high - b.box.low).squaredNorm());
    std::array<std::pair<int, int>, 2> next = {{{i, j + 1}, {i, b.right}}};
    if (open_a) {
        next = {{{i + 1, j}, {a.right, j}}};
    }
    std::array<double, 2> bound;
    for (std::size_t k = 0; k < 2; ++k) {
        bound[k] = node(next[k].first).box.squared_distance(other.node(next[k].second).box);
    }
    const std::size_t near = bound[1] < bound[0] ? 1 : 0;
    for (const std::size_t k : {near, 1 - near}) {
        if (bound[k] < best_squared) {
            distance_between(next[k].first, other, next[k].second, best_squared);
        }
    }
}

} // namespace rih
