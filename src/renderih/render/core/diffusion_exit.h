// SPDX-License-Identifier: Apache-2.0
// Subsurface scattering without a walk: light leaves at a radius that the walk on flat ground has
// (core/diffusion_profile.h), laid onto the surface along the facet's normal: relief bends how
// light meets the skin, not how far it travels below. The albedo is kept exactly
// whatever the shape; what is lost is light through thin or sharply curved flesh.
#pragma once

#include "renderih/render/core/medium.h"
#include "renderih/render/core/surface.h"

namespace rih {

/// Radius in m by a uniform number, of light of channel `c`.
RIH_HD inline float diffusion_radius(const MaterialView& material, float albedo, int c, float u) {
    const float a = min_of(albedo, kMaxWalkAlbedo);
    return reduced_mean_free_path(*material.inversion, a, material.dmfp[c]) *
           material.profile->sample(a, u);
}

/// The surface at each of three `radii` from `entry` in its tangent plane, turned by `phi`; of
/// several above each other the first from above that faces as `entry` does. `entry` itself where
/// there is none. Exits have no colours of their own.
template <typename Accel>
RIH_HD void diffusion_exits(const Accel& accel,
                            const SceneView& scene,
                            const Surface& entry,
                            const float (&radii)[3],
                            float phi,
                            Surface (&exits)[3]) {
    const Frame frame = Frame::from_z(entry.geometric_normal);
    const Vec3f down = -1.0f * frame.z;
    const Vec3f outwards = std::cos(phi) * frame.x + std::sin(phi) * frame.y;
    // From as high as the surface can rise over r at 45 degrees to twice as deep as it can fall.
    Vec3f origin[3];
    float left[3];
    Hit hit[3];
    for (int c = 0; c < 3; ++c) {
        origin[c] = entry.position + radii[c] * (outwards + frame.z);
        left[c] = 3.0f * radii[c];
    }
    const unsigned found = accel.intersect_group(entry.group, origin, down, left, hit);
    constexpr int kMaxLayers = 4;
    for (int c = 0; c < 3; ++c) {
        exits[c] = entry;
        bool is_hit = (found >> c & 1u) != 0;
        for (int layer = 1; is_hit; ++layer) {
            const Surface surface = make_surface<SurfaceParts::Shape>(scene, hit[c]);
            if (dot(surface.geometric_normal, frame.z) > 0.0f) {
                exits[c] = surface;
                break;
            }
            left[c] -= hit[c].t;
            is_hit =
                layer < kMaxLayers && left[c] > 0.0f &&
                accel.intersect_group(
                    entry.group, surface.position + surface.offset * down, down, left[c], hit[c]);
        }
    }
}

} // namespace rih
