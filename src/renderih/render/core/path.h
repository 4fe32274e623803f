// SPDX-License-Identifier: Apache-2.0
// The path loop: from the camera's ray to radiance. Where the camera's ray lands, the specular
// reflection and the light from below the surface are each followed; further on one of them, by
// chance. Templated on what traces rays:
//   bool intersect(Vec3f origin, Vec3f direction, float t_max, Hit& hit) const;
//   bool intersect_group(int group, Vec3f origin, Vec3f direction, float t_max, Hit& hit) const;
// and of several rays, with a bit for each that meets something:
//   unsigned occluded(int count, const Vec3f* origins, const Vec3f* directions) const;
//   unsigned intersect_group(int group, const Vec3f (&origins)[3], Vec3f direction,
//                            const float (&t_max)[3], Hit (&hits)[3]) const;
#pragma once

#include "renderih/render/core/exits.h"
#include "renderih/render/core/metal.h"

namespace rih {

/// What a ray brings to the next surface it meets.
struct PathState {
    Vec3f origin, direction;
    Vec3f throughput{1, 1, 1};
    /// Density of `direction`, by which it shares the environment's light with the light sample
    /// taken at its origin; 0: the light sample had all of it.
    float lobe_pdf = 0;
    int facing = EnvironmentView::kAnyFacing; ///< of that light sample
    int bounce = 0;                           ///< surfaces met before
};

/// A surface turned to its viewer, with its specular layer.
struct ShadingPoint {
    Surface surface;
    Frame frame;
    Vec3f wo; ///< local
    SpecularLayer specular;
    float specular_albedo = 0;
    bool from_inside = false; ///< the back of an open or overlapping mesh: a diffuse sheet

