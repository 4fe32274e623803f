// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/hand_part.h"

#include "renderih/base/error.h"
#include "renderih/hand/kinematics.h"

#include <algorithm>
#include <set>

namespace rih {

namespace {

Points rows_of(const Points& points, const std::vector<int>& rows) {
    Points chosen(static_cast<Eigen::Index>(rows.size()), 3);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        chosen.row(static_cast<Eigen::Index>(i)) = points.row(rows[i]);
    }
    return chosen;
}

} // namespace

HandPart::HandPart(const HandModel& hand) : hand_(&hand) {
    std::set<int> used;
    for (std::size_t f = 0; f < hand.faces.size(); ++f) {
        if (hand.part_of_face[f] < forearm_part(Side::Right)) {
            used.insert(hand.faces[f].begin(), hand.faces[f].end());
            faces_.push_back(hand.faces[f]);
        }
    }
    vertices_.assign(used.begin(), used.end());
    for (auto& face : faces_) {
        for (int& v : face) {
            v = static_cast<int>(std::ranges::lower_bound(vertices_, v) - vertices_.begin());
        }
    }
}

Points HandPart::in_cam(const Record& record) const {
    const RecordHand& labels = record.hands[static_cast<std::size_t>(index_of(hand_->side))];
    HandPose pose;
    std::ranges::copy(labels.pose, pose.axis_angle.begin());
    pose.axis_angle[kForearmJoint] = labels.forearm_rotation;
    pose.translation = labels.translation;
    pose.shape = labels.shape;
    return record.camera.cam_from_world.apply(posed(pose));
}

Points HandPart::posed(const HandPose& pose) const {
    return rows_of(pose_hand(*hand_, pose).vertices, vertices_);
}

Points HandPart::at_rest() const {
    return rows_of(hand_->template_vertices, vertices_);
}

Points HandPart::regressed_keypoints(const Points& vertices, const std::string& where) const {
    RIH_REQUIRE(vertices.rows() == std::ssize(vertices_),
                "{}: a mesh of {} vertices, where {} has {}",
                where,
                vertices.rows(),
                hand_->name,
                vertices_.size());
    const auto row_of = [&](int vertex) {
        const auto found = std::ranges::lower_bound(vertices_, vertex);
        RIH_REQUIRE(found != vertices_.end() && *found == vertex,
                    "{}: a joint of {} leans on its forearm, so it follows from no mesh of the "
                    "hand alone",
                    where,
                    hand_->name);
        return vertices.row(found - vertices_.begin());
    };
    Points joints = Points::Zero(kJointCount, 3);
    for (int j = 0; j < kJointCount; ++j) {
        Eigen::SparseMatrix<double, Eigen::RowMajor>::InnerIterator entry(hand_->joint_regressor,
                                                                          j);
        for (; entry; ++entry) {
            joints.row(j) += entry.value() * row_of(static_cast<int>(entry.col()));
        }
    }
    Points keypoints(kKeypointCount, 3);
    for (int k = 0; k < kKeypointCount; ++k) {
        const int source = kMano21Source[static_cast<std::size_t>(k)];
        if (source < kJointCount) {
            keypoints.row(k) = joints.row(source);
        } else {
            const auto tip = static_cast<std::size_t>(source - kJointCount);
            keypoints.row(k) = row_of(hand_->tip_vertices[tip]);
        }
    }
    return keypoints;
}

bool has_mano_parameters(const HandPair& hands) {
    return std::ranges::all_of(hands.hands, [](const HandModel& hand) {
        return hand.hands_mean.size() == 3 * kFingerJointCount;
    });
}

} // namespace rih
