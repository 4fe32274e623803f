// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/item.h"

#include "renderih/base/error.h"
#include "renderih/hand/joint_order.h"
#include "renderih/learn/data/picture_warp.h"

#include <algorithm>

namespace rih::learn {

namespace {

/// Writes points, turned into the crop's camera, and their pixels. `xyz` [N, 3], `px` [N, 2].
void put_points(const Points& x_in_cam,
                const Crop& crop,
                std::span<float> xyz,
                std::span<float> px) {
    RIH_ASSERT(xyz.size() == static_cast<std::size_t>(x_in_cam.size()) &&
                   2 * xyz.size() == 3 * px.size(),
               "{} points for {} and {} numbers",
               x_in_cam.rows(),
               xyz.size(),
               px.size());
    const Intrinsics& k = crop.intrinsics;
    for (Eigen::Index i = 0; i < x_in_cam.rows(); ++i) {
        const Vec3 x = crop.crop_cam_from_cam * x_in_cam.row(i).transpose();
        const auto at = static_cast<std::size_t>(i);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            xyz[3 * at + axis] = static_cast<float>(x[static_cast<Eigen::Index>(axis)]);
        }
        px[2 * at] = static_cast<float>(k.fx * x.x() / x.z() + k.cx);
        px[2 * at + 1] = static_cast<float>(k.fy * x.y() / x.z() + k.cy);
    }
}

/// The part of a mirrored picture.
std::int64_t other_hands(std::int64_t part) {
    constexpr int kLeft = first_part(Side::Left), kForearm = forearm_part(Side::Right);
    if (part == kNoPart) {
        return part;
    }
    if (part >= kForearm) {
        return part == kForearm ? part + 1 : part - 1;
    }
    return part < kLeft ? part + kPartsPerHand : part - kPartsPerHand;
}

/// Parts and depth at the middles of map_size x map_size cells of the crop. Outside the picture
/// there is no hand.
void put_maps(const LabelImages& images,
              const Crop& crop,
              const CropOptions& options,
              bool flip,
              TrainingItem& item) {
    constexpr float kDepthUnit = 1e-4F; // m
    const Eigen::Matrix2d picture_from_crop = crop.crop_from_picture.leftCols<2>().inverse();
    const double cell = static_cast<double>(options.size) / options.map_size;
    std::size_t at = 0;
    for (int row = 0; row < options.map_size; ++row) {
        for (int column = 0; column < options.map_size; ++column, ++at) {
            const Vec2 pixel = picture_from_crop * (cell * Vec2(column + 0.5, row + 0.5) -
                                                    crop.crop_from_picture.col(2));
            const bool inside = pixel.x() >= 0 && pixel.y() >= 0 &&
                                pixel.x() < images.parts.width() &&
                                pixel.y() < images.parts.height();
            const int x = inside ? static_cast<int>(pixel.x()) : 0;
            const int y = inside ? static_cast<int>(pixel.y()) : 0;
            const std::int64_t part = inside ? images.parts.at(x, y) : kNoPart;
            // Sleeves, rings and tables are no part of a hand.
            const bool is_hand = part > kNoPart && part < kPartClasses;
            item.parts[at] = is_hand ? (flip ? other_hands(part) : part) : kNoPart;
            item.depth[at] =
                is_hand ? kDepthUnit * static_cast<float>(images.depth.at(x, y)) : 0.0F;
        }
    }
}

/// The pixels of every joint that is known. [N, 2]
Points2 joints_px(const PictureLabels& labels) {
    std::vector<Vec2> pixels;
    const Intrinsics& k = labels.intrinsics;
    for (const LabelHand& hand : labels.hands) {
        for (Eigen::Index j = 0; hand.has_hand && j < kKeypointCount; ++j) {
            if (hand.joint_valid[static_cast<std::size_t>(j)]) {
                const Vec3 x = hand.joints_in_cam.row(j);
                pixels.emplace_back(k.fx * x.x() / x.z() + k.cx, k.fy * x.y() / x.z() + k.cy);
            }
        }
    }
    Points2 rows(static_cast<Eigen::Index>(pixels.size()), 2);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        rows.row(static_cast<Eigen::Index>(i)) = pixels[i].transpose();
    }
    return rows;
}

} // namespace

TrainingItem make_item(const Image8& picture,
                       const PictureLabels& labels,
                       int vertex_count,
                       const CropOptions& options,
                       const Augmentation& augmentation) {
    const Points2 around = joints_px(labels);
    RIH_REQUIRE(around.rows() > 0, "record {}: has no joint that is known", labels.key);
    const Crop crop = make_crop(labels.intrinsics, around, options, augmentation);
    TrainingItem item;
    item.key = labels.key;
    item.mask_iou = static_cast<float>(labels.mask_iou);
    item.ita_deg = static_cast<float>(labels.ita_deg);
    item.intrinsics = {static_cast<float>(crop.intrinsics.fx),
                       static_cast<float>(crop.intrinsics.fy),
                       static_cast<float>(crop.intrinsics.cx),
                       static_cast<float>(crop.intrinsics.cy)};
    item.image = warped(picture, crop, options.size, augmentation);
    const auto cells =
        static_cast<std::size_t>(options.map_size) * static_cast<std::size_t>(options.map_size);
    item.parts.assign(cells, kUnknownPart);
    item.depth.assign(cells, 0.0F);
    if (labels.images && cells > 0) {
        put_maps(*labels.images, crop, options, augmentation.flip, item);
    }
    const auto count = static_cast<std::size_t>(vertex_count);
    for (std::size_t side = 0; side < 2; ++side) {
        const LabelHand& from = labels.hands[augmentation.flip ? 1 - side : side];
        ItemHand& to = item.hands[side];
        to.vertices_in_cam.resize(3 * count);
        to.vertices_px.resize(2 * count);
        to.has_hand = from.has_hand;
        to.has_vertices = from.has_hand && from.has_vertices;
        if (to.has_hand) {
            put_points(from.joints_in_cam, crop, to.joints_in_cam, to.joints_px);
            for (std::size_t j = 0; j < kJoints; ++j) {
                to.joint_valid[j] = from.joint_valid[j] ? 1.0F : 0.0F;
                if (!from.joint_valid[j]) { // its place may be anything, the camera's among others
                    std::fill_n(&to.joints_in_cam[3 * j], 3, 0.0F);
                    std::fill_n(&to.joints_px[2 * j], 2, 0.0F);
                }
            }
        }
        if (to.has_vertices) {
            put_points(from.vertices_in_cam, crop, to.vertices_in_cam, to.vertices_px);
        }
    }
    return item;
}

void require_mirrored(const std::array<HandMesh, 2>& meshes, const std::string& where) {
    constexpr double kMost = 3e-3; // m, mean; MANO's two hands differ a little
    const bool alike = meshes[0].vertex_count() == meshes[1].vertex_count();
    double mean = 0;
    if (alike) {
        Points mirrored = meshes[1].template_vertices;
        mirrored.col(0) *= -1;
        mean = (mirrored - meshes[0].template_vertices).rowwise().norm().mean();
    }
    RIH_REQUIRE(
        alike && mean <= kMost,
        "{}: its left hand is not the right one's mirror image, vertex by vertex; such hands "
        "cannot be trained on together",
        where);
}

} // namespace rih::learn
