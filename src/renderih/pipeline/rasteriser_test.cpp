// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/rasteriser.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>

namespace rih {
namespace {

Camera test_camera(int width = 64, int height = 48) {
    Camera camera;
    camera.width = width;
    camera.height = height;
    camera.intrinsics = {60, 55, width / 2.0 + 0.3, height / 2.0 - 0.7};
    return camera;
}

RasterMesh mesh_of(int id, const std::vector<Vec3>& vertices, const Triangles& faces) {
    RasterMesh mesh;
    mesh.id = id;
    mesh.faces = faces;
    mesh.vertices.resize(static_cast<Eigen::Index>(vertices.size()), 3);
    for (std::size_t i = 0; i < vertices.size(); ++i) {
        mesh.vertices.row(static_cast<Eigen::Index>(i)) = vertices[i].transpose();
    }
    return mesh;
}

/// A closed, bumpy ball of latitude and longitude faces.
RasterMesh make_ball(int id, const Vec3& centre, double radius, Rng& rng) {
    constexpr int kRings = 12, kAround = 20;
    std::vector<Vec3> v{centre + Vec3(0, radius, 0)};
    for (int i = 1; i < kRings; ++i) {
        for (int k = 0; k < kAround; ++k) {
            const double theta = kPi * i / kRings, phi = 2 * kPi * k / kAround;
            const double r = radius * (1 + 0.1 * rng.uniform(-1, 1));
            v.push_back(centre + r * Vec3(std::sin(theta) * std::cos(phi),
                                          std::cos(theta),
                                          std::sin(theta) * std::sin(phi)));
        }
    }
    v.push_back(centre - Vec3(0, radius, 0));
    const int last = static_cast<int>(v.size()) - 1;
    Triangles faces;
    for (int k = 0; k < kAround; ++k) {
        const int n = (k + 1) % kAround;
        faces.push_back({0, 1 + n, 1 + k});
        for (int i = 0; i + 2 < kRings; ++i) {
            const int a = 1 + i * kAround, b = a + kAround;
            faces.push_back({a + k, a + n, b + k});
            faces.push_back({a + n, b + n, b + k});
        }
        const int a = 1 + (kRings - 2) * kAround;
        faces.push_back({last, a + k, a + n});
    }
    RasterMesh ball = mesh_of(id, v, faces);
    for (std::size_t f = 0; f < faces.size(); ++f) {
        ball.face_label.push_back(static_cast<std::uint8_t>(1 + f * 4 / faces.size()));
    }
    return ball;
}

struct Hit {
    double z = 0;
    Vec3 barycentric = Vec3::Zero();
};

/// Ray against triangle by solving three equations (Moeller and Trumbore 1997): z, or nothing.
std::optional<Hit> intersect(const Vec3& ray, const std::array<Vec3, 3>& t) {
    Mat3 m;
    m << t[1] - t[0], t[2] - t[0], -ray;
    const double det = m.determinant();
    if (det == 0) {
        return std::nullopt;
    }
    const Vec3 solution = m.inverse() * -t[0];
    const double u = solution[0], v = solution[1], z = solution[2];
    if (u < 0 || v < 0 || u + v > 1 || z < 1e-3) {
        return std::nullopt;
    }
    return Hit{z, {1 - u - v, u, v}};
}

std::array<Vec3, 3> face_in_cam(const Camera& camera, const RasterMesh& mesh, std::size_t f) {
    std::array<Vec3, 3> t;
    for (std::size_t k = 0; k < 3; ++k) {
        t[k] = camera.cam_from_world * Vec3(mesh.vertices.row(mesh.faces[f][k]));
    }
    return t;
}

void expect_same_as_rays(const Camera& camera, const std::vector<RasterMesh>& meshes) {
    const RasterImages images = rasterise(camera, meshes);
    int hits = 0, ambiguous = 0;
    for (int y = 0; y < camera.height; ++y) {
        for (int x = 0; x < camera.width; ++x) {
            const Vec3 ray = camera.ray_in_cam({x + 0.5, y + 0.5});
            std::optional<Hit> best;
            std::size_t best_mesh = 0, best_face = 0;
            std::uint8_t amodal = 0;
            for (std::size_t m = 0; m < meshes.size(); ++m) {
                for (std::size_t f = 0; f < meshes[m].faces.size(); ++f) {
                    const auto hit = intersect(ray, face_in_cam(camera, meshes[m], f));
                    if (hit) {
                        amodal |= static_cast<std::uint8_t>(1 << meshes[m].id);
                        if (!best || hit->z < best->z) {
                            best = hit;
                            best_mesh = m;
                            best_face = f;
                        }
                    }
                }
            }
            const std::uint8_t sure = static_cast<std::uint8_t>(~images.amodal_ambiguous.at(x, y));
            ASSERT_EQ(images.amodal.at(x, y) & sure, amodal & sure) << x << " " << y;
            ambiguous += images.ambiguous.at(x, y);
            if (images.ambiguous.at(x, y) != 0) {
                continue;
            }
            ASSERT_EQ(images.depth_z.at(x, y) > 0, best.has_value()) << x << " " << y;
            if (!best) {
                ASSERT_EQ(images.label.at(x, y), 0);
                continue;
            }
            ++hits;
            ASSERT_NEAR(images.depth_z.at(x, y), best->z, 1e-9);
            ASSERT_EQ(images.mesh.at(x, y), static_cast<int>(best_mesh));
            ASSERT_EQ(images.face.at(x, y), static_cast<int>(best_face));
            ASSERT_EQ(images.label.at(x, y), meshes[best_mesh].face_label[best_face]);
            for (int k = 0; k < 3; ++k) {
                ASSERT_NEAR(images.barycentric.at(x, y, k), best->barycentric[k], 1e-7);
            }
        }
    }
    EXPECT_GT(hits, 100);
    EXPECT_LT(ambiguous, hits / 20); // about epsilon times the length of the borders
}

TEST(Rasteriser, AgreesWithRaysThroughPixelCentres) {
    Rng rng(1, 0, "rasteriser");
    for (int trial = 0; trial < 4; ++trial) {
        Camera camera = test_camera();
        camera.cam_from_world = look_at(Vec3(0.1 * trial, 0.2, -1), Vec3(0, 0, 0.1), Vec3(0, 1, 0));
        expect_same_as_rays(camera,
                            {make_ball(0, {0.05, 0, 0}, 0.2, rng),
                             make_ball(1, {-0.15, 0.05, 0.12 * trial}, 0.25, rng)});
    }
}

TEST(Rasteriser, CutsAtTheNearPlane) {
    Rng rng(2, 0, "rasteriser");
    // The camera is inside one ball: most of its faces cross the near plane or are behind.
    const Camera camera = test_camera();
    expect_same_as_rays(
        camera,
        {make_ball(0, {0.02, 0.03, 0.05}, 0.2, rng), make_ball(1, {0, 0, 0.15}, 0.03, rng)});
    // A floor from far behind the camera to far in front.
    RasterMesh floor = mesh_of(0, {{-5, 0.3, -4}, {5, 0.3, -4}, {0.1, 0.3, 9}}, {{0, 1, 2}});
    floor.face_label = {7};
    expect_same_as_rays(camera, {floor});
}

TEST(Rasteriser, NothingBehindTheCamera) {
    Rng rng(3, 0, "rasteriser");
    const RasterImages images =
        rasterise(test_camera(), std::vector{make_ball(0, {0, 0, -1}, 0.3, rng)});
    for (const double z : images.depth_z.values()) {
        ASSERT_EQ(z, 0);
    }
}

// Vertices and edges exactly on pixel centres: every centre of the square belongs to one of its
// faces, none to two, and those beyond its border to none.
TEST(Rasteriser, SharedEdgesLeaveNoGapAndNoDoubleHit) {
    Camera camera;
    camera.width = camera.height = 16;
    camera.intrinsics = {8, 8, 8, 8};
    // z = 1: pixel coordinates are 8 + 8 x. A grid of squares of 2 pixels, corners at centres.
    std::vector<Vec3> v;
    Triangles faces;
    constexpr int kSide = 5;
    for (int j = 0; j <= kSide; ++j) {
        for (int i = 0; i <= kSide; ++i) {
            v.emplace_back((2.5 + 2 * i - 8) / 8, (2.5 + 2 * j - 8) / 8, 1.0);
        }
    }
    for (int j = 0; j < kSide; ++j) {
        for (int i = 0; i < kSide; ++i) {
            const int a = j * (kSide + 1) + i, b = a + kSide + 1;
            if ((i + j) % 2 == 0) { // both diagonals
                faces.insert(faces.end(), {{a, b, a + 1}, {a + 1, b, b + 1}});
            } else {
                faces.insert(faces.end(), {{a, b, b + 1}, {a, b + 1, a + 1}});
            }
        }
    }
    const RasterMesh whole = mesh_of(0, v, faces);
    const RasterImages images = rasterise(camera, std::vector{whole});
    Image8 count(16, 16, 1);
    for (const auto& f : faces) {
        const RasterImages one = rasterise(camera, std::vector{mesh_of(0, v, {f})});
        for (std::size_t i = 0; i < count.values().size(); ++i) {
            count.values()[i] =
                static_cast<std::uint8_t>(count.values()[i] + one.amodal.values()[i]);
        }
    }
    int covered = 0;
    for (int y = 0; y < 16; ++y) {
        for (int x = 0; x < 16; ++x) {
            ASSERT_LE(count.at(x, y), 1) << x << " " << y;
            ASSERT_EQ(count.at(x, y), images.amodal.at(x, y));
            covered += count.at(x, y);
            const bool inside = x > 2 && x < 12 && y > 2 && y < 12;
            const bool beyond = x < 2 || x > 12 || y < 2 || y > 12;
            if (inside) {
                ASSERT_EQ(count.at(x, y), 1);
                ASSERT_EQ(images.ambiguous.at(x, y), 0); // inner edges are no borders
            } else if (beyond) {
                ASSERT_EQ(count.at(x, y), 0);
                ASSERT_EQ(images.ambiguous.at(x, y), 0);
            } else {
                ASSERT_EQ(images.ambiguous.at(x, y), 1);
                ASSERT_EQ(images.amodal_ambiguous.at(x, y), 1);
            }
        }
    }
    EXPECT_EQ(covered, 100); // ten by ten pixels of area: the rule is fair
}

TEST(Rasteriser, LabelBordersAndTiesAreAmbiguousAndHiddenEdgesAreNot) {
    Camera camera;
    camera.width = camera.height = 16;
    camera.intrinsics = {8, 8, 8, 8};
    const auto square = [](int id, double low, double high, double z) {
        return mesh_of(id,
                       {{low * z, low * z, z},
                        {high * z, low * z, z},
                        {high * z, high * z, z},
                        {low * z, high * z, z}},
                       {{0, 2, 1}, {0, 3, 2}});
    };
    // Two labels meet on the diagonal, which passes pixel centres.
    RasterMesh front = square(0, -0.9, 0.9, 1);
    front.face_label = {3, 5};
    RasterImages images = rasterise(camera, std::vector{front});
    for (int i = 1; i < 15; ++i) {
        EXPECT_EQ(images.ambiguous.at(i, i), 1);
        EXPECT_EQ(images.amodal_ambiguous.at(i, i), 0);
    }
    EXPECT_EQ(images.ambiguous.at(3, 9), 0);
    EXPECT_EQ(images.label.at(9, 3), 3);
    EXPECT_EQ(images.label.at(3, 9), 5);

    // The border of a square behind runs through centres but is hidden; seen alone it is not.
    front.face_label.clear();
    const RasterMesh behind = square(1, -0.5625, 0.5625, 2);
    images = rasterise(camera, std::vector{front, behind});
    EXPECT_EQ(images.ambiguous.at(3, 8), 0);
    EXPECT_EQ(images.amodal_ambiguous.at(3, 8), 2);
    EXPECT_EQ(images.amodal.at(8, 8), 3);
    EXPECT_EQ(images.mesh.at(8, 8), 0);

    // Two surfaces in one place: which is in front is a matter of rounding.
    images = rasterise(camera, std::vector{front, square(1, -0.6, 0.6, 1 + 1e-7)});
    EXPECT_EQ(images.ambiguous.at(6, 9), 1);
    EXPECT_EQ(images.ambiguous.at(2, 8), 0);
    images = rasterise(camera, std::vector{front, square(1, -0.6, 0.6, 1 + 1e-5)});
    EXPECT_EQ(images.ambiguous.at(6, 9), 0);
}

TEST(Rasteriser, SlopeIsTheDerivativeOfDepth) {
    const Camera camera = test_camera();
    const RasterMesh plane = mesh_of(
        0, {{-9, -9, 1.2}, {9, -9, 4.8}, {-9, 9, 3.0}}, {{0, 1, 2}}); // z = 0.2 x + 0.1 y + 3.9
    const RasterImages images = rasterise(camera, std::vector{plane});
    for (int i = 5; i < 20; ++i) {
        const double dx = (images.depth_z.at(i + 1, 9) - images.depth_z.at(i - 1, 9)) / 2;
        const double dy = (images.depth_z.at(i, 10) - images.depth_z.at(i, 8)) / 2;
        EXPECT_NEAR(images.depth_slope.at(i, 9), std::hypot(dx, dy), 1e-4);
    }
}

TEST(Rasteriser, BadInputIsTheUsersError) {
    Rng rng(4, 0, "rasteriser");
    const RasterMesh good = make_ball(0, {0, 0, 1}, 0.2, rng);
    RasterMesh bad = good;
    bad.vertices(5, 1) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(rasterise(test_camera(), std::vector{bad}), UserError);
    bad = good;
    bad.faces[0][2] = 100000;
    EXPECT_THROW(rasterise(test_camera(), std::vector{bad}), UserError);
    bad = good;
    bad.face_label.pop_back();
    EXPECT_THROW(rasterise(test_camera(), std::vector{bad}), UserError);
    bad = good;
    bad.id = 8;
    EXPECT_THROW(rasterise(test_camera(), std::vector{bad}), UserError);
    Camera camera = test_camera();
    camera.width = 0;
    EXPECT_THROW(rasterise(camera, std::vector{good}), UserError);
    camera = test_camera();
    camera.intrinsics.fx = 0;
    EXPECT_THROW(rasterise(camera, std::vector{good}), UserError);
    // Finite, but absurd: no crash, no endless loop.
    bad = good;
    bad.vertices *= 1e8;
    EXPECT_NO_THROW(rasterise(test_camera(), std::vector{bad}));
    bad.vertices *= 1e290;
    EXPECT_THROW(rasterise(test_camera(), std::vector{bad}), UserError);
    camera.intrinsics.fx = 1e300;
    EXPECT_THROW(rasterise(camera, std::vector{good}), UserError);
}

} // namespace
} // namespace rih
