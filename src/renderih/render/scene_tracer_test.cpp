// SPDX-License-Identifier: Apache-2.0
// Pictures with closed forms: furnaces, plain skies, what must not change.
#include "renderih/render/render.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/render/environment_table.h"
#include "renderih/render/testing/test_lobes.h"
#include "renderih/render/testing/test_scenes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <thread>

namespace rih {
namespace {

using testing::constant_environment;
using testing::make_camera;
using testing::make_environment;
using testing::make_scene_mesh;
using testing::matte;
using testing::mean_radiance;

Scene sphere_scene(const Material& material, double environment = 1) {
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(0.1, 4), material));
    scene.environment = constant_environment(environment);
    return scene;
}

// All of the picture is the sphere.
Camera close_camera(int side = 12) {
    return make_camera({0, 0, 0.4}, {0, 0, 0}, side, 20);
}

// The sphere fills the middle, with its grazing rim and background.
Camera wide_camera(int side = 40) {
    return make_camera({0, 0, 0.4}, {0, 0, 0}, side, 32);
}

TEST(SceneTracer, BackgroundIsTheEnvironment) {
    Scene scene;
    scene.environment = make_environment(
        64, 32, [](const Vec3& d) { return Vec3(2 + d.x(), 2 + d.y(), 2 + d.z()); });
    const Camera camera = make_camera({0, 0, 0}, {1, 0.2, 0.3}, 9, 60);
    const ImageF radiance = SceneTracer(scene).render(camera, {.spp = 64}).radiance;
    for (int y = 0; y < 9; ++y) {
        for (int x = 0; x < 9; ++x) {
            const Vec3 d =
                (camera.cam_from_world.rotation.transpose() * camera.ray_in_cam({x + 0.5, y + 0.5}))
                    .normalized();
            for (int c = 0; c < 3; ++c) {
                EXPECT_NEAR(double(radiance.at(x, y, c)), 2 + d(c), 0.02);
            }
        }
    }
}

TEST(SceneTracer, MatteSphereInAFurnaceShowsItsAlbedo) {
    const SceneTracer tracer(sphere_scene(matte(0.6), 2));
    const ImageF radiance = tracer.render(close_camera(), {.spp = 64}).radiance;
    for (const float value : radiance.values()) {
        EXPECT_NEAR(value, 1.2f, 0.12f);
    }
    EXPECT_NEAR(mean_radiance(radiance).x(), 1.2, 0.0012);
}

TEST(SceneTracer, WhiteSurfaceVanishesInAFurnace) {
    for (const double roughness : {0.2, 0.5, 0.9}) {
        Material material = matte(1);
        material.ior = 1.5;
        material.roughness = roughness;
        material.second_lobe = {.share = 0.3, .roughness_factor = 0.6};
        material.coat.weight = 0.5;
        const SceneTracer tracer(sphere_scene(material));
        const ImageF radiance = tracer.render(wide_camera(), {.spp = 640}).radiance;
        EXPECT_NEAR(mean_radiance(radiance).x(), 1, 0.001) << roughness;
        for (const float value : radiance.values()) {
            EXPECT_NEAR(value, 1.0f, 0.15f);
        }
    }
}

TEST(SceneTracer, ACoatPerVertexIsInterpolated) {
    Material material = matte(0);
    material.ior = 1.4;
    material.second_lobe = {.share = 0.3, .roughness_factor = 0.6};
    material.coat = {.weight = 0, .roughness = 0.3, .ior = 1.54};
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_floor(1), material));
    scene.environment = constant_environment(1);
    scene.meshes[0].vertex_coat = {0, 1, 1, 0}; // by x
    const SceneTracer tracer(scene);
    for (const double x : {-0.999, 0.0, 0.5}) {
        material.coat.weight = 0.5 * (x + 1);
        const testing::TestLayer test(material);
        const Camera camera = make_camera({x, 0.3, 0.4}, {x, 0, 0}, 4, 0.1);
        EXPECT_NEAR(mean_radiance(tracer.render(camera, {.spp = 4096}).radiance).x(),
                    double(test.layer.albedo(0.6f)),
                    0.001)
            << x;
    }
}

