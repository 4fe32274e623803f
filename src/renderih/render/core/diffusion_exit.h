// SPDX-License-Identifier: Apache-2.0
// Subsurface scattering without a walk: light leaves at a radius that the walk on flat ground has
// (core/diffusion_profile.h), laid onto the surface along the facet's normal: relief bends how
// light meets the skin, not how far it travels below. The albedo is kept exactly, of light by way
// of other surfaces in the mean, whatever the shape; what is lost is light through thin or sharply
// curved flesh.
#pragma once

#include "renderih/render/core/medium.h"
#include "renderih/render/core/surface.h"

namespace rih {

/// What the channels of one entry draw their radii from.
struct DiffusionRadii {
    const DiffusionProfile* profile = nullptr;
    float albedo[3] = {}, mean_free_path[3] = {}; ///< m, reduced

    RIH_HD static DiffusionRadii of(const MaterialView& material, Vec3f albedo) {
        DiffusionRadii radii;
        radii.profile = material.profile;
        for (int c = 0; c < 3; ++c) {
            radii.albedo[c] = min_of(albedo[c], kMaxWalkAlbedo);
            radii.mean_free_path[c] =
                reduced_mean_free_path(*material.inversion, radii.albedo[c], material.dmfp[c]);
        }
        return radii;
    }

    /// Radius in m by a uniform number.
    RIH_HD float sample(int c, float u) const {
        return mean_free_path[c] * profile->sample(albedo[c], u);
    }
    /// Density over the radius of sample().
    RIH_HD float pdf(int c, float r) const {
        return profile->pdf(albedo[c], r / mean_free_path[c]) / mean_free_path[c];
    }
    /// What a radius of a channel drawn at random weighs in each: the balance heuristic.
    RIH_HD Vec3f weights(float r) const {
        const Vec3f density = {pdf(0, r), pdf(1, r), pdf(2, r)};
        const float sum = density.x + density.y + density.z;
        return sum > 0.0f ? (3.0f / sum) * density : Vec3f{1, 1, 1};
    }
};

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
