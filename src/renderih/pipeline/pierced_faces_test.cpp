// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/pierced_faces.h"

#include "renderih/geometry/interaction.h"
#include "renderih/geometry/test_meshes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TriMesh sphere_at(double radius, const Vec3& centre) {
    TriMesh mesh = testing::make_sphere(radius, 3);
    mesh.vertices.rowwise() += centre.transpose();
    return mesh;
}

std::size_t both_ways(const TriMesh& a, const TriMesh& b) {
    return count_pierced_faces(a, b) + count_pierced_faces(b, a);
}

TEST(PiercedFaces, OfSpheresThatCrossOnly) {
    const TriMesh sphere = sphere_at(0.05, {0.3, 0.1, -0.2});
    EXPECT_GT(both_ways(sphere, sphere_at(0.05, {0.38, 0.1, -0.2})), 0u);
    EXPECT_GT(both_ways(sphere, sphere_at(0.05, {0.3, 0.199, -0.2})), 0u) << "by a millimetre";
    EXPECT_EQ(both_ways(sphere, sphere_at(0.05, {0.3, 0.201, -0.2})), 0u);
    EXPECT_EQ(both_ways(sphere, sphere_at(0.02, {0.3, 0.1, -0.2})), 0u) << "one inside the other";
}

// Two ways to the same answer, on spheres that hardly touch.
TEST(PiercedFaces, AgreeWithTheExactTest) {
    for (int i = 0; i < 40; ++i) {
        const double gap = 1e-3 * (i - 20);
        const TriMesh a = sphere_at(0.05, {0, 0, 0});
        const TriMesh b = sphere_at(0.05, (0.1 + gap) * Vec3(1, 0.3 * i, 0.7).normalized());
        EXPECT_EQ(both_ways(a, b) > 0, measure_interaction(a, b).intersecting_triangle_pairs > 0)
            << i;
    }
}

} // namespace
} // namespace rih
