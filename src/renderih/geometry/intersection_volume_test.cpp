// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/intersection_volume.h"

#include "renderih/geometry/test_meshes.h"
#include "renderih/math/rotation.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rih {
namespace {

using testing::make_box;
using testing::make_sphere;
using testing::random_direction;

TriMesh moved(TriMesh mesh, const Vec3& by) {
    mesh.vertices.rowwise() += by.transpose();
    return mesh;
}

TriMesh turned(TriMesh mesh, const Mat3& rotation) {
    mesh.vertices = (mesh.vertices * rotation.transpose()).eval();
    return mesh;
}

TEST(IntersectionVolume, BoxesShareABox) {
    const TriMesh box = make_box(1);
    EXPECT_NEAR(intersection_volume(box, moved(box, {0.5, 0.25, 1.5})), 1.5 * 1.75 * 0.5, 1e-14);
    EXPECT_NEAR(intersection_volume(box, moved(box, {0, 0, 1.5})), 2 * 2 * 0.5, 1e-14);
    EXPECT_NEAR(intersection_volume(box, box), 8, 1e-14); // every face coincides
    EXPECT_NEAR(intersection_volume(box, moved(make_box(0.25), {0.1, 0, 0})), 0.125, 1e-15);
    EXPECT_NEAR(intersection_volume(moved(make_box(0.25), {0.1, 0, 0}), box), 0.125, 1e-15);
    EXPECT_NEAR(intersection_volume(moved(make_box(0.5), {0.5, 0, 0}), box), 1, 1e-15); // touches
}

TEST(IntersectionVolume, IsZeroExactlyWhenNothingOverlaps) {
    const TriMesh box = make_box(1);
    EXPECT_EQ(intersection_volume(box, moved(box, {2.5, 0, 0})), 0);
    EXPECT_EQ(intersection_volume(box, moved(box, {2, 0.3, 0.1})), 0); // faces touch
    EXPECT_EQ(intersection_volume(box, moved(box, {0.3, 0.1, 2})), 0);
    EXPECT_EQ(intersection_volume(box, moved(box, {0.3, 0.1, -2})), 0);
    EXPECT_EQ(intersection_volume(box, moved(box, {2, 2, 0})), 0); // edges touch
    EXPECT_EQ(intersection_volume(box, moved(box, {2, 2, 2})), 0); // corners touch
    // One ulp of overlap is overlap.
    TriMesh deeper = moved(box, {2, 0, 0});
    for (Eigen::Index i = 0; i < 8; ++i) {
        if (deeper.vertices(i, 0) == 1) {
            deeper.vertices(i, 0) = std::nextafter(1.0, 0.0);
        }
    }
    EXPECT_DOUBLE_EQ(intersection_volume(box, deeper), 4 * 0x1p-53);
}

TEST(IntersectionVolume, SpheresShareALens) {
    Rng rng(1, 0, "volume");
    const TriMesh a = make_sphere(1, 4), b = make_sphere(1, 4);
    for (const double d : {0.2, 1.0, 1.5, 1.9}) {
        const double lens = kPi * (4 + d) * (2 - d) * (2 - d) / 12;
        const TriMesh turned_b = turned(b, rotation_from_axis_angle(random_direction(rng)));
        // The meshes lie up to 0.2 % inside their spheres, along 2 pi of surface.
        EXPECT_NEAR(intersection_volume(a, moved(turned_b, d * random_direction(rng))), lens, 0.01);
    }
}

TEST(IntersectionVolume, IsSymmetricAndDoesNotTurn) {
    Rng rng(2, 0, "volume");
    for (int trial = 0; trial < 20; ++trial) {
        const TriMesh a = turned(make_box(1), rotation_from_axis_angle(random_direction(rng)));
        const TriMesh b =
            moved(turned(make_sphere(0.8, 2), rotation_from_axis_angle(2 * random_direction(rng))),
                  rng.uniform(0, 1.8) * random_direction(rng));
        const double volume = intersection_volume(a, b);
        EXPECT_NEAR(intersection_volume(b, a), volume, 1e-13);
        const Mat3 rotation = rotation_from_axis_angle(3 * random_direction(rng));
        EXPECT_NEAR(intersection_volume(turned(a, rotation), turned(b, rotation)), volume, 1e-13);
        EXPECT_EQ(volume > 0, measure_interaction(a, b).penetration_depth_m > 0);
        // What is in a is not in its surroundings: the share of a larger box is all of b.
        EXPECT_NEAR(intersection_volume(make_box(4), b), signed_volume(b), 1e-13);
    }
}

// A sum over thin slices that shares nothing with the tested code: a grid of points.
TEST(IntersectionVolume, AgreesWithCountedPoints) {
    Rng rng(3, 0, "volume");
    const TriMesh a = turned(make_box(1), rotation_from_axis_angle(random_direction(rng)));
    const TriMesh b = moved(make_sphere(0.9, 2), {0.7, 0.6, 0.3});
    const MeshDistance in_a(a), in_b(b);
    constexpr int kSteps = 60;
    int count = 0;
    for (int i = 0; i < kSteps * kSteps * kSteps; ++i) {
        const Vec3 cell(i % kSteps, i / kSteps % kSteps, i / (kSteps * kSteps));
        const Vec3 x = Vec3(0.7, 0.6, 0.3) + ((cell.array() + 0.5) / kSteps * 2 - 1).matrix();
        count += in_a.inside(x) && in_b.inside(x) ? 1 : 0;
    }
    const double counted = 8.0 * count / (kSteps * kSteps * kSteps);
    EXPECT_NEAR(intersection_volume(a, b), counted, 0.005 * counted);
}

} // namespace
} // namespace rih
