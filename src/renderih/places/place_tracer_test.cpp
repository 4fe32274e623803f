// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/place_tracer.h"

#include "renderih/math/sampling.h"
#include "renderih/places/noise.h"
#include "renderih/places/plants.h"

#include <gmock/gmock.h>

#include <map>

namespace rih {
namespace {

SkyOptions dark() {
    SkyOptions options;
    options.sun_elevation_deg = -40;
    return options;
}

/// The face's own normal against its vertices'.
float agreement(const PlaceMesh& mesh, std::size_t face) {
    const auto& [a, b, c] = mesh.faces[face];
    const auto at = [&](int v) { return mesh.vertices[static_cast<std::size_t>(v)]; };
    const auto normal = [&](int v) { return mesh.normals[static_cast<std::size_t>(v)]; };
    const Vec3f across = cross(at(b) - at(a), at(c) - at(a));
    if (length(across) < 1e-6f) {
        return 1; // where a pillow's meridians meet
    }
    return dot(across, normal(a) + normal(b) + normal(c)) / length(across);
}

// Every solid's faces are seen from where their normals point: else shading and winding disagree.
TEST(PlaceMesh, SolidsFaceOutwards) {
    PlaceMesh mesh;
    const Stand stand{{1, 2, 3}, 0.7f};
    mesh.box(stand, {-1, -1, -1}, {1, 2, 3}, 0, 0.1f);
    mesh.box(stand, {-1, -1, -1}, {1, 2, 3}, 0);
    mesh.cylinder(stand, {0, 0, 0}, {0.3f, 1, 0}, {0.2f, 0.1f}, 12, 0);
    mesh.pillow(stand, {}, {1, 2, 0.5f}, 0.5f, 0);
    mesh.quad(stand, {}, {1, 0, 0}, {0, 1, 0}, 0);
    std::size_t wrong = 0;
    for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
        wrong += agreement(mesh, f) < -1e-3f ? 1 : 0;
    }
    EXPECT_EQ(wrong, 0u);
}

// A bevelled box is closed: every edge between positions has two faces.
TEST(PlaceMesh, BevelsCloseTheBox) {
    PlaceMesh mesh;
    mesh.box({}, {0, 0, 0}, {1, 2, 3}, 0, 0.1f);
    double volume = 0;
    for (const auto& [a, b, c] : mesh.faces) {
        const auto at = [&](int v) { return mesh.vertices[static_cast<std::size_t>(v)]; };
        volume += dot(at(a), cross(at(b), at(c))) / 6;
    }
    EXPECT_LT(volume, 6);
    EXPECT_GT(volume, 6 - 24 * 0.005);
    std::map<std::pair<int, int>, int> edges;
    for (const auto& face : mesh.faces) {
        for (int k = 0; k < 3; ++k) {
            ++edges[{face[k], face[(k + 1) % 3]}];
        }
    }
    for (const auto& [edge, count] : edges) {
        EXPECT_EQ(count, 1);
        EXPECT_EQ(edges.count({edge.second, edge.first}), 1u);
    }
}

/// Ground under a lamp, seen from above.
PlaceScene lamp_scene(const Lamp& lamp) {
    PlaceScene scene;
    const int black = scene.add({.colour_a = {0, 0, 0}});
    scene.mesh.quad({}, {-20, 0, 20}, {40, 0, 0}, {0, 0, -40}, black);
    scene.lamps = {lamp};
    scene.sky = dark();
    return scene;
}

double light_below(const PlaceScene& scene) {
    const Sky sky(scene.sky, 64, 1);
    const PlaceTracer tracer(scene, sky);
    PlacePoint point;
    EXPECT_TRUE(tracer.nearest({0, 0.5f, 0}, {0, -1, 0}, 1e-3f, point));
    double sum = 0;
    constexpr int kPaths = 20000;
    for (int i = 0; i < kPaths; ++i) {
        Rng rng(1, static_cast<std::uint64_t>(i), "test");
        sum += tracer.gather(point, rng).illuminance.y / kPaths;
    }
    return sum;
}

// A square lamp parallel to the ground above it: the form factor of a differential element to a
// rectangle, four times that of a quarter (Howell, A Catalog of Radiation Configuration Factors,
// B-4).
TEST(PlaceTracer, SquareLampMatchesItsFormFactor) {
    Lamp lamp;
    lamp.centre = {-0.5f, 1, -0.5f};
    lamp.side_a = {1, 0, 0};
    lamp.side_b = {0, 0, 1}; // x cross z points down
    lamp.radiance = {100, 100, 100};
    const double a = 0.5, root = std::sqrt(1 + a * a);
    const double quarter = a / root * std::atan(a / root) / (kPiF);
    EXPECT_NEAR(light_below(lamp_scene(lamp)), 4 * quarter * kPiF * 100, 3);
}

// A ball: E = pi L (r / d)^2 straight below it.
TEST(PlaceTracer, BallLampFallsOffWithItsSquare) {
    Lamp lamp;
    lamp.centre = {0, 3, 0};
    lamp.radius = 0.2f;
    lamp.radiance = {1000, 1000, 1000};
    EXPECT_NEAR(light_below(lamp_scene(lamp)), kPiF * 1000 * std::pow(0.2 / 3, 2.0), 0.3);
}

// Light comes into a room through its window alone: as much as the window's piece of sky gives.
TEST(PlaceTracer, RoomIsLitByItsWindow) {
    PlaceScene scene;
    const int black = scene.add({.colour_a = {0, 0, 0}});
    // Five sides of a box, and a wall with a square hole on the sixth.
    const Vec3f low{-2, 0, -2}, high{2, 3, 2};
    scene.mesh.quad({}, {low.x, low.y, high.z}, {4, 0, 0}, {0, 0, -4}, black);
    scene.mesh.quad({}, {low.x, high.y, low.z}, {4, 0, 0}, {0, 0, 4}, black);
    for (const float x : {low.x, high.x}) {
        scene.mesh.quad({}, {x, 0, -2}, {0, 3, 0}, {0, 0, 4}, black);
    }
    scene.mesh.quad({}, {low.x, 0, high.z}, {4, 0, 0}, {0, 3, 0}, black);
    scene.mesh.quad({}, {-2, 0, -2}, {4, 0, 0}, {0, 1, 0}, black);
    scene.mesh.quad({}, {-2, 2, -2}, {4, 0, 0}, {0, 1, 0}, black);
    scene.mesh.quad({}, {-2, 1, -2}, {1.5f, 0, 0}, {0, 1, 0}, black);
    scene.mesh.quad({}, {0.5f, 1, -2}, {1.5f, 0, 0}, {0, 1, 0}, black);
    scene.is_room = true;
    scene.room_low = low - Vec3f{0.05f, 0.05f, 0.05f};
    scene.room_high = high + Vec3f{0.05f, 0.05f, 0.05f};
    scene.windows = {{{-0.5f, 1, -2}, {1, 0, 0}, {0, 1, 0}}};
    scene.sky.sun_elevation_deg = 40;
    scene.sky.sun_azimuth_deg = 90; // behind the room
    const Sky sky(scene.sky, 256, 1);
    const PlaceTracer tracer(scene, sky);
    PlacePoint point;
    ASSERT_TRUE(tracer.nearest({0, 0.5f, -1}, {0, -1, 0}, 1e-3f, point));
    double found = 0, wanted = 0;
    constexpr int kPaths = 20000;
    Rng rng(1, 1, "test");
    for (int i = 0; i < kPaths; ++i) {
        found += luminance(tracer.gather(point, rng).illuminance) / kPaths;
        const Vec3f z_up = sample_cosine_hemisphere({rng.uniform_float(), rng.uniform_float()});
        const Vec3f d{z_up.x, z_up.z, z_up.y};
        const Vec3f at = point.position + (d.z < 0 ? -1 / d.z : 0) * d;
        if (d.z < 0 && std::fabs(at.x) < 0.5f && at.y > 1 && at.y < 2) {
            wanted += kPiF * luminance(sky.radiance(d)) / kPaths;
        }
    }
    EXPECT_GT(wanted, 10);
    EXPECT_NEAR(found / wanted, 1, 0.08);
}

// Noise of a footprint much larger than its lattice is its mean: what is far does not shimmer.
TEST(Noise, FadesUnderLargeFootprints) {
    const Vec2f at{12.34f, -5.6f};
    EXPECT_EQ(fractal_noise(at, 5, 7, 4), 0);
    EXPECT_NE(fractal_noise(at, 5, 7, 0), 0);
    EXPECT_EQ(fractal_noise(at, 5, 7, 0), fractal_noise(at, 5, 7, 0));
    EXPECT_NE(fractal_noise(at, 5, 7, 0), fractal_noise(at, 5, 8, 0));
}

} // namespace
} // namespace rih
