// SPDX-License-Identifier: Apache-2.0
// Small scenes whose pictures are known, for tests.
#pragma once

#include "renderih/geometry/test_meshes.h"
#include "renderih/render/render.h"

#include <functional>

namespace rih::testing {

/// A map from a function of direction, by the convention of docs/conventions.md.
inline std::shared_ptr<const Environment>
make_environment(int width, int height, const std::function<Vec3(const Vec3&)>& radiance) {
    auto environment = std::make_shared<Environment>();
    environment->name = "test";
    environment->radiance = ImageF(width, height, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double phi = ((x + 0.5) / width - 0.5) * 2 * kPi;
            const double theta = (y + 0.5) / height * kPi;
            const Vec3 value = radiance({std::sin(theta) * std::cos(phi),
                                         std::cos(theta),
                                         std::sin(theta) * std::sin(phi)});
            for (int c = 0; c < 3; ++c) {
                environment->radiance.at(x, y, c) = static_cast<float>(value(c));
            }
        }
    }
    return environment;
}

inline std::shared_ptr<const Environment> constant_environment(double value) {
    return make_environment(4, 2, [=](const Vec3&) { return Vec3::Constant(value); });
}

inline SceneMesh make_scene_mesh(const TriMesh& mesh, const Material& material, int id = 0) {
    SceneMesh result;
    result.name = "mesh" + std::to_string(id);
    result.id = id;
    result.vertices = mesh.vertices;
    result.faces = mesh.faces;
    result.materials = {material};
    return result;
}

/// The square [-half, half]^2 in the plane y = 0, seen from above (+y).
inline TriMesh make_floor(double half) {
    return make_mesh({{-half, 0, -half}, {half, 0, -half}, {half, 0, half}, {-half, 0, half}},
                     {{0, 2, 1}, {0, 3, 2}});
}

inline Material matte(double albedo) {
    Material material;
    material.albedo = {albedo, albedo, albedo};
    material.ior = 1; // nothing is reflected at the boundary
    return material;
}

inline Camera make_camera(const Vec3& eye, const Vec3& target, int side, double fov_deg) {
    Camera camera;
    camera.width = side;
    camera.height = side;
    const double focal = 0.5 * side / std::tan(0.5 * fov_deg * kDegree);
    camera.intrinsics = {focal, focal, 0.5 * side, 0.5 * side};
    const Vec3 way = (target - eye).normalized();
    camera.cam_from_world =
        look_at(eye, target, std::abs(way.y()) > 0.9 ? Vec3(0, 0, 1) : Vec3(0, 1, 0));
    return camera;
}

inline Vec3 mean_radiance(const ImageF& image) {
    Vec3 sum = Vec3::Zero();
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            sum += Vec3(
                double(image.at(x, y, 0)), double(image.at(x, y, 1)), double(image.at(x, y, 2)));
        }
    }
    return sum / (image.width() * image.height());
}

} // namespace rih::testing
