// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/contact_area.h"

#include "renderih/base/error.h"
#include "renderih/geometry/triangle_tree.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

/// Bounds the work for meshes with large faces: 4^6 pieces of a face at most.
constexpr int kMaxSplits = 6;

struct Sample {
    Vec3 x;
    double distance = 0; // signed; kFar when it cannot matter
};
using Samples = std::array<Sample, 3>;

double area_of(const Samples& t) {
    return 0.5 * (t[1].x - t[0].x).cross(t[2].x - t[0].x).norm();
}

double longest_edge(const Samples& t) {
    return std::sqrt(std::max({(t[1].x - t[0].x).squaredNorm(),
                               (t[2].x - t[1].x).squaredNorm(),
                               (t[0].x - t[2].x).squaredNorm()}));
}

/// The share of a triangle where the linear interpolant of the distances is at most `limit`.
double clipped_share(const Samples& t, double limit) {
    std::array<double, 3> f;
    int in_count = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        f[k] = t[k].distance - limit;
        in_count += f[k] <= 0;
    }
    if (in_count == 0 || in_count == 3) {
        return in_count == 0 ? 0 : 1;
    }
    // The corner that is alone on its side of the rim cuts off a similar-angled triangle.
    std::size_t alone = 0;
    while ((f[alone] <= 0) != (in_count == 1)) {
        ++alone;
    }
    const double fa = f[alone];
    const double corner = (fa / (fa - f[(alone + 1) % 3])) * (fa / (fa - f[(alone + 2) % 3]));
    return in_count == 1 ? corner : 1 - corner;
}

class AreaSum {
  public:
    AreaSum(const NearSurface& surface, std::span<const ContactLimit> limits)
        : surface_(surface), limits_(limits), areas_(limits.size(), 0.0) {}

    /// Adds the parts of `t` within each of the limits [first, last).
    void add(const Samples& t, std::size_t first, std::size_t last, int splits) {
        const double edge = longest_edge(t);
        // The distance changes by no more than one metre a metre, and no point of a triangle is
        // farther from the nearest corner than its longest edge over the root of three (Jung).
        const double reach = 0.5774 * edge;
        const auto [least, most] = std::minmax({t[0].distance, t[1].distance, t[2].distance});
        while (first < last && least - reach > limits_[first].distance) {
            ++first;
        }
        if (first == last) {
            return;
        }
        const double area = area_of(t);
        while (first < last && most + reach <= limits_[last - 1].distance) {
            areas_[--last] += area;
        }
        std::size_t open = 0; // how many limits want smaller pieces
        for (std::size_t i = first; i < last; ++i) {
            if (edge <= limits_[i].step || splits == 0) {
                areas_[i] += area * clipped_share(t, limits_[i].distance);
            } else {
                ++open;
            }
        }
        if (open == 0) {
            return;
        }
        // Steps do not shrink from limit to limit, so the open ones come first.
        last = first + open;
        const double bound = limits_[last - 1].distance + 0.6 * edge; // over half an edge more
        Samples middle;                                               // of the edge after corner k
        for (std::size_t k = 0; k < 3; ++k) {
            middle[k] = middle_of(t[k], t[(k + 1) % 3], bound);
        }
        add({t[0], middle[0], middle[2]}, first, last, splits - 1);
        add({middle[0], t[1], middle[1]}, first, last, splits - 1);
        add({middle[2], middle[1], t[2]}, first, last, splits - 1);
        add({middle[0], middle[1], middle[2]}, first, last, splits - 1);
    }

    const std::vector<double>& areas() const { return areas_; }

  private:
    /// The middle of an edge. No surface is nearer to an end than the end's own distance, so an end
    /// that is farther from the surface than from the middle knows the middle's side.
    Sample middle_of(const Sample& a, const Sample& b, double bound) {
        const Sample& sure = std::abs(a.distance) >= std::abs(b.distance) ? a : b;
        const Vec3 x = 0.5 * (a.x + b.x);
        bool inside = sure.distance < 0;
        if (!surface_.any_inside) {
            inside = false;
        } else if (std::abs(sure.distance) <= 1.001 * (x - sure.x).norm()) {
            inside = surface_.solid.inside(x);
        }
        const auto closest = surface_.solid.closest_within(x, inside ? kFar : bound, &hint_);
        if (!closest) {
            return {x, kFar};
        }
        return {x, inside ? -closest->distance : closest->distance};
    }

