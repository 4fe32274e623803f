// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/closing.h"

#include "renderih/base/error.h"
#include "renderih/geometry/test_meshes.h"

#include <gtest/gtest.h>

#include <limits>

namespace rih {
namespace {

using testing::make_box;
using testing::make_mesh;
using testing::make_tube;

TEST(Closing, CapsBordersAndLeavesClosedMeshesAlone) {
    const TriMesh box = make_box(1);
    const ClosedMesh same = closed_for_measuring(box, "box");
    EXPECT_EQ(same.capped_loops, 0u);
    EXPECT_EQ(same.mesh.faces.size(), box.faces.size());
    EXPECT_EQ(signed_volume(same.mesh), signed_volume(box));
    TriMesh open = box;
    open.faces.resize(10);
    const ClosedMesh capped = closed_for_measuring(open, "box");
    EXPECT_EQ(capped.capped_loops, 1u);
    EXPECT_TRUE(is_closed(capped.mesh.faces));
    EXPECT_NEAR(signed_volume(capped.mesh), 8, 1e-12);
    Rng rng(1, 0, "closing");
    EXPECT_EQ(closed_for_measuring(make_tube(rng, 5, 8, 1, 4, 0.5), "tube").capped_loops, 2u);
}

TEST(Closing, JoinsTheCornersOfATriangleSoup) {
    const TriMesh box = make_box(1);
    std::vector<Vec3> corners;
    Triangles faces;
    for (const auto& f : box.faces) {
        const int first = static_cast<int>(corners.size());
        for (const int v : f) {
            corners.emplace_back(box.vertices.row(v));
        }
        faces.push_back({first, first + 1, first + 2});
    }
    const ClosedMesh closed = closed_for_measuring(make_mesh(corners, faces), "soup");
    EXPECT_EQ(closed.mesh.vertices.rows(), 8);
    EXPECT_EQ(closed.capped_loops, 0u);
}

TEST(Closing, WhatCannotBeClosedIsTheUsersError) {
    const TriMesh box = make_box(1);
    TriMesh flipped = box;
    std::swap(flipped.faces[3][0], flipped.faces[3][1]);
    EXPECT_THROW(closed_for_measuring(flipped, "one face turned"), UserError);
    TriMesh fin = box;
    fin.vertices.conservativeResize(9, 3);
    fin.vertices.row(8) << 5, 5, 5;
    fin.faces.push_back({box.faces[0][0], box.faces[0][1], 8});
    EXPECT_THROW(closed_for_measuring(fin, "an edge with three faces"), UserError);
    TriMesh inside_out = box;
    for (auto& f : inside_out.faces) {
        std::swap(f[0], f[1]);
    }
    EXPECT_THROW(closed_for_measuring(inside_out, "inside out"), UserError);
    TriMesh flat = box;
    flat.faces.resize(2); // a square and its cap
    EXPECT_THROW(closed_for_measuring(flat, "flat"), UserError);
    EXPECT_THROW(closed_for_measuring({box.vertices, {}}, "empty"), UserError);
    TriMesh broken = box;
    broken.vertices(2, 1) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(closed_for_measuring(broken, "not a number"), UserError);
}

TEST(Closing, DoesNotDependOnHowVerticesAreNumbered) {
    Rng rng(2, 0, "closing");
    TriMesh tube = make_tube(rng, 5, 14, 1, 4, 0.5);
    const TriMesh closed = closed_for_measuring(tube, "tube").mesh;
    for (int trial = 0; trial < 5; ++trial) {
        const auto count = static_cast<std::uint32_t>(tube.vertices.rows());
        for (std::uint32_t v = count - 1; v > 0; --v) { // exchange v with one before it
            const auto a = static_cast<int>(v), b = static_cast<int>(rng.uniform_index(v + 1));
            tube.vertices.row(a).swap(tube.vertices.row(b));
            for (auto& face : tube.faces) {
                for (int& corner : face) {
                    corner = corner == a ? b : corner == b ? a : corner;
                }
            }
        }
        const TriMesh again = closed_for_measuring(tube, "tube").mesh;
        EXPECT_EQ(again.vertices, closed.vertices);
        EXPECT_EQ(again.faces, closed.faces);
    }
}

TEST(Closing, ACapThroughTheSurfaceIsTheUsersError) {
    // A box without its top, whose floor is pulled up to a peak above the rim.
    TriMesh peaked = make_box(1);
    peaked.faces.erase(peaked.faces.begin() + 2, peaked.faces.begin() + 4); // z = 1
    EXPECT_EQ(closed_for_measuring(peaked, "bowl").capped_loops, 1u);
    peaked.faces.erase(peaked.faces.begin(), peaked.faces.begin() + 2); // z = -1
    peaked.vertices.conservativeResize(9, 3);
    peaked.vertices.row(8) << 0.1, 0.2, 1.5;
    for (const auto& [a, b] : {std::pair{0, 2}, {2, 3}, {3, 1}, {1, 0}}) {
        peaked.faces.push_back({a, b, 8});
    }
    EXPECT_THROW(closed_for_measuring(peaked, "peak through the rim"), UserError);
}

TEST(Closing, FarCoordinatesAreTheUsersError) {
    TriMesh far = make_box(1);
    far.vertices *= 1e120; // the volume would be infinite
    EXPECT_THROW(closed_for_measuring(far, "far"), UserError);
}

} // namespace
} // namespace rih
