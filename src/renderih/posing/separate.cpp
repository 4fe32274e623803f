// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/separate.h"

#include "renderih/geometry/intersection.h"
#include "renderih/geometry/signed_distance.h"
#include "renderih/geometry/vertices_inside.h"

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
constexpr double kAnyDistance = std::numeric_limits<double>::infinity();

class HandsApart {
  public:
    HandsApart(const HandPair& hands,
               const HandSurfaces& surfaces,
               const std::array<Points, 2>& vertices)
        : hands_(hands), right_(vertices[0]), left_(vertices[1]),
          right_distance_(surfaces.posed(0, right_)), left_distance_(surfaces.posed(1, left_)) {}

    bool intersect(const Vec3& shift) const {
        return !intersecting_triangles(right_distance_.tree(), left_distance_.tree(), 1, shift)
                    .empty();
    }

    struct Overlap {
        Vec3 direction = Vec3::Zero(); // unit, along which the left hand leaves the right
        double depth = 0;              // largest of a vertex, m
    };

    /// Depth-weighted mean direction out of the other hand, over the vertices of both inside it.
    Overlap overlap(const Vec3& shift) const {
        const auto pairs =
            intersecting_triangles(right_distance_.tree(), left_distance_.tree(), SIZE_MAX, shift);
        Overlap result;
        Vec3 sum = Vec3::Zero();
        const auto add = [&](int hand, const MeshDistance& other, const Vec3& moved, double sign) {
            const Points& vertices = hand == 0 ? right_ : left_;
            const std::vector<std::uint8_t> inside = vertices_inside(
                vertices, hands_.hands[hand].faces, crossing_faces(pairs, hand == 1), other, moved);
            int hint = -1;
            for (std::size_t v = 0; v < inside.size(); ++v) {
                if (inside[v] == 0) {
                    continue;
                }
                const Vec3 query = vertices.row(static_cast<Eigen::Index>(v)).transpose() + moved;
                const auto nearest = other.closest_within(query, kAnyDistance, &hint);
                // The way out is the way to the nearest surface.
                sum += sign * (nearest->point - query);
                result.depth = std::max(result.depth, nearest->distance);
            }
        };
        add(1, right_distance_, shift, 1);
        add(0, left_distance_, -shift, -1);
        if (sum.norm() == 0) { // edges cross but no vertex is inside
            const Vec3 left_mean = left_.colwise().mean().transpose();
            const Vec3 right_mean = right_.colwise().mean().transpose();
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
            int hint = -1;
            for (Eigen::Index v = 0; v < vertices.rows(); ++v) {
                if (model.skin_weights.coeff(v, kForearmJoint) > 0.3) {
                    continue;
                }
                const Vec3 query = vertices.row(v);
                const auto nearest = surface.closest_within(query, best, &hint);
                if (nearest && nearest->distance < best) {
                    best = nearest->distance;
                    offset = sign * (nearest->point - query);
                }
            }
        };
        seek(hands_.hands[1], left_, right_distance_, 1);
        seek(hands_.hands[0], right_, left_distance_, -1);
        return offset;
    }

  private:
    const HandPair& hands_;
    const Points &right_, &left_; // [V, 3], without shift
    MeshDistance right_distance_, left_distance_;
};

/// The shift on the way from `blocked` to `free` that is free and nearest to `blocked`.
Vec3 bisect(const HandsApart& apart, Vec3 blocked, Vec3 free) {
    for (int i = 0; i < kBisections; ++i) {
        const Vec3 middle = 0.5 * (blocked + free);
        (apart.intersect(middle) ? blocked : free) = middle;
    }
    return free;
}

} // namespace

SeparateResult separate_hands(const HandPair& hands,
                              const HandSurfaces& surfaces,
                              const std::array<Points, 2>& vertices,
                              const SeparateOptions& options) {
    const HandsApart apart(hands, surfaces, vertices);
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

SeparateResult separate_hands(const HandPair& hands,
                              const std::array<Points, 2>& vertices,
                              const SeparateOptions& options) {
    return separate_hands(hands, HandSurfaces(hands), vertices, options);
}

} // namespace rih
