// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/render.h"

#include "renderih/render/testing/test_scenes.h"

#include <gtest/gtest.h>

#include <limits>

namespace rih {
namespace {

using testing::make_camera;
using testing::make_scene_mesh;
using testing::matte;

// The nearest face over all faces, in double: slow and plain.
struct Nearest {
    double depth_z = 0;
    std::size_t mesh = 0, face = 0;
    double edge_distance = 0; ///< smallest barycentric weight
    unsigned hit_ids = 0;     ///< bit of each mesh id that is hit at all
};

Nearest nearest_by_hand(const Scene& scene, const Camera& camera, int x, int y) {
    const Rigid3 world_from_cam = camera.cam_from_world.inverse();
    const Vec3 o = world_from_cam.translation;
    const Vec3 d = world_from_cam.rotation * camera.ray_in_cam({x + 0.5, y + 0.5});
    Nearest nearest;
    for (std::size_t m = 0; m < scene.meshes.size(); ++m) {
        const SceneMesh& mesh = scene.meshes[m];
        for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
            Mat3 system; // a + u (b - a) + v (c - a) = o + t d
            const Vec3 a = mesh.vertices.row(mesh.faces[f][0]);
            system.col(0) = mesh.vertices.row(mesh.faces[f][1]).transpose() - a;
            system.col(1) = mesh.vertices.row(mesh.faces[f][2]).transpose() - a;
            system.col(2) = -d;
            const Vec3 uvt = system.inverse() * (o - a);
            const double edge = std::min({uvt(0), uvt(1), 1 - uvt(0) - uvt(1)});
            if (edge >= 0 && uvt(2) > 0) {
                nearest.hit_ids |= 1u << mesh.id;
                if (nearest.depth_z == 0 || uvt(2) < nearest.depth_z) {
                    nearest.depth_z = uvt(2);
                    nearest.mesh = m;
                    nearest.face = f;
                    nearest.edge_distance = edge;
                }
            }
        }
    }
    return nearest;
}

Scene two_spheres() {
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(0.05, 2), matte(0.6), 0));
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(0.06, 2), matte(0.4), 1));
    scene.meshes[0].vertices.rowwise() += Eigen::RowVector3d(-0.03, 0, 0.05);
    scene.meshes[1].vertices.rowwise() += Eigen::RowVector3d(0.03, 0.01, -0.05);
    for (SceneMesh& mesh : scene.meshes) {
        for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
            mesh.face_label.push_back(static_cast<std::uint8_t>(1 + f % 30));
        }
        mesh.uv = mesh.vertices.leftCols<2>();
    }
    return scene;
}

TEST(Labels, AgreeWithEveryFaceTestedInDouble) {
    const Scene scene = two_spheres();
    Camera camera = make_camera({0.1, 0.05, 0.7}, {0, 0, 0}, 60, 16);
    camera.height = 44;
    const LabelImages labels = SceneTracer(scene).render(camera, {.radiance = false}).labels;
    int hits = 0, both = 0;
    for (int y = 0; y < camera.height; ++y) {
        for (int x = 0; x < camera.width; ++x) {
            const Nearest nearest = nearest_by_hand(scene, camera, x, y);
            EXPECT_EQ(labels.amodal.at(x, y), nearest.hit_ids) << x << " " << y;
            if (nearest.depth_z == 0) {
                EXPECT_EQ(labels.depth_z.at(x, y), 0);
                EXPECT_EQ(labels.hand.at(x, y), 0);
                continue;
            }
            ++hits;
            both += nearest.hit_ids == 3;
            const SceneMesh& mesh = scene.meshes[nearest.mesh];
            EXPECT_NEAR(double(labels.depth_z.at(x, y)), nearest.depth_z, 1e-7);
            EXPECT_EQ(labels.hand.at(x, y), mesh.id + 1);
            if (nearest.edge_distance > 1e-4) {
                EXPECT_EQ(labels.part.at(x, y), mesh.face_label[nearest.face]);
            }
            // Position lies on the ray at that depth; uv is the position's x and y here.
            const Vec3 p(double(labels.position.at(x, y, 0)),
                         double(labels.position.at(x, y, 1)),
                         double(labels.position.at(x, y, 2)));
            const Vec3 in_cam = camera.cam_from_world * p;
            EXPECT_NEAR(in_cam.z(), nearest.depth_z, 1e-6);
            EXPECT_LT((camera.project(in_cam) - Vec2(x + 0.5, y + 0.5)).norm(), 1e-3);
            EXPECT_NEAR(double(labels.uv.at(x, y, 0)), p.x(), 1e-6);
            EXPECT_NEAR(double(labels.uv.at(x, y, 1)), p.y(), 1e-6);
            EXPECT_FLOAT_EQ(labels.albedo.at(x, y, 1), mesh.id == 0 ? 0.6f : 0.4f);
        }
    }
    EXPECT_GT(hits, 500);
    EXPECT_GT(both, 50);
}

