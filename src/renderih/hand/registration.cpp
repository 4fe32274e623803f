// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/registration.h"

#include "renderih/base/error.h"
#include "renderih/geometry/surface_fit.h"
#include "renderih/hand/joint_warp.h"
#include "renderih/hand/parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace rih {

namespace {

/// 0 the palm and the forearm, 1 .. 5 the fingers.
std::uint8_t group_of_part(int part, Side side) {
    const int within = part - first_part(side);
    if (within < 0 || within >= kPartsPerHand || kJointOfPart[within] == 0) {
        return 0;
    }
    return static_cast<std::uint8_t>(1 + finger_of_joint(kJointOfPart[within]));
}

/// By weights in both hands: files cut their parts differently.
GroupedSurface
grouped(const HandModel& hand, const std::vector<std::uint8_t>& parts, const Points& vertices) {
    std::vector<std::uint8_t> groups;
    for (const int part : parts) {
        groups.push_back(group_of_part(part, hand.side));
    }
    return {vertices, hand.faces, std::move(groups)};
}

/// The closest point, if there is one, on that side of the flesh that `normal` shows: where a
/// finger is thin in one model and thick in the other the nearest surface is the wrong one.
SurfacePlace
place_on(const GroupedSurface& surface, const Vec3& at, const Vec3& normal, int group) {
    constexpr double kSteps[] = {0, 0.002, 0.004, 0.008}; // m
    std::optional<ClosestPoint> first;
    for (const double step : kSteps) {
        const auto closest = surface.closest(at + step * normal, group);
        if (!first) {
            first = closest;
        }
        if (closest && surface.normal_at(closest->face, closest->barycentric).dot(normal) > 0) {
            return {closest->face, closest->barycentric};
        }
    }
    return {first->face, first->barycentric};
}

Vec3 normal_of(const Points& vertices, const std::array<int, 3>& face) {
    const Vec3 a = vertices.row(face[0]), b = vertices.row(face[1]), c = vertices.row(face[2]);
    return (b - a).cross(c - a);
}

class Judge {
  public:
    Judge(const HandModel& source, const HandModel& target, const HandRegistration& registration)
        : source_(source), target_(target), registration_(registration),
          source_parts_(parts_from_skin_weights(source)),
          target_parts_(parts_from_skin_weights(target)), source_weights_(source.skin_weights),
          target_weights_(target.skin_weights) {}

    RegistrationQuality judge(const GroupedSurface& on_source, const GroupedSurface& on_target) {
        RegistrationQuality quality;
        add_distances(target_, on_target, on_source);
        add_distances(source_, on_source, on_target);
        std::sort(distances_.begin(), distances_.end());
        double total = 0, below = 0;
        for (const auto& [distance, area] : distances_) {
            total += area;
            quality.mean_mm += 1e3 * area * distance;
        }
        quality.mean_mm /= std::max(total, 1e-12);
        for (const auto& [distance, area] : distances_) {
            below += area;
            quality.max_mm = 1e3 * distance;
            if (below <= 0.95 * total) {
                quality.p95_mm = 1e3 * distance;
            }
        }
        add_shares(quality);
        return quality;
    }

  private:
    void
    add_distances(const HandModel& hand, const GroupedSurface& from, const GroupedSurface& to) {
        const VecX areas = from.vertex_areas();
        std::vector<bool> counts(static_cast<std::size_t>(hand.vertex_count()), true);
        for (std::size_t f = 0; f < hand.faces.size(); ++f) {
            for (const int v : hand.faces[f]) {
                if (hand.part_of_face[f] == forearm_part(hand.side)) {
                    counts[static_cast<std::size_t>(v)] = false;
                }
            }
        }
        for (int v = 0; v < hand.vertex_count(); ++v) {
            if (counts[static_cast<std::size_t>(v)]) {
                const auto closest = to.closest(from.vertices().row(v), 0);
                distances_.emplace_back(closest->distance, areas[v]);
            }
        }
    }

    static Eigen::Index strongest(const VecX& weights) {
        Eigen::Index joint = 0;
        weights.maxCoeff(&joint);
        return joint == kForearmJoint ? 0 : joint; // files end at other places of the wrist
    }

