// SPDX-License-Identifier: Apache-2.0
// Subsurface scattering without a walk: light leaves at a radius that the walk on flat ground has
// (core/diffusion_profile.h), laid onto the surface along the normal. The albedo is kept exactly
// whatever the shape; what is lost is light through thin or sharply curved flesh.
#pragma once

#include "renderih/render/core/medium.h"
#include "renderih/render/core/surface.h"

namespace rih {

/// Radius in m by a uniform number, of light of channel `c`.
RIH_HD inline float diffusion_radius(const MaterialView& material, float albedo, int c, float u) {
    const float a = std::fmin(albedo, kMaxWalkAlbedo);
    return reduced_mean_free_path(*material.inversion, a, material.dmfp[c]) *
           material.profile->sample(a, u);
}

/// The surface at `r` from `entry` in its tangent plane, turned by `phi`; of several above each
/// other the first from above that faces as `entry` does. `entry` itself where there is none.
template <typename Accel>
RIH_HD Surface diffusion_exit(
    const Accel& accel, const SceneView& scene, const Surface& entry, float r, float phi) {
    const Frame frame = Frame::from_z(entry.shading_normal);
    Vec3f origin = entry.position + (r * std::cos(phi)) * frame.x + (r * std::sin(phi)) * frame.y +
                   r * frame.z;
    // From as high as the surface can rise over r at 45 degrees to twice as deep as it can fall.
    float left = 3.0f * r;
    constexpr int kMaxLayers = 4;
    for (int layer = 0; layer < kMaxLayers && left > 0.0f; ++layer) {
        Hit hit;
        if (!accel.intersect_group(entry.group, origin, -1.0f * frame.z, left, hit)) {
            break;
        }
        const Surface found = make_surface(scene, hit);
        if (dot(found.geometric_normal, frame.z) > 0.0f) {
            return found;
        }
        origin = found.position - found.offset * frame.z;
        left -= hit.t;
    }
    return entry;
}

} // namespace rih
