// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/recorded_source.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/geometry/intersection.h"
#include "renderih/geometry/triangle_tree.h"
#include "renderih/math/rotation.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

/// Recorded poses that count as distinct are this far apart (cover.h): variations fill the space
/// between them.
constexpr double kRecordedLoose = 4 * kDegree;

/// The hand without its forearm, whose pose no recording tells.
TriangleTree bare_skin(const HandModel& model, const Points& vertices) {
    Triangles faces;
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        if (model.part_of_face[f] != forearm_part(model.side)) {
            faces.push_back(model.faces[f]);
        }
    }
    return {vertices, faces};
}

/// The least distance between both hands' skins, 0 where they intersect. m
double gap_between(const TriangleTree& right, const TriangleTree& left) {
    return intersecting_triangles(right, left, 1).empty() ? right.distance_to(left) : 0;
}

/// What `source_id` names before its first ':'; empty without that array.
std::vector<std::string>
sequences_of(const NpzArrays& arrays, std::size_t count, const std::filesystem::path& path) {
    const auto found = arrays.find("source_id");
    if (found == arrays.end()) {
        return {};
    }
    const auto* ids = std::get_if<std::vector<std::string>>(&found->second.data);
    RIH_REQUIRE(ids != nullptr && ids->size() == count,
                "{}: the array \"source_id\" must hold {} texts, one a pose",
                path.string(),
                count);
    std::vector<std::string> sequences;
    for (const std::string& id : *ids) {
        sequences.push_back(id.substr(0, id.find(':')));
    }
    return sequences;
}

} // namespace

RecordedSource::RecordedSource(std::string name,
                               std::vector<RecordedPair> pairs,
                               std::string fingerprint)
    : name_(printable(name)), pairs_(std::move(pairs)), fingerprint_(std::move(fingerprint)) {
    RIH_REQUIRE(!pairs_.empty(), "pose source {} has no frame with both hands", name_);
}

PoseSeed RecordedSource::draw(const std::array<ShapedHand, 2>& hands, Rng& rng) const {
    return seed(rng.uniform_index(static_cast<std::uint32_t>(pairs_.size())), hands);
}

PoseSeed RecordedSource::seed(std::size_t index, const std::array<ShapedHand, 2>& hands) const {
    const RecordedPair& pair = pairs_[index];
    PoseSeed seed;
    seed.source = name_;
    seed.source_id = pair.id;
    // A recording of a model with other coefficients keeps its wrists and lends its angles.
    seed.has_shape = true;
    for (std::size_t s = 0; s < 2; ++s) {
        const Eigen::Index count = pair.hands[s].shape.size();
        seed.has_shape &= count > 0 && count == hands[s].model->shape_count();
    }
    std::vector<TriangleTree> skins;
    for (std::size_t s = 0; s < 2; ++s) {
        ShapedHand hand = hands[s];
        if (seed.has_shape) {
            seed.shape[s] = pair.hands[s].shape.cast<double>();
            hand = shape_hand(*hands[s].model, seed.shape[s]);
        }
        HandPose pose;
        for (std::size_t j = 0; j < kJointCount; ++j) {
            pose.axis_angle[j] = pair.hands[s].axis_angle[j].cast<double>();
        }
        seed.angles[s] = finger_angles(anatomy_frames(hand), pose);
        seed.world_from_hand[s] = rotation_from_axis_angle(pose.axis_angle[0]);
        seed.translation[s] =
            pair.hands[s].wrist.cast<double>() - hand.rest_joints.row(0).transpose();
        skins.push_back(bare_skin(
            *hand.model, pose_hand(hand, rotations_of(pose), seed.translation[s]).vertices));
    }
    // Hands that were apart stay apart; the others are to touch.
    seed.intended_gap_m = gap_between(skins[0], skins[1]);
    return seed;
}

std::vector<HandShape> RecordedSource::hand_shapes(const HandPair& hands) const {
    std::vector<HandShape> shapes;
    shapes.reserve(2 * pairs_.size());
    for (const Side side : kSides) {
        const HandModel& model = hands[side];
        const AnatomyFrames frames =
            anatomy_frames(shape_hand(model, VecX::Zero(model.shape_count())));
        for (const RecordedPair& pair : pairs_) {
            HandPose pose;
            for (std::size_t j = 0; j < kJointCount; ++j) {
                pose.axis_angle[j] = pair.hands[static_cast<std::size_t>(index_of(side))]
                                         .axis_angle[j]
                                         .cast<double>();
            }
            HandShape& shape = shapes.emplace_back();
            shape.name = fmt::format("{}/{}", pair.id, name_of(side));
            shape.source = name_;
            shape.family = pair.sequence.empty() ? pair.id : pair.sequence;
            shape.angles = clamp_to_limits(finger_angles(frames, pose));
            shape.freedom.loose.fill(kRecordedLoose);
        }
    }
    return shapes;
}

JointsOfShape::JointsOfShape(const HandModel& model) {
    const int count = model.shape_count();
    mean_ = shape_hand(model, VecX::Zero(count)).rest_joints;
    for (int k = 0; k < count; ++k) {
        directions_.push_back(shape_hand(model, VecX::Unit(count, k)).rest_joints - mean_);
    }
}

