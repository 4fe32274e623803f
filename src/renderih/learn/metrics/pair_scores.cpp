// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/metrics/pair_scores.h"

#include "renderih/base/error.h"

#include <cmath>

namespace rih::learn {

namespace {

std::vector<int> valid_rows(const JointMask& valid) {
    std::vector<int> rows;
    for (int j = 0; j < kKeypointCount; ++j) {
        if (valid[static_cast<std::size_t>(j)]) {
            rows.push_back(j);
        }
    }
    return rows;
}

HandScores score_hand(const ScoredHand& prediction,
                      const ScoredHand& target,
                      const JointMask& valid,
                      const ScoreOptions& options) {
    HandScores scores;
    const int root = static_cast<int>(options.root);
    constexpr auto kWrist = static_cast<std::size_t>(RootJoint::Wrist);
    constexpr auto kMiddle = static_cast<std::size_t>(RootJoint::MiddleMcp);
    if (!target.present || !valid[static_cast<std::size_t>(root)]) {
        return scores;
    }
    if (!prediction.present) {
        scores.missed = true;
        return scores;
    }
    RIH_REQUIRE(prediction.joints.allFinite() && prediction.vertices.allFinite(),
                "a predicted hand has a coordinate that is not finite");
    const std::vector<int> rows = valid_rows(valid);
    const Vec3 predicted_root = prediction.joints.row(root), target_root = target.joints.row(root);
    const Points joints = relative_to(target.joints, target_root)(rows, Eigen::all);
    const Points predicted = relative_to(prediction.joints, predicted_root)(rows, Eigen::all);
    const double scale = valid[kWrist] && valid[kMiddle]
                             ? bone_scale(prediction.joints, target.joints)
                             : HandScores::kNaN;
    const double used = options.bone_scaled ? scale : 1;
    const VecX errors = point_errors(used * predicted, joints);
    if (!std::isnan(used)) {
        scores.mpjpe = errors.mean();
        scores.joint_errors.assign(errors.begin(), errors.end());
    }
    scores.smpjpe = point_errors(scale * predicted, joints).mean();
    scores.pa_mpjpe = point_errors(procrustes_aligned(predicted, joints), joints).mean();
    if (prediction.vertices.rows() > 0 && target.vertices.rows() > 0) {
        const Points vertices = relative_to(target.vertices, target_root);
        const Points mesh = relative_to(prediction.vertices, predicted_root);
        scores.mpvpe = point_errors(used * mesh, vertices).mean();
        scores.pa_mpvpe = point_errors(procrustes_aligned(mesh, vertices), vertices).mean();
    }
    return scores;
}

bool have_vertices(const ScoredPair& pair) {
    return pair[0].vertices.rows() > 0 && pair[1].vertices.rows() > 0;
}

} // namespace

PairScores score_pair(const ScoredPair& prediction,
                      const ScoredPair& target,
                      const std::array<JointMask, 2>& valid,
                      bool one_frame,
                      const ScoreOptions& options) {
    PairScores scores;
    bool both = one_frame;
    const int root = static_cast<int>(options.root);
    for (std::size_t side = 0; side < 2; ++side) {
        scores.hands[side] = score_hand(prediction[side], target[side], valid[side], options);
        both = both && prediction[side].present && target[side].present &&
               valid[side][static_cast<std::size_t>(root)];
    }
    if (!both) {
        return scores;
    }
    const Vec3 predicted_offset = prediction[1].joints.row(root) - prediction[0].joints.row(root);
    const Vec3 offset = target[1].joints.row(root) - target[0].joints.row(root);
    scores.mrrpe = (predicted_offset - offset).norm();
    if (!have_vertices(prediction) || !have_vertices(target)) {
        return scores;
    }
    const Vec3 shift = target[0].joints.row(root) - prediction[0].joints.row(root);
    double sum = 0;
    for (std::size_t side = 0; side < 2; ++side) {
        sum += point_errors(relative_to(prediction[side].vertices, -shift), target[side].vertices)
                   .mean();
    }
    scores.rrve = 0.5 * sum;
    scores.cdev = contact_deviation(
        prediction[0].vertices,
        prediction[1].vertices,
        contacts_of(target[0].vertices, target[1].vertices, options.contact_threshold_m));
    return scores;
}

} // namespace rih::learn
