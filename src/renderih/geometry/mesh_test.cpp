// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/mesh.h"

#include "renderih/base/error.h"
#include "renderih/geometry/test_meshes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace rih {
namespace {

using ::testing::ElementsAre;
using testing::make_box;
using testing::make_mesh;
using testing::make_sphere;
using testing::make_tube;

TEST(Mesh, VolumeOfABoxWhereverItIs) {
    TriMesh box = make_box(0.5);
    EXPECT_NEAR(signed_volume(box), 1.0, 1e-15);
    box.vertices.rowwise() += Eigen::RowVector3d(1000, -2000, 300);
    EXPECT_NEAR(signed_volume(box), 1.0, 1e-12);
    for (auto& f : box.faces) {
        std::swap(f[0], f[1]);
    }
    EXPECT_NEAR(signed_volume(box), -1.0, 1e-12);
}

TEST(Mesh, NormalsOfASpherePointOutAndAreZeroWithoutArea) {
    TriMesh sphere = make_sphere(2.0, 3);
    const Eigen::Index count = sphere.vertices.rows();
    sphere.vertices.conservativeResize(count + 1, 3);
    sphere.vertices.row(count).setConstant(7);
    const Points normals = vertex_normals(sphere.vertices, sphere.faces);
    for (Eigen::Index i = 0; i < count; ++i) {
        EXPECT_NEAR(normals.row(i).norm(), 1.0, 1e-14);
        EXPECT_GT(normals.row(i).dot(sphere.vertices.row(i)) / 2, 0.999);
    }
    EXPECT_EQ(normals.row(count).norm(), 0.0);
}

TEST(Mesh, NormalsWeighByArea) {
    // Vertex 0 belongs to a face of area 2 facing z and one of area 1/2 facing x.
    const TriMesh mesh =
        make_mesh({{0, 0, 0}, {2, 0, 0}, {0, 2, 0}, {0, 1, 0}, {0, 0, 1}}, {{0, 1, 2}, {0, 3, 4}});
    const Points normals = vertex_normals(mesh.vertices, mesh.faces);
    EXPECT_LT((normals.row(0).transpose() - Vec3(1, 0, 4).normalized()).norm(), 1e-15);
}

TEST(Mesh, ClosedMeansEveryEdgeOnceEachWay) {
    EXPECT_TRUE(is_closed(make_box(1).faces));
    EXPECT_TRUE(is_closed(make_sphere(1, 1).faces));
    Triangles open = make_box(1).faces;
    open.pop_back();
    EXPECT_FALSE(is_closed(open));
    Triangles turned = make_box(1).faces;
    std::swap(turned[3][0], turned[3][1]);
    EXPECT_FALSE(is_closed(turned));
    Triangles twice = make_box(1).faces;
    twice.insert(twice.end(), twice.begin(), twice.begin() + 12);
    EXPECT_FALSE(is_closed(twice));
    EXPECT_FALSE(is_closed({{0, 0, 1}, {1, 0, 0}}));
}

TEST(Mesh, HasBorderAsBorderLoopsSay) {
    Rng rng(2, 0, "mesh_test");
    for (int trial = 0; trial < 300; ++trial) {
        Triangles faces = trial % 2 == 0 ? make_box(1).faces : Triangles();
        for (std::uint32_t i = rng.uniform_index(5); i > 0; --i) {
            std::array<int, 3> f{};
            for (int& v : f) {
                v = static_cast<int>(rng.uniform_index(4));
            }
            faces.push_back(f);
            if (rng.uniform_index(2) == 0) {
                faces.push_back({f[1], f[0], f[2]}); // its own back
            }
        }
        // An edge from a vertex to itself bounds nothing.
        Triangles proper;
        for (const auto& f : faces) {
            if (f[0] != f[1] && f[1] != f[2] && f[2] != f[0]) {
                proper.push_back(f);
            }
        }
        EXPECT_EQ(has_border(faces), !border_loops(proper).empty());
    }
}

TEST(Mesh, BorderLoopsFollowTheFaces) {
    EXPECT_TRUE(border_loops(make_box(1).faces).empty());
    EXPECT_THAT(border_loops({{5, 3, 4}}), ElementsAre(ElementsAre(3, 4, 5)));
    // Two triangles that touch in vertex 2 alone: two loops, not one through 2 twice.
    EXPECT_THAT(border_loops({{0, 1, 2}, {2, 3, 4}}),
                ::testing::UnorderedElementsAre(ElementsAre(2, 3, 4), ElementsAre(0, 1, 2)));
}

TEST(Mesh, ClosingATubeKeepsItsVolumePositiveAndAddsNoVertex) {
    Rng rng(1, 0, "mesh_test");
    for (int trial = 0; trial < 20; ++trial) {
        const TriMesh tube = make_tube(rng, 6, 10, 0.008, 0.03, rng.uniform(-1.5, 1.5));
        ASSERT_FALSE(is_closed(tube.faces));
        const TriMesh closed{tube.vertices, close_borders(tube.faces)};
        EXPECT_TRUE(is_closed(closed.faces));
        EXPECT_EQ(closed.faces.size(), tube.faces.size() + 2 * (10 - 2));
        EXPECT_GT(signed_volume(closed), 0);
        EXPECT_TRUE(std::equal(tube.faces.begin(), tube.faces.end(), closed.faces.begin()));
        // The hubs: the lowest vertex of either rim.
        EXPECT_EQ(closed.faces[tube.faces.size()][0], 0);
        EXPECT_EQ(closed.faces[tube.faces.size() + 8][0], 50);
    }
}

TEST(Mesh, ClosingAvoidsEdgesThatTheSurfaceHas) {
    // A square border 0 1 2 3 whose diagonal 0-2 is an edge of the surface already (by way of 4):
    // a fan about 0 would use it again; about 1 it is free.
    const Triangles octahedron = {{0, 4, 2}, {0, 2, 5}, {0, 1, 4}, {1, 2, 4}, {2, 3, 5}, {3, 0, 5}};
    ASSERT_EQ(border_loops(octahedron).size(), 1u);
    ASSERT_EQ(border_loops(octahedron)[0].size(), 4u);
    EXPECT_TRUE(is_closed(close_borders(octahedron)));
}

TEST(Mesh, ClosingTouchingHoles) {
    // Two faces of an octahedron that share one vertex are missing.
    Triangles faces = {
        {0, 1, 4}, {1, 2, 4}, {2, 3, 4}, {3, 0, 4}, {1, 0, 5}, {2, 1, 5}, {3, 2, 5}, {0, 3, 5}};
    ASSERT_TRUE(is_closed(faces));
    faces.erase(faces.begin() + 2);
    faces.erase(faces.begin());
    EXPECT_EQ(border_loops(faces).size(), 2u);
    EXPECT_TRUE(is_closed(close_borders(faces)));
}

TEST(Mesh, CheckNamesWhatIsWrong) {
    TriMesh box = make_box(1);
    EXPECT_NO_THROW(check_mesh(box.vertices, box.faces, "box"));
    box.faces[3][1] = 8;
    EXPECT_THROW(check_mesh(box.vertices, box.faces, "box"), UserError);
    box.faces[3][1] = -1;
    EXPECT_THROW(check_mesh(box.vertices, box.faces, "box"), UserError);
    box = make_box(1);
    box.vertices(2, 1) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(check_mesh(box.vertices, box.faces, "box"), UserError);
}

} // namespace
} // namespace rih
