// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/surface_detail.h"

#include "renderih/math/types.h"
#include "renderih/render/render.h"
#include "renderih/render/testing/test_scenes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::make_camera;

float angle_deg(Vec3f a, Vec3f b) {
    return static_cast<float>(std::acos(std::clamp(double{dot(a, b)}, -1.0, 1.0)) / kDegree);
}

TEST(BentNormal, TiltsByTheSlopeAgainstTheRise) {
    const Vec3f flat{0, 0, 1};
    const Vec2f uv[3] = {{0, 0}, {1, 0}, {0, 1}};
    const Vec3f corner[3] = {{0, 0, 0}, {0.1f, 0, 0}, {0, 0.1f, 0}};
    const Vec3f bent = bent_normal(flat, {0.5f, 0}, 0.1f, corner, uv);
    EXPECT_NEAR(angle_deg(bent, flat), std::atan(0.5) / kDegree, 0.01);
    EXPECT_LT(bent.x, 0); // the ground rises along u
    EXPECT_NEAR(bent.y, 0, 1e-6);
    // Stretched to twice the length along u, it rises half as steeply.
    const Vec3f stretched[3] = {{0, 0, 0}, {0.2f, 0, 0}, {0, 0.1f, 0}};
    EXPECT_NEAR(angle_deg(bent_normal(flat, {0.5f, 0}, 0.1f, stretched, uv), flat),
                std::atan(0.25) / kDegree,
                0.01);
    // Mirrored in x: the normal too.
    const Vec3f mirrored[3] = {{0, 0, 0}, {-0.1f, 0, 0}, {0, 0.1f, 0}};
    EXPECT_NEAR(bent_normal({0, 0, -1}, {0.5f, 0}, 0.1f, mirrored, uv).x, -bent.x, 1e-6);
}

TEST(BentNormal, StaysOnTheFacetsSide) {
    const Vec2f uv[3] = {{0, 0}, {1, 0}, {0, 1}};
    const Vec3f corner[3] = {{0, 0, 0}, {0.1f, 0, 0}, {0, 0.1f, 0}};
    const Vec3f smooth = normalize({0.99f, 0, 0.12f});
    const Vec3f bent = bent_normal(smooth, {-1.3f, 0}, 0.1f, corner, uv);
    EXPECT_GT(bent.z, 0.05f);
    const Vec2f no_uv[3] = {{0, 0}, {0, 0}, {0, 0}};
    EXPECT_NEAR(bent_normal(smooth, {1, 1}, 0.1f, corner, no_uv).x, smooth.x, 1e-6);
}

/// A map whose left half is dark and flat, its right half light and steep.
std::shared_ptr<const SurfaceMaps> two_halves(double left, double right, double slope) {
    constexpr int kSide = 64;
    SurfaceMaps::Level texels(kSide * kSide);
    for (std::size_t i = 0; i < texels.size(); ++i) {
        const bool on_left = i % kSide < kSide / 2;
        for (std::uint8_t& albedo : texels[i].albedo) {
            albedo = encode_albedo(on_left ? left : right);
        }
        texels[i].gloss = encode_gloss(0.5, 0);
        texels[i].fold[0] = encode_slope(on_left ? 0 : slope);
    }
    return std::make_shared<const SurfaceMaps>(
        make_surface_maps(kSide, kSide, 0.2, texels, std::vector<std::uint8_t>(texels.size(), 1)));
}

SceneMesh mapped_floor(std::shared_ptr<const SurfaceMaps> maps, float fold) {
    SceneMesh floor = testing::make_scene_mesh(testing::make_floor(0.1), testing::matte(0.9));
    floor.uv.resize(4, 2); // u along x
    for (Eigen::Index i = 0; i < 4; ++i) {
        floor.uv.row(i) << floor.vertices(i, 0) * 5 + 0.5, floor.vertices(i, 2) * 5 + 0.5;
    }
    floor.maps = std::move(maps);
    floor.vertex_fold.assign(4, fold);
    return floor;
}

Vec3 pixel(const ImageF& image, int x, int y) {
    return {double{image.at(x, y, 0)}, double{image.at(x, y, 1)}, double{image.at(x, y, 2)}};
}

