// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/crop.h"

#include "renderih/base/error.h"

#include <cmath>

namespace rih::learn {

Crop make_crop(const Intrinsics& camera,
               const Points2& points_px,
               const CropOptions& options,
               const Augmentation& augmentation) {
    RIH_ASSERT(points_px.rows() > 0, "a crop around no points");
    // Square pixels: x stays, y is stretched so that both focal lengths are fx.
    const Vec2 stretch(1, camera.fx / camera.fy);
    const Vec2 low = stretch.cwiseProduct(points_px.colwise().minCoeff().transpose());
    const Vec2 high = stretch.cwiseProduct(points_px.colwise().maxCoeff().transpose());
    const Vec2 centre = 0.5 * (low + high);
    const double side = (high - low).maxCoeff() / options.fill;
    RIH_REQUIRE(
        side > 0 && std::isfinite(side), "the box around the hands has a side of {} pixels", side);

    const double enlarge = options.size * augmentation.scale / side;
    const Vec2 middle = Vec2::Constant(0.5 * options.size);
    Eigen::Matrix2d about = Eigen::Rotation2Dd(augmentation.rotation).toRotationMatrix();
    Vec2 origin = middle - enlarge * (about * centre);
    if (augmentation.flip) {
        about.row(0) *= -1;
        origin.x() = options.size - origin.x();
    }
    Crop crop;
    crop.crop_from_picture.leftCols<2>() = enlarge * about * stretch.asDiagonal();
    crop.crop_from_picture.col(2) = origin;
    crop.crop_cam_from_cam.topLeftCorner<2, 2>() = about;
    const Vec2 axis = crop.to_crop({camera.cx, camera.cy});
    const double focal = enlarge * camera.fx;
    crop.intrinsics = {focal, focal, axis.x(), axis.y()};
    return crop;
}

} // namespace rih::learn
