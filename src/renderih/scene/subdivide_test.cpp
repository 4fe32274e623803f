// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/subdivide.h"

#include "renderih/base/error.h"
#include "renderih/geometry/test_meshes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

const Quads kCubeFaces = {
    {0, 1, 3, 2}, {4, 6, 7, 5}, {0, 4, 5, 1}, {2, 3, 7, 6}, {0, 2, 6, 4}, {1, 5, 7, 3}};

// Corner i at x = bit 2, y = bit 1, z = bit 0; faces counter-clockwise from outside.
Points cube() {
    Points points(8, 3);
    for (int i = 0; i < 8; ++i) {
        points.row(i) << ((i & 4) ? 1 : -1), ((i & 2) ? 1 : -1), ((i & 1) ? 1 : -1);
    }
    return points;
}

bool has_row(const Points& points, const Vec3& wanted) {
    return ((points.rowwise() - wanted.transpose()).rowwise().norm().array() < 1e-12).any();
}

TEST(Subdivision, RefinesACubeByCatmullAndClarksRules) {
    const Subdivision subdivision(kCubeFaces, 8, {SubdivisionScheme::CatmullClark, 1});
    const Points refined = subdivision.refine(cube());
    ASSERT_EQ(refined.rows(), 26);
    EXPECT_EQ(subdivision.vertex_count(), 26);
    EXPECT_TRUE(has_row(refined, {0, 0, 1}));                // face point
    EXPECT_TRUE(has_row(refined, {0.75, 0.75, 0}));          // edge point
    EXPECT_TRUE(has_row(refined, {5 / 9., 5 / 9., 5 / 9.})); // vertex point
    EXPECT_EQ(subdivision.triangles().size(), 48u);
    EXPECT_TRUE(is_closed(subdivision.triangles()));
    EXPECT_GT(signed_volume({refined, subdivision.triangles()}), 0);
}

TEST(Subdivision, NamesTheControlFaceOfEachTriangle) {
    const Subdivision subdivision(kCubeFaces, 8, {SubdivisionScheme::CatmullClark, 2});
    const Points refined = subdivision.refine(cube());
    const auto& triangles = subdivision.triangles();
    ASSERT_EQ(subdivision.parent_face().size(), triangles.size());
    for (std::size_t t = 0; t < triangles.size(); ++t) {
        Vec3 centre = Vec3::Zero(), face_centre = Vec3::Zero();
        for (const int v : triangles[t]) {
            centre += refined.row(v).transpose() / 3;
        }
        for (const int v : kCubeFaces[static_cast<std::size_t>(subdivision.parent_face()[t])]) {
            face_centre += cube().row(v).transpose() / 4;
        }
        EXPECT_GT(centre.dot(face_centre), 0.6 * centre.norm());
    }
}

TEST(Subdivision, LimitOfASphereIsNearlyRoundWithRadialNormals) {
    const TriMesh sphere = testing::make_sphere(1, 2);
    for (const auto scheme : {SubdivisionScheme::CatmullClark, SubdivisionScheme::Loop}) {
        const Subdivision subdivision(
            sphere.faces, static_cast<int>(sphere.vertices.rows()), {scheme, 1});
        const LimitSurface limit = subdivision.limit(sphere.vertices);
        const double radius = limit.positions.rowwise().norm().mean();
        for (Eigen::Index i = 0; i < limit.positions.rows(); ++i) {
            EXPECT_NEAR(limit.positions.row(i).norm(), radius, 0.02);
            EXPECT_GT(limit.normals.row(i).dot(limit.positions.row(i).normalized()), 0.999);
        }
        EXPECT_TRUE(is_closed(subdivision.triangles()));
    }
}

TEST(Subdivision, ZeroLevelsKeepTheMesh) {
    const TriMesh sphere = testing::make_sphere(1, 1);
    const Subdivision subdivision(
        sphere.faces, static_cast<int>(sphere.vertices.rows()), {SubdivisionScheme::Loop, 0});
    EXPECT_EQ(subdivision.triangles(), sphere.faces);
    EXPECT_EQ(subdivision.refine(sphere.vertices), sphere.vertices);
}

TEST(Subdivision, WeightsAreConvexAndCommuteWithMotion) {
    const Subdivision subdivision(kCubeFaces, 8, {SubdivisionScheme::CatmullClark, 2});
    const MatX weights = subdivision.refine_values(MatX::Identity(8, 8));
    EXPECT_GE(weights.minCoeff(), 0);
    EXPECT_LT((weights.rowwise().sum().array() - 1).abs().maxCoeff(), 1e-12);
    const Mat3 rotation = Eigen::AngleAxisd(0.7, Vec3(1, 2, 3).normalized()).toRotationMatrix();
    const Points moved = (cube() * rotation.transpose()).rowwise() + Eigen::RowVector3d(1, 2, 3);
    const Points expected =
        (subdivision.refine(cube()) * rotation.transpose()).rowwise() + Eigen::RowVector3d(1, 2, 3);
    EXPECT_LT((subdivision.refine(moved) - expected).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(Subdivision, KeepsTextureSeams) {
    // Two quads side by side whose texture coordinates do not touch.
    const Quads faces = {{0, 1, 2, 3}, {1, 4, 5, 2}};
    const Quads uv_faces = {{0, 1, 2, 3}, {4, 5, 6, 7}};
    Points2 uv(8, 2);
    uv << 0, 0, .4, 0, .4, 1, 0, 1, .6, 0, 1, 0, 1, 1, .6, 1;
    const Subdivision subdivision(faces, 6, {SubdivisionScheme::CatmullClark, 2}, uv_faces, 8);
    const Points2 refined = subdivision.refine_uv(uv);
    ASSERT_EQ(subdivision.uv_triangles().size(), subdivision.triangles().size());
    for (std::size_t t = 0; t < subdivision.triangles().size(); ++t) {
        for (const int corner : subdivision.uv_triangles()[t]) {
            const double u = refined(corner, 0);
            EXPECT_TRUE(subdivision.parent_face()[t] == 0 ? u <= 0.4 + 1e-12 : u >= 0.6 - 1e-12);
        }
    }
    const SeamSplit split = split_seams(subdivision.triangles(), subdivision.uv_triangles());
    EXPECT_EQ(static_cast<int>(split.vertex_of.size()), subdivision.vertex_count() + 5);
    for (std::size_t t = 0; t < split.faces.size(); ++t) {
        for (std::size_t i = 0; i < 3; ++i) {
            const auto corner = static_cast<std::size_t>(split.faces[t][i]);
            EXPECT_EQ(split.vertex_of[corner], subdivision.triangles()[t][i]);
            EXPECT_EQ(split.uv_of[corner], subdivision.uv_triangles()[t][i]);
        }
    }
}

TEST(Subdivision, RefusesBadInput) {
    using enum SubdivisionScheme;
    EXPECT_THROW(Subdivision(kCubeFaces, 7, {CatmullClark, 1}), UserError);
    EXPECT_THROW(Subdivision(kCubeFaces, 8, {Loop, 1}), UserError);
    EXPECT_THROW(Subdivision(kCubeFaces, 8, {CatmullClark, 9}), UserError);
    EXPECT_THROW(Subdivision(Quads{{0, 1, 1, 2}}, 3, {CatmullClark, 1}), UserError);
    EXPECT_THROW(Subdivision(Quads{{0, 1, -1, 2}}, 3, {CatmullClark, 1}), UserError);
}

} // namespace
} // namespace rih
