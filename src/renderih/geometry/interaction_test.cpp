// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/interaction.h"

#include "renderih/base/error.h"
#include "renderih/geometry/self_penetration.h"
#include "renderih/geometry/signed_distance.h"
#include "renderih/geometry/test_meshes.h"
#include "renderih/geometry/triangle_distance.h"
#include "renderih/math/rotation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>

namespace rih {
namespace {

using testing::make_box;
using testing::make_mesh;
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

TriMesh joined(const TriMesh& a, const TriMesh& b) {
    TriMesh both;
    both.vertices.resize(a.vertices.rows() + b.vertices.rows(), 3);
    both.vertices << a.vertices, b.vertices;
    both.faces = a.faces;
    const int offset = static_cast<int>(a.vertices.rows());
    for (const auto& f : b.faces) {
        both.faces.push_back({f[0] + offset, f[1] + offset, f[2] + offset});
    }
    return both;
}

/// The part of a sphere of radius r that is within `reach` of a point `c` from its centre.
double cap_area(double r, double c, double reach) {
    return 2 * kPi * r * r * (1 - (r * r + c * c - reach * reach) / (2 * r * c));
}

constexpr double kRadiusA = 0.03, kRadiusB = 0.02; // m
constexpr double kSag = 3e-5; // how far faces lie inside a sphere of 5120 faces, with room

TEST(Interaction, SpheresApartInContactAndOverlapping) {
    Rng rng(1, 0, "interaction");
    const TriMesh a = make_sphere(kRadiusA, 4), b = make_sphere(kRadiusB, 4);
    for (const double gap : {0.01, 0.0015, 0.0005, -0.002, -0.012}) {
        const double c = kRadiusA + kRadiusB + gap;
        const TriMesh near = moved(b, c * random_direction(rng));
        const MeshInteraction m = measure_interaction(a, near);
        EXPECT_EQ(m.intersecting_triangle_pairs > 0, gap < 0);
        EXPECT_NEAR(m.penetration_depth_m, std::max(0.0, -gap), gap < 0 ? 1.5e-4 : 0);
        EXPECT_NEAR(m.min_distance_m, std::max(0.0, gap), 2 * kSag);
        const auto area_at = [&](double reach) {
            return gap < reach ? cap_area(kRadiusA, c, kRadiusB + reach) : 0;
        };
        const double area = area_at(kContactDistance);
        EXPECT_LE(m.contact_area_mm2, 1e6 * 1.002 * area_at(kContactDistance + 2 * kSag));
        EXPECT_GE(m.contact_area_mm2, 1e6 * 0.998 * area_at(kContactDistance - 2 * kSag));
        EXPECT_EQ(m.contact_vertices_a.empty(), gap > kContactDistance);
        // Vertices are spread evenly: their share is the area's share.
        const double share = static_cast<double>(m.contact_vertices_a.size()) /
                             static_cast<double>(a.vertices.rows());
        EXPECT_NEAR(share, area / (4 * kPi * kRadiusA * kRadiusA), 0.006);
    }
}

TEST(Interaction, DepthsAndDistancesAreSymmetric) {
    const TriMesh a = make_sphere(kRadiusA, 3);
    for (const double c : {0.04, 0.055}) {
        const TriMesh b = moved(make_sphere(kRadiusB, 3), Vec3(1, 2, -0.5).normalized() * c);
        const MeshInteraction ab = measure_interaction(a, b), ba = measure_interaction(b, a);
        EXPECT_EQ(ab.penetration_depth_m, ba.penetration_depth_m);
        EXPECT_NEAR(ab.min_distance_m, ba.min_distance_m, 1e-15);
        EXPECT_EQ(ab.intersecting_triangle_pairs, ba.intersecting_triangle_pairs);
        EXPECT_EQ(ab.contact_vertices_a, ba.contact_vertices_b);
    }
}

TEST(Interaction, RigidMotionChangesNothing) {
    Rng rng(2, 0, "interaction");
    const TriMesh a = make_sphere(kRadiusA, 3);
    for (const double c : {0.043, 0.051}) {
        const TriMesh b = moved(make_sphere(kRadiusB, 3), c * random_direction(rng));
        const MeshInteraction before = measure_interaction(a, b);
        for (int i = 0; i < 3; ++i) {
            const Mat3 rotation = rotation_from_axis_angle(3 * random_direction(rng));
            const Vec3 by = 0.3 * random_direction(rng);
            const MeshInteraction after =
                measure_interaction(moved(turned(a, rotation), by), moved(turned(b, rotation), by));
            EXPECT_EQ(after.intersecting_triangle_pairs, before.intersecting_triangle_pairs);
            EXPECT_NEAR(after.penetration_depth_m, before.penetration_depth_m, 1e-12);
            EXPECT_NEAR(after.min_distance_m, before.min_distance_m, 1e-12);
            EXPECT_NEAR(after.contact_area_mm2, before.contact_area_mm2, 1e-6);
            EXPECT_EQ(after.contact_vertices_a, before.contact_vertices_a);
        }
    }
}

TEST(Interaction, NestedMeshesHaveDepthWithoutAPair) {
    const TriMesh outer = make_sphere(0.03, 4), inner = moved(make_box(0.002), {0.004, 0, 0});
    for (const auto& m : {measure_interaction(outer, inner), measure_interaction(inner, outer)}) {
        EXPECT_EQ(m.intersecting_triangle_pairs, 0u);
        // The middle of the box's face nearest to the centre.
        EXPECT_NEAR(m.penetration_depth_m, 0.03 - 0.002, 3e-4);
        EXPECT_EQ(m.min_distance_m, 0);
    }
    EXPECT_EQ(measure_interaction(inner, outer).contact_vertices_a.size(), 8u);
    EXPECT_NEAR(measure_interaction(inner, outer).contact_area_mm2, 6 * 16, 1e-9);

    // One component far away, one swallowed.
    const TriMesh two = joined(moved(make_box(0.002), {1, 0, 0}), inner);
    EXPECT_GT(measure_interaction(two, outer).penetration_depth_m, 0.02);
    // A thing in the hollow of another is not inside it.
    TriMesh hole = make_sphere(0.02, 3);
    for (auto& f : hole.faces) {
        std::swap(f[0], f[1]);
    }
    const MeshInteraction m = measure_interaction(inner, joined(outer, hole));
    EXPECT_EQ(m.penetration_depth_m, 0);
    EXPECT_NEAR(m.min_distance_m, 0.02 - Vec3(0.006, 0.002, 0.002).norm(), 2e-4);
}

TEST(Interaction, EdgesThatPierceWithoutAVertexInsideHaveDepth) {
    // A thin long bar through the box from side to side: no vertex of either is in the other.
    TriMesh bar = make_box(1);
    bar.vertices.col(0) *= 3;
    bar.vertices.col(1) *= 0.1;
    bar.vertices.col(2) *= 0.1;
    bar.vertices.col(1).array() += 0.5;
    const MeshInteraction m = measure_interaction(make_box(1), bar);
    EXPECT_GT(m.intersecting_triangle_pairs, 0u);
    // The bar's lower long edges lie 0.6 below the box's face y = 1; their middles see it.
    EXPECT_NEAR(m.penetration_depth_m, 0.6, 1e-12);
}

TEST(Interaction, FacesAreDeeperThanTheirEdges) {
    // Two crossed bars, 20 mm wide and high, of six faces each, one half sunk into the other: the
    // middle of the buried square is 10 mm deep, which no vertex and no middle of an edge is.
    TriMesh along = make_box(0.01), across = make_box(0.01);
    along.vertices.col(0) *= 10;
    across.vertices.col(2) *= 10;
    across.vertices.col(1).array() += 0.01;
    const double depth = measure_interaction(along, across).penetration_depth_m;
    EXPECT_LE(depth, 0.01 + 1e-12);
    EXPECT_GT(depth, 0.99 * 0.01 - 1e-5);
    // Wholly inside, off the middle: nothing of it is deeper than the face nearest to the middle.
    TriMesh inner = make_box(0.3);
    inner.vertices.col(0).array() += 0.6;
    const double inside = measure_interaction(make_box(1), inner).penetration_depth_m;
    EXPECT_LE(inside, 0.7 + 1e-12);
    EXPECT_GT(inside, 0.99 * 0.7 - 1e-5);
    // Level faces decide slowly; the search ends all the same.
    TriMesh slab = make_box(1);
    slab.vertices.col(1) *= 0.01;
    EXPECT_NEAR(measure_interaction(make_box(1.005), slab).penetration_depth_m, 0.995, 0.01);
}

TEST(Interaction, LeastDistanceIsThatOfAllTrianglePairs) {
    Rng rng(3, 0, "interaction");
    for (int trial = 0; trial < 8; ++trial) {
        const TriMesh a = turned(make_box(1), rotation_from_axis_angle(random_direction(rng)));
        TriMesh b =
            moved(turned(make_sphere(1, 1), rotation_from_axis_angle(random_direction(rng))),
                  3 * random_direction(rng));
        double best = std::numeric_limits<double>::infinity();
        const auto corner = [](const TriMesh& m, const std::array<int, 3>& f) {
            return std::array<Vec3, 3>{
                Vec3(m.vertices.row(f[0])), Vec3(m.vertices.row(f[1])), Vec3(m.vertices.row(f[2]))};
        };
        for (const auto& f : a.faces) {
            for (const auto& g : b.faces) {
                best = std::min(best, triangle_squared_distance(corner(a, f), corner(b, g)));
            }
        }
        EXPECT_EQ(measure_interaction(a, b).min_distance_m, std::sqrt(best));
    }
    // Two crossed edges are nearest: no vertex sees the distance.
    const double quarter = kPi / 4;
    const TriMesh roof = turned(make_box(1), rotation_about(0, quarter));
    const TriMesh crossed = moved(turned(make_box(1), rotation_about(1, quarter)), {0, 0, 4});
    EXPECT_NEAR(measure_interaction(roof, crossed).min_distance_m, 4 - 2 * std::sqrt(2.0), 1e-12);
}

TEST(Interaction, TouchingIsIntersecting) {
    const MeshInteraction m = measure_interaction(make_box(1), moved(make_box(1), {2, 0, 0}));
    EXPECT_GT(m.intersecting_triangle_pairs, 0u);
    EXPECT_EQ(m.min_distance_m, 0);
    EXPECT_EQ(m.penetration_depth_m, 0);
}

TEST(Interaction, BadMeshesAreTheUsersError) {
    const TriMesh a = make_box(1);
    TriMesh bad = a;
    bad.vertices(0, 0) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(measure_interaction(a, bad), UserError);
    bad = a;
    bad.faces.pop_back();
    EXPECT_THROW(measure_interaction(bad, a), UserError);
    bad = a;
    bad.faces[0][0] = 99;
    EXPECT_THROW(measure_interaction(bad, a), UserError);
    EXPECT_THROW(measure_interaction(a, {a.vertices, {}}), UserError);
    EXPECT_THROW(measure_interaction(a, a, -1), UserError);
}

std::vector<int> range(int first, int count) {
    std::vector<int> v(static_cast<std::size_t>(count));
    std::iota(v.begin(), v.end(), first);
    return v;
}

TEST(SelfPenetration, FindsTheDeepestPairAndLeavesNeighboursOut) {
    // Boxes of half a metre at 0, 0.9, 1.7 and far away.
    const TriMesh box = make_box(0.5);
    Points vertices(32, 3);
    std::vector<MeshPart> parts;
    const std::array<double, 4> place{0, 0.9, 1.7, 10};
    for (int i = 0; i < 4; ++i) {
        vertices.middleRows(8 * i, 8) = box.vertices;
        vertices.middleRows(8 * i, 8).col(0).array() += place.at(static_cast<std::size_t>(i));
        // Not quite in line, so that no vertex is on a face.
        vertices.middleRows(8 * i, 8).rightCols(2) *= 1 - 0.1 * i;
        parts.push_back({range(8 * i, 8), box.faces});
    }
    NeighbourMatrix none = NeighbourMatrix::Constant(4, 4, false);
    const SelfPenetration all = measure_self_penetration(vertices, parts, none);
    // Part 2's low end is at 1.2, part 1's high end at 1.4; 0.05 from the sides.
    EXPECT_NEAR(all.pair_depth_m(2, 1), 0.05, 1e-12);
    EXPECT_NEAR(all.pair_depth_m(1, 0), 0.05, 1e-12);
    EXPECT_EQ(all.pair_depth_m(0, 1), 0); // no vertex of the larger is in the smaller
    EXPECT_EQ(all.pair_depth_m.row(3).sum() + all.pair_depth_m.col(3).sum(), 0);
    EXPECT_NEAR(all.depth_m, 0.05, 1e-12);
    EXPECT_GE(all.vertex, 8);

    NeighbourMatrix some = none;
    some(0, 1) = some(1, 0) = true;
    const SelfPenetration rest = measure_self_penetration(vertices, parts, some);
    EXPECT_EQ(rest.pair_depth_m(1, 0), 0);
    EXPECT_EQ(rest.vertex_part, 2);
    EXPECT_EQ(rest.in_part, 1);
    some(1, 2) = some(2, 1) = true;
    EXPECT_EQ(self_penetration_depth(vertices, parts, some), 0);
}

TEST(SelfPenetration, SharedVerticesAreSkipped) {
    // Part 1 owns one vertex that is deep inside part 0 and belongs to both.
    const TriMesh box = make_box(1);
    TriMesh whole = joined(box, moved(make_box(0.2), {1.1, 0, 0}));
    std::vector<MeshPart> parts{{range(0, 8), box.faces}, {range(8, 8), box.faces}};
    const NeighbourMatrix none = NeighbourMatrix::Constant(2, 2, false);
    EXPECT_NEAR(self_penetration_depth(whole.vertices, parts, none), 0.1, 1e-12);
    EXPECT_FALSE(neighbours_by_shared_vertices(parts)(0, 1));
    parts[0].vertices = range(0, 16); // now all of part 1's vertices are part 0's too
    EXPECT_EQ(self_penetration_depth(whole.vertices, parts, none), 0);
    EXPECT_TRUE(neighbours_by_shared_vertices(parts)(0, 1));
    EXPECT_TRUE(neighbours_by_shared_vertices(parts)(1, 0));
    EXPECT_FALSE(neighbours_by_shared_vertices(parts)(0, 0));
}

// A fork: two prongs on one base, the second prong bent over into the first.
TEST(SelfPenetration, OnlyCoveredSkinCounts) {
    const TriMesh box = make_box(0.5);
    const TriMesh body = joined(box, moved(turned(box, rotation_about(2, 0.3)), {0.9, 0.05, 0.02}));
    const std::vector<MeshPart> parts{{range(0, 8), box.faces}, {range(8, 8), box.faces}};
    const PartSolids solids(body.vertices, parts);
    const MeshDistance whole(body);
    const MatX both = solids.covered_depths(body.vertices, body.faces, whole);
    const NeighbourMatrix none = NeighbourMatrix::Constant(2, 2, false);
    EXPECT_GT(both.maxCoeff(), 0.01);
    EXPECT_EQ(both, solids.measure(body.vertices, none).pair_depth_m); // all of it is covered
    // The same parts where the whole is another body, of which only one part is left: the vertices
    // of part 1 inside part 0 are covered still, those of part 0 inside part 1 are not.
    const MeshDistance first({body.vertices, box.faces});
    const MatX one = solids.covered_depths(body.vertices, body.faces, first);
    EXPECT_EQ(one(1, 0), both(1, 0));
    EXPECT_EQ(one(0, 1), 0);
    // Apart, nothing is.
    const TriMesh apart = joined(box, moved(box, {1.2, 0, 0}));
    EXPECT_EQ(solids.covered_depths(apart.vertices, apart.faces, MeshDistance(apart)).maxCoeff(),
              0);
}

TEST(SelfPenetration, BadPartsAreTheUsersError) {
    const TriMesh box = make_box(1);
    const NeighbourMatrix none = NeighbourMatrix::Constant(1, 1, false);
    EXPECT_THROW(measure_self_penetration(
                     box.vertices, std::vector<MeshPart>{{range(1, 8), box.faces}}, none),
                 UserError);
    EXPECT_THROW(
        measure_self_penetration(box.vertices, std::vector<MeshPart>{{range(0, 8), {}}}, none),
        UserError);
}

} // namespace
} // namespace rih
