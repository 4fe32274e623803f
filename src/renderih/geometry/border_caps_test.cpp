// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/border_caps.h"

#include "renderih/base/error.h"
#include "renderih/geometry/test_meshes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::make_mesh;
using testing::make_tube;
using testing::make_well;

double area_of(const TriMesh& mesh, std::size_t first_face) {
    double area = 0;
    for (std::size_t f = first_face; f < mesh.faces.size(); ++f) {
        const auto& [a, b, c] = mesh.faces[f];
        const Vec3 p = mesh.vertices.row(a), q = mesh.vertices.row(b), r = mesh.vertices.row(c);
        area += 0.5 * (q - p).cross(r - p).norm();
    }
    return area;
}

/// An L of area 3 and a comb of area 8; no corner sees the whole comb.
const std::vector<std::vector<Vec3>> kOutlines = {
    {{0, 0, 0}, {2, 0, 0}, {2, 1, 0}, {1, 1, 0}, {1, 2, 0}, {0, 2, 0}},
    {{0, 0, 0},
     {5, 0, 0},
     {5, 2, 0},
     {4, 2, 0},
     {4, 1, 0},
     {3, 1, 0},
     {3, 2, 0},
     {2, 2, 0},
     {2, 1, 0},
     {1, 1, 0},
     {1, 2, 0},
     {0, 2, 0}}};
constexpr std::array<double, 2> kAreas{3, 8};

TEST(BorderCaps, AFlatBorderGetsItsPolygonWhereverItBegins) {
    for (std::size_t shape = 0; shape < kOutlines.size(); ++shape) {
        for (std::size_t start = 0; start < kOutlines[shape].size(); ++start) {
            std::vector<Vec3> outline = kOutlines[shape];
            std::rotate(outline.begin(),
                        outline.begin() + static_cast<std::ptrdiff_t>(start),
                        outline.end());
            TriMesh well = make_well(outline, 1.5);
            const std::size_t walls = well.faces.size();
            const CappedMesh capped = cap_borders(well, "well");
            EXPECT_EQ(capped.loops, 2u); // neither end has a floor
            well.faces = capped.faces;
            EXPECT_TRUE(is_closed(well.faces));
            EXPECT_NEAR(area_of(well, walls), 2 * kAreas[shape], 1e-12) << start;
            EXPECT_NEAR(signed_volume(well), 1.5 * kAreas[shape], 1e-12) << start;
        }
    }
}

TEST(BorderCaps, RaggedRimsAreClosedWithTheirOwnVertices) {
    Rng rng(1, 0, "border caps");
    for (int trial = 0; trial < 20; ++trial) {
        TriMesh tube = make_tube(rng, 6, 10, 0.008, 0.03, rng.uniform(-1.5, 1.5));
        const std::size_t skin = tube.faces.size();
        tube.faces = cap_borders(tube, "tube").faces;
        EXPECT_TRUE(is_closed(tube.faces));
        EXPECT_EQ(tube.faces.size(), skin + 2 * (10 - 2));
        EXPECT_GT(signed_volume(tube), 0);
    }
}

TEST(BorderCaps, AvoidEdgesThatTheSurfaceHas) {
    // A square border 0 1 2 3 whose diagonal 0-2 is an edge of the surface already.
    TriMesh octahedron =
        make_mesh({{0, -1, 0}, {1.2, 0, 0}, {0, 1, 0}, {-1.2, 0, 0}, {1, 0, 1}, {-1, 0, 1}},
                  {{0, 4, 2}, {0, 2, 5}, {0, 1, 4}, {1, 2, 4}, {2, 3, 5}, {3, 0, 5}});
    const Triangles open = octahedron.faces;
    octahedron.faces = cap_borders(octahedron, "octahedron").faces;
    EXPECT_TRUE(is_closed(octahedron.faces));
    // With a tetrahedron on 1 and 3, both diagonals are taken.
    TriMesh blocked = octahedron;
    blocked.vertices.conservativeResize(8, 3);
    blocked.vertices.bottomRows(2) << 0, 1, -3, 0, -1, -3;
    blocked.faces = open;
    blocked.faces.insert(blocked.faces.end(), {{1, 3, 6}, {3, 1, 7}, {1, 6, 7}, {3, 7, 6}});
    EXPECT_THROW(cap_borders(blocked, "blocked"), UserError);
}

TEST(BorderCaps, ABorderBeyondTheBoundIsTheUsersError) {
    const auto disc = [](std::size_t edges) {
        std::vector<Vec3> outline;
        for (std::size_t i = 0; i < edges; ++i) {
            const double phi = 2 * kPi * static_cast<double>(i) / static_cast<double>(edges);
            outline.emplace_back(std::cos(phi), std::sin(phi), 0);
        }
        return make_well(outline, 1);
    };
    EXPECT_EQ(cap_borders(disc(kMaxCappedBorder), "disc").loops, 2u);
    EXPECT_THROW(cap_borders(disc(kMaxCappedBorder + 1), "disc"), UserError);
}

} // namespace
} // namespace rih
