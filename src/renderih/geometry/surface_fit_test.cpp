// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/surface_fit.h"

#include "renderih/geometry/test_meshes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::make_sphere;

GroupedSurface ungrouped(const TriMesh& mesh) {
    return {mesh.vertices, mesh.faces, std::vector<std::uint8_t>(mesh.faces.size(), 0)};
}

double farthest(const Points& points, const GroupedSurface& surface) {
    double most = 0;
    for (Eigen::Index v = 0; v < points.rows(); ++v) {
        most = std::max(most, surface.closest(points.row(v), 0)->distance);
    }
    return most;
}

TEST(SurfaceFit, BendsASphereOntoAnEggOfAnotherMesh) {
    TriMesh egg = make_sphere(0.02, 3);
    egg.vertices.col(0) *= 1.3;
    egg.vertices.col(2) *= 0.85;
    egg.vertices.rowwise() += Eigen::RowVector3d(0.001, 0, -0.001);
    const TriMesh sphere = make_sphere(0.02, 4);
    const GroupedSurface target = ungrouped(egg);
    const Points fitted = fit_surface(ungrouped(sphere), target);
    EXPECT_LT(farthest(fitted, target), 2e-4);
    // All of the egg is covered, and no face of the sphere has turned over.
    EXPECT_LT(farthest(egg.vertices, ungrouped({fitted, sphere.faces})), 3e-4);
    for (const auto& [a, b, c] : sphere.faces) {
        const Vec3 p = fitted.row(a), q = fitted.row(b), r = fitted.row(c);
        EXPECT_GT((q - p).cross(r - p).dot(p), 0);
    }
}

// Without its groups a limb would be drawn to whichever of its neighbours is nearer.
TEST(SurfaceFit, ALimbKeepsToItsOwn) {
    const TriMesh limb = make_sphere(0.01, 2);
    const auto two = [&](double at, double other) {
        Points vertices(2 * limb.vertices.rows(), 3);
        vertices << limb.vertices, limb.vertices;
        vertices.col(1).head(limb.vertices.rows()).array() += at;
        vertices.col(1).tail(limb.vertices.rows()).array() += other;
        Triangles faces = limb.faces;
        const int first = static_cast<int>(limb.vertices.rows());
        for (const auto& [a, b, c] : limb.faces) {
            faces.push_back({a + first, b + first, c + first});
        }
        std::vector<std::uint8_t> groups(limb.faces.size(), 1);
        groups.resize(faces.size(), 2);
        return GroupedSurface(vertices, faces, groups);
    };
    // Both have moved by more than half the gap between them.
    const GroupedSurface target = two(0, 0.024);
    const Points fitted = fit_surface(two(0.013, 0.037), target);
    EXPECT_NEAR(fitted.col(1).head(limb.vertices.rows()).mean(), 0, 2e-3);
    EXPECT_NEAR(fitted.col(1).tail(limb.vertices.rows()).mean(), 0.024, 2e-3);
}

} // namespace
} // namespace rih
