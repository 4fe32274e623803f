// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/metal.h"

#include "renderih/base/error.h"
#include "renderih/render/render.h"
#include "renderih/render/testing/test_lobes.h"
#include "renderih/render/testing/test_scenes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::direction_at_deg;
using testing::TestLayer;

const Vec3f kGold{1.0f, 0.70f, 0.32f};

Material metal(double roughness, const std::array<double, 3>& albedo = {1, 0.70, 0.32}) {
    Material material;
    material.is_metal = true;
    material.albedo = albedo;
    material.roughness = roughness;
    return material;
}

/// One channel of the reflection.
struct Channel {
    const SpecularLayer& mirror;
    Vec3f reflectance;
    int c;
    float eval(Vec3f wo, Vec3f wi) const {
        const float value = mirror.eval(wo, wi);
        return value > 0 ? value * metal_tint(mirror.lobes.first, reflectance, wo, wi)[c] : 0.0f;
    }
};

TEST(Metal, ReflectsNoMoreThanThereIsAndAPerfectOneAll) {
    for (const double roughness : {0.05, 0.2, 0.5, 0.8, 1.0}) {
        const TestLayer test(metal(roughness));
        const double width = double(test.layer.lobes.first.row.width);
        for (const double angle : {0.0, 40.0, 70.0, 85.0}) {
            const Vec3f wo = direction_at_deg(angle);
            const auto share = [&](int c) {
                return testing::reflected_share(Channel{test.layer, kGold, c}, wo, width);
            };
            EXPECT_NEAR(share(0), 1, 2e-3) << roughness << " " << angle;
            EXPECT_LT(share(1), 1 + 1e-3);
            EXPECT_LT(share(2), share(1));
            // A rough one is darker: each further microfacet takes its part.
            EXPECT_GT(share(2), roughness < 0.3 ? 0.31 : 0.15) << roughness << " " << angle;
        }
    }
}

TEST(Metal, HasItsColourAtNormalIncidenceAndNoneWhenGrazed) {
    const TestLayer test(metal(0.05));
    const double width = double(test.layer.lobes.first.row.width);
    for (int c = 0; c < 3; ++c) {
        EXPECT_NEAR(
            testing::reflected_share(Channel{test.layer, kGold, c}, direction_at_deg(0), width),
            double(kGold[c]),
            2e-3);
        EXPECT_NEAR(double(metal_fresnel(kGold, 0)[c]), 1, 1e-6);
    }
}

TEST(Metal, IsReciprocal) {
    Rng rng(5, 0, "metal_test");
    const TestLayer test(metal(0.4));
    for (int i = 0; i < 200; ++i) {
        const double polar_a = 89 * rng.uniform(), around_a = 360 * rng.uniform();
        const double polar_b = 89 * rng.uniform(), around_b = 360 * rng.uniform();
        const Vec3f a = direction_at_deg(polar_a, around_a),
                    b = direction_at_deg(polar_b, around_b);
        const float value = Channel{test.layer, kGold, 2}.eval(a, b);
        EXPECT_GT(value, 0);
        EXPECT_NEAR((Channel{test.layer, kGold, 2}.eval(b, a)), value, 3e-5f * value);
    }
}

/// Samples of the layer carry what the quadrature, which knows nothing of them, says.
TEST(Metal, IsSampledByTheMirrorsDensity) {
    Rng rng(6, 0, "metal_test");
    const TestLayer test(metal(0.45));
    for (const double angle : {0.0, 60.0, 80.0}) {
        const Vec3f wo = direction_at_deg(angle);
        double sum = 0;
        constexpr int kCount = 60000;
        for (int i = 0; i < kCount; ++i) {
            const float first = rng.uniform_float(), pick = rng.uniform_float();
            const Vec3f wi = test.layer.sample(wo, {first, (float(i) + 0.5f) / kCount}, pick);
            if (wi.z > 0) {
                sum += double(Channel{test.layer, kGold, 2}.eval(wo, wi) * wi.z /
                              test.layer.pdf(wo, wi));
            }
        }
        EXPECT_NEAR(sum / kCount,
                    testing::reflected_share(Channel{test.layer, kGold, 2},
                                             wo,
                                             double(test.layer.lobes.first.row.width)),
                    4e-3)
            << angle;
    }
}

Scene sphere_of(const Material& material) {
    Scene scene;
    scene.meshes.push_back(testing::make_scene_mesh(testing::make_sphere(0.1, 4), material));
    scene.environment = testing::constant_environment(1);
    return scene;
}

TEST(Metal, APerfectSphereVanishesInAFurnaceAndHasNothingBelow) {
    const Camera camera = testing::make_camera({0, 0, 0.4}, {0, 0, 0}, 40, 32);
    const auto seen = [&](const Material& material) {
        return testing::mean_radiance(
            SceneTracer(sphere_of(material)).render(camera, {.spp = 640}).radiance);
    };
    for (const double roughness : {0.1, 0.3, 0.8}) {
        EXPECT_NEAR(seen(metal(roughness, {1, 1, 1})).x(), 1, 0.001) << roughness;
    }
    const Camera close = testing::make_camera({0, 0, 0.4}, {0, 0, 0}, 12, 4);
    const Vec3 middle = testing::mean_radiance(
        SceneTracer(sphere_of(metal(0.1))).render(close, {.spp = 64}).radiance);
    EXPECT_NEAR(middle.x(), 1, 0.01);
    EXPECT_NEAR(middle.y(), 0.70, 0.01);
    EXPECT_NEAR(middle.z(), 0.32, 0.01);
}

TEST(Metal, RefusesWhatAMetalHasNot) {
    for (int what = 0; what < 3; ++what) {
        Material material = metal(0.3);
        material.has_subsurface = what == 0;
        material.coat.weight = what == 1 ? 0.5 : 0;
        material.second_lobe.share = what == 2 ? 0.5 : 0;
        EXPECT_THROW(SceneTracer{sphere_of(material)}, UserError) << what;
    }
}

} // namespace
} // namespace rih
