// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/keypoint_visibility.h"

#include <cmath>

namespace rih {

std::array<double, 21> flesh_over_keypoints(const Points& vertices, const Points& keypoints) {
    std::array<double, 21> flesh{};
    for (int i = 0; i < 21; ++i) {
        const double nearest2 =
            (vertices.rowwise() - keypoints.row(i)).rowwise().squaredNorm().minCoeff();
        flesh[i] = 1.5 * std::sqrt(nearest2) + 0.002;
    }
    return flesh;
}

namespace {

constexpr int kFirstThing = 2; // mesh id

} // namespace

KeypointVisibility
keypoint_visibility(const Camera& camera,
                    int hand,
                    const Points& vertices,
                    const Points& keypoints,
                    const std::function<int(const Vec3&, const Vec3&, double)>& first_hit) {
    const std::array<double, 21> flesh = flesh_over_keypoints(vertices, keypoints);
    const Vec3 eye = camera.cam_from_world.inverse().translation;
    KeypointVisibility result;
    for (int i = 0; i < 21; ++i) {
        const Vec3 keypoint = keypoints.row(i).transpose();
        const Vec3 in_cam = camera.cam_from_world * keypoint;
        const Vec2 px = in_cam.z() > 0 ? camera.project(in_cam) : Vec2(-1, -1);
        const bool in_picture =
            px.x() >= 0 && px.y() >= 0 && px.x() < camera.width && px.y() < camera.height;
        int hit = in_picture ? first_hit(eye, keypoint, flesh[i]) : -1;
        if (in_picture && hit < 0) { // a sleeve lies within the flesh's length of a wrist
            const int close = first_hit(eye, keypoint, 0);
            hit = close >= kFirstThing ? close : -1;
        }
        result.visible[i] = in_picture && hit < 0;
        result.occluded_by[i] = !in_picture         ? OccludedBy::Frame
                                : hit < 0           ? OccludedBy::None
                                : hit == hand       ? OccludedBy::Self
                                : hit < kFirstThing ? OccludedBy::Other
                                                    : OccludedBy::Thing;
    }
    return result;
}

} // namespace rih
