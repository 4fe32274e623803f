// SPDX-License-Identifier: Apache-2.0
// The scene as the integrator sees it: flat arrays behind pointers, copyable to a device. Owned by
// render/scene_data.h.
#pragma once

#include "renderih/render/core/diffusion_profile.h"
#include "renderih/render/core/environment_light.h"
#include "renderih/render/core/medium.h"
#include "renderih/render/core/specular_layer.h"
#include "renderih/render/core/surface_detail.h"
#include "renderih/render/core/texture.h"

namespace rih {

inline constexpr float kFarAway = 1e30f; ///< m; t_max of a ray without end

struct MaterialView {
    Vec3f albedo;
    TextureView texture; ///< replaces `albedo` where the mesh has uv
    float roughness = 0.5f;
    float eta = 1.4f;
    float coat = 0; ///< weight of the clear coat
    SpecularMaterial specular;
    bool is_metal = false; ///< core/metal.h; `specular` is a mirror's
    bool has_subsurface = false;
    Vec3f dmfp;                                 ///< m
    const AlbedoInversion* inversion = nullptr; ///< null without subsurface
    const DiffusionProfile* profile = nullptr;  ///< likewise
};

struct MeshView {
    const Vec3f* vertices = nullptr;         ///< world, m
    const Vec3f* normals = nullptr;          ///< unit
    const int* faces = nullptr;              ///< [F, 3]
    const Vec2f* uv = nullptr;               ///< or null
    const Vec3f* vertex_albedo = nullptr;    ///< or null
    const float* vertex_roughness = nullptr; ///< or null
    const float* vertex_coat = nullptr;      ///< or null
    SurfaceMapsView maps;                    ///< replace albedo and roughness, bend normals
    const float* vertex_fold = nullptr;      ///< or null: 1
    const int* face_material = nullptr;      ///< or null: material 0
    const MaterialView* materials = nullptr;
    int group = 0; ///< meshes of one id: what a subsurface walk stays in
};

struct SceneView {
    const MeshView* meshes = nullptr;
    EnvironmentView environment;
    int max_bounces = 8;
    bool walks = true; ///< below a surface; else by the profile
    /// Maps are seen from here, as finely as pixels of this width at a distance of 1 are.
    Vec3f eye;
    float pixel_width = 0;
};

/// What an accelerator returns for the nearest surface on a ray.
struct Hit {
    float t = 0;
    float u = 0, v = 0; ///< barycentric weights of the face's second and third vertex
    int mesh = -1;
    int face = -1;
};

/// A point of a surface, made ready for shading.
struct Surface {
    Vec3f position;         ///< on the triangle
    float offset = 0;       ///< m; keeps a ray's origin off the triangle in spite of rounding
    Vec3f ray_origin;       ///< where rays to the outside start
    Vec3f geometric_normal; ///< outward by the winding, unit
    Vec3f shading_normal;   ///< interpolated, unit, on the geometric normal's side
    Vec3f albedo;
    float roughness = 0;
    float coat = 0;
    const MaterialView* material = nullptr;
    int group = 0;
};

} // namespace rih