    const NearSurface& surface_;
    std::span<const ContactLimit> limits_;
    std::vector<double> areas_;
    int hint_ = -1;
};

bool is_inside(const NearSurface& surface, int vertex) {
    return surface.inside[static_cast<std::size_t>(vertex)] != 0;
}

} // namespace

std::vector<double> vertex_distances(const NearSurface& surface, double reach) {
    // How far a vertex's distance matters: a face that comes within reach has its vertices within
    // reach and its longest edge. Negative: not at all.
    std::vector<double> bound(surface.inside.size(), -1);
    const TriangleTree& own = surface.own.tree();
    const std::vector<int> leaves = own.leaves_near(surface.solid.tree(), reach);
    for (const int leaf : leaves) {
        for (int k = 0; k < own.leaf_size(leaf); ++k) {
            const Triangle3 t = own.leaf(leaf).triangle(k);
            const double needed =
                reach + 1.001 * longest_edge(Samples{Sample{t[0]}, Sample{t[1]}, Sample{t[2]}});
            for (const int v : surface.faces[static_cast<std::size_t>(own.face_at(leaf, k))]) {
                double& most = bound[static_cast<std::size_t>(v)];
                most = std::max(most, needed);
            }
        }
    }
    std::vector<double> distances(bound.size(), kFar);
    int hint = -1;
    const auto ask = [&](int v) {
        const auto i = static_cast<std::size_t>(v);
        const bool inside = is_inside(surface, v);
        if (bound[i] < 0 && !inside) {
            return;
        }
        const auto closest = surface.solid.closest_within(
            surface.vertices.row(v).transpose(), inside ? kFar : bound[i], &hint);
        if (closest) {
            distances[i] = inside ? -closest->distance : closest->distance;
        }
        bound[i] = -1; // done
    };
    // In the tree's order, so that one query lies near the next.
    for (const int leaf : leaves) {
        for (int k = 0; k < own.leaf_size(leaf); ++k) {
            for (const int v : surface.faces[static_cast<std::size_t>(own.face_at(leaf, k))]) {
                if (distances[static_cast<std::size_t>(v)] == kFar) {
                    ask(v);
                }
            }
        }
    }
    if (surface.any_inside) {
        for (std::size_t v = 0; v < bound.size(); ++v) {
            if (surface.inside[v] != 0 && distances[v] == kFar) {
                ask(static_cast<int>(v));
            }
        }
    }
    return distances;
}

std::vector<double> contact_areas(const NearSurface& surface,
                                  const std::vector<double>& distances,
                                  std::span<const ContactLimit> limits) {
    RIH_ASSERT(!limits.empty() && std::is_sorted(limits.begin(),
                                                 limits.end(),
                                                 [](const ContactLimit& a, const ContactLimit& b) {
                                                     return a.distance < b.distance ||
                                                            a.step < b.step;
                                                 }),
               "contact limits must ascend, their steps too");
    AreaSum sum(surface, limits);
    const auto add = [&](int face) {
        Samples t;
        const auto& f = surface.faces[static_cast<std::size_t>(face)];
        for (std::size_t k = 0; k < 3; ++k) {
            t[k] = {surface.vertices.row(f[k]).transpose(),
                    distances[static_cast<std::size_t>(f[k])]};
        }
        sum.add(t, 0, limits.size(), kMaxSplits);
    };
    if (surface.any_inside) {
        for (std::size_t f = 0; f < surface.faces.size(); ++f) {
            add(static_cast<int>(f));
        }
        return sum.areas();
    }
    const TriangleTree& own = surface.own.tree();
    for (const int leaf : own.leaves_near(surface.solid.tree(), limits.back().distance)) {
        for (int k = 0; k < own.leaf_size(leaf); ++k) {
            add(own.face_at(leaf, k));
        }
    }
    return sum.areas();
}

} // namespace rih
