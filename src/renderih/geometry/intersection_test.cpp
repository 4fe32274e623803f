// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/intersection.h"

#include "renderih/base/error.h"
#include "renderih/geometry/predicates.h"
#include "renderih/geometry/test_meshes.h"
#include "renderih/geometry/triangle_tree.h"

#include <gmpxx.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rih {
namespace {

using testing::make_box;
using testing::make_sphere;
using testing::random_direction;
using testing::random_in_box;

// The twin: two convex hulls share a point when 0 is in the hull of their differences, that is
// (Caratheodory) in a simplex of at most four of the nine differences. All in rationals, no
// geometry in common with the tested code.
using Rational3 = std::array<mpq_class, 3>;

Rational3 difference(const Vec3& a, const Vec3& b) {
    return {mpq_class(a.x()) - mpq_class(b.x()),
            mpq_class(a.y()) - mpq_class(b.y()),
            mpq_class(a.z()) - mpq_class(b.z())};
}
mpq_class dot(const Rational3& a, const Rational3& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
Rational3 cross(const Rational3& a, const Rational3& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
bool is_zero(const Rational3& a) {
    return a[0] == 0 && a[1] == 0 && a[2] == 0;
}

bool zero_in_segment(const Rational3& a, const Rational3& b) {
    return is_zero(cross(a, b)) && dot(a, b) <= 0;
}
bool zero_in_triangle(const Rational3& a, const Rational3& b, const Rational3& c) {
    const Rational3 bc = cross(b, c), ca = cross(c, a), ab = cross(a, b);
    if (dot(a, bc) != 0) {
        return false;
    }
    // Three areas about 0 in one plane: of one orientation. All zero means one line: not a
    // simplex, some segment decides.
    if (is_zero(bc) && is_zero(ca) && is_zero(ab)) {
        return false;
    }
    return dot(bc, ca) >= 0 && dot(ca, ab) >= 0 && dot(ab, bc) >= 0;
}
bool zero_in_tetrahedron(const std::array<Rational3, 4>& p) {
    const auto volume = [](const Rational3& a, const Rational3& b, const Rational3& c) {
        return mpq_class(dot(a, cross(b, c)));
    };
    // Barycentric coordinates of 0, times the whole volume.
    const std::array<mpq_class, 4> part{volume(p[1], p[2], p[3]),
                                        -volume(p[0], p[2], p[3]),
                                        volume(p[0], p[1], p[3]),
                                        -volume(p[0], p[1], p[2])};
    const mpq_class whole = part[0] + part[1] + part[2] + part[3];
    if (whole == 0) {
        return false;
    }
    for (const mpq_class& x : part) {
        if (sgn(x) * sgn(whole) < 0) {
            return false;
        }
    }
    return true;
}

bool twin_intersects(const Triangle3& a, const Triangle3& b) {
    std::array<Rational3, 9> d;
    for (std::size_t i = 0; i < 9; ++i) {
        d[i] = difference(a[i / 3], b[i % 3]);
    }
    for (std::size_t i = 0; i < 9; ++i) {
        if (is_zero(d[i])) {
            return true;
        }
        for (std::size_t j = i + 1; j < 9; ++j) {
            if (zero_in_segment(d[i], d[j])) {
                return true;
            }
            for (std::size_t k = j + 1; k < 9; ++k) {
                if (zero_in_triangle(d[i], d[j], d[k])) {
                    return true;
                }
                for (std::size_t l = k + 1; l < 9; ++l) {
                    if (zero_in_tetrahedron({d[i], d[j], d[k], d[l]})) {
                        return true;
                    }
                }
            }
        }
    }
    return false;
}

Triangle3 random_triangle(Rng& rng, double reach) {
    Triangle3 t;
    for (Vec3& x : t) {
        x = random_in_box(rng, Vec3::Constant(-reach), Vec3::Constant(reach));
    }
    return t;
}

/// Small integers: shared vertices, touching edges, coplanar and flat triangles in plenty.
Triangle3 grid_triangle(Rng& rng, int reach) {
    Triangle3 t;
    for (Vec3& x : t) {
        for (int k = 0; k < 3; ++k) {
            x[k] = static_cast<int>(rng.uniform_index(static_cast<std::uint32_t>(2 * reach + 1))) -
                   reach;
        }
    }
    return t;
}

void nudge(Rng& rng, Triangle3& t) {
    Vec3& x = t.at(rng.uniform_index(3));
    double& value = x[static_cast<int>(rng.uniform_index(3))];
    value = std::nextafter(value, rng.uniform_index(2) == 0 ? 10.0 : -10.0);
}

void expect_same_as_twin(const Triangle3& a, const Triangle3& b, int& meeting) {
    const bool expected = twin_intersects(a, b);
    meeting += expected;
    ASSERT_EQ(triangles_intersect(a, b), expected);
    ASSERT_EQ(triangles_intersect(b, a), expected);
    ASSERT_EQ(triangles_intersect({a[1], a[2], a[0]}, {b[0], b[2], b[1]}), expected);
}

TEST(Intersection, RandomTrianglesAgreeWithTheTwin) {
    Rng rng(1, 0, "intersection");
    int meeting = 0;
    for (int i = 0; i < 800; ++i) {
        expect_same_as_twin(random_triangle(rng, 1), random_triangle(rng, 1), meeting);
    }
    EXPECT_GT(meeting, 80);
    EXPECT_LT(meeting, 720);
}

TEST(Intersection, GridTrianglesAgreeWithTheTwin) {
    Rng rng(2, 0, "intersection");
    int meeting = 0;
    for (int i = 0; i < 2000; ++i) {
        const int reach = 1 + i % 3;
        expect_same_as_twin(grid_triangle(rng, reach), grid_triangle(rng, reach), meeting);
    }
    EXPECT_GT(meeting, 200);
    EXPECT_LT(meeting, 1800);
}

TEST(Intersection, CoplanarTrianglesAgreeWithTheTwin) {
    Rng rng(3, 0, "intersection");
    int meeting = 0;
    for (int i = 0; i < 1000; ++i) {
        Triangle3 a = grid_triangle(rng, 3), b = grid_triangle(rng, 3);
        for (std::size_t k = 0; k < 3; ++k) { // the plane z = x + 2 y: exact on the grid
            a[k].z() = a[k].x() + 2 * a[k].y();
            b[k].z() = b[k].x() + 2 * b[k].y();
        }
        expect_same_as_twin(a, b, meeting);
    }
    EXPECT_GT(meeting, 100);
    EXPECT_LT(meeting, 930);
}

TEST(Intersection, OneUlpFromTouchingAgreesWithTheTwin) {
    Rng rng(4, 0, "intersection");
    int meeting = 0;
    for (int i = 0; i < 1200; ++i) {
        const Triangle3 a = random_triangle(rng, 1);
        Triangle3 b = random_triangle(rng, 1);
        // A point of b on a vertex, an edge or the inside of a (rounded), then moved by one ulp.
        const double u = rng.uniform(), v = rng.uniform() * (1 - u);
        b[0] = i % 3 == 0   ? a[1]
               : i % 3 == 1 ? Vec3(a[0] + u * (a[1] - a[0]))
                            : Vec3(a[0] + u * (a[1] - a[0]) + v * (a[2] - a[0]));
        if (i % 2 == 0) {
            nudge(rng, b);
        }
        expect_same_as_twin(a, b, meeting);
    }
    EXPECT_GT(meeting, 120);
}

TEST(Intersection, SharedAndDegenerateTrianglesAgreeWithTheTwin) {
    Rng rng(5, 0, "intersection");
    int meeting = 0;
    for (int i = 0; i < 1500; ++i) {
        Triangle3 a = i % 2 == 0 ? grid_triangle(rng, 2) : random_triangle(rng, 1);
        Triangle3 b = i % 2 == 0 ? grid_triangle(rng, 2) : random_triangle(rng, 1);
        switch (i % 6) {
        case 0:
            a[2] = a[0];
            break;
        case 1:
            a[2] = a[1] = a[0];
            b[1] = b[0];
            break;
        case 2:
            a[2] = 2 * a[1] - a[0];
            b[2] = 2 * b[0] - b[1];
            break;
        case 3:
            b[0] = a[1];
            b[1] = a[0];
            break;
        case 4:
            b = {a[0], a[1], Vec3(a[0] + a[1] - a[2])};
            break;
        default:
            a[2] = 2 * a[1] - a[0];
            b[0] = 0.5 * (a[0] + a[1]);
            break;
        }
        expect_same_as_twin(a, b, meeting);
    }
    EXPECT_GT(meeting, 300);
    EXPECT_LT(meeting, 1500);
}

// Coordinates so large or so small that products overflow or vanish in double precision.
TEST(Intersection, ExtremeMagnitudesAgreeWithTheTwin) {
    Rng rng(6, 0, "intersection");
    int meeting = 0;
    for (int i = 0; i < 300; ++i) {
        Triangle3 a = grid_triangle(rng, 2), b = grid_triangle(rng, 2);
        const double scale = std::array{1e-300, 1e-110, 1e90, 1e160, 1e300}.at(i % 5);
        for (std::size_t k = 0; k < 3; ++k) {
            a[k] *= scale;
            b[k] *= scale;
        }
        if (i % 3 == 0) {
            nudge(rng, b);
        }
        expect_same_as_twin(a, b, meeting);
    }
    EXPECT_GT(meeting, 30);
}

TEST(Intersection, SegmentsAgainstTriangles) {
    const Triangle3 t{Vec3(0, 0, 0), Vec3(2, 0, 0), Vec3(0, 2, 0)};
    EXPECT_TRUE(segment_intersects_triangle({0.5, 0.5, -1}, {0.5, 0.5, 1}, t));
    EXPECT_TRUE(segment_intersects_triangle({0.5, 0.5, 0}, {0.5, 0.5, 1}, t)); // an end touches
    EXPECT_TRUE(segment_intersects_triangle({1, 1, -1}, {1, 1, 1}, t));        // on an edge
    EXPECT_FALSE(segment_intersects_triangle({1.1, 1, -1}, {1.1, 1, 1}, t));
    EXPECT_FALSE(segment_intersects_triangle({0.5, 0.5, 1e-300}, {0.5, 0.5, 1}, t));
    EXPECT_TRUE(segment_intersects_triangle({-1, 1, 0}, {3, 1, 0}, t)); // in the plane, through
    EXPECT_FALSE(segment_intersects_triangle({-1, 3, 0}, {3, 3, 0}, t));
    EXPECT_TRUE(segment_intersects_triangle({0.5, 0.5, 0}, {0.5, 0.5, 0}, t)); // a point
}

TEST(Intersection, MeshPairsAreThoseOfAllAgainstAll) {
    Rng rng(7, 0, "intersection");
    const TriMesh a = make_sphere(1, 2);
    for (int trial = 0; trial < 5; ++trial) {
        TriMesh b = make_sphere(0.7, 2);
        b.vertices.rowwise() += rng.uniform(0.5, 1.5) * random_direction(rng).transpose();
        std::vector<std::pair<int, int>> expected;
        const auto corners = [](const TriMesh& m, int f) {
            Triangle3 t;
            for (std::size_t k = 0; k < 3; ++k) {
                t[k] = m.vertices.row(m.faces.at(static_cast<std::size_t>(f)).at(k)).transpose();
            }
            return t;
        };
        for (int i = 0; i < static_cast<int>(a.faces.size()); ++i) {
            for (int j = 0; j < static_cast<int>(b.faces.size()); ++j) {
                if (triangles_intersect(corners(a, i), corners(b, j))) {
                    expected.emplace_back(i, j);
                }
            }
        }
        EXPECT_FALSE(expected.empty());
        EXPECT_EQ(intersecting_triangles(a, b), expected);
        EXPECT_EQ(intersecting_triangles(a, b, 1).size(), 1u);
        EXPECT_EQ(intersecting_triangles(a, b, 0).size(), 0u);
    }
}

TEST(Intersection, AShiftIsThatOfTheVertices) {
    Rng rng(9, 0, "intersection");
    const TriMesh a = make_sphere(1, 2), b = make_sphere(0.7, 2);
    const TriangleTree tree_a(a.vertices, a.faces), tree_b(b.vertices, b.faces);
    for (int trial = 0; trial < 10; ++trial) {
        const Vec3 shift = rng.uniform(1.4, 1.72) * random_direction(rng);
        TriMesh moved = b;
        moved.vertices.rowwise() += shift.transpose();
        EXPECT_EQ(intersecting_triangles(tree_a, tree_b, SIZE_MAX, shift),
                  intersecting_triangles(a, moved));
    }
    // To the last bit: a box that just touches, and one ulp less.
    const TriMesh box = make_box(1);
    const TriangleTree tree(box.vertices, box.faces);
    EXPECT_FALSE(intersecting_triangles(tree, tree, 1, {2, 0, 0}).empty());
    EXPECT_TRUE(intersecting_triangles(tree, tree, 1, {std::nextafter(2.0, 3.0), 0, 0}).empty());
}

TEST(Intersection, MeshesAgainstThemselves) {
    EXPECT_TRUE(self_intersecting_triangles(TriangleTree(make_box(1).vertices, make_box(1).faces),
                                            make_box(1).faces)
                    .empty());
    // Two spheres in one mesh: the pairs are those between them.
    const TriMesh a = make_sphere(1, 2);
    TriMesh b = make_sphere(0.7, 2);
    b.vertices.col(0).array() += 1.2;
    TriMesh both = a;
    both.vertices.conservativeResize(a.vertices.rows() + b.vertices.rows(), 3);
    both.vertices.bottomRows(b.vertices.rows()) = b.vertices;
    const int vertices = static_cast<int>(a.vertices.rows());
    for (const auto& f : b.faces) {
        both.faces.push_back({f[0] + vertices, f[1] + vertices, f[2] + vertices});
    }
    std::vector<std::pair<int, int>> expected = intersecting_triangles(a, b);
    EXPECT_FALSE(expected.empty());
    for (auto& pair : expected) {
        pair.second += static_cast<int>(a.faces.size());
    }
    EXPECT_EQ(self_intersecting_triangles(TriangleTree(both.vertices, both.faces), both.faces),
              expected);
}

TEST(Intersection, TouchingBoxesCountAndAGapOfOneUlpDoesNot) {
    const TriMesh a = make_box(1);
    TriMesh b = make_box(1);
    b.vertices.col(0).array() += 2;
    EXPECT_FALSE(intersecting_triangles(a, b).empty());
    for (Eigen::Index i = 0; i < 8; ++i) {
        if (b.vertices(i, 0) == 1) {
            b.vertices(i, 0) = std::nextafter(1.0, 2.0);
        }
    }
    EXPECT_TRUE(intersecting_triangles(a, b).empty());
}

TEST(Intersection, NotANumberIsTheUsersError) {
    const TriMesh a = make_box(1);
    TriMesh b = make_box(1);
    b.vertices(4, 2) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(intersecting_triangles(a, b), UserError);
    EXPECT_THROW(intersecting_triangles(b, a), UserError);
    const Triangle3 t{Vec3(0, 0, 0), Vec3(1, 0, 0), Vec3(0, 1, 0)};
    Triangle3 bad = t;
    bad[1].x() = std::numeric_limits<double>::infinity();
    EXPECT_THROW(triangles_intersect(t, bad), UserError);
    EXPECT_THROW(segment_intersects_triangle(bad[1], t[0], t), UserError);
}

TEST(Predicates, FilterAndIntegersAgree) {
    Rng rng(8, 0, "predicates");
    for (int i = 0; i < 5000; ++i) {
        const Triangle3 t = random_triangle(rng, 1);
        // In the plane but for rounding: the hardest there is.
        const double u = rng.uniform(-1, 1), v = rng.uniform(-1, 1);
        const Vec3 d = t[0] + u * (t[1] - t[0]) + v * (t[2] - t[0]);
        EXPECT_EQ(orient3d(t[0], t[1], t[2], d), orient3d_exact(t[0], t[1], t[2], d));
        EXPECT_EQ(orient3d(t[0], t[1], t[2], d), -orient3d(t[1], t[0], t[2], d));
        const Vec2 a = t[0].head<2>(), b = t[1].head<2>(), c = a + u * (b - a);
        EXPECT_EQ(orient2d(a, b, c), orient2d_exact(a, b, c));
        EXPECT_EQ(orient2d(a, b, c), -orient2d(c, b, a));
    }
    EXPECT_EQ(orient3d({0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}), 1);
    EXPECT_EQ(orient2d({0, 0}, {1, 0}, {0, 1}), 1);
}

} // namespace
} // namespace rih
