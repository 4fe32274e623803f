// SPDX-License-Identifier: Apache-2.0
// The crop that a network sees, as a camera: the picture is turned about the optical axis,
// enlarged, moved and mirrored, and the points in front of the camera are turned and mirrored with
// it, so that the crop is what a pinhole camera would have seen of them.
#pragma once

#include "renderih/learn/data/augmentation.h"
#include "renderih/math/camera.h"

namespace rih::learn {

struct Crop {
    Eigen::Matrix<double, 2, 3> crop_from_picture; ///< continuous pixels, [A | b]
    Mat3 crop_cam_from_cam = Mat3::Identity();     ///< a rotation about z, mirrored in x if flipped
    Intrinsics intrinsics;                         ///< of the crop; fx = fy

    Vec2 to_crop(const Vec2& x_in_picture) const {
        return crop_from_picture.leftCols<2>() * x_in_picture + crop_from_picture.col(2);
    }
};

struct CropOptions {
    int size = 256;    ///< pixels, square
    double fill = 0.8; ///< the longer side of the points' box takes this share of the crop
    int map_size = 0;  ///< M, coarse pixels along a side that tell part and depth; 0: none
};

/// The crop around `points_px` [N, 2] (N > 0) of a picture taken with `camera`. A camera whose fx
/// and fy differ is stretched to equal ones first: a rotation of its picture would be no rotation
/// of the scene. Throws UserError when all points are one.
Crop make_crop(const Intrinsics& camera,
               const Points2& points_px,
               const CropOptions& options,
               const Augmentation& augmentation);

} // namespace rih::learn
