// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_model.h"

#include "renderih/hand/hand_io.h"
#include "renderih/hand/hand_pose.h"

#include <algorithm>

namespace rih {

namespace {

Side other(Side side) {
    return side == Side::Right ? Side::Left : Side::Right;
}

std::uint8_t mirrored_part(std::uint8_t part) {
    constexpr int kForearmRight = forearm_part(Side::Right),
                  kForearmLeft = forearm_part(Side::Left);
    if (part == kBackground) {
        return part;
    }
    if (part >= kForearmRight) {
        return static_cast<std::uint8_t>(kForearmRight + kForearmLeft - part);
    }
    return static_cast<std::uint8_t>(part > kPartsPerHand ? part - kPartsPerHand
                                                          : part + kPartsPerHand);
}

template <typename Polygons>
void reverse_winding(Polygons& polygons) {
    for (auto& polygon : polygons) {
        std::reverse(polygon.begin() + 1, polygon.end()); // the first corner stays first
    }
}

/// Sign that reflection by S = diag(-1, 1, 1) gives to an axis.
double reflection_sign(Eigen::Index axis) {
    return axis == 0 ? -1.0 : 1.0;
}

void reflect_rows(MatX& directions) {
    for (Eigen::Index row = 0; row < directions.rows(); row += 3) {
        directions.row(row) = -directions.row(row);
    }
}

} // namespace

HandModel mirror(const HandModel& model) {
    HandModel mirrored = model;
    mirrored.side = other(model.side);
    mirrored.template_vertices.col(0) = -model.template_vertices.col(0);
    reverse_winding(mirrored.faces);
    reverse_winding(mirrored.quads);
    reverse_winding(mirrored.uv_faces);
    reverse_winding(mirrored.quad_uv);
    reflect_rows(mirrored.shape_dirs);
    reflect_rows(mirrored.pose_dirs);
    // The features are R - I, and R becomes S R S: entry (r, c) takes both signs.
    for (Eigen::Index feature = 0; feature < mirrored.pose_dirs.cols(); ++feature) {
        const Eigen::Index entry = feature % 9;
        if (reflection_sign(entry / 3) * reflection_sign(entry % 3) < 0) {
            mirrored.pose_dirs.col(feature) = -mirrored.pose_dirs.col(feature);
        }
    }
    for (auto* parts : {&mirrored.part_of_face, &mirrored.part_of_quad}) {
        std::transform(parts->begin(), parts->end(), parts->begin(), mirrored_part);
    }
    mirrored.thumb_up_hint.x() = -model.thumb_up_hint.x();
    for (Eigen::Index i = 0; i + 2 < mirrored.hands_mean.size(); i += 3) {
        mirrored.hands_mean.segment<3>(i) = mirror_rotation(model.hands_mean.segment<3>(i));
    }
    mirrored.sha256 = hash_of(mirrored);
    return mirrored;
}

} // namespace rih
