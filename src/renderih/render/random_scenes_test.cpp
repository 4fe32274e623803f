// SPDX-License-Identifier: Apache-2.0
// What must hold whatever the scene: finite, nowhere negative, no firefly, work that grows with
// the samples; and light at its limits.
#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/render/render.h"
#include "renderih/render/testing/test_scenes.h"

#include <gtest/gtest.h>

#include <limits>

namespace rih {
namespace {

using testing::make_camera;
using testing::make_scene_mesh;

double uniform(Rng& rng, double low, double high) {
    return low + (high - low) * rng.uniform();
}

Vec3 random_direction(Rng& rng) {
    const double z = uniform(rng, -1, 1), phi = uniform(rng, -kPi, kPi);
    const double r = std::sqrt(1 - z * z);
    return {r * std::cos(phi), r * std::sin(phi), z};
}

Material random_material(Rng& rng) {
    Material material;
    for (double& channel : material.albedo) {
        channel = rng.uniform() < 0.1 ? std::round(rng.uniform()) : rng.uniform();
    }
    material.ior = rng.uniform() < 0.1 ? 1 : uniform(rng, 1, 2.5);
    material.roughness = rng.uniform();
    if (rng.uniform() < 0.5) {
        material.second_lobe = {.share = rng.uniform(), .roughness_factor = uniform(rng, 0.05, 1)};
    }
    if (rng.uniform() < 0.3) {
        material.coat = {
            .weight = rng.uniform(), .roughness = rng.uniform(), .ior = uniform(rng, 1, 2.5)};
    }
    material.has_subsurface = rng.uniform() < 0.7;
    for (double& dmfp_mm : material.subsurface.dmfp_mm) {
        dmfp_mm = std::pow(10, uniform(rng, -3, 2));
    }
    material.subsurface.g = uniform(rng, -0.9, 0.9);
    return material;
}

/// Closed, open, crumpled, or triangles that have nothing to do with each other, slivers among
/// them.
TriMesh random_mesh(Rng& rng) {
    TriMesh mesh;
    const double kind = rng.uniform();
    if (kind < 0.4) {
        mesh = testing::make_sphere(uniform(rng, 0.005, 0.1), 2);
    } else if (kind < 0.6) {
        mesh = testing::make_box(uniform(rng, 0.005, 0.1));
    } else if (kind < 0.7) {
        mesh = testing::make_floor(0.2);
    } else {
        mesh = testing::make_sphere(0.06, 2);
        for (Eigen::Index v = 0; v < mesh.vertices.rows(); ++v) {
            mesh.vertices.row(v) *= uniform(rng, kind < 0.85 ? 0.6 : -1, 1);
        }
    }
    const Vec3 stretch(uniform(rng, 0.01, 1.5), uniform(rng, 0.3, 1.5), uniform(rng, 0.3, 1.5));
    const Vec3 place = 0.05 * random_direction(rng);
    mesh.vertices = (mesh.vertices * stretch.asDiagonal()).eval().rowwise() + place.transpose();
    return mesh;
}

/// A sky of patches over six orders of magnitude, sometimes with a sun.
std::shared_ptr<const Environment> random_sky(Rng& rng) {
    const double brightest = std::pow(10, uniform(rng, -3, 3));
    const Vec3 sun = random_direction(rng);
    const double sun_radiance = rng.uniform() < 0.5 ? std::pow(10, uniform(rng, 1, 5)) : 0;
    return testing::make_environment(32, 16, [&](const Vec3& d) -> Vec3 {
        const double patch = brightest * std::pow(10, uniform(rng, -3, 0));
        return Vec3(patch, patch * rng.uniform(), patch * rng.uniform()) +
               Vec3::Constant(d.dot(sun) > 0.985 ? sun_radiance : 0);
    });
}

Scene random_scene(std::uint64_t number) {
    Rng rng(number, 0, "random_scenes_test");
    Scene scene;
    const int count = 1 + static_cast<int>(rng.uniform() * 4);
    for (int i = 0; i < count; ++i) {
        SceneMesh mesh = make_scene_mesh(random_mesh(rng), random_material(rng), i / 2);
        if (rng.uniform() < 0.3) {
            mesh.vertex_albedo.resize(static_cast<std::size_t>(mesh.vertices.rows()));
            for (Vec3f& albedo : mesh.vertex_albedo) {
                for (int c = 0; c < 3; ++c) {
                    albedo[c] = static_cast<float>(rng.uniform());
                }
            }
        }
        scene.meshes.push_back(mesh);
    }
    scene.environment = random_sky(rng);
    scene.environment_rotation_deg = uniform(rng, 0, 360);
    scene.integrator.max_bounces = static_cast<int>(rng.uniform() * 16);
    scene.integrator.subsurface =
        rng.uniform() < 0.5 ? SubsurfaceMethod::Walk : SubsurfaceMethod::Profile;
    return scene;
}

double greatest(const ImageF& image) {
    return double(*std::ranges::max_element(image.values()));
}

// The mean of 12 samples stays below kMaxGain times the sky's greatest radiance, since few paths
// carry more light than they found: a lobe's sample weight is near 1, choosing among the two below
// the surface costs a factor of 5 at most but rarely, and roulette keeps the mean.
TEST(RandomScenes, AreFiniteAndHaveNoFireflies) {
    constexpr double kMaxGain = 2;
    double worst = 0;
    for (std::uint64_t number = 0; number < 200; ++number) {
        const Scene scene = random_scene(number);
        Rng rng(number, 1, "random_scenes_test");
        const Vec3 eye = uniform(rng, 0.02, 0.5) * random_direction(rng); // also from inside
        const Camera camera = make_camera(eye, Vec3::Zero(), 12, uniform(rng, 5, 100));
        const ImageF radiance =
            SceneTracer(scene).render(camera, {.spp = 12, .id = number}).radiance;
        const double limit = greatest(scene.environment->radiance);
        for (const float value : radiance.values()) {
            ASSERT_TRUE(std::isfinite(value) && value >= 0) << "scene " << number;
        }
        EXPECT_LE(greatest(radiance), kMaxGain * limit) << "scene " << number;
        worst = std::max(worst, greatest(radiance) / limit);
    }
    RecordProperty("greatest_of_sky", std::to_string(worst));
}

// A single one may: where colours scatter very differently, a walk that one of them chose counts up
// to ten times for the others (core/subsurface.h).
TEST(RandomScenes, OneSampleCarriesAtMostTenTimesItsLight) {
    double worst = 0;
    for (std::uint64_t number = 0; number < 60; ++number) {
        Rng rng(number, 2, "random_scenes_test");
        Scene scene;
        Material material = testing::matte(0.5);
        material.ior = 1.5;
        material.albedo = {0.9, 0.9, uniform(rng, 0.02, 0.9)};
        material.has_subsurface = true;
        material.subsurface.dmfp_mm = {std::pow(10, uniform(rng, -2, 2)), 5, 1};
        scene.meshes = {make_scene_mesh(random_mesh(rng), material)};
        scene.environment =
            testing::make_environment(8, 4, [](const Vec3&) -> Vec3 { return Vec3::Ones(); });
        scene.integrator.subsurface =
            number % 2 == 0 ? SubsurfaceMethod::Walk : SubsurfaceMethod::Profile;
        const Camera camera = make_camera(0.4 * random_direction(rng), Vec3::Zero(), 24, 25);
        for (const int spp : {1, 2}) {
            const ImageF radiance =
                SceneTracer(scene).render(camera, {.spp = spp, .id = number}).radiance;
            worst = std::max(worst, greatest(radiance));
        }
    }
    RecordProperty("greatest", std::to_string(worst));
    EXPECT_LE(worst, 10);
    EXPECT_GE(worst, 2); // or the sentence above is out of date
}

TEST(RandomScenes, RaysGrowLinearlyWithPixelsAndSamples) {
    const auto rays = [](const SceneTracer& tracer, double fov_deg, int side, int spp) {
        const Camera camera = make_camera({0, 0, 0.3}, {0, 0, 0}, side, fov_deg);
        return static_cast<double>(
            tracer.render(camera, {.spp = spp, .threads = 1, .count_rays = true}).rays);
    };
    for (const std::uint64_t number : {3, 5, 8}) {
        const SceneTracer tracer(random_scene(number));
        const double few = rays(tracer, 30, 24, 32);
        EXPECT_NEAR(rays(tracer, 30, 24, 128) / few, 4, 0.15) << number;
        // Outlines, which get more samples, grow with the sides alone.
        EXPECT_LE(rays(tracer, 30, 48, 32) / few, 4.1) << number;
    }
    Scene scene = random_scene(1);
    scene.meshes = {make_scene_mesh(testing::make_sphere(0.1, 3), testing::matte(0.5))};
    const SceneTracer tracer(scene); // fills the picture
    EXPECT_NEAR(rays(tracer, 10, 48, 8) / rays(tracer, 10, 24, 8), 4, 0.05);
}

TEST(RandomScenes, NothingIsSeenByNoLight) {
    for (std::uint64_t number = 0; number < 10; ++number) {
        Scene scene = random_scene(number);
        const Camera camera = make_camera({0, 0, 0.3}, {0, 0, 0}, 12, 40);
        auto black = std::make_shared<Environment>(*scene.environment);
        black->radiance = ImageF(32, 16, 3);
        scene.environment = black;
        EXPECT_EQ(greatest(SceneTracer(scene).render(camera, {.spp = 4}).radiance), 0);
        scene.environment.reset();
        EXPECT_EQ(greatest(SceneTracer(scene).render(camera, {.spp = 4}).radiance), 0);
    }
}

TEST(RandomScenes, StrengthScalesThePictureOrIsRefused) {
    Scene scene = random_scene(1);
    const Camera camera = make_camera({0, 0, 0.3}, {0, 0, 0}, 12, 40);
    const ImageF once = SceneTracer(scene).render(camera, {.spp = 4}).radiance;
    scene.environment_strength = std::ldexp(1, 20); // powers of two change no digit
    const ImageF strong = SceneTracer(scene).render(camera, {.spp = 4}).radiance;
    for (std::size_t i = 0; i < once.values().size(); ++i) {
        EXPECT_FLOAT_EQ(strong.values()[i], std::ldexp(once.values()[i], 20));
    }
    for (const double strength : {1e30, std::numeric_limits<double>::infinity(), -1.0}) {
        scene.environment_strength = strength;
        EXPECT_THROW(SceneTracer(scene).render(camera, {.spp = 4}), UserError) << strength;
    }
    scene.environment_strength = 1;
    auto endless = std::make_shared<Environment>(*scene.environment);
    endless->radiance.at(3, 3, 0) = std::numeric_limits<float>::infinity();
    scene.environment = endless;
    EXPECT_THROW(SceneTracer{scene}, UserError);
}

} // namespace
} // namespace rih
