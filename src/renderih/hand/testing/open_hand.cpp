// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/testing/open_hand.h"

#include "renderih/base/error.h"

#include <Eigen/QR>

namespace rih {

namespace {

/// A regressor row over the palm alone that moves as row `joint` of `hand` does under every shape
/// direction: the smallest weights with sum w = 1, sum w x = J and sum w dx = dJ of each direction.
VecX palm_regressor(const HandModel& hand, const HandModel& open, int joint) {
    const Eigen::Index shapes = hand.shape_dirs.cols(), count = open.template_vertices.rows();
    const Eigen::RowVectorXd row = MatX(hand.joint_regressor).row(joint);
    MatX conditions = MatX::Zero(4 + 3 * shapes, count);
    VecX wanted(4 + 3 * shapes);
    wanted[0] = 1;
    wanted.segment<3>(1) = (row * hand.template_vertices).transpose();
    for (Eigen::Index s = 0; s < shapes; ++s) {
        const Points moved = Eigen::Map<const Points>(hand.shape_dirs.col(s).data(), row.size(), 3);
        wanted.segment<3>(4 + 3 * s) = (row * moved).transpose();
    }
    const int palm = first_part(hand.side) + kPartOfJoint[0];
    for (std::size_t f = 0; f < open.faces.size(); ++f) {
        for (const int v : open.faces[f]) {
            if (open.part_of_face[f] == palm) {
                conditions(0, v) = 1;
                conditions.block<3, 1>(1, v) = open.template_vertices.row(v).transpose();
                for (Eigen::Index s = 0; s < shapes; ++s) {
                    conditions.block<3, 1>(4 + 3 * s, v) = open.shape_dirs.block<3, 1>(3 * v, s);
                }
            }
        }
    }
    const VecX weights = conditions.completeOrthogonalDecomposition().solve(wanted);
    RIH_ASSERT((conditions * weights - wanted).norm() < 1e-9,
               "joint {} cannot be regressed from the palm",
               joint);
    return weights;
}

} // namespace

HandModel without_forearm(const HandModel& hand) {
    HandModel open;
    open.side = hand.side;
    open.name = hand.name;
    open.meta_json = hand.meta_json;
    open.thumb_up_hint = hand.thumb_up_hint;
    open.hands_mean = hand.hands_mean;
    std::vector<int> new_of_old(static_cast<std::size_t>(hand.vertex_count()), -1);
    for (std::size_t f = 0; f < hand.faces.size(); ++f) {
        if (hand.part_of_face[f] != forearm_part(hand.side)) {
            open.faces.push_back(hand.faces[f]);
            open.part_of_face.push_back(hand.part_of_face[f]);
            open.nail_of_face.push_back(0);
            for (const int v : hand.faces[f]) {
                new_of_old[v] = 0;
            }
        }
    }
    std::vector<int> old_of_new;
    for (int v = 0; v < hand.vertex_count(); ++v) {
        if (new_of_old[v] == 0) {
            new_of_old[v] = static_cast<int>(old_of_new.size());
            old_of_new.push_back(v);
        }
    }
    for (auto& face : open.faces) {
        for (int& v : face) {
            v = new_of_old[v];
        }
    }
    const int count = static_cast<int>(old_of_new.size());
    open.template_vertices.resize(count, 3);
    open.shape_dirs.resize(3 * count, hand.shape_dirs.cols());
    open.pose_dirs.resize(3 * count, hand.pose_dirs.cols());
    open.palm_of_vertex.resize(count);
    open.skin_weights.resize(count, kJointCount);
    for (int v = 0; v < count; ++v) {
        const int old = old_of_new[v];
        open.template_vertices.row(v) = hand.template_vertices.row(old);
        open.shape_dirs.middleRows<3>(3 * v) = hand.shape_dirs.middleRows<3>(3 * old);
        open.pose_dirs.middleRows<3>(3 * v) = hand.pose_dirs.middleRows<3>(3 * old);
        open.palm_of_vertex[v] = hand.palm_of_vertex[old];
        for (decltype(hand.skin_weights)::InnerIterator it(hand.skin_weights, old); it; ++it) {
            open.skin_weights.coeffRef(v, it.col() == kForearmJoint ? 0 : it.col()) += it.value();
        }
    }
    open.joint_regressor.resize(kJointCount, count);
    for (int j = 0; j < kJointCount; ++j) {
        bool uses_forearm = false;
        for (decltype(hand.joint_regressor)::InnerIterator it(hand.joint_regressor, j); it; ++it) {
            uses_forearm |= new_of_old[static_cast<std::size_t>(it.col())] < 0;
        }
        if (uses_forearm) {
            const VecX row = palm_regressor(hand, open, j);
            for (int v = 0; v < count; ++v) {
                if (row[v] != 0) {
                    open.joint_regressor.insert(j, v) = row[v];
                }
            }
            continue;
        }
        for (decltype(hand.joint_regressor)::InnerIterator it(hand.joint_regressor, j); it; ++it) {
            open.joint_regressor.insert(j, new_of_old[static_cast<std::size_t>(it.col())]) =
                it.value();
        }
    }
    open.skin_weights.makeCompressed();
    open.joint_regressor.makeCompressed();
    for (int i = 0; i < kTipCount; ++i) {
        open.tip_vertices[i] = new_of_old[hand.tip_vertices[i]];
    }
    return open;
}

} // namespace rih