TEST(Labels, NormalsAreOfTheSphereInTheCamerasFrame) {
    Scene scene;
    scene.meshes.push_back(make_scene_mesh(testing::make_sphere(0.05, 4), matte(0.5)));
    const Camera camera = make_camera({0.3, 0.4, 0.1}, {0, 0, 0}, 32, 12);
    const LabelImages labels = SceneTracer(scene).render(camera, {.radiance = false}).labels;
    for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 32; ++x) {
            if (labels.hand.at(x, y) == 0) {
                continue;
            }
            Vec3 p, geometric, shading;
            for (int c = 0; c < 3; ++c) {
                p(c) = double(labels.position.at(x, y, c));
                geometric(c) = double(labels.geometric_normal.at(x, y, c));
                shading(c) = double(labels.shading_normal.at(x, y, c));
            }
            const Vec3 expected = camera.cam_from_world.rotation * p.normalized();
            EXPECT_NEAR(shading.norm(), 1, 1e-6);
            EXPECT_GT(shading.dot(expected), 0.9999);
            EXPECT_GT(geometric.dot(expected), 0.998);
            EXPECT_LT(geometric.z(), 0.1); // it faces the camera
        }
    }
    // A real sphere of the radius: depth along the axis.
    EXPECT_NEAR(double(labels.depth_z.at(16, 16)), Vec3(0.3, 0.4, 0.1).norm() - 0.05, 2e-4);
}

// Faces seen edge-on are hit by rays in float whose exact twin meets the plane anywhere or nowhere:
// the label must still be a place on the face.
TEST(Labels, OfFacesSeenEdgeOnLieOnThem) {
    const Camera camera = make_camera({0, 0, 0}, {0, 0, 1}, 32, 60);
    const Rigid3 world_from_cam = camera.cam_from_world.inverse();
    Rng rng(1, 0, "labels_test");
    TriMesh slivers;
    constexpr int kCount = 1024;
    slivers.vertices.resize(3 * kCount, 3);
    for (int i = 0; i < kCount; ++i) {
        const Vec2 centre(i % 32 + 0.5, i / 32 + 0.5);
        const std::array<double, 3> reach{-4, 4, 0.3};
        for (int k = 0; k < 3; ++k) {
            const Vec2 px =
                centre + Vec2(reach[static_cast<std::size_t>(k)], 1e-6 * rng.uniform(-1, 1));
            slivers.vertices.row(3 * i + k) =
                (world_from_cam * (rng.uniform(0.4, 0.6) * camera.ray_in_cam(px))).transpose();
        }
        slivers.faces.push_back({3 * i, 3 * i + 1, 3 * i + 2});
    }
    Scene scene;
    scene.meshes = {make_scene_mesh(slivers, matte(0.5), 0)};
    RenderOptions options;
    options.radiance = false;
    const LabelImages labels = SceneTracer(scene).render(camera, options).labels;
    int hits = 0;
    for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 32; ++x) {
            if (labels.hand.at(x, y) != 0) {
                ++hits;
                EXPECT_GE(labels.depth_z.at(x, y), 0.4f - 1e-5f);
                EXPECT_LE(labels.depth_z.at(x, y), 0.6f + 1e-5f);
                const Vec3 position(double(labels.position.at(x, y, 0)),
                                    double(labels.position.at(x, y, 1)),
                                    double(labels.position.at(x, y, 2)));
                EXPECT_NEAR(
                    (camera.cam_from_world * position).z(), double(labels.depth_z.at(x, y)), 1e-6);
            }
        }
    }
    EXPECT_GT(hits, 20);
}

