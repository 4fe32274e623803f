// SPDX-License-Identifier: Apache-2.0
// The path loop: from the camera's ray to radiance, with next-event estimation and sampling of the
// surface's lobe joined by the power heuristic. Templated on what traces rays:
//   bool intersect(Vec3f origin, Vec3f direction, float t_max, Hit& hit) const;
//   bool occluded(Vec3f origin, Vec3f direction) const;
//   bool intersect_group(int group, Vec3f origin, Vec3f direction, float t_max, Hit& hit) const;
#pragma once

#include "renderih/render/core/lambert.h"
#include "renderih/render/core/subsurface.h"

namespace rih {

/// One lobe at one point: the specular layer, or diffuse light of weight 1. Directions are local to
/// `frame`.
struct Lobe {
    Frame frame;
    Vec3f wo; ///< local
    bool is_specular = false;
    SpecularLayer specular;
    float pick = 0; ///< of the specular layer's own lobes

    /// BSDF times cosine.
    RIH_HD float eval_cosine(Vec3f wi) const {
        return std::fmax(wi.z, 0.0f) * (is_specular ? specular.eval(wo, wi) : Lambert::eval(wi));
    }
    RIH_HD float pdf(Vec3f wi) const {
        return is_specular ? specular.pdf(wo, wi) : Lambert::pdf(wi);
    }
    RIH_HD Vec3f sample(Vec2f u) const {
        return is_specular ? specular.sample(wo, u, pick) : Lambert::sample(u);
    }
    /// eval_cosine / pdf of a sampled direction.
    RIH_HD float weight(Vec3f wi) const {
        if (!is_specular || wi.z <= 0.0f) {
            return wi.z > 0.0f ? 1.0f : 0.0f;
        }
        const float density = specular.pdf(wo, wi);
        return density > 0.0f ? specular.eval(wo, wi) * wi.z / density : 0.0f;
    }
};

/// Light samples at the end of a subsurface walk: a walk costs some fifty rays, a light sample one.
inline constexpr int kWalkLightSamples = 4;

/// Direct light through one lobe by `count` (1 or kWalkLightSamples) samples of the environment,
/// spread over the square as a lattice; the other partner in the weights is the path's next ray.
template <typename Accel>
RIH_HD Vec3f direct_light(const Accel& accel,
                          const SceneView& scene,
                          const Surface& surface,
                          const Lobe& lobe,
                          Vec2f u,
                          int count) {
    constexpr float kSpread[kWalkLightSamples] = {0.0f, 0.5f, 0.25f, 0.75f};
    Vec3f sum;
    for (int i = 0; i < count; ++i) {
        const Vec2f shifted = {u.x + 0.25f * static_cast<float>(i), u.y + kSpread[i]};
        const EnvironmentSample light =
            scene.environment.sample({shifted.x < 1.0f ? shifted.x : shifted.x - 1.0f,
                                      shifted.y < 1.0f ? shifted.y : shifted.y - 1.0f});
        if (!(light.pdf_solid_angle > 0.0f)) {
            continue;
        }
        const Vec3f wi = lobe.frame.local_from_world(light.wi);
        const float value = lobe.eval_cosine(wi);
        if (!(value > 0.0f) || accel.occluded(surface.ray_origin, light.wi)) {
            continue;
        }
        const float density = static_cast<float>(count) * light.pdf_solid_angle;
        sum += (power_heuristic(density, lobe.pdf(wi)) * value / density) * light.radiance;
    }
    return sum;
}

/// Radiance along a ray from the camera.
template <typename Accel>
RIH_HD Vec3f trace_path(const Accel& accel,
                        const SceneView& scene,
                        Vec3f origin,
                        Vec3f direction,
                        PathSampler& sampler) {
    constexpr float kInfinity = 1e30f;
    Vec3f radiance, throughput{1, 1, 1};
    float lobe_pdf = 0;    // of `direction`; 0: the camera's own ray
    int light_samples = 0; // taken where `direction` starts
    for (int bounce = 0;; ++bounce) {
        Hit hit;
        if (!accel.intersect(origin, direction, kInfinity, hit)) {
            const float mis_weight = bounce == 0
                                         ? 1.0f
                                         : power_heuristic(lobe_pdf,
                                                           static_cast<float>(light_samples) *
                                                               scene.environment.pdf(direction));
            return radiance + mis_weight * throughput * scene.environment.eval(direction);
        }
        if (bounce > scene.max_bounces) {
            return radiance;
        }
        Surface surface = make_surface(scene, hit);
        const Vec3f wo = -1.0f * direction;
        const bool from_inside = dot(wo, surface.geometric_normal) <= 0.0f;
        if (from_inside) {
            // The inside of an open or overlapping mesh: a diffuse sheet seen from its back.
            surface.geometric_normal = -1.0f * surface.geometric_normal;
            surface.shading_normal = -1.0f * surface.shading_normal;
            surface.ray_origin = surface.position + surface.offset * surface.geometric_normal;
        }

        // One lobe stands for both: specular, or what is below it weighted by one minus the
        // specular's directional albedo.
        const MaterialView& material = *surface.material;
        Lobe lobe;
        lobe.frame = Frame::from_z(normal_seen_from(surface.shading_normal, wo));
        lobe.wo = lobe.frame.local_from_world(wo);
        lobe.specular = SpecularLayer::make(material.specular, surface.roughness, surface.coat);
        const float specular_albedo = from_inside ? 0.0f : lobe.specular.albedo(lobe.wo.z);
        const float base_weight = 1.0f - specular_albedo;
        const float base_light = base_weight * max_component(surface.albedo);
        // At least a fifth of the samples see a lobe whose highlights vary most, if there is one.
        const float specular_chance =
            specular_albedo > 1e-6f
                ? std::fmin(std::fmax(specular_albedo / (specular_albedo + base_light), 0.2f), 1.0f)
                : 0.0f;
        light_samples = 1;
        const float choice = sampler.next_1d();
        lobe.is_specular = choice < specular_chance;
        if (lobe.is_specular) {
            lobe.pick = choice / specular_chance;
            throughput *= 1.0f / specular_chance;
        } else {
            throughput *= base_weight / (1.0f - specular_chance);
            if (material.has_subsurface && !from_inside) {
                Surface exit;
                if (!walk_subsurface(accel, scene, surface, sampler, exit, throughput)) {
                    return radiance;
                }
                surface = exit;
                lobe.frame = Frame::from_z(surface.shading_normal);
                light_samples = kWalkLightSamples;
            } else {
                throughput *= surface.albedo;
            }
        }

        radiance += throughput *
                    direct_light(accel, scene, surface, lobe, sampler.next_2d(), light_samples);

        const Vec3f wi = lobe.sample(sampler.next_2d());
        const float weight = lobe.weight(wi);
        if (!(weight > 0.0f)) {
            return radiance;
        }
        throughput *= weight;
        lobe_pdf = lobe.pdf(wi);
        direction = normalize(lobe.frame.world_from_local(wi));
        origin = surface.ray_origin;

        constexpr int kRouletteAfter = 2;
        if (bounce >= kRouletteAfter) {
            const float survival = std::fmin(max_component(throughput), 0.95f);
            if (sampler.next_random() >= survival) {
                return radiance;
            }
            throughput *= 1.0f / survival;
        }
    }
}

} // namespace rih
