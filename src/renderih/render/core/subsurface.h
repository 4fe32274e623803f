// SPDX-License-Identifier: Apache-2.0
// Subsurface scattering by a random walk inside one closed group of meshes. The boundary couples
// outside and inside diffusely and reciprocally: light enters as a diffuse sky above would after
// refraction, density proportional to (1 - F(cos)) cos inside; on its way out it is reflected
// inwards with the Fresnel probability F of the smooth boundary, else it leaves with a cosine lobe.
// So the diffuse albedo does not depend on the angle, next-event estimation works at the exit, and
// render/albedo_inversion.h can solve the half space exactly.
#pragma once

#include "renderih/render/core/sampler.h"
#include "renderih/render/core/surface.h"

namespace rih {

/// After this many events a walk is dropped. At 4096 a half space of albedo 0.95 would still miss a
/// hundredth of its light; Russian roulette ends walks of skin long before.
inline constexpr int kMaxWalkEvents = 131072;

/// A direction into the medium about `inward`, density proportional to (1 - F(cos)) cos over the
/// cone of refraction. `eta` = inside index / outside index.
RIH_HD inline Vec3f sample_diffuse_entry(Vec3f inward, float eta, PathSampler& sampler) {
    Vec2f u = sampler.next_2d();
    Vec3f outside = sample_cosine_hemisphere(u);
    for (int attempt = 0; attempt < 64; ++attempt) {
        if (sampler.next_random() >= fresnel_dielectric(outside.z, eta)) {
            break;
        }
        u = {sampler.next_random(), sampler.next_random()};
        outside = sample_cosine_hemisphere(u);
    }
    // Snell: the tangential part shrinks by eta. cos_o d(cos_o) = eta^2 cos_i d(cos_i), so the
    // cosine density outside is the cosine density in the cone.
    const float x = outside.x / eta, y = outside.y / eta;
    const Vec3f inside = {x, y, std::sqrt(max_of(1.0f - x * x - y * y, 0.0f))};
    return Frame::from_z(inward).world_from_local(inside);
}

/// The walk's weights: how much each channel carries (numerator) against how likely the walk was
/// had each channel drawn its distances (densities), combined by the balance heuristic over
/// channels; both share a scale that drops out.
struct SpectralWeight {
    Vec3f carried{1, 1, 1};
    Vec3f density{1, 1, 1};
    Vec3f choice; ///< probability of each channel

    RIH_HD Vec3f throughput() const { return carried / dot(choice, density); }
    RIH_HD void rescale() {
        const float scale = 1.0f / max_component(density);
        carried *= scale;
        density *= scale;
    }
};

/// Walks from `entry` until light leaves. Returns false when the walk ends inside. `throughput`
/// holds on input what the path carries per channel (it steers the choice of channel), on output it
/// is multiplied by what the walk carries.
template <typename Accel>
RIH_HD bool walk_subsurface(const Accel& accel,
                            const SceneView& scene,
                            const Surface& entry,
                            PathSampler& sampler,
                            Surface& exit,
                            Vec3f& throughput) {
    const MaterialView& material = *entry.material;
    const Medium medium = medium_of_albedo(*material.inversion, entry.albedo, material.dmfp);

    // The channel that draws the distances: likely where much light is carried, never impossible.
    SpectralWeight weight;
    const Vec3f light = throughput * entry.albedo;
    const float sum = light.x + light.y + light.z;
    constexpr float kNothing = 1e-30f; // times the greatest light there can be: invisible
    if (!(sum > kNothing)) {
        return false;
    }
    weight.choice = (0.7f / sum) * light + Vec3f{0.1f, 0.1f, 0.1f};
    const float pick = sampler.next_1d();
    const int channel =
        pick < weight.choice.x ? 0 : (pick < weight.choice.x + weight.choice.y ? 1 : 2);
    const float sigma = medium.sigma_t[channel];

    Vec3f direction = sample_diffuse_entry(-1.0f * entry.shading_normal, material.eta, sampler);
    if (dot(direction, entry.geometric_normal) >= 0.0f) {
        direction = sample_diffuse_entry(-1.0f * entry.geometric_normal, material.eta, sampler);
    }
    // Free paths count from the surface itself; only the rays start a little inside, where rounding
    // does not let them meet it again. That little is a good part of a percent of a mean free path.
    Vec3f position = entry.position;
    Vec3f origin = position - entry.offset * entry.geometric_normal;
    for (int event = 0; event < kMaxWalkEvents; ++event) {
        const float distance = -std::log(1.0f - sampler.next_random()) / sigma;
        Hit hit;
        const bool at_boundary =
            accel.intersect_group(entry.group, origin, direction, distance, hit);
        const float travelled = at_boundary ? hit.t : distance;
        // Transmittances relative to the drawing channel's.
        Vec3f ratio{1, 1, 1};
        for (int c = 0; c < 3; ++c) {
            if (c != channel) {
                ratio[c] = std::exp(travelled * (sigma - medium.sigma_t[c]));
            }
        }
        weight.carried *= ratio;
        weight.density *= ratio;
        if (at_boundary) {
            const Surface boundary = make_surface(scene, hit);
            const float cosine = dot(direction, boundary.geometric_normal);
            if (cosine <= 0.0f) {
                return false; // a face seen from outside: the mesh overlaps itself or is open
            }
            if (sampler.next_random() >= fresnel_dielectric(cosine, 1.0f / material.eta)) {
                exit = boundary;
                throughput *= weight.throughput();
                return true;
            }
            direction = normalize(reflect(direction, boundary.geometric_normal));
            position = boundary.position;
            origin = position - boundary.offset * boundary.geometric_normal;
        } else {
            const Vec3f relative = medium.sigma_t / sigma;
            weight.carried *= relative * medium.scattering_albedo;
            weight.density *= relative;
            position += distance * direction;
            origin = position;
            const float u = sampler.next_random();
            direction = sample_uniform_sphere({u, sampler.next_random()});
        }
        weight.rescale();

        // Russian roulette on what is left of the walk's own throughput; early, since what a long
        // walk brings back is little and varies less than the light it then finds.
        constexpr float kRouletteBelow = 0.5f;
        const float left = max_component(weight.throughput());
        if (left < kRouletteBelow) {
            const float survival = left / kRouletteBelow;
            if (sampler.next_random() >= survival) {
                return false;
            }
            weight.carried *= 1.0f / survival;
        }
    }
    return false;
}

} // namespace rih
