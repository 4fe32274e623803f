// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/open_source.h"

#include "renderih/base/error.h"
#include "renderih/math/rotation.h"
#include "renderih/posing/sources/placement.h"

#include <algorithm>

namespace rih {
namespace {

Vec3 uniform_within(const Vec3& half_range, Rng& rng) {
    Vec3 v;
    for (int axis = 0; axis < 3; ++axis) {
        v[axis] = rng.uniform(-half_range[axis], half_range[axis]);
    }
    return v;
}

/// The hand's directions as columns fingers, palm, thumb side, jittered about themselves; a left
/// hand's have determinant -1.
Mat3 arranged_axes(const ArrangedHand& hand, double sign, Rng& rng) {
    Mat3 axes;
    axes << hand.fingers, hand.palm, sign * hand.fingers.cross(hand.palm);
    return axes * rotation_from_axis_angle(uniform_within(hand.jitter, rng));
}

/// Shapes of that name, with that "#tag", or of "packages".
std::vector<std::size_t> shapes_called(const std::vector<HandShape>& shapes,
                                       const std::string& name) {
    const auto has = [](const std::vector<std::string>& names, std::string_view one) {
        return std::find(names.begin(), names.end(), one) != names.end();
    };
    std::vector<std::size_t> result;
    for (std::size_t s = 0; s < shapes.size(); ++s) {
        const HandShape& shape = shapes[s];
        const bool called = name == "packages" ? shape.source != "authored"
                            : name.starts_with('#')
                                ? has(shape.tags, std::string_view(name).substr(1))
                                : shape.name == name || has(shape.also, name);
        if (called) {
            result.push_back(s);
        }
    }
    return result;
}

} // namespace

OpenSource::OpenSource(std::vector<HandShape> shapes,
                       std::vector<Arrangement> arrangements,
                       const HandPair& hands,
                       std::string fingerprint)
    : shapes_(std::move(shapes)), arrangements_(std::move(arrangements)),
      landmarks_{HandLandmarks(hands[Side::Right]), HandLandmarks(hands[Side::Left])},
      fingerprint_(std::move(fingerprint)) {
    RIH_REQUIRE(!arrangements_.empty() && !shapes_.empty(),
                "the open pose source has no arrangements or no hand shapes");
    for (const Arrangement& arrangement : arrangements_) {
        auto& choices = choices_.emplace_back();
        for (std::size_t h = 0; h < 2; ++h) {
            for (const std::string& name : arrangement.hands[h].shapes) {
                std::vector<std::size_t> group = shapes_called(shapes_, name);
                // A data set without packages' takes is fine.
                RIH_REQUIRE(!group.empty() || name == "packages",
                            "arrangement \"{}\" names the hand shape \"{}\", which there is not",
                            arrangement.name,
                            name);
                if (!group.empty()) {
                    choices[h].push_back(std::move(group));
                }
            }
            RIH_REQUIRE(!choices[h].empty(),
                        "arrangement \"{}\" has no hand shape to choose from",
                        arrangement.name);
        }
        for (const auto* pairs : {&arrangement.meets, &arrangement.contacts}) {
            for (const auto& pair : *pairs) {
                for (const std::string& name : pair) {
                    RIH_REQUIRE(landmarks_[0].contains(name),
                                "arrangement \"{}\" names the landmark \"{}\", which there is not",
                                arrangement.name,
                                name);
                }
            }
        }
    }
}

std::size_t OpenSource::size() const {
    std::size_t count = 0;
    for (std::size_t a = 0; a < arrangements_.size(); ++a) {
        std::array<std::size_t, 2> shapes{0, 0};
        for (int h = 0; h < 2; ++h) {
            for (const auto& choice : choices_[a][h]) {
                shapes[h] += choice.size();
            }
        }
        count += (arrangements_[a].same_shape ? shapes[0] : shapes[0] * shapes[1]) *
                 arrangements_[a].meets.size();
    }
    return count;
}

PoseSeed OpenSource::draw(const std::array<ShapedHand, 2>& hands, Rng& rng) const {
    double total = 0;
    for (const Arrangement& arrangement : arrangements_) {
        total += arrangement.weight;
    }
    double u = rng.uniform() * total;
    std::size_t index = 0;
    while (index + 1 < arrangements_.size() && u >= arrangements_[index].weight) {
        u -= arrangements_[index].weight;
        ++index;
    }
    return draw_arrangement(index, hands, rng);
}

PoseSeed OpenSource::draw_arrangement(std::size_t index,
                                      const std::array<ShapedHand, 2>& hands,
                                      Rng& rng) const {
    const Arrangement& arrangement = arrangements_[index];

    // Shapes: one of the alternatives, moved a little towards a similar one, and varied.
    std::array<FingerAngles, 2> angles;
    std::array<ShapeFreedom, 2> freedom;
    std::array<std::string, 2> names;
    for (int h = 0; h < 2; ++h) {
        const auto& alternatives = choices_[index][h];
        const auto pick = [&] {
            const auto& group =
                alternatives[rng.uniform_index(static_cast<std::uint32_t>(alternatives.size()))];
            return group[rng.uniform_index(static_cast<std::uint32_t>(group.size()))];
        };
        const HandShape& shape = shapes_[pick()];
        const HandShape& other = shapes_[pick()];
        // Half way between shapes that are far apart, fingers may pass through each other.
        constexpr double kNear = 20 * kDegree;
        const bool near = shape_distance(shape.angles, other.angles) < kNear;
        const double towards = (near ? 0.35 : 0.0) * rng.uniform() * rng.uniform();
        angles[h] = vary_naturally(blend_angles(shape.angles, other.angles, towards),
                                   shape.freedom,
                                   arrangement.variation,
                                   rng);
        freedom[h] = shape.freedom;
        names[h] = shape.name;
    }
    if (arrangement.same_shape) {
        angles[1] = vary_naturally(angles[0], freedom[0], 0.35 * arrangement.variation, rng);
        names[1] = names[0];
    }

    // Directions: first as a right hand, second as a left hand, then mirrored or not.
    const bool mirrored = rng.uniform() < 0.5;
    Mat3 turn = rotation_from_axis_angle(uniform_within(arrangement.turn, rng));
    std::array<Mat3, 2> axes{arranged_axes(arrangement.hands[0], 1, rng),
                             arranged_axes(arrangement.hands[1], -1, rng)};
    const Vec3 offset = arrangement.nominal_offset + uniform_within(arrangement.offset, rng);
    const double gap = rng.uniform(arrangement.gap[0], arrangement.gap[1]);
    const auto& meet =
        arrangement.meets[rng.uniform_index(static_cast<std::uint32_t>(arrangement.meets.size()))];
    const Mat3 reflection = Vec3(mirrored ? -1.0 : 1.0, 1, 1).asDiagonal();
    turn = reflection * turn; // of directions: pair frame -> world

    PoseSeed seed;
    seed.source = "open";
    seed.source_id = arrangement.name + ":" + names[0] + "+" + names[1] + ":" + meet[0] + "+" +
                     meet[1] + (mirrored ? ":mirrored" : "");
    seed.body_direction = reflection * arrangement.body;
    seed.intended_gap_m = gap;

    // Pose both at their own origin; element h of these is the first or the second hand.
    const std::array<int, 2> side_of{mirrored ? 1 : 0, mirrored ? 0 : 1};
    std::array<HandState, 2> states;
    for (int h = 0; h < 2; ++h) {
        const int s = side_of[h];
        const ShapedHand& hand = hands[s];
        const Mat3 rest_axes = hand_axes(hand);
        const Mat3 world_from_hand = turn * axes[h] * rest_axes.transpose();
        seed.angles[s] = angles[h];
        seed.world_from_hand[s] = world_from_hand;
        JointRotations rotations;
        rotations.fill(Mat3::Identity());
        rotations[0] = world_from_hand;
        const AnatomyFrames frames = anatomy_frames(hand);
        for (int joint = 0; joint < kFingerJointCount; ++joint) {
            rotations[joint + 1] = rotation_from_angles(frames[joint], angles[h][joint]);
        }
        states[h] = pose_hand(hand, rotations, Vec3::Zero());

        // The elbows lie towards the body, each on its own side.
        const Side side = kSides[s];
        const double outward = side == Side::Right ? 0.65 : -0.65;
        const Vec3 to_elbow = (seed.body_direction + Vec3(outward, 0, 0)).normalized();
        const std::array<double, 2> wrist =
            aim_forearm(side, world_from_hand, rest_axes, to_elbow, arrangement.hands[h]);
        seed.forearm_flexion[s] = wrist[0];
        seed.forearm_deviation[s] = wrist[1];
    }

    // Bring the landmarks together, then settle.
    const int first = side_of[0], second = side_of[1];
    Vec3 shift = landmarks_[first].point(meet[0], states[0].vertices) -
                 landmarks_[second].point(meet[1], states[1].vertices) + turn * offset;
    Points moved = states[1].vertices.rowwise() + shift.transpose();
    if (arrangement.settle == Settle::Slide) {
        const Vec3 direction = turn * arrangement.approach;
        const auto slide = [&](const std::vector<int>& ignore) {
            return slide_to_touch(
                hands[first], states[0].vertices, hands[second], moved, direction, ignore);
        };
        // Fingers that are passed over (a thumb between two palms) may overlap a little; the
        // optimisation moves them out of the way.
        double distance = slide({}).value_or(0);
        if (!arrangement.slide_ignores.empty()) {
            distance = std::max(slide(arrangement.slide_ignores).value_or(0),
                                distance - arrangement.slide_overlap);
        }
        shift += (distance + gap) * direction;
    } else if (arrangement.settle == Settle::Weave) {
        states[1].vertices = moved;
        states[1].joints.rowwise() += shift.transpose();
        shift += weave_shift(hand_capsules(hands[first], states[0]),
                             hand_capsules(hands[second], states[1]),
                             turn,
                             arrangement.search);
    }
    seed.translation[static_cast<std::size_t>(second)] = shift;
    seed.approach = (second == index_of(Side::Left) ? 1.0 : -1.0) * (turn * arrangement.approach);
    return seed;
}

std::array<double, 2> aim_forearm(Side side,
                                  const Mat3& world_from_hand,
                                  const Mat3& axes,
                                  const Vec3& to_elbow,
                                  const ArrangedHand& ranges) {
    constexpr int kSteps = 12;
    std::array<double, 2> best{0, 0};
    double nearest = -2;
    for (int i = 0; i <= kSteps; ++i) {
        for (int j = 0; j <= kSteps; ++j) {
            const double flexion = ranges.wrist_flexion[0] +
                                   (ranges.wrist_flexion[1] - ranges.wrist_flexion[0]) * i / kSteps;
            const double deviation =
                ranges.wrist_deviation[0] +
                (ranges.wrist_deviation[1] - ranges.wrist_deviation[0]) * j / kSteps;
            const Mat3 hand_from_forearm =
                rotation_from_axis_angle(forearm_axis_angle(side, flexion, deviation));
            const double near = (world_from_hand * hand_from_forearm * -axes.col(0)).dot(to_elbow);
            if (near > nearest) {
                nearest = near;
                best = {flexion, deviation};
            }
        }
    }
    return best;
}

} // namespace rih
