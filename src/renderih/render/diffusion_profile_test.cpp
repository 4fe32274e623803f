// SPDX-License-Identifier: Apache-2.0
// The tabulated walk against the walk.
#include "renderih/render/diffusion_profile.h"

#include "renderih/base/rng.h"
#include "renderih/math/sampling_chi_square.h"
#include "renderih/render/albedo_inversion.h"
#include "renderih/render/core/diffusion_exit.h"
#include "renderih/render/core/subsurface.h"
#include "renderih/render/render.h"
#include "renderih/render/testing/test_scenes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

namespace rih {
namespace {

/// z = 0 as one triangle, large against every walk; flesh is below.
struct FlatGround {
    static constexpr float kHalf = 100;
    Vec3f vertices[3] = {{-kHalf, -kHalf, 0}, {3 * kHalf, -kHalf, 0}, {-kHalf, 3 * kHalf, 0}};
    Vec3f normals[3] = {{0, 0, 1}, {0, 0, 1}, {0, 0, 1}};
    int faces[3] = {0, 1, 2};
    MaterialView material;
    MeshView mesh;
    SceneView scene;

    FlatGround(const AlbedoInversion& inversion, float albedo) {
        material.albedo = {albedo, albedo, albedo};
        material.dmfp = {1, 1, 1};
        material.has_subsurface = true;
        material.inversion = &inversion;
        mesh.vertices = vertices;
        mesh.normals = normals;
        mesh.faces = faces;
        mesh.materials = &material;
        scene.meshes = &mesh;
    }
    FlatGround(const FlatGround&) = delete;
    FlatGround& operator=(const FlatGround&) = delete;

