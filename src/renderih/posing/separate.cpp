// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/separate.h"

#include "renderih/geometry/intersection.h"
#include "renderih/geometry/signed_distance.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace rih {

namespace {

constexpr int kMaxSteps = 12;
constexpr int kBisections = 6;
constexpr double kOvershoot = 2e-4; // m beyond the measured depth, which sees vertices only
constexpr double kTouchGap = 5e-5;  // m left at a contact

class HandsApart {
  public:
    HandsApart(const HandPair& hands, const std::array<Points, 2>& vertices)
        : hands_(hands), right_{vertices[0], hands.hands[0].faces},
          left_{vertices[1], hands.hands[1].faces}, left_vertices_(vertices[1]),
          right_distance_(right_), left_distance_(left_) {}

    bool intersect(const Vec3& shift) {
        left_.vertices = left_vertices_.rowwise() + shift.transpose();
        return !intersecting_triangles(right_, left_, 1).empty();
    }

    struct Overlap {
        Vec3 direction = Vec3::Zero(); // unit, along which the left hand leaves the right
        double depth = 0;              // largest of a vertex, m
    };

    /// Depth-weighted mean direction out of the other hand, over the vertices of both inside it.
    Overlap overlap(const Vec3& shift) const {
        Overlap result;
        Vec3 sum = Vec3::Zero();
        const auto add = [&](const MeshDistance& surface, const Vec3& query, double sign) {
            Vec3 gradient;
            const double depth = surface.inside_distance_clamped(query, &gradient);
            if (depth > 0) {
                // Depth falls along -gradient.
                sum -= sign * depth * gradient;
                result.depth = std::max(result.depth, depth);
            }
        };
        for (Eigen::Index v = 0; v < left_vertices_.rows(); ++v) {
            add(right_distance_, Vec3(left_vertices_.row(v)) + shift, 1);
        }
        for (Eigen::Index v = 0; v < right_.vertices.rows(); ++v) {
            add(left_distance_, Vec3(right_.vertices.row(v)) - shift, -1);
        }
        if (sum.norm() == 0) { // edges cross but no vertex is inside
            const Vec3 left_mean = left_vertices_.colwise().mean().transpose();
            const Vec3 right_mean = right_.vertices.colwise().mean().transpose();
            sum = left_mean + shift - right_mean;
        }
        if (sum.norm() > 0) {
            result.direction = sum.normalized();
        }
        return result;
    }

    /// From the left hand's nearest point to the right hand's, forearms left out; nothing when they
    /// are further apart than `max_distance`.
    std::optional<Vec3> nearest_offset(double max_distance) const {
        std::optional<Vec3> offset;
        double best = max_distance;
        const auto seek = [&](const HandModel& model,
                              const Points& vertices,
                              const MeshDistance& surface,
                              double sign) {
            for (Eigen::Index v = 0; v < vertices.rows(); ++v) {
                if (model.skin_weights.coeff(v, kForearmJoint) > 0.3) {
                    continue;
                }
                const Vec3 query = vertices.row(v);
                const auto nearest = surface.closest_within(query, best);
                if (nearest && nearest->distance < best) {
                    best = nearest->distance;
                    offset = sign * (nearest->point - query);
                }
            }
        };
        seek(hands_.hands[1], left_vertices_, right_distance_, 1);
        seek(hands_.hands[0], right_.vertices, left_distance_, -1);
        return offset;
    }

  private:
    const HandPair& hands_;
    TriMesh right_, left_; // left_.vertices are those of the last test
    Points left_vertices_; // without shift
    MeshDistance right_distance_, left_distance_;
};

/// The shift on the way from `blocked` to `free` that is free and nearest to `blocked`.
Vec3 bisect(HandsApart& apart, Vec3 blocked, Vec3 free) {
    for (int i = 0; i < kBisections; ++i) {
        const Vec3 middle = 0.5 * (blocked + free);
        (apart.intersect(middle) ? blocked : free) = middle;
    }
    return free;
}

} // namespace

SeparateResult separate_hands(const HandPair& hands,
                              const std::array<Points, 2>& vertices,
                              const SeparateOptions& options) {
    HandsApart apart(hands, vertices);
    SeparateResult result;
    if (apart.intersect(Vec3::Zero())) {
        Vec3 shift = Vec3::Zero();
        for (int step = 0; step < kMaxSteps; ++step) {
            const HandsApart::Overlap overlap = apart.overlap(shift);
            const Vec3 blocked = shift;
            shift += (overlap.depth + kOvershoot) * overlap.direction;
            if (shift.norm() > options.max_separation) {
                return result;
            }
            if (!apart.intersect(shift)) {
                result.left_shift = bisect(apart, blocked, shift);
                result.free = true;
                return result;
            }
        }
        return result;
    }
    result.free = true;
    const std::optional<Vec3> offset =
        options.max_approach > 0 ? apart.nearest_offset(options.max_approach) : std::nullopt;
    if (offset && offset->norm() > kTouchGap) {
        const Vec3 wanted = *offset * (1 - kTouchGap / offset->norm());
        result.left_shift = apart.intersect(wanted) ? bisect(apart, wanted, Vec3::Zero()) : wanted;
    }
    return result;
}

} // namespace rih