    void add_shares(RegistrationQuality& quality) const {
        Points twins(target_.vertex_count(), 3);
        for (int v = 0; v < target_.vertex_count(); ++v) {
            twins.row(v) = registration_.place_of_vertex[static_cast<std::size_t>(v)]
                               .of(source_.template_vertices, source_.faces)
                               .transpose();
        }
        double total = 0, flipped = 0, finger = 0, part = 0;
        for (std::size_t f = 0; f < target_.faces.size(); ++f) {
            const int own = target_parts_[f];
            if (own == forearm_part(target_.side)) {
                continue;
            }
            const double area = normal_of(target_.template_vertices, target_.faces[f]).norm();
            const auto face = static_cast<std::size_t>(registration_.place_of_face[f].face);
            const int other = source_parts_[face];
            const Vec3 there = normal_of(source_.template_vertices, source_.faces[face]);
            total += area;
            flipped += normal_of(twins, target_.faces[f]).dot(there) < 0 ? area : 0;
            const SurfacePlace middle{static_cast<int>(f), Vec3::Constant(1.0 / 3)};
            part +=
                strongest(middle.of(target_weights_, target_.faces)) ==
                        strongest(registration_.place_of_face[f].of(source_weights_, source_.faces))
                    ? area
                    : 0;
            finger +=
                group_of_part(own, target_.side) == group_of_part(other, source_.side) ? area : 0;
        }
        quality.flipped_share = flipped / std::max(total, 1e-12);
        quality.finger_share = finger / std::max(total, 1e-12);
        quality.part_share = part / std::max(total, 1e-12);
    }

    const HandModel &source_, &target_;
    const HandRegistration& registration_;
    const std::vector<std::uint8_t> source_parts_, target_parts_;
    const MatX source_weights_, target_weights_;       // [V, 17]
    std::vector<std::pair<double, double>> distances_; // m, m^2
};

} // namespace

bool RegistrationQuality::is_good() const {
    // Hands of the same kind come to a tenth of these.
    return mean_mm < 1.5 && p95_mm < 5 && flipped_share < 0.02 && finger_share > 0.9;
}

std::string RegistrationQuality::summary() const {
    return fmt::format("{:.2f} mm apart on the mean, 95 % within {:.2f}, at most {:.2f}; {:.1f} % "
                       "of the area on the same finger or palm, {:.2f} % reversed",
                       mean_mm,
                       p95_mm,
                       max_mm,
                       100 * finger_share,
                       100 * flipped_share);
}

HandRegistration register_hand(const HandModel& source, const HandModel& target) {
    const GroupedSurface on_target =
        grouped(target, parts_from_skin_weights(target), target.template_vertices);
    const Points warped = warp_by_joints(source, target);
    GroupedSurface on_source = grouped(source, parts_from_skin_weights(source), warped);
    HandRegistration registration;
    registration.registered = fit_surface(on_source, on_target);
    RIH_REQUIRE(registration.registered.allFinite(),
                "hand model \"{}\": the hand \"{}\" cannot be bent onto its surface",
                target.name,
                source.name);
    on_source.update(registration.registered);
    for (int v = 0; v < target.vertex_count(); ++v) {
        registration.place_of_vertex.push_back(
            place_on(on_source,
                     target.template_vertices.row(v),
                     on_target.normals().row(v),
                     on_target.group_of_vertex()[static_cast<std::size_t>(v)]));
    }
    for (std::size_t f = 0; f < target.faces.size(); ++f) {
        const auto& [a, b, c] = target.faces[f];
        const Vec3 middle = (target.template_vertices.row(a) + target.template_vertices.row(b) +
                             target.template_vertices.row(c)) /
                            3;
        registration.place_of_face.push_back(
            place_on(on_source,
                     middle,
                     normal_of(target.template_vertices, target.faces[f]).normalized(),
                     on_target.group_of_face(static_cast<int>(f))));
    }
    registration.quality = Judge(source, target, registration).judge(on_source, on_target);
    return registration;
}

} // namespace rih
