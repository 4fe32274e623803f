// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/things/near_draw.h"
#include "renderih/things/near_mesh.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace rih {
namespace {

Camera camera_at(const Vec3& place) {
    Camera camera;
    camera.width = 512;
    camera.height = 334;
    camera.intrinsics = {500, 500, 256, 167};
    const Vec3 forward = -place.normalized();
    const Vec3 right = forward.cross(Vec3(0, 1, 0)).normalized();
    Mat3 rotation;
    rotation.row(0) = right;
    rotation.row(1) = forward.cross(right);
    rotation.row(2) = forward;
    camera.cam_from_world = {rotation, -(rotation * place)};
    return camera;
}

/// A ball of 9 cm and an arm to the right of it, as what is kept clear of.
struct Blob {
    Points vertices, keypoints;
    Blob() {
        Rng rng(1, 2, "blob");
        vertices.resize(3000, 3);
        for (Eigen::Index i = 0; i < vertices.rows(); ++i) {
            const Vec3 way = Vec3{rng.normal(), rng.normal(), rng.normal()}.normalized();
            vertices.row(i) = 0.09 * way;
            if (i % 3 == 0) {
                vertices(i, 0) += 0.3 * rng.uniform();
            }
        }
        keypoints = 0.7 * vertices.topRows(21);
    }
};

NearSubject subject_of(const Blob& blob, const Vec3& camera) {
    return {{&blob.vertices}, {&blob.keypoints, &blob.keypoints}, camera_at(camera)};
}

/// By Moeller and Trumbore's test of every triangle.
bool is_hit(const SceneMesh& mesh, const Vec3& from, const Vec3& to) {
    const Vec3 way = to - from;
    return std::ranges::any_of(mesh.faces, [&](const auto& face) {
        const Vec3 a = mesh.vertices.row(face[0]);
        const Vec3 ab = Vec3(mesh.vertices.row(face[1])) - a,
                   ac = Vec3(mesh.vertices.row(face[2])) - a, s = from - a;
        const Vec3 p = way.cross(ac), q = s.cross(ab);
        const double determinant = ab.dot(p);
        const double u = s.dot(p) / determinant, v = way.dot(q) / determinant,
                     t = ac.dot(q) / determinant;
        return u >= 0 && v >= 0 && u + v <= 1 && t >= 0 && t <= 1;
    });
}

// Nothing near is where a hand or an arm is, and nothing hides a keypoint.
TEST(Near, KeepsClear) {
    const Blob blob;
    std::set<std::string> kinds;
    for (std::uint64_t record = 0; record < 80; ++record) {
        Rng rng(5, record, "camera");
        const Vec3 way{rng.normal(), std::abs(rng.normal()), rng.normal()};
        const Vec3 camera = 0.6 * way.normalized();
        for (const NearThing& thing : draw_near({0.7, 0.3}, 3, record, subject_of(blob, camera))) {
            kinds.insert(thing.kind);
            const SceneMesh mesh = mesh_of_near(thing);
            const Vec3 low = mesh.vertices.colwise().minCoeff(),
                       high = mesh.vertices.colwise().maxCoeff();
            if (thing.kind == "table") {
                EXPECT_LT(high.y(), blob.vertices.col(1).minCoeff());
            } else if (thing.kind != "wall") {
                // No vertex of the subject in the thing's own box turned upright about its foot.
                const Vec3 foot(thing.numbers.at("x_m"), low.y(), thing.numbers.at("z_m"));
                const NearExtent extent = extent_of(thing);
                for (Eigen::Index v = 0; v < mesh.vertices.rows(); ++v) {
                    const Vec3 p = Vec3(mesh.vertices.row(v)) - foot;
                    EXPECT_LE(std::hypot(p.x(), p.z()), extent.radius) << thing.kind;
                    EXPECT_LE(p.y(), extent.height) << thing.kind;
                }
            }
            for (Eigen::Index k = 0; k < 21; ++k) {
                EXPECT_FALSE(is_hit(mesh, camera, blob.keypoints.row(k))) << thing.kind;
            }
            for (Eigen::Index v = 0; v < blob.vertices.rows(); v += 20) {
                if (thing.kind == "wall") { // all on the camera's side
                    EXPECT_FALSE(is_hit(mesh, camera, blob.vertices.row(v)));
                }
            }
        }
    }
    EXPECT_EQ(kinds.size(), 2 + on_table_kinds().size());
}

// Counter-clockwise from outside, with normals to the same side, and some of every style.
TEST(Near, MeshesFaceOutwards) {
    const auto check = [](const NearThing& thing) {
        const SceneMesh mesh = mesh_of_near(thing);
        double volume = 0;
        for (const auto& face : mesh.faces) {
            const Vec3 a = mesh.vertices.row(face[0]), b = mesh.vertices.row(face[1]),
                       c = mesh.vertices.row(face[2]);
            const Vec3 across = (b - a).cross(c - a);
            volume += a.dot(b.cross(c)) / 6;
            ASSERT_GT(across.norm(), 0) << thing.kind;
            for (const int v : face) {
                EXPECT_GT(across.normalized().dot(Vec3(mesh.normals.row(v))), 0.2) << thing.kind;
            }
        }
        EXPECT_GT(volume, 0) << thing.kind;
    };
    NearThing thing;
    thing.numbers = {{"x_m", 0.1},
                     {"z_m", -0.05},
                     {"top_m", -0.1},
                     {"yaw_deg", 33},
                     {"size", 0.5},
                     {"tint", 0.4},
                     {"pattern", 7},
                     {"style", 0},
                     {"width_m", 1.2},
                     {"depth_m", 0.7},
                     {"distance_m", 0.2}};
    for (const std::string& kind : on_table_kinds()) {
        thing.kind = kind;
        check(thing);
    }
    for (int style = 0; style < std::max(kTableStyles, kWallStyles); ++style) {
        thing.numbers["style"] = style;
        for (const char* kind : {"table", "wall"}) {
            thing.kind = kind;
            check(thing);
        }
    }
}

// A record's file may ask for anything.
TEST(Near, RefusesNumbersOutOfRange) {
    NearThing thing;
    thing.kind = "mug";
    EXPECT_THROW(mesh_of_near(thing), UserError);
    thing.numbers = {
        {"x_m", 0}, {"z_m", 0}, {"top_m", 0}, {"yaw_deg", 0}, {"size", 0.5}, {"tint", 0.5}};
    EXPECT_NO_THROW(mesh_of_near(thing));
    thing.numbers["size"] = std::nan("");
    EXPECT_THROW(mesh_of_near(thing), UserError);
    thing.kind = "elephant";
    EXPECT_THROW(mesh_of_near(thing), UserError);
}

} // namespace
} // namespace rih