TEST(SceneTracer, BlackSurfaceReflectsItsSpecularAlbedo) {
    Material material = matte(0);
    material.ior = 1.4;
    material.roughness = 0.6;
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_floor(1), material));
    scene.environment = constant_environment(1);
    const Camera camera = make_camera({0, 0.3, 0.4}, {0, 0, 0}, 4, 1);
    const testing::TestLayer test(material);
    EXPECT_NEAR(mean_radiance(SceneTracer(scene).render(camera, {.spp = 4096}).radiance).x(),
                double(test.layer.albedo(0.6f)),
                0.001);
}

TEST(SceneTracer, ATextureGivesTheAlbedoOfItsPlace) {
    ImageF texels(2, 2, 3, 0.2f);
    for (int c = 0; c < 3; ++c) {
        texels.at(1, 0, c) = 0.8f; // right, above: u and v in 1/2 .. 1
    }
    Material material = matte(0.5);
    material.texture = std::make_shared<const ImageF>(texels);
    Scene scene;
    scene.environment = constant_environment(1);
    scene.meshes.push_back(make_scene_mesh(testing::make_floor(1), material));
    for (const double turns : {0.0, 3.0, -2.0}) { // it repeats
        scene.meshes[0].uv =
            ((scene.meshes[0].vertices(Eigen::all, {0, 2}).array() + 1) / 2 + turns).matrix();
        const SceneTracer tracer(scene);
        for (const auto& [x, z, albedo] :
             {std::array{0.5, 0.5, 0.8}, {0.5, -0.5, 0.2}, {-0.5, 0.5, 0.2}, {0.0, 0.0, 0.35}}) {
            const Camera camera = make_camera({x, 0.4, z + 0.01}, {x, 0, z}, 4, 0.1);
            const RenderResult result = tracer.render(camera, {.spp = 16});
            EXPECT_NEAR(mean_radiance(result.radiance).x(), albedo, 0.01) << x << " " << z;
            EXPECT_NEAR(double(result.labels.albedo.at(2, 2, 1)), albedo, 0.01);
        }
    }
    scene.meshes[0].uv.resize(0, 2);
    EXPECT_THROW(SceneTracer{scene}, UserError);
}

TEST(SceneTracer, MatteFloorUnderACosineSkyHasTwoThirdsOfItsAlbedo) {
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_floor(1), matte(0.9)));
    scene.environment = make_environment(
        256, 128, [](const Vec3& d) { return Vec3::Constant(std::max(0.0, d.y())); });
    const Camera camera = make_camera({0.1, 0.5, 0}, {0, 0, 0}, 8, 10);
    EXPECT_NEAR(mean_radiance(SceneTracer(scene).render(camera, {.spp = 512}).radiance).x(),
                0.9 * 2 / 3,
                0.001);
}

// The integral of the BSDF over the map, texel by texel: what sampling by light, by surface and
// their weighting must all add up to.
TEST(SceneTracer, GlossyFloorUnderASunAgreesWithQuadrature) {
    Material material = matte(0.3);
    material.ior = 1.5;
    material.roughness = 0.35;
    const auto sky = [](const Vec3& d) {
        const double sun = std::exp(-60 * (1 - d.dot(Vec3(0.5, 0.8, -0.33).normalized())));
        return Vec3::Constant(0.2 + 40 * sun);
    };
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_floor(1), material));
    scene.environment = make_environment(512, 256, sky);
    const Vec3 eye(-0.3, 0.5, 0.2);
    const Camera camera = make_camera(eye, {0, 0, 0}, 2, 0.2);

    const Vec3 to_eye = eye.normalized();
    const Vec3f wo = {float(to_eye.x()), float(to_eye.z()), float(to_eye.y())};
    const testing::TestLayer test(material);
    const double base = double(test.layer.base_weight(wo.z)) * 0.3 / kPi;
    double expected = 0;
    constexpr int kSteps = 1500;
    for (int j = 0; j < kSteps; ++j) {
        for (int i = 0; i < kSteps; ++i) {
            const double y = (j + 0.5) / kSteps, phi = 2 * kPi * (i + 0.5) / kSteps;
            const double r = std::sqrt(1 - y * y);
            const Vec3 d(r * std::cos(phi), y, r * std::sin(phi));
            const double f =
                base + double(test.layer.eval(wo, {float(d.x()), float(d.z()), float(d.y())}));
            expected += f * y * sky(d).x();
        }
    }
    expected *= 2 * kPi / (double(kSteps) * kSteps);
    const double drawn =
        mean_radiance(SceneTracer(scene).render(camera, {.spp = 16384}).radiance).x();
    EXPECT_NEAR(drawn, expected, 0.01 * expected);
}

