// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/diffusion_profile.h"

#include "renderih/render/core/subsurface.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rih {

namespace {

constexpr int kWalks = 8192;
constexpr int kMaxScatterings = 2048;
constexpr float kNearest = 0.01f, kFarthest = 60.0f; // the middle edges, in mean free paths

/// [scatterings before, radius bin]: light that leaves a half space in which nothing is absorbed.
using Escapes = std::vector<double>;

int bin_of_radius(const DiffusionProfile& profile, float r) {
    const float* edge =
        std::upper_bound(profile.radius + 1, profile.radius + DiffusionProfile::kRadii - 1, r);
    return static_cast<int>(edge - profile.radius);
}

Escapes walk_half_space(float eta, const DiffusionProfile& profile) {
    Escapes escapes(static_cast<std::size_t>(kMaxScatterings) * DiffusionProfile::kRadii, 0.0);
    for (std::uint32_t walk = 0; walk < kWalks; ++walk) {
        PathSampler sampler(0, 0, 0, walk);
        Vec3f position, direction = sample_diffuse_entry({0, 0, -1}, eta, sampler);
        float inside = 1; // of the light: what has not left yet
        for (int scatterings = 0; scatterings < kMaxScatterings && inside > 1e-3f;) {
            const float distance = -std::log(1.0f - sampler.next_random());
            const float to_surface = direction.z > 0.0f ? -position.z / direction.z : 1e30f;
            if (to_surface <= distance) {
                position += to_surface * direction;
                position.z = 0;
                const float reflected = fresnel_dielectric(direction.z, 1.0f / eta);
                const int bin = bin_of_radius(profile, std::hypot(position.x, position.y));
                escapes[static_cast<std::size_t>(scatterings * DiffusionProfile::kRadii + bin)] +=
                    static_cast<double>(inside * (1.0f - reflected));
                inside *= reflected;
                direction.z = -direction.z;
            } else {
                position += distance * direction;
                const float u = sampler.next_random();
                direction = sample_uniform_sphere({u, sampler.next_random()});
                ++scatterings;
            }
        }
    }
    return escapes;
}

} // namespace

DiffusionProfile make_diffusion_profile(double ior, const AlbedoInversion& inversion) {
    DiffusionProfile profile;
    for (int k = 1; k < DiffusionProfile::kRadii; ++k) {
        profile.radius[k] =
            kNearest * std::pow(kFarthest / kNearest,
                                static_cast<float>(k - 1) / (DiffusionProfile::kRadii - 2));
    }
    const Escapes escapes = walk_half_space(static_cast<float>(ior), profile);
    for (int node = 0; node < DiffusionProfile::kAlbedos; ++node) {
        const float albedo = static_cast<float>(node) / (DiffusionProfile::kAlbedos - 1);
        const double root = static_cast<double>(AlbedoInversion::lookup(
            inversion.walk_root, std::clamp(albedo, 0.01f, kMaxWalkAlbedo)));
        std::vector<double> share(DiffusionProfile::kRadii, 0.0);
        double scattered = 1;
        for (std::size_t i = 0; i < escapes.size(); ++i) {
            share[i % DiffusionProfile::kRadii] += scattered * escapes[i];
            if ((i + 1) % DiffusionProfile::kRadii == 0) {
                scattered *= 1 - root * root;
            }
        }
        double total = 0, sum = 0;
        for (const double s : share) {
            total += s;
        }
        for (int k = 0; k < DiffusionProfile::kRadii; ++k) {
            sum += share[static_cast<std::size_t>(k)];
            profile.cdf[node][k] = static_cast<float>(sum / total);
        }
    }
    return profile;
}

} // namespace rih