    RIH_HD bool is_metal() const { return surface.material->is_metal && !from_inside; }
    /// The colour of the specular layer's reflection.
    RIH_HD Vec3f tint(Vec3f wi) const {
        return is_metal() ? metal_tint(specular.lobes.first, surface.albedo, wo, wi)
                          : Vec3f{1, 1, 1};
    }
};

RIH_HD inline ShadingPoint make_shading_point(const SceneView& scene, const Hit& hit, Vec3f wo) {
    ShadingPoint point;
    Surface& surface = point.surface;
    surface = make_surface(scene, hit);
    point.from_inside = dot(wo, surface.geometric_normal) <= 0.0f;
    if (point.from_inside) {
        surface.geometric_normal = -1.0f * surface.geometric_normal;
        surface.shading_normal = -1.0f * surface.shading_normal;
        surface.ray_origin = surface.position + surface.offset * surface.geometric_normal;
    }
    point.frame = Frame::from_z(normal_seen_from(surface.shading_normal, wo));
    point.wo = point.frame.local_from_world(wo);
    if (!point.from_inside) {
        point.specular =
            SpecularLayer::make(surface.material->specular, surface.roughness, surface.coat);
        point.specular_albedo =
            surface.material->is_metal ? 1.0f : point.specular.albedo(point.wo.z);
    }
    return point;
}

/// The environment's light off the specular layer by a light sample; its partner in the weights is
/// the ray of reflect_path().
RIH_HD inline void
specular_light(const ShadingPoint& point, const EnvironmentSample& light, LightRays& rays) {
    if (!(light.pdf_solid_angle > 0.0f)) {
        return;
    }
    const Vec3f wi = point.frame.local_from_world(light.wi);
    const float value = wi.z > 0.0f ? point.specular.eval(point.wo, wi) * wi.z : 0.0f;
    if (value > 0.0f) {
        const float weight =
            power_heuristic(light.pdf_solid_angle, point.specular.pdf(point.wo, wi));
        rays.add(point.surface.ray_origin,
                 light.wi,
                 (weight * value / light.pdf_solid_angle) * point.tint(wi) * light.radiance);
    }
}

/// Turns `state` into the specular layer's reflection; false if it carries nothing.
RIH_HD inline bool reflect_path(const ShadingPoint& point, Vec2f u, float pick, PathState& state) {
    const Vec3f wi = point.specular.sample(point.wo, u, pick);
    const float pdf = wi.z > 0.0f ? point.specular.pdf(point.wo, wi) : 0.0f;
    const float value = pdf > 0.0f ? point.specular.eval(point.wo, wi) * wi.z : 0.0f;
    if (!(value > 0.0f)) {
        return false;
    }
    state.throughput *= (value / pdf) * point.tint(wi);
    state.lobe_pdf = pdf;
    state.direction = normalize(point.frame.world_from_local(wi));
    state.origin = point.surface.ray_origin;
    return true;
}

/// Turns `state` into light that comes to exit `k`, which is followed alone.
RIH_HD inline void leave_path(const Exits& exits, int k, Vec2f u, PathState& state) {
    const Surface& exit = exits.surface[k];
    state.throughput = exits.alone(k);
    state.direction =
        normalize(Frame::from_z(exit.shading_normal).world_from_local(Lambert::sample(u)));
    state.origin = exit.ray_origin;
    state.lobe_pdf = 0;
}

/// Radiance along the rest of a path.
template <typename Accel>
RIH_HD Vec3f
follow_path(const Accel& accel, const SceneView& scene, PathState state, PathSampler& sampler) {
    Vec3f radiance;
    for (;; ++state.bounce) {
        Hit hit;
        if (!accel.intersect(state.origin, state.direction, kFarAway, hit)) {
            if (state.lobe_pdf > 0.0f) {
                const float weight = power_heuristic(
                    state.lobe_pdf, scene.environment.pdf(state.direction, state.facing));
                radiance += weight * state.throughput * scene.environment.eval(state.direction);
            }
            return radiance;
        }
        if (state.bounce > scene.max_bounces) {
            return radiance;
        }
        const ShadingPoint point = make_shading_point(scene, hit, -1.0f * state.direction);
        const float base_weight = 1.0f - point.specular_albedo;
        const float base_light = base_weight * max_component(point.surface.albedo);
        // At least a fifth of the samples see a lobe whose highlights vary most, if there is one.
        const float specular_chance =
            point.specular_albedo > 1e-6f
                ? min_of(max_of(point.specular_albedo / (point.specular_albedo + base_light), 0.2f),
                         1.0f)
                : 0.0f;
        const float choice = sampler.next_1d();
        if (choice < specular_chance) {
            state.throughput *= 1.0f / specular_chance;
            LightSample drawn[1] = {{sampler.next_2d()}};
            LightSample::draw(scene.environment, point.surface.shading_normal, drawn);
            LightRays light;
            specular_light(point, drawn[0].light, light);
            radiance += state.throughput * light.arriving(accel);
            state.facing = drawn[0].facing;
            if (!reflect_path(point, sampler.next_2d(), choice / specular_chance, state)) {
                return radiance;
            }
        } else {
            state.throughput *= base_weight / (1.0f - specular_chance);
            const Exits exits = leave_from_below(accel,
                                                 scene,
                                                 point.surface,
                                                 point.frame.z,
                                                 point.from_inside || !scene.walks,
                                                 state.throughput,
                                                 sampler);
            if (exits.count == 0) {
                return radiance;
            }
            LightSample drawn[1] = {{sampler.next_2d()}};
            LightSample::draw(scene.environment, exits.surface[0].shading_normal, drawn);
            LightRays light;
            diffuse_light(scene, exits, drawn, light);
            radiance += light.arriving(accel);
            leave_path(exits, 0, sampler.next_2d(), state);
        }

        constexpr int kRouletteAfter = 3;
        if (state.bounce >= kRouletteAfter) {
            const float survival = min_of(max_component(state.throughput), 0.95f);
            if (sampler.next_random() >= survival) {
                return radiance;
            }
            state.throughput *= 1.0f / survival;
        }
    }
}

/// Light samples where the camera sees light from below: one costs less than the way there.
inline constexpr int kSkySamples = 2;
static_assert(1 + 3 * kSkySamples <= LightRays::kMax);

/// Radiance along a ray from the camera. `beyond`: what it sees if it meets nothing; null: the
/// environment there.
template <typename Accel>
RIH_HD Vec3f trace_path(const Accel& accel,
                        const SceneView& scene,
                        Vec3f origin,
                        Vec3f direction,
                        PathSampler& sampler,
                        const Vec3f* beyond = nullptr) {
    Hit hit;
    if (!accel.intersect(origin, direction, kFarAway, hit)) {
        return beyond != nullptr ? *beyond : scene.environment.seen(direction);
    }
    const ShadingPoint point = make_shading_point(scene, hit, -1.0f * direction);
    // Each of these numbers is drawn whether it is used or not: samples of one pixel stay
    // stratified in what they share.
    const Vec2f lobe = sampler.next_2d(), indirect = sampler.next_2d();
    const float lobe_pick = sampler.next_1d(), exit_pick = sampler.next_1d();
    LightSample sky[kSkySamples];
    for (LightSample& drawn : sky) {
        drawn.u = sampler.next_2d();
    }
    LightSample::draw(scene.environment, point.surface.shading_normal, sky);

    Vec3f radiance;
    LightRays light;
    if (point.specular_albedo > 0.0f) {
        specular_light(point, sky[0].light, light);
        PathState reflected;
        reflected.facing = sky[0].facing;
        reflected.bounce = 1;
        if (reflect_path(point, lobe, lobe_pick, reflected)) {
            radiance += follow_path(accel, scene, reflected, sampler);
        }
    }

    if (point.is_metal()) {
        return radiance + light.arriving(accel);
    }
    const float base_weight = 1.0f - point.specular_albedo;
    const Exits exits = leave_from_below(accel,
                                         scene,
                                         point.surface,
                                         point.frame.z,
                                         point.from_inside,
                                         {base_weight, base_weight, base_weight},
                                         sampler);
    if (exits.count > 0) {
        diffuse_light(scene, exits, sky, light);
        const int chosen = static_cast<int>(exit_pick * static_cast<float>(exits.count));
        PathState state;
        leave_path(exits, chosen, indirect, state);
        state.bounce = 1;
        radiance += follow_path(accel, scene, state, sampler);
    }
    return radiance + light.arriving(accel);
}

} // namespace rih