TEST(SceneTracer, RussianRouletteKeepsAConcaveFurnaceWhite) {
    // Inside a bowl light bounces many times: the furnace is white only if what roulette ends is
    // exactly made up for by what it lets live.
    TriMesh bowl = testing::make_sphere(0.1, 3);
    Triangles faces;
    for (const auto& face : bowl.faces) {
        const double top = std::max(
            {bowl.vertices(face[0], 1), bowl.vertices(face[1], 1), bowl.vertices(face[2], 1)});
        if (top < 0.06) {
            faces.push_back({face[0], face[2], face[1]});
        }
    }
    bowl.faces = faces;
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(bowl, matte(1)));
    scene.environment = constant_environment(1);
    scene.integrator.max_bounces = 500;
    const Camera camera = make_camera({0, 0.4, 0}, {0, 0, 0}, 10, 20);
    EXPECT_NEAR(
        mean_radiance(SceneTracer(scene).render(camera, {.spp = 4096}).radiance).x(), 1, 0.001);
}

TEST(SceneTracer, ErrorFallsFasterThanByChance) {
    // A matte floor under a smooth sky, direct light: 16 times the samples, by chance a quarter of
    // the error.
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_floor(10), matte(0.7)));
    scene.environment = make_environment(
        64, 32, [](const Vec3& d) { return Vec3(2 + d.x(), 2 + d.y() * d.y(), 2 + d.z()); });
    scene.integrator.max_bounces = 0;
    const SceneTracer tracer(scene);
    const Camera camera = make_camera({0, 0.5, 0}, {0, 0, 0}, 24, 1); // everywhere the same light
    const Vec3 exact = mean_radiance(tracer.render(camera, {.spp = 4096, .seed = 1}).radiance);
    const auto error = [&](int spp) {
        const ImageF radiance = tracer.render(camera, {.spp = spp}).radiance;
        double sum = 0;
        for (int y = 0; y < 24; ++y) {
            for (int x = 0; x < 24; ++x) {
                for (int c = 0; c < 3; ++c) {
                    const double off = double(radiance.at(x, y, c)) - exact(c);
                    sum += off * off;
                }
            }
        }
        return std::sqrt(sum / (3 * 24 * 24));
    };
    EXPECT_LT(error(64), error(4) / 6);
    EXPECT_LT(error(256), error(16) / 6);
}

TEST(SceneTracer, MaxBouncesCutsLongPaths) {
    Scene scene = sphere_scene(matte(0.5));
    scene.integrator.max_bounces = 0;
    EXPECT_NEAR(mean_radiance(SceneTracer(scene).render(close_camera(), {.spp = 64}).radiance).x(),
                0.5,
                0.005); // direct light stays
}

Material skin(double albedo, double dmfp_mm, double g = 0) {
    Material material;
    material.albedo = {albedo, albedo, albedo};
    material.ior = 1.4;
    material.roughness = 0.5;
    material.has_subsurface = true;
    material.subsurface.dmfp_mm = {dmfp_mm, dmfp_mm, dmfp_mm};
    material.subsurface.g = g;
    return material;
}

// Each face with vertices, and so a normal, of its own.
TriMesh flat_faced(const TriMesh& mesh) {
    TriMesh flat;
    flat.vertices.resize(3 * static_cast<Eigen::Index>(mesh.faces.size()), 3);
    for (const auto& face : mesh.faces) {
        const int first = 3 * static_cast<int>(flat.faces.size());
        for (int i = 0; i < 3; ++i) {
            flat.vertices.row(first + i) = mesh.vertices.row(face[static_cast<std::size_t>(i)]);
        }
        flat.faces.push_back({first, first + 1, first + 2});
    }
    return flat;
}

