// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/metrics/hand_metrics.h"

#include "renderih/base/error.h"

#include <Eigen/SVD>

#include <cmath>
#include <limits>

namespace rih::learn {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void require_same(const Points& a, const Points& b) {
    RIH_ASSERT(a.rows() == b.rows() && a.rows() > 0, "{} and {} points", a.rows(), b.rows());
}

/// The rows of `points` that lie less than `margin` outside the box around `others`.
std::vector<int> rows_near(const Points& points, const Points& others, double margin) {
    const Vec3 low = others.colwise().minCoeff().transpose().array() - margin;
    const Vec3 high = others.colwise().maxCoeff().transpose().array() + margin;
    std::vector<int> rows;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const Vec3 x = points.row(i);
        if ((x.array() > low.array()).all() && (x.array() < high.array()).all()) {
            rows.push_back(static_cast<int>(i));
        }
    }
    return rows;
}

} // namespace

VecX point_errors(const Points& prediction, const Points& target) {
    require_same(prediction, target);
    return (prediction - target).rowwise().norm();
}

Points relative_to(const Points& points, const Vec3& root) {
    return points.rowwise() - root.transpose();
}

Points procrustes_aligned(const Points& source, const Points& target) {
    require_same(source, target);
    const Vec3 from = source.colwise().mean(), to = target.colwise().mean();
    const Points centred = relative_to(source, from);
    if (centred.squaredNorm() == 0) {
        return relative_to(source, from - to);
    }
    // Eigen::umeyama does the same, but not without a warning of g++ 12.
    const Mat3 covariance = relative_to(target, to).transpose() * centred;
    const Eigen::JacobiSVD<Mat3> svd(covariance, Eigen::ComputeFullU | Eigen::ComputeFullV);
    Vec3 sign = Vec3::Ones();
    sign.z() = svd.matrixU().determinant() * svd.matrixV().determinant() < 0 ? -1 : 1;
    const Mat3 rotation = svd.matrixU() * sign.asDiagonal() * svd.matrixV().transpose();
    const double scale = svd.singularValues().dot(sign) / centred.squaredNorm();
    return (scale * centred * rotation.transpose()).rowwise() + to.transpose();
}

double bone_scale(const Points& predicted_joints, const Points& target_joints) {
    constexpr auto kWrist = static_cast<int>(RootJoint::Wrist);
    constexpr auto kMiddle = static_cast<int>(RootJoint::MiddleMcp);
    const double predicted = (predicted_joints.row(kMiddle) - predicted_joints.row(kWrist)).norm();
    const double target = (target_joints.row(kMiddle) - target_joints.row(kWrist)).norm();
    constexpr double kLeast = 1e-6; // m; a hand that is one point has no scale to correct
    return predicted > kLeast ? target / predicted : 1;
}

std::vector<ContactPair> contacts_of(const Points& right, const Points& left, double threshold) {
    std::vector<ContactPair> contacts;
    const std::vector<int> left_rows = rows_near(left, right, threshold);
    for (const int r : rows_near(right, left, threshold)) {
        ContactPair nearest{r, -1};
        double least = threshold * threshold;
        for (const int l : left_rows) {
            const double squared = (right.row(r) - left.row(l)).squaredNorm();
            if (squared < least) {
                least = squared;
                nearest.left = l;
            }
        }
        if (nearest.left >= 0) {
            contacts.push_back(nearest);
        }
    }
    return contacts;
}

double
contact_deviation(const Points& right, const Points& left, std::span<const ContactPair> contacts) {
    if (contacts.empty()) {
        return kNaN;
    }
    double sum = 0;
    for (const ContactPair& pair : contacts) {
        sum += (right.row(pair.right) - left.row(pair.left)).norm();
    }
    return sum / static_cast<double>(contacts.size());
}

} // namespace rih::learn
