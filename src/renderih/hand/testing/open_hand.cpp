// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/testing/open_hand.h"

#include "renderih/base/error.h"

namespace rih {

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
        for (decltype(hand.joint_regressor)::InnerIterator it(hand.joint_regressor, j); it; ++it) {
            const int v = new_of_old[static_cast<std::size_t>(it.col())];
            RIH_ASSERT(v >= 0, "joint {} is regressed from the forearm", j);
            open.joint_regressor.insert(j, v) = it.value();
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