TEST(SurfaceDetail, MapsGiveAlbedoInPictureAndLabels) {
    Scene scene;
    scene.meshes.push_back(mapped_floor(two_halves(0.09, 0.49, 0), 1));
    scene.environment = testing::constant_environment(1);
    const Camera camera = make_camera({0, 0.5, 0}, {0, 0, 0}, 16, 16);
    RenderOptions options;
    options.spp = 16;
    const RenderResult result = SceneTracer(scene).render(camera, options);
    double least = 1, most = 0;
    for (const int x : {2, 13}) {
        const double shown = pixel(result.radiance, x, 8).x();
        EXPECT_NEAR(shown, pixel(result.labels.albedo, x, 8).x(), 0.03);
        least = std::min(least, shown);
        most = std::max(most, shown);
    }
    EXPECT_NEAR(least, 0.09, 0.02);
    EXPECT_NEAR(most, 0.49, 0.03);
}

TEST(SurfaceDetail, FoldsBendTheNormalAsFarAsThePoseSays) {
    const Camera camera = make_camera({0, 0.5, 0}, {0, 0, 0}, 16, 16);
    RenderOptions options;
    options.radiance = false;
    for (const float fold : {0.0f, 0.5f, 1.0f}) {
        Scene scene;
        scene.meshes.push_back(mapped_floor(two_halves(0.2, 0.2, 0.6), fold));
        const LabelImages labels = SceneTracer(scene).render(camera, options).labels;
        double most = 0;
        for (int x = 0; x < 16; ++x) {
            const Vec3 smooth = pixel(labels.shading_normal, x, 8),
                       bent = pixel(labels.detail_normal, x, 8);
            EXPECT_NEAR(std::abs(smooth.z()), 1, 1e-6); // the label stays the mesh's
            most = std::max(most, std::acos(std::clamp(smooth.dot(bent), -1.0, 1.0)) / kDegree);
        }
        EXPECT_NEAR(most, std::atan(0.6 * double{fold}) / kDegree, 0.5);
    }
}

SurfaceMapsView view_of(const SurfaceMaps& maps) {
    SurfaceMapsView view;
    view.width = maps.width;
    view.height = maps.height;
    view.metres_per_uv = static_cast<float>(maps.metres_per_uv);
    for (const auto& level : maps.levels) {
        view.level[view.level_count++] = level.data();
    }
    return view;
}

TEST(SurfaceDetail, FarOutsideAMapIsItsBorder) {
    const auto maps = two_halves(0.09, 0.49, 0);
    const SurfaceMapsView view = view_of(*maps);
    for (const float far : {2.0f, 1e6f, 1e8f, 1e30f}) { // the latter as texels beyond any int
        for (const float v : {0.5f, far, -far}) {
            EXPECT_NEAR(view.at({far, v}, 0).albedo.x, 0.49f, 0.01f) << far;
            EXPECT_NEAR(view.at({-far, v}, 0).albedo.x, 0.09f, 0.01f) << far;
        }
    }
}

TEST(SurfaceDetail, FromAfarAMapIsItsMean) {
    constexpr int kSide = 64;
    SurfaceMaps::Level texels(kSide * kSide);
    for (std::size_t i = 0; i < texels.size(); ++i) {
        texels[i].albedo[0] = (i + i / kSide) % 2 == 0 ? 255 : 0;
    }
    const SurfaceMaps maps =
        make_surface_maps(kSide, kSide, 1, texels, std::vector<std::uint8_t>(texels.size(), 1));
    const SurfaceMapsView view = view_of(maps);
    EXPECT_NEAR(view.at({0.5f, 0.5f}, 0.2f).albedo.x, 0.5f, 0.01f);
    // A texel's own value at its middle, from near.
    const float at = 10.5f / kSide;
    EXPECT_NEAR(view.at({at, 1 - at}, 0).albedo.x, 1, 1e-5f);
    EXPECT_NEAR(view.at({at + 1.0f / kSide, 1 - at}, 0).albedo.x, 0, 1e-5f);
}

