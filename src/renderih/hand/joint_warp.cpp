// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/joint_warp.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr std::array<int, 4> kKnuckles{1, 4, 10, 7}; // index, middle, ring, pinky

struct Bone {
    Vec3 from = Vec3::Zero(), direction = Vec3::UnitX();
    double length = 0; // m
    double girth = 0;  // m, root mean square distance of its skin from its line
};

/// A hand's bones and what of its skin is measured.
struct Measured {
    Points joints;
    Mat3 palm_axes;                                 // columns: to the wrist, out of the back, thumb
    double palm_length = 0, palm_width = 0;         // m, to the knuckles, across them
    double palm_thickness = 0;                      // m, root mean square of the height
    std::array<Bone, kJointCountWithForearm> bones; // 1 .. 15, 16 the forearm
};

/// Calls visit(centre, area) for each face of a part.
template <typename Visit>
void for_each_face(const HandModel& hand, int part, const Visit& visit) {
    for (std::size_t f = 0; f < hand.faces.size(); ++f) {
        if (hand.part_of_face[f] == part) {
            const auto& [a, b, c] = hand.faces[f];
            const Vec3 p = hand.template_vertices.row(a), q = hand.template_vertices.row(b),
                       r = hand.template_vertices.row(c);
            visit(Vec3((p + q + r) / 3), (q - p).cross(r - p).norm() / 2);
        }
    }
}

void measure_girth(const HandModel& hand, int part, Bone& bone) {
    double sum = 0, total = 0;
    for_each_face(hand, part, [&](const Vec3& centre, double area) {
        const Vec3 from = centre - bone.from;
        sum += area * (from - from.dot(bone.direction) * bone.direction).squaredNorm();
        total += area;
    });
    bone.girth = total > 0 ? std::sqrt(sum / total) : 0;
}

Bone forearm_of(const HandModel& hand, const Vec3& wrist) {
    Bone bone{.from = wrist};
    Vec3 centre = Vec3::Zero();
    double total = 0;
    for_each_face(hand, forearm_part(hand.side), [&](const Vec3& at, double area) {
        centre += area * (at - wrist);
        total += area;
    });
    if (total <= 0) {
        return bone;
    }
    bone.direction = centre.normalized();
    for_each_face(hand, forearm_part(hand.side), [&](const Vec3& at, double) {
        bone.length = std::max(bone.length, (at - wrist).dot(bone.direction));
    });
    measure_girth(hand, forearm_part(hand.side), bone);
    return bone;
}

Measured measure(const HandModel& hand) {
    Measured m;
    m.joints = hand.joint_regressor * hand.template_vertices;
    const Vec3 wrist = m.joints.row(0);
    Vec3 knuckles = Vec3::Zero();
    for (const int j : kKnuckles) {
        knuckles += Vec3(m.joints.row(j)) / 4;
    }
    const Vec3 x = (wrist - knuckles).normalized();
    const Vec3 across = m.joints.row(1) - m.joints.row(7); // from the little finger to the index
    const Vec3 z = (across - across.dot(x) * x).normalized();
    m.palm_axes << x, z.cross(x), z;
    m.palm_length = (wrist - knuckles).norm();
    m.palm_width = across.dot(z);
    double sum = 0, sum_of_squares = 0, total = 0;
    const int palm = first_part(hand.side) + kPartOfJoint[0];
    for_each_face(hand, palm, [&](const Vec3& centre, double area) {
        const double height = (centre - wrist).dot(Vec3(m.palm_axes.col(1)));
        sum += area * height;
        sum_of_squares += area * height * height;
        total += area;
    });
    if (total > 0) {
        m.palm_thickness =
            std::sqrt(std::max(sum_of_squares / total - (sum / total) * (sum / total), 0.0));
    }
    for (int j = 1; j < kJointCount; ++j) {
        Bone& bone = m.bones[static_cast<std::size_t>(j)];
        bone.from = m.joints.row(j);
        const int tip = hand.tip_vertices[kTipOfFinger[finger_of_joint(j)]];
        const Vec3 to = segment_of_joint(j) < 2 ? Vec3(m.joints.row(j + 1))
                                                : Vec3(hand.template_vertices.row(tip));
        bone.length = (to - bone.from).norm();
        bone.direction = (to - bone.from).normalized();
        measure_girth(hand, first_part(hand.side) + kPartOfJoint[j], bone);
    }
    m.bones[kForearmJoint] = forearm_of(hand, wrist);
    return m;
}

/// Bounded, since parts may be cut elsewhere, and 1 where one of them has no size.
double ratio(double target, double source) {
    constexpr double kLeast = 0.4, kMost = 2.5;
    return source > 0 && target > 0 ? std::clamp(target / source, kLeast, kMost) : 1;
}

/// x -> to + linear (x - from).
struct Map {
    Vec3 from, to;
    Mat3 linear;
    Vec3 operator()(const Vec3& x) const { return to + linear * (x - from); }
};

Mat3 stretch(const Vec3& direction, double along, double across) {
    return across * Mat3::Identity() + (along - across) * direction * direction.transpose();
}

/// One ratio a finger: models do not agree on where in the flesh a joint lies, and the end of a
/// finger is seen better than its joints.
double length_ratio(const Measured& from, const Measured& to, int joint) {
    if (joint == kForearmJoint) {
        return ratio(to.bones[kForearmJoint].length, from.bones[kForearmJoint].length);
    }
    const auto length = [&](const Measured& hand) {
        const auto first = static_cast<std::size_t>(joint - segment_of_joint(joint));
        return hand.bones[first].length + hand.bones[first + 1].length +
               hand.bones[first + 2].length;
    };
    return ratio(length(to), length(from));
}

} // namespace

Points warp_by_joints(const HandModel& source, const HandModel& target) {
    RIH_ASSERT(source.side == target.side,
               "a {} hand onto a {}",
               name_of(source.side),
               name_of(target.side));
    const Measured from = measure(source), to = measure(target);
    std::array<Map, kJointCountWithForearm> maps;
    std::array<Mat3, kJointCountWithForearm> turned;
    turned[0] = to.palm_axes * from.palm_axes.transpose();
    const Vec3 palm_scale(ratio(to.palm_length, from.palm_length),
                          ratio(to.palm_thickness, from.palm_thickness),
                          ratio(to.palm_width, from.palm_width));
    maps[0] = {from.joints.row(0),
               to.joints.row(0),
               to.palm_axes * palm_scale.asDiagonal() * from.palm_axes.transpose()};
    for (int j = 1; j < kJointCountWithForearm; ++j) {
        const auto i = static_cast<std::size_t>(j);
        const Bone &a = from.bones[i], &b = to.bones[i];
        const Mat3& parent = turned[static_cast<std::size_t>(kParents[j])];
        turned[i] = Eigen::Quaterniond::FromTwoVectors(parent * a.direction, b.direction)
                        .toRotationMatrix() *
                    parent;
        const bool chained = j < kForearmJoint && segment_of_joint(j) > 0;
        maps[i] = {a.from,
                   chained ? maps[i - 1](a.from) : b.from,
                   turned[i] *
                       stretch(a.direction, length_ratio(from, to, j), ratio(b.girth, a.girth))};
    }
    Points warped = Points::Zero(source.vertex_count(), 3);
    for (int v = 0; v < source.vertex_count(); ++v) {
        for (decltype(source.skin_weights)::InnerIterator it(source.skin_weights, v); it; ++it) {
            const Map& map = maps[static_cast<std::size_t>(it.col())];
            warped.row(v) += it.value() * map(source.template_vertices.row(v)).transpose();
        }
    }
    return warped;
}

} // namespace rih