Points JointsOfShape::operator()(const Eigen::VectorXf& shape) const {
    RIH_REQUIRE(shape.size() <= std::ssize(directions_),
                "a shape of {} coefficients does not fit a hand of {}",
                shape.size(),
                directions_.size());
    Points joints = mean_;
    for (Eigen::Index k = 0; k < shape.size(); ++k) {
        joints += static_cast<double>(shape[k]) * directions_[static_cast<std::size_t>(k)];
    }
    return joints;
}

std::vector<PairSignature> pair_signatures(const std::vector<RecordedPair>& pairs,
                                           const HandPair& hands) {
    std::array<AnatomyFrames, 2> frames;
    for (std::size_t s = 0; s < 2; ++s) {
        const HandModel& model = hands.hands[s];
        frames[s] = anatomy_frames(shape_hand(model, VecX::Zero(model.shape_count())));
    }
    std::vector<PairSignature> signatures;
    signatures.reserve(pairs.size());
    for (const RecordedPair& pair : pairs) {
        std::array<FingerAngles, 2> angles;
        std::array<Mat3, 2> world_from_hand;
        std::array<Vec3, 2> wrist;
        for (std::size_t s = 0; s < 2; ++s) {
            const RecordedHand& hand = pair.hands[s];
            for (std::size_t j = 1; j < kJointCount; ++j) {
                angles[s][j - 1] = angles_from_rotation(
                    frames[s][j - 1], rotation_from_axis_angle(hand.axis_angle[j].cast<double>()));
            }
            world_from_hand[s] = rotation_from_axis_angle(hand.axis_angle[0].cast<double>());
            wrist[s] = hand.wrist.cast<double>();
        }
        signatures.push_back(pair_signature(angles, world_from_hand, wrist));
    }
    return signatures;
}

std::vector<RecordedPair> read_recorded_poses(const std::filesystem::path& path,
                                              const HandPair& hands) {
    const NpzArrays arrays = read_npz(path);
    const auto values = [&](const char* name, std::vector<std::size_t> tail) {
        const auto found = arrays.find(name);
        RIH_REQUIRE(found != arrays.end(), "{} lacks the array \"{}\"", path.string(), name);
        const std::vector<std::size_t>& shape = found->second.shape;
        RIH_REQUIRE(shape.size() == tail.size() + 1 &&
                        std::equal(tail.begin(), tail.end(), shape.begin() + 1),
                    "{}: the array \"{}\" has not the shape of a poses file",
                    path.string(),
                    name);
        RIH_REQUIRE(!std::holds_alternative<std::vector<std::string>>(found->second.data),
                    "{}: the array \"{}\" holds text where numbers are expected",
                    path.string(),
                    name);
        return found->second.as_double();
    };
    const std::vector<double> pose = values("pose", {2, kJointCount, 3});
    const std::vector<double> translation = values("translation", {2, 3});
    const auto shape_count = static_cast<std::size_t>(hands[Side::Right].shape_count());
    const std::vector<double> shape = values("shape", {2, shape_count});
    const std::size_t count = pose.size() / (2 * kJointCount * 3);
    RIH_REQUIRE(translation.size() == count * 6 && shape.size() == count * 2 * shape_count,
                "{}: the arrays hold different numbers of poses",
                path.string());
    RIH_REQUIRE(count > 0, "{}: holds no pose", path.string());
    const std::vector<std::string> sequences = sequences_of(arrays, count, path);
    for (const auto* all : {&pose, &translation, &shape}) {
        RIH_REQUIRE(
            std::all_of(all->begin(), all->end(), [](double v) { return std::abs(v) < 1e3; }),
            "{}: a number is not finite or beyond 1000",
            path.string());
    }
    for (const double coefficient : shape) {
        RIH_REQUIRE(std::abs(coefficient) <= kMaxShapeCoefficient,
                    "{}: a shape coefficient is {:.6g}; a hand has at most {} (standard "
                    "deviations) either way",
                    path.string(),
                    coefficient,
                    kMaxShapeCoefficient);
    }
    const std::array<JointsOfShape, 2> joints_of_shape{JointsOfShape(hands[Side::Right]),
                                                       JointsOfShape(hands[Side::Left])};
    std::vector<RecordedPair> pairs(count);
    for (std::size_t n = 0; n < count; ++n) {
        pairs[n].id = fmt::format("{}", n);
        pairs[n].sequence = sequences.empty() ? "" : sequences[n];
        for (std::size_t s = 0; s < 2; ++s) {
            RecordedHand& hand = pairs[n].hands[s];
            for (std::size_t j = 0; j < kJointCount; ++j) {
                const double* v = &pose[((n * 2 + s) * kJointCount + j) * 3];
                hand.axis_angle[j] = Vec3(v[0], v[1], v[2]).cast<float>();
            }
            hand.shape = Eigen::Map<const VecX>(shape.data() + (n * 2 + s) * shape_count,
                                                static_cast<Eigen::Index>(shape_count))
                             .cast<float>();
            const double* t = &translation[(n * 2 + s) * 3];
            hand.wrist =
                (joints_of_shape[s](hand.shape).row(0).transpose() + Vec3(t[0], t[1], t[2]))
                    .cast<float>();
        }
    }
    return pairs;
}

} // namespace rih