TEST(SurfaceDetail, RefusesMapsThatDoNotFit) {
    Scene scene;
    scene.meshes.push_back(mapped_floor(two_halves(0.2, 0.2, 0), 1));
    auto broken = std::make_shared<SurfaceMaps>(*scene.meshes[0].maps);
    broken->levels[1].pop_back();
    scene.meshes[0].maps = broken;
    EXPECT_ANY_THROW(SceneTracer{scene});
    scene.meshes[0].maps = two_halves(0.2, 0.2, 0);
    scene.meshes[0].uv.resize(0, 2);
    EXPECT_ANY_THROW(SceneTracer{scene});
}

// A finger's worth of flesh before a lamp: what comes through is red (docs/appearance.md).
TEST(SurfaceDetail, ThinFleshBeforeAStrongLightGlowsRed) {
    Scene scene;
    Material skin;
    skin.albedo = {0.46, 0.26, 0.18}; // light skin
    skin.ior = 1.4;
    skin.has_subsurface = true;
    skin.subsurface.dmfp_mm = {1.9, 0.6, 0.4};
    TriMesh finger = testing::make_sphere(0.006, 3);
    scene.meshes.push_back(testing::make_scene_mesh(finger, skin));
    // The lamp behind it, seen by its back only.
    scene.environment = testing::make_environment(
        64, 32, [](const Vec3& d) { return Vec3::Constant(d.z() < -0.8 ? 20 : 0); });
    const Camera camera = make_camera({0, 0, 0.2}, {0, 0, 0}, 8, 1.2);
    RenderOptions options;
    options.spp = 256;
    const Vec3 through =
        testing::mean_radiance(SceneTracer(scene).render(camera, options).radiance);
    EXPECT_GT(through.x(), 0);
    EXPECT_GT(through.x(), 4 * through.y());
    EXPECT_GT(through.x(), 4 * through.z());
}

// A nail mirrors a lamp, skin smears it: a few degrees beside the mirror's direction a nail is dark
// again. Gloss as pipeline/hand_surface and scene/skin/nails have it.
TEST(SurfaceDetail, NailsHighlightIsBrighterAndNarrowerThanSkins) {
    constexpr int kSide = 64;
    SurfaceMaps::Level texels(kSide * kSide);
    for (std::size_t i = 0; i < texels.size(); ++i) {
        const bool skin = i % kSide < kSide / 2;
        texels[i].gloss = skin ? encode_gloss(0.45, 0) : encode_gloss(0.35, 0.45);
    }
    const auto maps = std::make_shared<const SurfaceMaps>(
        make_surface_maps(kSide, kSide, 0.2, texels, std::vector<std::uint8_t>(texels.size(), 1)));
    Scene scene;
    scene.meshes.push_back(mapped_floor(maps, 1));
    Material& material = scene.meshes[0].materials[0];
    material.ior = 1.4;
    material.second_lobe = {.share = 0.25, .roughness_factor = 0.65};
    material.coat = {.weight = 0, .roughness = 0.2, .ior = 1.54};
    const Camera camera = make_camera({0, 2, 2}, {0, 0, 0}, 16, 3);
    RenderOptions options;
    options.spp = 64;
    std::array<std::array<double, 2>, 2> seen{}; // [lamp in the mirror, beside it][left, right]
    for (const double beside_deg : {0.0, 16.0}) {
        const double up = (45 + beside_deg) * kDegree;
        const Vec3 lamp(0, std::sin(up), -std::cos(up));
        scene.environment = testing::make_environment(256, 128, [&](const Vec3& d) {
            return Vec3::Constant(d.dot(lamp) > std::cos(3 * kDegree) ? 50 : 0);
        });
        const ImageF picture = SceneTracer(scene).render(camera, options).radiance;
        auto& halves = seen[beside_deg > 0 ? 1 : 0];
        for (int y = 4; y < 12; ++y) {
            for (int x = 0; x < 6; ++x) {
                halves[0] += pixel(picture, x, y).x();
                halves[1] += pixel(picture, 15 - x, y).x();
            }
        }
    }
    // Which half is on the left of the picture follows from the gloss: the coat adds light.
    const int nail = seen[0][1] > seen[0][0] ? 1 : 0, skin = 1 - nail;
    EXPECT_GT(seen[0][nail], 2 * seen[0][skin]);
    EXPECT_GT(seen[0][nail] / seen[1][nail], 2 * seen[0][skin] / seen[1][skin]);
}

} // namespace
} // namespace rih