double slab_radiance(const Material& material) {
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(flat_faced(testing::make_box(0.1)), material));
    scene.environment = constant_environment(1);
    const Camera camera = make_camera({0, 0.4, 0.02}, {0, 0, 0}, 8, 4);
    return mean_radiance(SceneTracer(scene).render(camera, {.spp = 1024}).radiance).x();
}

// Radiance of a body of flesh in a furnace; all of the picture is the body.
double furnace_radiance(const TriMesh& body, double albedo, int spp) {
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(body, skin(albedo, 0.2)));
    scene.environment = constant_environment(1);
    const Camera camera = make_camera({0, 0.4, 0.02}, {0, 0, 0}, 8, 6);
    return mean_radiance(SceneTracer(scene).render(camera, {.spp = spp}).radiance).x();
}

TEST(SceneTracer, WalksReturnTheAlbedoAskedFor) {
    // Both bodies are 2000 diffuse mean free paths thick. What a black one shows is specular; a
    // white surface, which loses nothing, would show 1.
    for (const TriMesh& body : {flat_faced(testing::make_box(0.1)), testing::make_sphere(0.1, 5)}) {
        const double specular = furnace_radiance(body, 0, 1024);
        for (const double albedo : {0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95}) {
            // Few walks return from dark flesh, but they are short.
            const int spp = static_cast<int>(800 / (albedo * albedo)) + 1;
            const double drawn =
                (furnace_radiance(body, albedo, std::min(spp, 40000)) - specular) / (1 - specular);
            EXPECT_NEAR(drawn / albedo, 1, 0.005)
                << albedo << ", " << body.faces.size() << " faces";
        }
    }
}

// By similarity: the asked albedo at any mean cosine, in a dark medium too, where it fails first.
TEST(SceneTracer, AnisotropicScatteringKeepsTheAlbedo) {
    constexpr double kAlbedo = 0.05;
    const double isotropic = slab_radiance(skin(kAlbedo, 0.5));
    for (const double g : {-0.5, 0.8}) {
        EXPECT_NEAR(slab_radiance(skin(kAlbedo, 0.5, g)), isotropic, 0.005 * kAlbedo) << g;
    }
}

// A face so small that the product of its edges is none in float is shaded all the same.
TEST(SceneTracer, FacesBelowTheRangeOfFloatProductsAreDrawn) {
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(1e-11, 2), matte(0.5)));
    scene.environment = make_environment(8, 4, [](const Vec3&) { return Vec3::Ones(); });
    const Camera camera = make_camera({0, 0, 1e-10}, {0, 0, 0}, 8, 8);
    const RenderResult result = SceneTracer(scene).render(camera, {.spp = 4});
    for (const float value : result.radiance.values()) {
        EXPECT_TRUE(std::isfinite(value));
        EXPECT_GE(value, 0);
    }
}

TEST(SceneTracer, ChannelsOfAWalkAreIndependent) {
    // Colours whose channels differ in everything: each must be what it is alone.
    Material mixed = skin(0.5, 1);
    mixed.albedo = {0.8, 0.4, 0.2};
    mixed.subsurface.dmfp_mm = {3, 1, 0.4};
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(0.01, 3), mixed));
    scene.environment =
        make_environment(32, 16, [](const Vec3& d) { return Vec3::Constant(d.y() > 0 ? 1 : 0); });
    const Camera camera = make_camera({0, 0, 0.1}, {0, 0, 0}, 12, 6);
    const Vec3 drawn = mean_radiance(SceneTracer(scene).render(camera, {.spp = 1024}).radiance);
    for (int c = 0; c < 3; ++c) {
        const auto channel = static_cast<std::size_t>(c);
        scene.meshes[0].materials[0] =
            skin(mixed.albedo[channel], mixed.subsurface.dmfp_mm[channel]);
        const Vec3 alone = mean_radiance(SceneTracer(scene).render(camera, {.spp = 1024}).radiance);
        EXPECT_NEAR(drawn(c), alone(0), 0.02 * alone(0)) << c;
    }
}

