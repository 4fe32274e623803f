// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/nail_outline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace rih {

namespace {

constexpr int kFineNail = 16; // faces; the open hand's have twice as many and more

/// The faces of each finger's nail, by the joint of its last bone.
std::map<int, std::vector<std::size_t>> nails_of(const HandModel& hand) {
    std::map<int, std::vector<std::size_t>> nails;
    for (std::size_t f = 0; f < hand.faces.size(); ++f) {
        const int within = hand.part_of_face[f] - first_part(hand.side);
        if (hand.nail_of_face[f] != 0 && within >= 0 && within < kPartsPerHand &&
            kJointOfPart[within] != 0) {
            nails[3 * finger_of_joint(kJointOfPart[within]) + 3].push_back(f);
        }
    }
    return nails;
}

/// An ellipse with full corners in the plane of a nail.
struct Outline {
    Vec3 middle = Vec3::Zero(), normal = Vec3::Zero(), along, across;
    double half_length = 0, half_width = 0; // m
};

Outline outline_of(const HandModel& hand, int joint, const std::vector<std::size_t>& faces) {
    Outline nail;
    double total = 0;
    // The middles of a triangle's edges give its moments exactly.
    std::vector<std::pair<Vec3, double>> moments;
    for (const std::size_t f : faces) {
        const auto& [a, b, c] = hand.faces[f];
        const Vec3 p = hand.template_vertices.row(a), q = hand.template_vertices.row(b),
                   r = hand.template_vertices.row(c);
        const Vec3 normal = (q - p).cross(r - p);
        const double third = normal.norm() / 6;
        nail.normal += normal;
        for (const Vec3& middle : {Vec3((p + q) / 2), Vec3((q + r) / 2), Vec3((r + p) / 2)}) {
            moments.emplace_back(middle, third);
            nail.middle += third * middle;
            total += third;
        }
    }
    nail.middle /= total;
    nail.normal.normalize();
    const Vec3 from = (hand.joint_regressor * hand.template_vertices).row(joint);
    const int tip = hand.tip_vertices[kTipOfFinger[finger_of_joint(joint)]];
    const Vec3 bone = Vec3(hand.template_vertices.row(tip)) - from;
    nail.along = (bone - bone.dot(nail.normal) * nail.normal).normalized();
    nail.across = nail.normal.cross(nail.along);
    double length2 = 0, width2 = 0;
    for (const auto& [place, weight] : moments) {
        const Vec3 offset = place - nail.middle;
        length2 += weight * offset.dot(nail.along) * offset.dot(nail.along) / total;
        width2 += weight * offset.dot(nail.across) * offset.dot(nail.across) / total;
    }
    // Half the axis of an ellipse is twice its standard deviation, of a rectangle 1.73 times.
    constexpr double kAxis = 1.9;
    nail.half_length = kAxis * std::sqrt(length2);
    nail.half_width = kAxis * std::sqrt(width2);
    return nail;
}

} // namespace

bool has_coarse_nails(const HandModel& hand) {
    return std::ranges::any_of(nails_of(hand),
                               [](const auto& nail) { return nail.second.size() < kFineNail; });
}

VecX rounded_nails(const HandModel& hand, const LimitSurface& surface) {
    VecX value = VecX::Zero(surface.positions.rows());
    for (const auto& [joint, faces] : nails_of(hand)) {
        const Outline nail = outline_of(hand, joint, faces);
        if (nail.half_length <= 0 || nail.half_width <= 0) {
            continue;
        }
        for (Eigen::Index v = 0; v < value.size(); ++v) {
            const Vec3 offset = Vec3(surface.positions.row(v)) - nail.middle;
            if (Vec3(surface.normals.row(v)).dot(nail.normal) < 0.2 ||
                std::abs(offset.dot(nail.normal)) > nail.half_width) {
                continue;
            }
            constexpr double kCorners = 2.7; // 2: an ellipse; endless: a rectangle
            const double x = std::abs(offset.dot(nail.along)) / nail.half_length;
            const double y = std::abs(offset.dot(nail.across)) / nail.half_width;
            const double out =
                std::pow(std::pow(x, kCorners) + std::pow(y, kCorners), 1 / kCorners);
            value[v] = std::max(value[v], std::clamp(1 - 0.5 * out, 0.0, 1.0));
        }
    }
    return value;
}

} // namespace rih
