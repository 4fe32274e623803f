// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/forearms.h"

#include "renderih/math/rotation.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

/// A forearm as spheres along its axis, in the frame of its rest pose about the wrist.
struct ArmSpheres {
    std::vector<Vec3> centres; // relative to the wrist
    std::vector<double> radii; // m
    Vec3 elbow = Vec3::Zero(); // end of the axis, relative to the wrist
};

constexpr int kSphereCount = 8;
// The skin near the wrist is the hand's own and bends with it: spheres start behind it.
constexpr double kWristClearance = 0.02; // m
constexpr double kSkinGap = 0.003;       // m between a forearm and anything else

ArmSpheres arm_spheres(const ShapedHand& hand) {
    const HandModel& model = *hand.model;
    const Vec3 wrist = hand.rest_joints.row(kForearmJoint);
    std::vector<Vec3> arm;
    for (int v = 0; v < model.vertex_count(); ++v) {
        if (model.skin_weights.coeff(v, kForearmJoint) > 0.5) {
            arm.push_back(Vec3(hand.rest_vertices.row(v)) - wrist);
        }
    }
    ArmSpheres spheres;
    if (arm.empty()) {
        return spheres;
    }
    Vec3 mean = Vec3::Zero();
    for (const Vec3& x : arm) {
        mean += x / double(arm.size());
    }
    const Vec3 axis = mean.normalized();
    double length = 0;
    for (const Vec3& x : arm) {
        length = std::max(length, x.dot(axis));
    }
    spheres.elbow = length * axis;
    for (int i = 0; i < kSphereCount; ++i) {
        const double along =
            kWristClearance + (length - kWristClearance) * (i + 0.5) / kSphereCount;
        const double half_step = 0.5 * (length - kWristClearance) / kSphereCount;
        double radius_sum = 0;
        int near = 0;
        for (const Vec3& x : arm) {
            if (std::abs(x.dot(axis) - along) <= half_step) {
                radius_sum += (x - x.dot(axis) * axis).norm();
                ++near;
            }
        }
        if (near > 0) {
            spheres.centres.push_back(along * axis);
            spheres.radii.push_back(radius_sum / near);
        }
    }
    return spheres;
}

struct Candidate {
    double flexion = 0, deviation = 0;
    std::vector<Vec3> centres; // world
    Vec3 elbow = Vec3::Zero(); // world
    double overlap_m = 0;      // with both hands
    double cost = 0;
};

/// Hand vertices (no forearm), thinned: spheres are far larger than the gaps this leaves.
std::vector<Vec3> hand_points(const PairRig& rig, const PairState& state, int hand) {
    const HandModel& model = *rig.hands[hand].model;
    std::vector<Vec3> points;
    for (int v = 0; v < model.vertex_count(); v += 3) {
        if (model.skin_weights.coeff(v, kForearmJoint) < 0.01) {
            points.emplace_back(state.hands[hand].vertices.row(v));
        }
    }
    return points;
}

double square(double x) {
    return x * x;
}

} // namespace

std::vector<ForearmChoice> choose_forearms(const PairRig& rig,
                                           const PairState& state,
                                           const ForearmRequest& request,
                                           Rng& rng,
                                           std::size_t count) {
    const std::array<std::vector<Vec3>, 2> points{hand_points(rig, state, 0),
                                                  hand_points(rig, state, 1)};
    std::array<ArmSpheres, 2> arms;
    std::array<std::vector<Candidate>, 2> candidates;
    for (int h = 0; h < 2; ++h) {
        arms[h] = arm_spheres(rig.hands[h]);
        const Vec3 wrist = state.hands[h].joints.row(0);
        // The own hand's skin near the wrist touches its arm rightly; fingers may not.
        std::vector<Vec3> obstacles = points[1 - h];
        for (const Vec3& x : points[h]) {
            if ((x - wrist).norm() > 0.08) {
                obstacles.push_back(x);
            }
        }
        for (int c = 0; c < request.candidates_per_hand; ++c) {
            Candidate candidate;
            // The first is the suggestion itself, later ones wander further from it.
            const double spread = double(c) / std::max(1, request.candidates_per_hand - 1);
            candidate.flexion =
                std::clamp(request.flexion[h] +
                               spread * rng.uniform(-1, 1) * (kMaxWristFlexion - kMinWristFlexion),
                           kMinWristFlexion,
                           kMaxWristFlexion);
            candidate.deviation =
                std::clamp(request.deviation[h] + spread * rng.uniform(-1, 1) *
                                                      (kMaxWristDeviation - kMinWristDeviation),
                           kMinWristDeviation,
                           kMaxWristDeviation);
            const Mat3 world_from_arm =
                rig.world_from_hand[h] * rotation_from_axis_angle(forearm_axis_angle(
                                             kSides[h], candidate.flexion, candidate.deviation));
            for (std::size_t i = 0; i < arms[h].centres.size(); ++i) {
                const Vec3 centre = wrist + world_from_arm * arms[h].centres[i];
                candidate.centres.push_back(centre);
                for (const Vec3& x : obstacles) {
                    candidate.overlap_m = std::max(
                        candidate.overlap_m, arms[h].radii[i] + kSkinGap - (x - centre).norm());
                }
            }
            candidate.elbow = wrist + world_from_arm * arms[h].elbow;
            // Comfort: near the suggestion, away from the ends of the range. Radians squared.
            candidate.cost = 0.5 * square(candidate.flexion - request.flexion[h]) +
                             0.5 * square(candidate.deviation - request.deviation[h]) +
                             0.2 * square(candidate.flexion) + 0.2 * square(candidate.deviation);
            if (request.body_direction.squaredNorm() > 0) {
                const Vec3 arm_direction = (candidate.elbow - wrist).normalized();
                // Elbows lie towards the body, at worst across it.
                candidate.cost +=
                    1.5 * square(std::max(0.0, 0.3 - arm_direction.dot(request.body_direction)));
            }
            candidates[h].push_back(std::move(candidate));
        }
    }

    // With y up, a person who faces away from `body_direction` has its right side here.
    const Vec3 right_of_person = Vec3::UnitY().cross(request.body_direction);
    std::vector<ForearmChoice> choices;
    for (const Candidate& right : candidates[0]) {
        for (const Candidate& left : candidates[1]) {
            ForearmChoice choice;
            choice.flexion = {right.flexion, left.flexion};
            choice.deviation = {right.deviation, left.deviation};
            choice.overlap_m = std::max(right.overlap_m, left.overlap_m);
            for (std::size_t i = 0; i < right.centres.size(); ++i) {
                for (std::size_t j = 0; j < left.centres.size(); ++j) {
                    choice.overlap_m = std::max(choice.overlap_m,
                                                arms[0].radii[i] + arms[1].radii[j] + kSkinGap -
                                                    (right.centres[i] - left.centres[j]).norm());
                }
            }
            const Vec3 apart = right.elbow - left.elbow;
            choice.cost = right.cost + left.cost + 1e4 * choice.overlap_m +
                          4 * square(std::max(0.0, 0.15 - apart.norm()) / 0.15);
            if (right_of_person.norm() > 0.1) {
                const double sideways = apart.dot(right_of_person.normalized());
                choice.cost += 2 * square(std::max(0.0, 0.1 - sideways) / 0.1);
            }
            choices.push_back(choice);
        }
    }
    std::stable_sort(choices.begin(), choices.end(), [](const auto& a, const auto& b) {
        return a.cost < b.cost;
    });
    choices.resize(std::min(count, choices.size()));
    return choices;
}

} // namespace rih