TEST(SceneTracer, LongPathsSeeThroughThinFlesh) {
    // Lit from behind, a thin sheet glows when light travels far in it and is dark when not.
    Scene scene;
    TriMesh sheet = testing::make_box(0.05);
    sheet.vertices.col(2) *= 0.03; // 3 mm thick
    scene.meshes.push_back(make_scene_mesh(sheet, skin(0.8, 5)));
    scene.environment = make_environment(
        32, 16, [](const Vec3& d) { return Vec3::Constant(d.z() < -0.1 ? 1 : 0); });
    const Camera camera = make_camera({0, 0, 0.3}, {0, 0, 0}, 6, 4);
    const double far = mean_radiance(SceneTracer(scene).render(camera, {.spp = 256}).radiance).x();
    scene.meshes[0].materials[0] = skin(0.8, 0.3);
    const double near = mean_radiance(SceneTracer(scene).render(camera, {.spp = 256}).radiance).x();
    EXPECT_GT(far, 0.1);
    EXPECT_LT(near, 0.02);
}

TEST(SceneTracer, WalksStayInTheirOwnMesh) {
    // A black sphere of another id inside: light below the skin must not see it.
    Scene scene = sphere_scene(skin(0.6, 20));
    const double alone =
        mean_radiance(SceneTracer(scene).render(close_camera(), {.spp = 256}).radiance).x();
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(0.09, 3), matte(0), 1));
    const double with_other =
        mean_radiance(SceneTracer(scene).render(close_camera(), {.spp = 256}).radiance).x();
    EXPECT_NEAR(with_other, alone, 0.01);
    scene.meshes[1].id = 0; // its own mesh it does see
    EXPECT_LT(mean_radiance(SceneTracer(scene).render(close_camera(), {.spp = 256}).radiance).x(),
              0.9 * alone);
}

Scene two_hand_like_scene() {
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(0.05, 3), skin(0.6, 2), 0));
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(0.05, 3), matte(0.4), 1));
    for (int i = 0; i < 2; ++i) {
        scene.meshes[static_cast<std::size_t>(i)].vertices.col(0).array() += i == 0 ? -0.04 : 0.06;
    }
    scene.environment = make_environment(64, 32, [](const Vec3& d) -> Vec3 {
        return Vec3(0.5 + d.y(), 0.6, 0.7).cwiseMax(0.0) +
               Vec3::Constant(d.dot(Vec3(0.6, 0.8, 0)) > 0.99 ? 500 : 0);
    });
    return scene;
}

/// Half of the sky is dark: what a pixel's samples see of it differs.
Scene half_lit_sphere() {
    Scene scene = sphere_scene(matte(0.6));
    scene.environment = make_environment(
        32, 16, [](const Vec3& d) { return Vec3(d.x() > 0 ? Vec3(3, 2, 1) : Vec3(0, 0, 1)); });
    return scene;
}

TEST(SceneTracer, NoiseIsAsGreatAsTheErrorIs) {
    const SceneTracer tracer(half_lit_sphere());
    const ImageF exact = tracer.render(close_camera(), {.spp = 4096, .seed = 1}).radiance;
    for (const int spp : {2, 3, 8}) {
        double error = 0, noise = 0, mean = 0;
        for (std::uint64_t id = 0; id < 12; ++id) {
            const RenderResult result = tracer.render(close_camera(), {.spp = spp, .id = id});
            for (std::size_t i = 0; i < exact.values().size(); ++i) {
                const double off = double{result.radiance.values()[i]} - double{exact.values()[i]};
                const double told = double{result.noise.values()[i]};
                error += off * off;
                noise += told * told;
                mean += told;
            }
        }
        EXPECT_GT(noise, 0.9 * error) << spp;
        EXPECT_LT(noise, 4 * error) << spp; // stratified samples err less than they differ
        EXPECT_LT(std::abs(mean), 0.1 * std::sqrt(noise * 12 * 432)) << spp;
    }
    EXPECT_TRUE(tracer.render(close_camera(), {.spp = 1}).noise.empty());
}

