// SPDX-License-Identifier: Apache-2.0
// What the label images hold at one hit, from the double-precision mesh: the tracer says which face
// a pixel's centre sees, and that face's plane says where, so labels do not carry float rounding.
#pragma once

#include "renderih/math/camera.h"
#include "renderih/render/render.h"
#include "renderih/render/scene_data.h"

namespace rih {

/// The ray through a pixel's centre, scaled so that its parameter is depth_z.
struct CentreRay {
    Vec3 origin_in_world;
    Vec3 direction_in_world; ///< z = 1 in the camera
};

CentreRay centre_ray(const Camera& camera, int x, int y);

LabelImages make_label_images(int width, int height);

/// Fills pixel (x, y) of everything but `amodal`.
void write_label(
    const SceneData& data, const Camera& camera, const Hit& hit, int x, int y, LabelImages& labels);

} // namespace rih
