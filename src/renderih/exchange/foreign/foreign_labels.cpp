// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/foreign/foreign_labels.h"

#include "renderih/base/error.h"

#include <Eigen/SVD>

#include <algorithm>

namespace rih {

namespace {

constexpr double kMaxShape = 50, kMaxRotation = 100; // rad

} // namespace

std::filesystem::path
path_below(const std::filesystem::path& folder, const std::string& name, const std::string& where) {
    const std::filesystem::path path(name);
    const bool leaves = std::ranges::any_of(path, [](const auto& part) { return part == ".."; });
    RIH_REQUIRE(!name.empty() && path.is_relative() && !leaves &&
                    name.find('\0') == std::string::npos,
                "{}: the file name \"{}\" leads out of the data set",
                where,
                printable(name, 100));
    return folder / path;
}

Mat3 nearest_rotation(const Mat3& matrix, const std::string& where) {
    constexpr double kPublishedDigits = 1e-3;
    const Mat3 defect = matrix * matrix.transpose() - Mat3::Identity();
    RIH_REQUIRE(defect.cwiseAbs().maxCoeff() <= kPublishedDigits && matrix.determinant() > 0,
                "{}: the camera's matrix is no rotation",
                where);
    const Eigen::JacobiSVD<Mat3> svd(matrix, Eigen::ComputeFullU | Eigen::ComputeFullV);
    return svd.matrixU() * svd.matrixV().transpose();
}

void set_joint(
    Record& record, Side side, std::size_t keypoint, const Vec3& in_cam, const std::string& where) {
    constexpr double kNearest = 1e-3, kFarthestPixel = 1e6; // m
    RIH_REQUIRE(in_cam.norm() <= 10 * kFarthest,            // false for NaN
                "{}: a joint lies {:.0f} m from the camera; is another unit meant?",
                where,
                in_cam.norm());
    RecordHand& hand = record.hands[static_cast<std::size_t>(index_of(side))];
    hand.is_labelled = true;
    hand.joints_in_cam[keypoint] = in_cam;
    hand.joint_3d_valid[keypoint] = true;
    if (in_cam.z() > kNearest) {
        const Vec2 px = record.camera.project(in_cam);
        if (px.cwiseAbs().maxCoeff() <= kFarthestPixel) {
            hand.joints_px[keypoint] = px;
            hand.joint_2d_valid[keypoint] = true;
        }
    }
}

void set_mano(RecordHand& labels,
              const ManoParameters& parameters,
              PoseZero zero,
              const HandModel& hand,
              const std::string& where) {
    const auto within = [](const auto& numbers, double limit) {
        return std::ranges::all_of(numbers, [&](double x) { return std::abs(x) <= limit; });
    };
    const Vec3& translation = parameters.translation;
    RIH_REQUIRE(
        within(parameters.pose, kMaxRotation) && within(parameters.shape, kMaxShape) &&
            within(std::array{translation.x(), translation.y(), translation.z()}, kFarthest),
        "{}: a MANO parameter is beyond what a hand has",
        where);
    RIH_REQUIRE(hand.hands_mean.size() == 3 * kFingerJointCount &&
                    hand.shape_count() >= std::ssize(parameters.shape),
                "{}: --mano wants MANO's own files; {} has no mean pose or fewer than {} shape "
                "coefficients",
                where,
                hand.name,
                parameters.shape.size());
    labels.is_labelled = labels.has_mano = true;
    labels.shape = VecX::Zero(hand.shape_count());
    std::ranges::copy(parameters.shape, labels.shape.data());
    labels.translation = parameters.translation;
    for (std::size_t j = 0; j < kJointCount; ++j) {
        const auto at = static_cast<Eigen::Index>(3 * j);
        labels.pose[j] =
            Vec3(parameters.pose[3 * j], parameters.pose[3 * j + 1], parameters.pose[3 * j + 2]);
        if (zero == PoseZero::MeanHand && j > 0) { // the wrist has no mean
            labels.pose[j] += hand.hands_mean.segment<3>(at - 3);
        }
    }
}

} // namespace rih