TEST(Labels, DoNotDependOnSamplesOrRadiance) {
    const Scene scene = two_spheres();
    const Camera camera = make_camera({0.1, 0.05, 0.7}, {0, 0, 0}, 24, 16);
    const SceneTracer tracer(scene);
    const LabelImages alone = tracer.render(camera, {.radiance = false}).labels;
    const LabelImages beside = tracer.render(camera, {.spp = 2, .seed = 9, .threads = 2}).labels;
    EXPECT_EQ(alone.depth_z, beside.depth_z);
    EXPECT_EQ(alone.part, beside.part);
    EXPECT_EQ(alone.amodal, beside.amodal);
    EXPECT_TRUE(tracer.render(camera, {.radiance = false}).radiance.empty());
}

TEST(Labels, AmodalMasksLeaveOutWhatAMeshIgnores) {
    Scene scene = two_spheres();
    const Camera camera = make_camera({0.1, 0.05, 0.7}, {0, 0, 0}, 40, 16);
    const LabelImages whole = SceneTracer(scene).render(camera, {.radiance = false}).labels;
    SceneMesh& behind = scene.meshes[1]; // its upper half is not the hand
    for (std::size_t f = 0; f < behind.faces.size(); ++f) {
        behind.face_label[f] = behind.vertices(behind.faces[f][0], 1) > 0.01 ? 34 : 32;
    }
    behind.amodal_ignores = {34};
    const LabelImages labels = SceneTracer(scene).render(camera, {.radiance = false}).labels;
    int left_out = 0, kept = 0;
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 40; ++x) {
            EXPECT_EQ(labels.amodal.at(x, y) & 1, whole.amodal.at(x, y) & 1);
            if (labels.hand.at(x, y) == 2) { // nothing stands before it: its label decides
                EXPECT_EQ((labels.amodal.at(x, y) & 2) != 0, labels.part.at(x, y) == 32);
            }
            left_out += (whole.amodal.at(x, y) & 2) != 0 && (labels.amodal.at(x, y) & 2) == 0;
            kept += (labels.amodal.at(x, y) & 2) != 0;
        }
    }
    EXPECT_GT(left_out, 50);
    EXPECT_GT(kept, 50);

    behind.amodal_ignores = {32, 34}; // what is worn is no hand at all, before one or behind
    const LabelImages none = SceneTracer(scene).render(camera, {.radiance = false}).labels;
    for (std::size_t i = 0; i < none.amodal.values().size(); ++i) {
        EXPECT_EQ(none.amodal.values()[i], whole.amodal.values()[i] & 1);
    }
    EXPECT_EQ(none.part.values(), labels.part.values());
}

TEST(FirstHit, NamesWhatStandsBetween) {
    const SceneTracer tracer(two_spheres());
    // Along z: sphere 0 stands before sphere 1.
    EXPECT_EQ(tracer.first_hit({-0.01, 0, 1}, {-0.01, 0, -1}, 0), 0);
    EXPECT_EQ(tracer.first_hit({-0.01, 0, -1}, {-0.01, 0, 1}, 0), 1);
    EXPECT_EQ(tracer.first_hit({0, 1, 0.3}, {0, -1, 0.3}, 0), -1);
    // The surface itself at the far end is spared by the margin.
    const Vec3 front(-0.03, 0, 0.1);
    EXPECT_EQ(tracer.first_hit({-0.03, 0, 1}, front, 1e-3), -1);
    EXPECT_EQ(tracer.first_hit({-0.03, 0, 1}, front - Vec3(0, 0, 0.02), 1e-3), 0);
    EXPECT_EQ(tracer.first_hit(front, front, 1e-3), -1);
}

} // namespace
} // namespace rih
