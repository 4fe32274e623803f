// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/reference_hand.h"

#include "renderih/base/error.h"

#include <Eigen/Geometry>

namespace rih {

namespace {

const NpyArray& find(const NpzArrays& arrays, const char* name, std::size_t dimensions) {
    const auto found = arrays.find(name);
    RIH_REQUIRE(found != arrays.end(), "hand model: there is no array {}", name);
    RIH_REQUIRE(found->second.shape.size() == dimensions,
                "hand model: array {} has {} dimensions, not {}",
                name,
                found->second.shape.size(),
                dimensions);
    return found->second;
}

/// A row-major array as a matrix with `columns` columns.
MatX matrix(const NpyArray& array, Eigen::Index rows, Eigen::Index columns, const char* name) {
    RIH_REQUIRE(array.size() == static_cast<std::size_t>(rows * columns),
                "hand model: array {} has {} values, not {} x {}",
                name,
                array.size(),
                rows,
                columns);
    const std::vector<double> values = array.as_double();
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    return Eigen::Map<const RowMajor>(values.data(), rows, columns);
}

} // namespace

ReferenceHand::ReferenceHand(const NpzArrays& arrays) {
    const NpyArray& vertices = find(arrays, "template_vertices", 2);
    const auto v = static_cast<Eigen::Index>(vertices.shape[0]);
    template_ = matrix(vertices, v, 3, "template_vertices");
    for (const std::int64_t parent : find(arrays, "parents", 1).as_int()) {
        RIH_REQUIRE(parent < static_cast<std::int64_t>(parents_.size()) && parent >= -1,
                    "hand model: parents must come before their children");
        parents_.push_back(static_cast<int>(parent));
    }
    const auto j = static_cast<Eigen::Index>(parents_.size());
    RIH_REQUIRE(j == 16 || j == 17, "hand model: has {} joints, not 16 or 17", j);
    skin_weights_ = matrix(find(arrays, "skin_weights", 2), v, j, "skin_weights");
    joint_regressor_ = matrix(find(arrays, "joint_regressor", 2), j, v, "joint_regressor");
    const NpyArray& shape_dirs = find(arrays, "shape_dirs", 3);
    shape_dirs_ =
        matrix(shape_dirs, 3 * v, static_cast<Eigen::Index>(shape_dirs.shape[2]), "shape_dirs");
    pose_dirs_ = matrix(find(arrays, "pose_dirs", 3), 3 * v, 135, "pose_dirs");
    const auto in_range = [&](std::int64_t index) {
        RIH_REQUIRE(index >= 0 && index < v, "hand model: vertex {} does not exist", index);
        return static_cast<int>(index);
    };
    const std::vector<std::int64_t> tips = find(arrays, "tip_vertices", 1).as_int();
    RIH_REQUIRE(tips.size() == 5, "hand model: has {} tips, not 5", tips.size());
    for (std::size_t i = 0; i < 5; ++i) {
        tips_[i] = in_range(tips[i]);
    }
}

ReferenceHand::Posed ReferenceHand::pose(const ReferencePose& pose) const {
    const Eigen::Index v = template_.rows(), j = skin_weights_.cols();
    RIH_REQUIRE(static_cast<Eigen::Index>(pose.axis_angle.size()) == j,
                "the pose has {} joints, the hand {}",
                pose.axis_angle.size(),
                j);
    RIH_REQUIRE(pose.shape.size() == shape_dirs_.cols(),
                "the shape has {} components, the hand {}",
                pose.shape.size(),
                shape_dirs_.cols());

    Points rest = template_;
    const VecX offset = shape_dirs_ * pose.shape;
    for (Eigen::Index i = 0; i < v; ++i) {
        rest.row(i) += offset.segment<3>(3 * i).transpose();
    }
    const Points rest_joints = joint_regressor_ * rest;

    std::vector<Mat3> local(static_cast<std::size_t>(j));
    for (std::size_t k = 0; k < local.size(); ++k) {
        const double angle = pose.axis_angle[k].norm();
        local[k] = angle == 0
                       ? Mat3(Mat3::Identity())
                       : Eigen::AngleAxisd(angle, pose.axis_angle[k] / angle).toRotationMatrix();
    }
    VecX feature(135);
    for (int k = 0; k < 15; ++k) {
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < 3; ++column) {
                feature[9 * k + 3 * row + column] =
                    local[static_cast<std::size_t>(k) + 1](row, column) - (row == column ? 1 : 0);
            }
        }
    }
    const VecX corrective = pose_dirs_ * feature;

    // world_from_joint as 4 x 4 matrices; then each vertex blends what its joints make of it.
    std::vector<Eigen::Matrix4d> world(local.size());
    Posed posed;
    posed.joints.resize(j, 3);
    for (std::size_t k = 0; k < local.size(); ++k) {
        const auto row = static_cast<Eigen::Index>(k);
        Eigen::Matrix4d step = Eigen::Matrix4d::Identity();
        step.topLeftCorner<3, 3>() = local[k];
        step.topRightCorner<3, 1>() = rest_joints.row(row).transpose();
        if (parents_[k] >= 0) {
            step.topRightCorner<3, 1>() -= rest_joints.row(parents_[k]).transpose();
            world[k] = world[static_cast<std::size_t>(parents_[k])] * step;
        } else {
            world[k] = step;
        }
        posed.joints.row(row) =
            world[k].topRightCorner<3, 1>().transpose() + pose.translation.transpose();
    }
    posed.vertices.resize(v, 3);
    for (Eigen::Index i = 0; i < v; ++i) {
        const Vec3 point = rest.row(i).transpose() + corrective.segment<3>(3 * i);
        Vec3 sum = pose.translation;
        for (Eigen::Index k = 0; k < j; ++k) {
            if (skin_weights_(i, k) != 0) {
                const Vec3 from_joint = point - rest_joints.row(k).transpose();
                sum += skin_weights_(i, k) *
                       (world[static_cast<std::size_t>(k)] * from_joint.homogeneous()).head<3>();
            }
        }
        posed.vertices.row(i) = sum.transpose();
    }
    return posed;
}

Points ReferenceHand::keypoints(const Posed& posed) const {
    // mano16: wrist, index 1-3, middle 4-6, pinky 7-9, ring 10-12, thumb 13-15; tips thumb first.
    constexpr std::array<int, 5> kFirstJoint{13, 1, 4, 10, 7};
    Points points(21, 3);
    points.row(0) = posed.joints.row(0);
    for (int finger = 0; finger < 5; ++finger) {
        for (int k = 0; k < 3; ++k) {
            points.row(1 + 4 * finger + k) = posed.joints.row(kFirstJoint[finger] + k);
        }
        points.row(4 + 4 * finger) = posed.vertices.row(tips_[finger]);
    }
    return points;
}

} // namespace rih
