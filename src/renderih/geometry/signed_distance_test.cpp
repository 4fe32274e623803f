// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/signed_distance.h"

#include "renderih/base/error.h"
#include "renderih/geometry/test_meshes.h"
#include "renderih/geometry/triangle_distance.h"
#include "renderih/math/gradient_check.h"
#include "renderih/math/rotation.h"

#include <gtest/gtest.h>

#include <limits>

namespace rih {
namespace {

using testing::make_box;
using testing::make_mesh;
using testing::make_sphere;
using testing::make_tube;
using testing::random_direction;
using testing::random_in_box;

/// A capped tube, in one of three cases so much bent that it passes through itself.
TriMesh closed_tube(Rng& rng) {
    const int rings = 5 + static_cast<int>(rng.uniform_index(12));
    const int around = 6 + static_cast<int>(rng.uniform_index(12));
    const bool coiled = rng.uniform_index(3) == 0;
    const double bend = rng.uniform(-1, 1) * (coiled ? 9 : 3);
    const TriMesh tube = make_tube(rng, rings, around, 0.008, coiled ? 0.08 : 0.03, bend);
    return {tube.vertices, close_borders(tube.faces)};
}

Vec3 near_mesh(Rng& rng, const TriMesh& mesh) {
    const Vec3 low = mesh.vertices.colwise().minCoeff(), high = mesh.vertices.colwise().maxCoeff();
    const Vec3 margin = 0.1 * (high - low);
    return random_in_box(rng, low - margin, high + margin);
}

/// The nearest point by trying all faces on a fine grid of barycentric coordinates.
double grid_distance(const Vec3& query, const std::array<Vec3, 3>& t) {
    constexpr int kSteps = 200;
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i <= kSteps; ++i) {
        for (int j = 0; i + j <= kSteps; ++j) {
            const double u = double(i) / kSteps, v = double(j) / kSteps;
            best = std::min(best, (t[0] + u * (t[1] - t[0]) + v * (t[2] - t[0]) - query).norm());
        }
    }
    return best;
}

TEST(TriangleDistance, ClosestPointAgreesWithAGrid) {
    Rng rng(1, 0, "closest");
    for (int trial = 0; trial < 200; ++trial) {
        std::array<Vec3, 3> t;
        for (Vec3& x : t) {
            x = random_in_box(rng, Vec3::Constant(-1), Vec3::Constant(1));
        }
        if (trial % 4 == 1) {
            t[2] = t[0] + rng.uniform(-1, 2) * (t[1] - t[0]); // no area
        } else if (trial % 16 == 2) {
            t[2] = t[1] = t[0];
        }
        const Vec3 query = random_in_box(rng, Vec3::Constant(-2), Vec3::Constant(2));
        const TrianglePoint p = closest_on_triangle(query, t);
        const double reference = grid_distance(query, t);
        EXPECT_LE(std::sqrt(p.squared_distance), reference + 1e-12);
        EXPECT_GE(std::sqrt(p.squared_distance), reference - 0.02);
        EXPECT_NEAR((p.point - query).squaredNorm(), p.squared_distance, 1e-12);
        const Vec3 rebuilt =
            p.barycentric[0] * t[0] + p.barycentric[1] * t[1] + p.barycentric[2] * t[2];
        EXPECT_LT((rebuilt - p.point).norm(), 1e-12);
        EXPECT_GE(p.barycentric.minCoeff(), 0);
        EXPECT_NEAR(p.barycentric.sum(), 1, 1e-12);
    }
}

TEST(TriangleDistance, KnownSegmentPairs) {
    const Vec3 o(0, 0, 0), x(1, 0, 0);
    EXPECT_DOUBLE_EQ(segment_squared_distance(o, x, {0.5, -1, 2}, {0.5, 1, 2}), 4); // crossed
    EXPECT_DOUBLE_EQ(segment_squared_distance(o, x, {0, 3, 0}, {1, 3, 0}), 9);      // parallel
    EXPECT_DOUBLE_EQ(segment_squared_distance(o, x, {3, 0, 0}, {5, 0, 0}), 4);      // in line
    EXPECT_DOUBLE_EQ(segment_squared_distance(o, x, {4, 4, 0}, {4, 4, 0}), 25);     // a point
    EXPECT_DOUBLE_EQ(segment_squared_distance(o, o, {0, 2, 0}, {0, 2, 0}), 4);      // two points
    EXPECT_DOUBLE_EQ(segment_squared_distance(o, x, {2, 1, 0}, {3, 0, 0}), 2);      // end to inner
}

TEST(MeshDistance, ClosestPointIsTheLeastOverAllFaces) {
    Rng rng(2, 0, "closest");
    for (int m = 0; m < 20; ++m) {
        const TriMesh mesh = closed_tube(rng);
        const MeshDistance distance(mesh);
        for (int i = 0; i < 200; ++i) {
            const Vec3 query = near_mesh(rng, mesh);
            double best = std::numeric_limits<double>::infinity();
            for (const auto& f : mesh.faces) {
                best = std::min(best,
                                closest_on_triangle(query,
                                                    {Vec3(mesh.vertices.row(f[0])),
                                                     Vec3(mesh.vertices.row(f[1])),
                                                     Vec3(mesh.vertices.row(f[2]))})
                                    .squared_distance);
            }
            const ClosestPoint p = distance.closest_point(query);
            ASSERT_NEAR(p.distance, std::sqrt(best), 1e-16); // ties are broken up to rounding
            const auto& f = mesh.faces.at(static_cast<std::size_t>(p.face));
            const Vec3 rebuilt = p.barycentric[0] * mesh.vertices.row(f[0]) +
                                 p.barycentric[1] * mesh.vertices.row(f[1]) +
                                 p.barycentric[2] * mesh.vertices.row(f[2]);
            ASSERT_LT((rebuilt - p.point).norm(), 1e-15);
            // The bounded question gives the same answer or none, on either side of the bound.
            ASSERT_FALSE(distance.closest_within(query, p.distance * (1 - 1e-9)).has_value());
            const auto within = distance.closest_within(query, p.distance * (1 + 1e-9));
            ASSERT_TRUE(within.has_value());
            ASSERT_EQ(within->distance, p.distance);
        }
    }
}

// Tubes bent until they fold into themselves, capped by fans: what the parts of a fist look like.
TEST(MeshDistance, SignIsThatOfTheWindingNumber) {
    Rng rng(3, 0, "sign");
    int inside = 0, overlapped = 0, reversed = 0;
    for (int m = 0; m < 100; ++m) {
        const TriMesh mesh = closed_tube(rng);
        const MeshDistance distance(mesh);
        for (int i = 0; i < 300; ++i) {
            Vec3 query = near_mesh(rng, mesh);
            if (i % 3 == 0) { // close to the surface, where a wrong feature shows
                query = distance.closest_point(query).point + 1e-7 * random_direction(rng);
            }
            const double winding = distance.winding_number(query);
            ASSERT_NEAR(winding, std::round(winding), 1e-6);
            ASSERT_EQ(distance.inside(query), winding > 0.5) << "mesh " << m << " query " << i;
            ASSERT_EQ(distance.inside_distance(query) > 0, winding > 0.5);
            ASSERT_EQ(distance.inside_point(query).has_value(), winding > 0.5);
            if (winding > 0.5) {
                ASSERT_TRUE(distance.maybe_inside(query));
            }
            inside += winding > 0.5;
            overlapped += winding > 1.5;
            reversed += winding < -0.5;
        }
    }
    EXPECT_GT(inside, 5000); // the meshes are what this test is about
    EXPECT_GT(overlapped, 50);
    EXPECT_GT(reversed, 0);
}

// Rays through vertices and along edges and faces of a box on an integer grid.
TEST(MeshDistance, SignOnAGridThatHitsEveryDegeneracy) {
    const MeshDistance distance(make_box(2));
    for (int x = -3; x <= 3; ++x) {
        for (int y = -3; y <= 3; ++y) {
            for (int z = -3; z <= 3; ++z) {
                const int reach = std::max({std::abs(x), std::abs(y), std::abs(z)});
                if (reach != 2) { // on the surface either answer will do
                    EXPECT_EQ(distance.inside(Vec3(x, y, z)), reach < 2);
                }
                if (reach < 2) {
                    EXPECT_EQ(distance.inside_distance(Vec3(x, y, z)), 2 - reach);
                }
            }
        }
    }
}

TEST(MeshDistance, SphereHasItsClosedForm) {
    Rng rng(4, 0, "sphere");
    const MeshDistance distance(make_sphere(0.05, 5));
    for (int i = 0; i < 1000; ++i) {
        const Vec3 query = rng.uniform(0, 0.1) * random_direction(rng);
        // The flat faces lie inside the sphere by at most R (1 - cos(half a face's width)).
        EXPECT_NEAR(distance.inside_distance(query), 0.05 - query.norm(), 3e-5);
    }
}

TEST(MeshDistance, GradientOfOmegaIsItsDerivative) {
    Rng rng(5, 0, "gradient");
    const TriMesh mesh = closed_tube(rng);
    const MeshDistance distance(mesh);
    int checked = 0;
    for (int i = 0; i < 400; ++i) {
        const Vec3 query = near_mesh(rng, mesh);
        Vec3 gradient = Vec3::Constant(9);
        const double omega = distance.inside_distance_clamped(query, &gradient);
        EXPECT_EQ(omega, distance.inside_distance_clamped(query));
        EXPECT_EQ(omega, std::max(distance.inside_distance(query), 0.0));
        if (omega == 0) {
            EXPECT_EQ(gradient, Vec3::Zero());
            continue;
        }
        constexpr double kStep = 1e-7;
        const int face = distance.closest_point(query).face;
        bool smooth = omega > 3 * kStep; // the nearest face does not change within the stencil
        for (int k = 0; k < 3; ++k) {
            for (const double steps : {-2, 2}) {
                smooth = smooth &&
                         distance.closest_point(query + steps * kStep * Vec3::Unit(k)).face == face;
            }
        }
        if (smooth) {
            const auto value = [&](const VecX& x) {
                return distance.inside_distance_clamped(x.head<3>());
            };
            EXPECT_EQ(check_gradient({"x", "y", "z"},
                                     query,
                                     value,
                                     gradient,
                                     {.step = kStep, .tolerance = 1e-5, .floor = 1e-5}),
                      "");
            ++checked;
        }
    }
    EXPECT_GT(checked, 50);
}

TEST(MeshDistance, UpdateEqualsANewOne) {
    Rng rng(6, 0, "update");
    TriMesh mesh = closed_tube(rng);
    MeshDistance moved(mesh);
    for (int trial = 0; trial < 5; ++trial) {
        const Mat3 rotation = rotation_from_axis_angle(2 * random_direction(rng));
        mesh.vertices = (mesh.vertices * rotation.transpose()).eval();
        for (Eigen::Index i = 0; i < mesh.vertices.rows(); ++i) {
            mesh.vertices.row(i) += 0.001 * random_direction(rng).transpose();
        }
        moved.update(mesh.vertices);
        const MeshDistance fresh(mesh), shared = moved.posed(mesh.vertices);
        for (int i = 0; i < 200; ++i) {
            const Vec3 query = near_mesh(rng, mesh);
            ASSERT_NEAR(moved.inside_distance(query), fresh.inside_distance(query), 1e-16);
            ASSERT_EQ(moved.maybe_inside(query), fresh.maybe_inside(query));
            ASSERT_EQ(moved.inside_distance(query), shared.inside_distance(query));
        }
    }
}

TEST(MeshDistance, RefusesWhatHasNoInside) {
    TriMesh box = make_box(1);
    EXPECT_THROW(MeshDistance({box.vertices, {}}), UserError);
    TriMesh open = box;
    open.faces.pop_back();
    EXPECT_THROW(MeshDistance{open}, UserError);
    TriMesh broken = box;
    broken.vertices(3, 0) = std::numeric_limits<double>::infinity();
    EXPECT_THROW(MeshDistance{broken}, UserError);
    MeshDistance distance(box);
    EXPECT_THROW(distance.update(broken.vertices), UserError);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(distance.closest_point({nan, 0, 0}), UserError);
    EXPECT_FALSE(distance.inside({nan, 0, 0}));
}

} // namespace
} // namespace rih