TEST(SceneTracer, SparingWhereItIsSmoothTakesHalfTheSamplesAndKeepsTheMean) {
    Scene scene = half_lit_sphere();
    scene.meshes = {make_scene_mesh(testing::make_floor(1), matte(0.6))};
    const SceneTracer tracer(scene);
    const Camera camera = make_camera({0, 0.5, 0}, {0, 0, 0}, 40, 20);
    RenderOptions options{.spp = 8};
    const RenderResult whole = tracer.render(camera, options);
    options.spare_smooth = true;
    const RenderResult spared = tracer.render(camera, options);
    EXPECT_EQ(whole.samples, 8u * 1600u);
    EXPECT_GE(spared.samples, 4u * 1600u);
    EXPECT_LT(spared.samples, 5u * 1600u); // few neighbours in the corners
    EXPECT_NEAR(mean_radiance(spared.radiance).x(), mean_radiance(whole.radiance).x(), 0.01);
    options.spp = 2;
    EXPECT_EQ(tracer.render(camera, options).samples, 2u * 1600u);
}

TEST(SceneTracer, PictureIsTheSameOnAnyThreadCountAndAgain) {
    const Scene scene = two_hand_like_scene();
    Camera camera = make_camera({0, 0.05, 0.5}, {0, 0, 0}, 50, 25);
    camera.height = 37;
    const SceneTracer tracer(scene);
    const RenderResult one = tracer.render(camera, {.spp = 4, .threads = 1});
    EXPECT_EQ(one.radiance, tracer.render(camera, {.spp = 4, .threads = 2}).radiance);
    EXPECT_EQ(one.radiance, tracer.render(camera, {.spp = 4, .threads = 3}).radiance);
    const RenderResult again = SceneTracer(scene).render(camera, {.spp = 4});
    EXPECT_EQ(one.radiance, again.radiance);
    EXPECT_EQ(one.labels.depth_z, again.labels.depth_z);
    EXPECT_EQ(one.labels.hand, again.labels.hand);
    EXPECT_NE(one.radiance, tracer.render(camera, {.spp = 4, .seed = 1}).radiance);
    EXPECT_NE(one.radiance, tracer.render(camera, {.spp = 4, .id = 1}).radiance);
}

TEST(SceneTracer, AnotherLightIsAsIfItHadBeenThereFromTheStart) {
    Scene scene;
    scene.meshes = {make_scene_mesh(testing::make_sphere(0.1, 3), matte(0.7))};
    scene.environment = testing::constant_environment(1);
    const SceneTracer first(scene);
    scene.environment = testing::make_environment(
        16, 8, [](const Vec3& d) { return Vec3(1 + d.x(), 1 + d.y(), 1 + d.z()); });
    scene.environment_strength = 1.5;
    scene.environment_rotation_deg = 33;
    const SceneTracer second =
        first.in_light(std::make_shared<const EnvironmentTable>(*scene.environment), 1.5, 33);
    const Camera camera = make_camera({0, 0, 0.5}, {0, 0, 0}, 24, 40);
    RenderOptions options;
    options.spp = 4;
    EXPECT_EQ(second.render(camera, options).radiance,
              SceneTracer(scene).render(camera, options).radiance);
    EXPECT_FALSE(second.render(camera, options).radiance == first.render(camera, options).radiance);
}

TEST(SceneTracer, LeavesOtherThreadsToTheProgram) {
    if (std::thread::hardware_concurrency() < 2) {
        GTEST_SKIP() << "one core";
    }
    const SceneTracer tracer(two_hand_like_scene());
    // Two items that wait for each other end only on two threads.
    std::atomic<int> started{0};
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    parallel_for(2, 2, [&](std::size_t) {
        ++started;
        while (started < 2 && std::chrono::steady_clock::now() < limit) {
            std::this_thread::yield();
        }
        EXPECT_EQ(started.load(), 2);
    });
}

