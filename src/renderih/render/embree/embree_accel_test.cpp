// SPDX-License-Identifier: Apache-2.0
// Embree, ray by ray and in packets, against the accelerator that asks every triangle.
#include "renderih/render/embree/embree_accel.h"

#include "renderih/base/rng.h"
#include "renderih/render/core/brute_force_accel.h"
#include "renderih/render/testing/test_scenes.h"

#include <gtest/gtest.h>

#include <bit>

namespace rih {
namespace {

using testing::make_scene_mesh;

struct Twins {
    explicit Twins(const Scene& scene) : data(scene), embree(data) {
        for (const MeshData& mesh : data.meshes()) {
            face_counts.push_back(static_cast<int>(mesh.faces.size()));
        }
        plain = {data.view(), face_counts.data(), static_cast<int>(face_counts.size())};
    }
    SceneData data;
    EmbreeAccel embree;
    std::vector<int> face_counts;
    BruteForceAccel plain;
};

/// Three bodies that reach into each other, of two groups.
Scene three_bodies() {
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(0.1, 3), testing::matte(0.5), 0));
    scene.meshes.push_back(make_scene_mesh(testing::make_box(0.07), testing::matte(0.5), 1));
    TriMesh far = testing::make_sphere(0.05, 2);
    far.vertices.rowwise() += Vec3(0.08, 0.05, 0.02).transpose();
    scene.meshes.push_back(make_scene_mesh(far, testing::matte(0.5), 1));
    return scene;
}

Vec3f random_vector(Rng& rng, float size) {
    const float x = rng.uniform_float(), y = rng.uniform_float(), z = rng.uniform_float();
    return 2.0f * size * (Vec3f{x, y, z} - Vec3f{0.5f, 0.5f, 0.5f});
}

/// Neighbours may both claim a ray through their edge; the distance is the same.
void expect_same(bool found, const Hit& hit, bool plain_found, const Hit& plain) {
    ASSERT_EQ(found, plain_found);
    if (found) {
        EXPECT_NEAR(hit.t, plain.t, 2e-5f * (1 + plain.t));
        EXPECT_EQ(hit.mesh, plain.mesh);
        if (hit.face == plain.face) {
            EXPECT_NEAR(hit.u, plain.u, 2e-3f);
            EXPECT_NEAR(hit.v, plain.v, 2e-3f);
        }
    }
}

TEST(EmbreeAccel, FindsWhatEveryTriangleFinds) {
    const Twins twins(three_bodies());
    Rng rng(1, 0, "embree_accel_test");
    int met = 0;
    for (int i = 0; i < 4000; ++i) {
        const Vec3f origin = random_vector(rng, 0.15f);
        const Vec3f direction = normalize(random_vector(rng, 1));
        const float t_max = i % 2 == 0 ? kFarAway : 0.2f * rng.uniform_float();
        Hit hit, plain;
        const bool found = twins.embree.intersect(origin, direction, t_max, hit);
        expect_same(found, hit, twins.plain.intersect(origin, direction, t_max, plain), plain);
        met += found ? 1 : 0;
        const int group = i % 3 % 2;
        const bool group_found = twins.embree.intersect_group(group, origin, direction, t_max, hit);
        expect_same(group_found,
                    hit,
                    twins.plain.intersect_group(group, origin, direction, t_max, plain),
                    plain);
        if (group_found) {
            EXPECT_EQ(twins.data.meshes()[static_cast<std::size_t>(hit.mesh)].group, group);
        }
    }
    EXPECT_GT(met, 1000);
}

TEST(EmbreeAccel, PacketsFindWhatTheirRaysFind) {
    const Twins twins(three_bodies());
    Rng rng(2, 0, "embree_accel_test");
    int met = 0, blocked_rays = 0;
    for (int i = 0; i < 1000; ++i) {
        const Vec3f direction = normalize(random_vector(rng, 1));
        const Vec3f middle = random_vector(rng, 0.15f);
        Vec3f origins[3];
        float t_max[3];
        for (int k = 0; k < 3; ++k) {
            origins[k] = middle + random_vector(rng, 0.02f);
            t_max[k] = k == 2 ? 0.1f * rng.uniform_float() : kFarAway;
        }
        Hit hits[3], plain[3];
        const unsigned found = twins.embree.intersect_group(1, origins, direction, t_max, hits);
        const unsigned wanted = twins.plain.intersect_group(1, origins, direction, t_max, plain);
        for (int k = 0; k < 3; ++k) {
            expect_same((found >> k & 1u) != 0, hits[k], (wanted >> k & 1u) != 0, plain[k]);
            met += (found >> k & 1u) != 0 ? 1 : 0;
        }

        Vec3f from[8], towards[8];
        const int count = 1 + i % 8;
        for (int k = 0; k < count; ++k) {
            from[k] = middle + random_vector(rng, 0.02f);
            towards[k] = normalize(direction + random_vector(rng, 0.3f));
        }
        const unsigned blocked = twins.embree.occluded(count, from, towards);
        EXPECT_EQ(blocked, twins.plain.occluded(count, from, towards)) << count;
        blocked_rays += static_cast<int>(std::popcount(blocked));
    }
    EXPECT_GT(met, 500);
    EXPECT_GT(blocked_rays, 500);
}

} // namespace
} // namespace rih
