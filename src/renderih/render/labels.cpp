// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/labels.h"

#include "renderih/render/core/surface.h"

#include <algorithm>

namespace rih {

namespace {

struct ExactHit {
    double depth_z = 0;
    Vec3 position; // world
    Vec3 barycentric;
    Vec3 geometric_normal; // world, unit
};

// Where the ray meets the face's plane. The face was found in float: a hit just outside its edge is
// moved onto the edge; a face seen so nearly edge-on that its plane is met nowhere near it keeps
// the place that float gave. Position and depth are those of a point of the face.
ExactHit meet_face(const MeshData& mesh,
                   const Camera& camera,
                   const std::array<int, 3>& face,
                   const Hit& hit,
                   const CentreRay& ray) {
    constexpr double kFloatRounding = 0.05; // of a barycentric weight
    const Vec3 a = mesh.vertices.row(face[0]), b = mesh.vertices.row(face[1]),
               c = mesh.vertices.row(face[2]);
    const Vec3 area = (b - a).cross(c - a);
    ExactHit exact;
    const double depth_z = area.dot(a - ray.origin_in_world) / area.dot(ray.direction_in_world);
    const Vec3 p = ray.origin_in_world + depth_z * ray.direction_in_world;
    exact.barycentric = Vec3((b - p).cross(c - p).dot(area),
                             (c - p).cross(a - p).dot(area),
                             (a - p).cross(b - p).dot(area)) /
                        area.squaredNorm();
    if (!(exact.barycentric.minCoeff() >= -kFloatRounding)) { // or NaN
        const double u = double{hit.u}, v = double{hit.v};
        exact.barycentric = {1 - u - v, u, v};
    }
    exact.barycentric = exact.barycentric.cwiseMax(0.0);
    exact.barycentric /= exact.barycentric.sum();
    exact.position = exact.barycentric[0] * a + exact.barycentric[1] * b + exact.barycentric[2] * c;
    exact.depth_z = (camera.cam_from_world * exact.position).z();
    exact.geometric_normal = area.normalized();
    return exact;
}

void put(ImageF& image, int x, int y, const Vec3& value) {
    for (int c = 0; c < 3; ++c) {
        image.at(x, y, c) = static_cast<float>(value(c));
    }
}

Vec3 face_albedo(const MeshData& mesh, const Hit& hit, const Vec3& barycentric) {
    const auto face_index = static_cast<std::size_t>(hit.face);
    const int material = mesh.face_material.empty() ? 0 : mesh.face_material[face_index];
    Vec3f albedo = mesh.materials[static_cast<std::size_t>(material)].albedo;
    const TextureView& texture = mesh.materials[static_cast<std::size_t>(material)].texture;
    if (texture.rgb != nullptr && !mesh.uv_f.empty()) {
        Vec2f uv;
        for (std::size_t i = 0; i < 3; ++i) {
            const Vec2f& corner = mesh.uv_f[static_cast<std::size_t>(mesh.faces[face_index][i])];
            const auto weight = static_cast<float>(barycentric(static_cast<Eigen::Index>(i)));
            uv.x += weight * corner.x;
            uv.y += weight * corner.y;
        }
        albedo = texture.at(uv);
    } else if (!mesh.vertex_albedo.empty()) {
        albedo = {};
        for (std::size_t i = 0; i < 3; ++i) {
            albedo += static_cast<float>(barycentric(static_cast<Eigen::Index>(i))) *
                      mesh.vertex_albedo[static_cast<std::size_t>(mesh.faces[face_index][i])];
        }
    }
    return {static_cast<double>(albedo.x),
            static_cast<double>(albedo.y),
            static_cast<double>(albedo.z)};
}

/// The surface with its maps' detail where the camera sees it. `normal` in world, unit.
Surface detailed(const SceneData& data,
                 const Camera& camera,
                 const Hit& hit,
                 const ExactHit& exact,
                 const Vec3& normal) {
    const MeshView& mesh = data.mesh_views()[static_cast<std::size_t>(hit.mesh)];
    const int* face = mesh.faces + 3 * static_cast<std::int64_t>(hit.face);
    float weight[3];
    Vec3f corner[3];
    for (int i = 0; i < 3; ++i) {
        weight[i] = static_cast<float>(exact.barycentric(i));
        corner[i] = mesh.vertices[face[i]];
    }
    Surface surface;
    surface.shading_normal = {static_cast<float>(normal.x()),
                              static_cast<float>(normal.y()),
                              static_cast<float>(normal.z())};
    const Vec3 eye = camera.cam_from_world.inverse().translation;
    const double footprint = 0.5 * (exact.position - eye).norm() / camera.intrinsics.fx;
    apply_maps(mesh, face, weight, corner, static_cast<float>(footprint), true, surface);
    return surface;
}

} // namespace

CentreRay centre_ray(const Camera& camera, int x, int y) {
    const Mat3 world_from_cam = camera.cam_from_world.rotation.transpose();
    return {-(world_from_cam * camera.cam_from_world.translation),
            world_from_cam * camera.ray_in_cam({x + 0.5, y + 0.5})};
}

LabelImages make_label_images(int width, int height) {
    LabelImages labels;
    labels.depth_z = ImageF(width, height, 1);
    labels.geometric_normal = ImageF(width, height, 3);
    labels.shading_normal = ImageF(width, height, 3);
    labels.detail_normal = ImageF(width, height, 3);
    labels.part = Image8(width, height, 1);
    labels.hand = Image8(width, height, 1);
    labels.uv = ImageF(width, height, 2);
    labels.albedo = ImageF(width, height, 3);
    labels.position = ImageF(width, height, 3);
    labels.amodal = Image8(width, height, 1);
    return labels;
}

void write_label(const SceneData& data,
                 const Camera& camera,
                 const Hit& hit,
                 int x,
                 int y,
                 LabelImages& labels) {
    const MeshData& mesh = data.meshes()[static_cast<std::size_t>(hit.mesh)];
    const auto face_index = static_cast<std::size_t>(hit.face);
    const std::array<int, 3>& face = mesh.faces[face_index];
    const ExactHit exact = meet_face(mesh, camera, face, hit, centre_ray(camera, x, y));

    Vec3 shading_normal = Vec3::Zero();
    Vec2 uv = Vec2::Zero();
    for (int i = 0; i < 3; ++i) {
        const int vertex = face[static_cast<std::size_t>(i)];
        shading_normal += exact.barycentric(i) * mesh.normals.row(vertex).transpose();
        if (mesh.uv.rows() > 0) {
            uv += exact.barycentric(i) * mesh.uv.row(vertex).transpose();
        }
    }
    if (shading_normal.norm() < 1e-9) {
        shading_normal = exact.geometric_normal;
    }
    const Mat3& cam_from_world = camera.cam_from_world.rotation;
    labels.depth_z.at(x, y) = static_cast<float>(exact.depth_z);
    put(labels.position, x, y, exact.position);
    put(labels.geometric_normal, x, y, cam_from_world * exact.geometric_normal);
    put(labels.shading_normal, x, y, cam_from_world * shading_normal.normalized());
    if (mesh.maps != nullptr) {
        const Surface surface = detailed(data, camera, hit, exact, shading_normal.normalized());
        const Vec3f& albedo = surface.albedo;
        const Vec3f& bent = surface.shading_normal;
        put(labels.albedo, x, y, Vec3(albedo.x, albedo.y, albedo.z));
        put(labels.detail_normal, x, y, cam_from_world * Vec3(bent.x, bent.y, bent.z));
    } else {
        put(labels.albedo, x, y, face_albedo(mesh, hit, exact.barycentric));
        put(labels.detail_normal, x, y, cam_from_world * shading_normal.normalized());
    }
    labels.uv.at(x, y, 0) = static_cast<float>(uv.x());
    labels.uv.at(x, y, 1) = static_cast<float>(uv.y());
    labels.part.at(x, y) = mesh.face_label.empty() ? 0 : mesh.face_label[face_index];
    labels.hand.at(x, y) = static_cast<std::uint8_t>(mesh.id + 1);
}

} // namespace rih