TEST(SceneTracer, NoPixelIsAFireflyOrBlackUnderAStrongSun) {
    Scene scene = two_hand_like_scene();
    auto map = std::make_shared<Environment>(*scene.environment);
    map->radiance = ImageF(128, 64, 3, 0.5f);
    for (int c = 0; c < 3; ++c) {
        map->radiance.at(40, 14, c) = 32000;
    }
    scene.environment = map;
    const Camera camera = make_camera({0, 0.05, 0.5}, {0, 0, 0}, 64, 25);
    const RenderResult result = SceneTracer(scene).render(camera, {.spp = 64});
    for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 64; ++x) {
            if (result.labels.hand.at(x, y) != 0) {
                // The sun's irradiance is about 32000 x 0.0024 sr x 0.93: a fully lit diffuse
                // surface shows at most a third of that, a rough highlight a few times more.
                EXPECT_LT(result.radiance.at(x, y, 1), 150.0f);
                EXPECT_GT(result.radiance.at(x, y, 1), 0.02f);
            }
        }
    }
}

TEST(SceneTracer, RefusesBadScenes) {
    const auto expect_refused = [](const std::function<void(Scene&)>& spoil) {
        Scene scene = sphere_scene(matte(0.5));
        spoil(scene);
        EXPECT_THROW(SceneTracer{scene}, UserError);
    };
    expect_refused([](Scene& s) { s.meshes[0].materials.clear(); });
    expect_refused([](Scene& s) { s.meshes[0].faces[3][1] = 100000; });
    expect_refused([](Scene& s) { s.meshes[0].faces[3][1] = -1; });
    expect_refused([](Scene& s) { s.meshes[0].vertices(5, 1) = std::nan(""); });
    expect_refused([](Scene& s) { s.meshes[0].materials[0].albedo[1] = 1.5; });
    expect_refused([](Scene& s) { s.meshes[0].materials[0].ior = 0; });
    expect_refused([](Scene& s) { s.meshes[0].materials[0].second_lobe.share = 1.5; });
    expect_refused([](Scene& s) { s.meshes[0].materials[0].second_lobe.roughness_factor = 0; });
    expect_refused([](Scene& s) { s.meshes[0].materials[0].coat.weight = -1; });
    expect_refused([](Scene& s) { s.meshes[0].materials[0].coat.ior = 0.5; });
    expect_refused([](Scene& s) { s.meshes[0].vertex_albedo.resize(3); });
    expect_refused([](Scene& s) { s.meshes[0].vertex_coat.resize(3); });
    expect_refused([](Scene& s) {
        s.meshes[0].vertex_coat.assign(std::size_t(s.meshes[0].vertices.rows()), 2.0f);
    });
    expect_refused([](Scene& s) { s.meshes[0].face_material = {7}; });
    expect_refused([](Scene& s) { s.meshes[0].id = 300; });
    expect_refused([](Scene& s) { s.integrator.max_bounces = -1; });
    const SceneTracer tracer(sphere_scene(matte(0.5)));
    EXPECT_THROW(tracer.render(close_camera(), {.spp = 0}), UserError);
    Camera camera = close_camera();
    camera.width = 0;
    EXPECT_THROW(tracer.render(camera, {}), UserError);
    camera = close_camera();
    camera.cam_from_world.rotation *= 2;
    EXPECT_THROW(tracer.render(camera, {}), UserError);
}

TEST(SceneTracer, SurvivesDegenerateMeshes) {
    Scene scene = sphere_scene(skin(0.5, 1));
    scene.meshes[0].faces.push_back({0, 0, 1});
    scene.meshes[0].faces.push_back({2, 2, 2});
    scene.meshes[0].normals = Points::Zero(scene.meshes[0].vertices.rows(), 3);
    SceneMesh empty;
    empty.materials = {matte(0.5)};
    empty.vertices.resize(0, 3);
    scene.meshes.push_back(empty);
    const ImageF radiance = SceneTracer(scene).render(wide_camera(16), {.spp = 16}).radiance;
    for (const float value : radiance.values()) {
        EXPECT_TRUE(std::isfinite(value) && value >= 0);
    }
}

} // namespace
} // namespace rih