    bool intersect_group(int, Vec3f origin, Vec3f direction, float t_max, Hit& hit) const {
        const float t = -origin.z / direction.z;
        if (!(t > 0 && t < t_max)) {
            return false;
        }
        const Vec3f p = origin + t * direction;
        hit = {t, (p.x + kHalf) / (4 * kHalf), (p.y + kHalf) / (4 * kHalf), 0, 0};
        return true;
    }
};

TEST(DiffusionProfile, RadiiFollowTheDensity) {
    // Between nodes of the albedo too. By the root of the radius: bins lie close near 0.
    const DiffusionProfile profile = make_diffusion_profile(1.4, make_albedo_inversion(1.4));
    Rng rng(4, 0, "diffusion_profile_test");
    const double most = double(profile.radius[DiffusionProfile::kRadii - 1]);
    for (const float albedo : {0.0f, 0.11f, 0.5f, 0.83f, 1.0f}) {
        const testing::ChiSquare result = testing::chi_square(
            [&] {
                const float r = profile.sample(albedo, rng.uniform_float());
                return Vec2(std::sqrt(double(r) / most), 0.5);
            },
            [&](double x, double) {
                return double(profile.pdf(albedo, float(x * x * most))) * 2 * x * most;
            },
            200,
            1,
            200000,
            40);
        EXPECT_LT(result.deviation, 4) << albedo;
        EXPECT_NEAR(result.total_density, 1, 2e-3) << albedo;
        EXPECT_EQ(profile.pdf(albedo, float(most)), 0) << albedo;
    }
}

TEST(DiffusionRadii, OneOfThreeWeightedStandsForEachChannel) {
    // The light of channel c within a radius, from radii drawn of any channel, is what it is from
    // radii drawn of its own.
    const AlbedoInversion inversion = make_albedo_inversion(1.4);
    const DiffusionProfile profile = make_diffusion_profile(1.4, inversion);
    MaterialView material;
    material.inversion = &inversion;
    material.profile = &profile;
    material.dmfp = {3e-3f, 1e-3f, 0.4e-3f};
    const DiffusionRadii radii = DiffusionRadii::of(material, {0.8f, 0.5f, 0.3f});
    constexpr int kSteps = 20000;
    for (const float within : {0.2e-3f, 1e-3f, 4e-3f, 1.0f}) {
        double own[3] = {}, of_any[3] = {};
        for (int i = 0; i < kSteps; ++i) {
            const float u = (float(i) + 0.5f) / kSteps;
            for (int k = 0; k < 3; ++k) {
                const float r = radii.sample(k, u);
                own[k] += r < within ? 1.0 / kSteps : 0;
                const Vec3f weight = radii.weights(r);
                for (int c = 0; c < 3; ++c) {
                    of_any[c] += r < within ? double(weight[c]) / (3 * kSteps) : 0;
                }
            }
        }
        for (int c = 0; c < 3; ++c) {
            EXPECT_NEAR(of_any[c], own[c], 2e-3) << within << " " << c;
        }
    }
}

TEST(DiffusionProfile, WalksLeaveFlatGroundAtItsRadii) {
    constexpr float kEta = 1.4f;
    const AlbedoInversion inversion = make_albedo_inversion(double(kEta));
    const DiffusionProfile profile = make_diffusion_profile(double(kEta), inversion);
    for (const float albedo : {0.15f, 0.5f, 0.85f}) {
        const FlatGround ground(inversion, albedo);
        const Surface entry = make_surface(ground.scene, {1, 0.25f, 0.25f, 0, 0});
        constexpr int kWalks = 40000;
        const float mfp = reduced_mean_free_path(inversion, albedo, 1);
        constexpr float kQuantiles[] = {0.2f, 0.5f, 0.8f, 0.95f};
        double within[4] = {}, all = 0;
        for (std::uint32_t i = 0; i < kWalks; ++i) {
            PathSampler sampler(3, 1, 0, i);
            Surface exit;
            Vec3f throughput{1, 1, 1};
            if (walk_subsurface(ground, ground.scene, entry, sampler, exit, throughput)) {
                all += double(throughput.x);
                for (int q = 0; q < 4; ++q) {
                    const bool is_within = length(exit.position - entry.position) <
                                           mfp * profile.sample(albedo, kQuantiles[q]);
                    within[q] += is_within ? double(throughput.x) : 0;
                }
            }
        }
        EXPECT_NEAR(all / kWalks, double(albedo), 0.02 * double(albedo));
        for (int q = 0; q < 4; ++q) {
            EXPECT_NEAR(within[q] / all, double(kQuantiles[q]), 0.02) << albedo;
        }
    }
}

Material flesh(double albedo, double dmfp_mm) {
    Material material;
    material.albedo = {albedo, albedo, albedo};
    material.ior = 1.4;
    material.has_subsurface = true;
    material.subsurface.dmfp_mm = {dmfp_mm, dmfp_mm, dmfp_mm};
    return material;
}

Vec3 drawn(Scene scene, SubsurfaceMethod method, const Camera& camera, int spp) {
    scene.integrator.subsurface = method;
    return testing::mean_radiance(SceneTracer(scene).render(camera, {.spp = spp}).radiance);
}

TEST(DiffusionProfile, AShadowsEdgeIsAsSoftAsByWalks) {
    // A floor half of which a wall keeps in the dark under a low sun from one side; narrow pictures
    // across the edge.
    Scene scene;
    scene.meshes.push_back(
        testing::make_scene_mesh(testing::make_box(0.2), flesh(0.6, 4))); // top at y = 0.1
    TriMesh wall = testing::make_box(0.2);
    wall.vertices.col(0) *= 0.01;
    wall.vertices.col(0).array() -= 0.002;
    wall.vertices.col(1).array() += 0.2001;
    scene.meshes.push_back(testing::make_scene_mesh(wall, testing::matte(0), 1));
    scene.environment = testing::make_environment(64, 32, [](const Vec3& d) {
        return Vec3::Constant(d.dot(Vec3(-1, 1, 0).normalized()) > 0.99 ? 100 : 0);
    });
    for (const double x : {0.19, 0.197, 0.2, 0.203, 0.21}) {
        const Camera camera = testing::make_camera({x, 0.6, 0}, {x, 0.1, 0}, 4, 0.1);
        const double walked = drawn(scene, SubsurfaceMethod::Walk, camera, 4096).x();
        const double looked_up = drawn(scene, SubsurfaceMethod::Profile, camera, 1024).x();
        EXPECT_NEAR(looked_up, walked, 0.04 * walked + 0.01) << x;
    }
}

TEST(DiffusionProfile, KeepsTheAlbedoWhateverTheShape) {
    Scene scene;
    scene.meshes.push_back(testing::make_scene_mesh(testing::make_sphere(0.005, 3), flesh(0.6, 2)));
    scene.environment = testing::constant_environment(1);
    const Camera camera = testing::make_camera({0, 0, 0.1}, {0, 0, 0}, 8, 2);
    const Vec3 profile = drawn(scene, SubsurfaceMethod::Profile, camera, 1024);
    scene.meshes[0].materials[0].has_subsurface = false;
    const Vec3 matte = drawn(scene, SubsurfaceMethod::Profile, camera, 1024);
    EXPECT_NEAR(profile.x(), matte.x(), 0.005 * matte.x());
}

TEST(DiffusionProfile, ChannelsAreIndependentWhereLightIsReflectedOften) {
    // In a bowl: what comes by way of other flesh is followed from one exit for all channels.
    TriMesh bowl = testing::make_sphere(0.01, 4);
    std::erase_if(bowl.faces, [&](const auto& face) { return bowl.vertices(face[0], 1) > 0.003; });
    for (auto& face : bowl.faces) {
        std::swap(face[1], face[2]);
    }
    Material mixed = flesh(0.5, 1);
    mixed.albedo = {0.8, 0.5, 0.3};
    mixed.subsurface.dmfp_mm = {3, 1, 0.4};
    Scene scene;
    scene.meshes.push_back(testing::make_scene_mesh(bowl, mixed));
    scene.environment = testing::make_environment(
        32, 16, [](const Vec3& d) { return Vec3::Constant(d.x() > 0 ? 1 : 0.1); });
    const Camera camera = testing::make_camera({0, 0.05, 0}, {0, 0, 0}, 8, 12);
    const Vec3 together = drawn(scene, SubsurfaceMethod::Profile, camera, 1024);
    for (int c = 0; c < 3; ++c) {
        const auto channel = static_cast<std::size_t>(c);
        scene.meshes[0].materials[0] =
            flesh(mixed.albedo[channel], mixed.subsurface.dmfp_mm[channel]);
        const double alone = drawn(scene, SubsurfaceMethod::Profile, camera, 1024).x();
        EXPECT_NEAR(together(c), alone, 0.01 * alone) << c;
    }
}

} // namespace
} // namespace rih
