// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/foreign/h2o3d_meta.h"

#include "renderih/base/error.h"
#include "renderih/hand/pickle_arrays.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 20; // of all arrays of a frame

/// The names of one hand's entries. HO-3D has a right hand alone, whose entries name no side.
struct Names {
    const char *joints, *joint_valid, *pose, *pose_valid, *trans;
};
constexpr Names kRight{
    "rightHandJoints3D", "jointValidRight", "rightHandPose", "poseValidRight", "rightHandTrans"};
constexpr Names kLeft{
    "leftHandJoints3D", "jointValidLeft", "leftHandPose", "poseValidLeft", "leftHandTrans"};
constexpr Names kOnly{"handJoints3D", "jointValid", "handPose", "poseValid", "handTrans"};

class MetaReader {
  public:
    MetaReader(std::span<const std::uint8_t> bytes, const std::string& where)
        : where_(where), pickle_(parse_pickle(bytes, where)) {
        RIH_REQUIRE(pickle_[pickle_.root].kind == PickleNode::Kind::Dict,
                    "{}: the pickle holds no dictionary",
                    where);
    }

    H2o3dMeta read() {
        H2o3dMeta meta;
        meta.intrinsics = intrinsics();
        if (pickle_.find(pickle_.root, kOnly.joints)) {
            meta.hands[0] = hand(kOnly);
            return meta;
        }
        meta.hands = {hand(kRight), hand(kLeft)};
        return meta;
    }

  private:
    /// The numbers of an entry, none when it is missing or None.
    std::optional<std::vector<double>> numbers(const char* name) {
        const auto node = pickle_.find(pickle_.root, name);
        if (!node || pickle_[*node].kind == PickleNode::Kind::None) {
            return std::nullopt;
        }
        std::vector<double> values;
        try {
            values = array_of_pickle(pickle_, *node, name, where_, bytes_left_).as_double();
        } catch (const UserError& error) { // some messages name the array only
            const std::string message = error.what();
            throw UserError(message.starts_with(printable(where_)) ? message
                                                                   : where_ + ": " + message);
        }
        RIH_REQUIRE(std::ranges::all_of(values, [](double x) { return std::abs(x) < 1e6; }),
                    "{}: entry \"{}\" holds what is no place or angle",
                    where_,
                    name);
        return values;
    }
    std::optional<std::vector<double>> numbers(const char* name, std::size_t count) {
        auto values = numbers(name);
        RIH_REQUIRE(!values || values->size() == count,
                    "{}: entry \"{}\" has {} numbers, expected {}",
                    where_,
                    name,
                    values->size(),
                    count);
        return values;
    }

    Intrinsics intrinsics() {
        const auto k = numbers("camMat", 9);
        RIH_REQUIRE(k.has_value(), "{}: has no entry \"camMat\"", where_);
        const std::vector<double>& m = *k;
        RIH_REQUIRE(m[0] > 0 && m[4] > 0 && m[1] == 0 && m[3] == 0 && m[6] == 0 && m[7] == 0 &&
                        m[8] == 1,
                    "{}: entry \"camMat\" is no camera matrix without skew",
                    where_);
        return {m[0], m[4], m[2] + kCornerFromPixel, m[5] + kCornerFromPixel};
    }

    H2o3dHand hand(const Names& names) {
        H2o3dHand hand;
        hand.joints.fill(Vec3::Zero());
        const auto joints = numbers(names.joints);
        if (!joints) {
            return hand;
        }
        RIH_REQUIRE(joints->size() == 3 || joints->size() == 3 * kKeypointCount,
                    "{}: entry \"{}\" has {} numbers, expected 3 or 63",
                    where_,
                    names.joints,
                    joints->size());
        const bool is_wrist_only = joints->size() == 3;
        const auto valid =
            is_wrist_only ? std::nullopt : numbers(names.joint_valid, kKeypointCount);
        for (std::size_t k = 0; k < (is_wrist_only ? 1 : kKeypointCount); ++k) {
            const auto j = static_cast<std::size_t>(kMano21Source[k]);
            hand.joints[k] = {(*joints)[3 * j], (*joints)[3 * j + 1], (*joints)[3 * j + 2]};
            hand.joint_valid[k] = !valid || (*valid)[j] != 0;
        }
        hand.mano = parameters(names);
        return hand;
    }

    std::optional<ManoParameters> parameters(const Names& names) {
        const auto pose = numbers(names.pose, 48), shape = numbers("handBeta", 10),
                   trans = numbers(names.trans, 3), valid = numbers(names.pose_valid);
        const auto is_zero = [](double x) { return x == 0; };
        if (!pose || !shape || !trans || (valid && std::ranges::any_of(*valid, is_zero))) {
            return std::nullopt;
        }
        ManoParameters parameters;
        std::ranges::copy(*pose, parameters.pose.begin());
        std::ranges::copy(*shape, parameters.shape.begin());
        parameters.translation = Vec3(trans->data());
        return parameters;
    }

    const std::string& where_;
    Pickle pickle_;
    std::uint64_t bytes_left_ = kMaxBytes;
};

} // namespace

bool H2o3dHand::has_joints() const {
    return std::ranges::find(joint_valid, true) != joint_valid.end();
}

H2o3dMeta h2o3d_meta(std::span<const std::uint8_t> pickle, const std::string& where) {
    return MetaReader(pickle, where).read();
}

} // namespace rih
