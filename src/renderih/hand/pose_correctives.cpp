// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/pose_correctives.h"

#include <algorithm>

namespace rih {

namespace {

using Feature = Eigen::Matrix<double, 9, 1>; // R - I, row by row

} // namespace

PoseCorrectives::PoseCorrectives(const HandModel& model) {
    if (model.pose_dirs.cols() == 0) {
        return;
    }
    for (int finger_joint = 0; finger_joint < kFingerJointCount; ++finger_joint) {
        const auto columns = model.pose_dirs.middleCols<9>(9 * finger_joint);
        std::vector<char> used(static_cast<std::size_t>(model.vertex_count()), 0);
        for (Eigen::Index c = 0; c < 9; ++c) { // along the columns, as they lie in memory
            const double* values = &columns.coeffRef(0, c);
            for (std::size_t v = 0; v < used.size(); ++v) {
                const double* block = values + 3 * v;
                used[v] |= block[0] != 0 || block[1] != 0 || block[2] != 0;
            }
        }
        auto& blocks = blocks_of_joint_[finger_joint];
        blocks.reserve(static_cast<std::size_t>(std::count(used.begin(), used.end(), 1)));
        for (int v = 0; v < model.vertex_count(); ++v) {
            if (used[static_cast<std::size_t>(v)]) {
                blocks.push_back({v, columns.middleRows<3>(3 * v)});
            }
        }
    }
}

void PoseCorrectives::add_to(const std::array<Mat3, kJointCountWithForearm>& rotations,
                             Points& vertices) const {
    for (int finger_joint = 0; finger_joint < kFingerJointCount; ++finger_joint) {
        // Eigen stores columns; the feature runs along rows.
        const Mat3 offset = (rotations[finger_joint + 1] - Mat3::Identity()).transpose();
        const Feature feature = Eigen::Map<const Feature>(offset.data());
        if (feature.isZero(0)) {
            continue;
        }
        for (const Block& block : blocks_of_joint_[finger_joint]) {
            vertices.row(block.vertex) += (block.directions * feature).transpose();
        }
    }
}

void PoseCorrectives::add_gradient(const Points& d_vertices,
                                   std::array<Mat3, kJointCountWithForearm>& d_rotations) const {
    for (int finger_joint = 0; finger_joint < kFingerJointCount; ++finger_joint) {
        Feature sum = Feature::Zero();
        for (const Block& block : blocks_of_joint_[finger_joint]) {
            sum += block.directions.transpose() * d_vertices.row(block.vertex).transpose();
        }
        d_rotations[finger_joint + 1] += Eigen::Map<const Mat3>(sum.data()).transpose();
    }
}

} // namespace rih
