// SPDX-License-Identifier: Apache-2.0
// Light from below the specular layer: where it comes out of the surface, and what of the
// environment's light meets it there.
#pragma once

#include "renderih/render/core/diffusion_exit.h"
#include "renderih/render/core/lambert.h"
#include "renderih/render/core/subsurface.h"

namespace rih {

/// Up to one place a channel, all with a cosine lobe about the shading normal.
struct Exits {
    Surface surface[3];
    Vec3f throughput[3];
    int count = 0;
    DiffusionRadii radii; ///< of three: what `radius` was drawn from
    float radius[3] = {}; ///< m

    /// What exit `k` carries if it alone is followed, chosen with chance 1 / count: every channel,
    /// by the balance heuristic. For its own channel alone, times count, is noisier and coloured.
    RIH_HD Vec3f alone(int k) const {
        return count == 3 ? Vec3f{throughput[0].x, throughput[1].y, throughput[2].z} *
                                radii.weights(radius[k])
                          : throughput[0];
    }
};

/// Follows `throughput` from where it enters at `entry` to where it leaves. `normal` is the shading
/// normal as the viewer sees it; `in_place`: without subsurface scattering, the same albedo.
template <typename Accel>
RIH_HD Exits leave_from_below(const Accel& accel,
                              const SceneView& scene,
                              const Surface& entry,
                              Vec3f normal,
                              bool in_place,
                              Vec3f throughput,
                              PathSampler& sampler) {
    const MaterialView& material = *entry.material;
    Exits exits;
    if (!material.has_subsurface || in_place) {
        exits.count = 1;
        exits.surface[0] = entry;
        exits.surface[0].shading_normal = normal;
        exits.throughput[0] = throughput * entry.albedo;
    } else if (scene.walks) {
        exits.throughput[0] = throughput;
        exits.count =
            walk_subsurface(accel, scene, entry, sampler, exits.surface[0], exits.throughput[0])
                ? 1
                : 0;
    } else {
        exits.count = 3;
        // The channels' radii rise and fall together: what they see differs little.
        const Vec2f u = sampler.next_2d();
        exits.radii = DiffusionRadii::of(material, entry.albedo);
        for (int c = 0; c < 3; ++c) {
            exits.radius[c] = exits.radii.sample(c, u.x);
            exits.throughput[c][c] = throughput[c] * entry.albedo[c];
        }
        diffusion_exits(accel, scene, entry, exits.radius, kTwoPiF * u.y, exits.surface);
    }
    return exits;
}

/// A sample of the environment's light for surfaces of one facing.
struct LightSample {
    Vec2f u; ///< what it was drawn by
    int facing = EnvironmentView::kAnyFacing;
    EnvironmentSample light{};

    /// Fills `drawn`, each with its `u`, for a surface of that normal.
    template <int kCount>
    RIH_HD static void
    draw(const EnvironmentView& environment, Vec3f normal, LightSample (&drawn)[kCount]) {
        static_assert(kCount <= EnvironmentView::kMaxTogether);
        Vec2f u[kCount];
        int facing[kCount];
        EnvironmentSample light[kCount];
        for (int i = 0; i < kCount; ++i) {
            u[i] = drawn[i].u;
            facing[i] = drawn[i].facing = environment.facing_of(normal);
        }
        environment.sample_several(kCount, u, facing, light);
        for (int i = 0; i < kCount; ++i) {
            drawn[i].light = light[i];
        }
    }
};

/// Light that arrives unless something is in its way: questions that are asked together, since
/// rays of one pixel run close to each other.
struct LightRays {
    static constexpr int kMax = 8;
    Vec3f origin[kMax], direction[kMax]; ///< from the surface to the light
    Vec3f radiance[kMax];
    int count = 0;

    RIH_HD void add(Vec3f from, Vec3f towards, Vec3f light) {
        origin[count] = from;
        direction[count] = towards;
        radiance[count] = light;
        ++count;
    }

    /// What of it arrives.
    template <typename Accel>
    RIH_HD Vec3f arriving(const Accel& accel) const {
        const unsigned blocked = count > 0 ? accel.occluded(count, origin, direction) : 0u;
        Vec3f sum;
        for (int i = 0; i < count; ++i) {
            if ((blocked >> i & 1u) == 0) {
                sum += radiance[i];
            }
        }
        return sum;
    }
};

/// The environment's light on `exits` by the mean of light samples, each of which is all of it:
/// they follow the product of light and cosine. Exits of another facing draw theirs by the same
/// numbers.
template <int kCount>
RIH_HD void diffuse_light(const SceneView& scene,
                          const Exits& exits,
                          const LightSample (&drawn)[kCount],
                          LightRays& rays) {
    constexpr int kMax = 3 * kCount;
    static_assert(kMax <= EnvironmentView::kMaxTogether);
    Vec2f u[kMax];
    int facing[kMax] = {}, of_exit[3] = {}, count = 0;
    for (int k = 0; k < exits.count; ++k) {
        const int own = scene.environment.facing_of(exits.surface[k].shading_normal);
        const bool as_drawn = own == drawn[0].facing;
        const bool as_before = count > 0 && own == facing[count - 1];
        of_exit[k] = as_drawn ? -1 : as_before ? count - kCount : count;
        for (int i = 0; i < kCount && !as_drawn && !as_before; ++i) {
            u[count] = drawn[i].u;
            facing[count++] = own;
        }
    }
    EnvironmentSample again[kMax];
    scene.environment.sample_several(count, u, facing, again);
    for (int i = 0; i < kCount; ++i) {
        for (int k = 0; k < exits.count; ++k) {
            const Surface& exit = exits.surface[k];
            const EnvironmentSample& light =
                of_exit[k] < 0 ? drawn[i].light : again[of_exit[k] + i];
            const float cosine = dot(light.wi, exit.shading_normal);
            if (light.pdf_solid_angle > 0.0f && cosine > 0.0f) {
                rays.add(exit.ray_origin,
                         light.wi,
                         (kInvPiF / kCount * cosine / light.pdf_solid_angle) * exits.throughput[k] *
                             light.radiance);
            }
        }
    }
}

} // namespace rih
