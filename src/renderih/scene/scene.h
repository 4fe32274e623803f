// SPDX-License-Identifier: Apache-2.0
// A scene as plain data: meshes, materials, one environment, one camera. Nothing here knows hands
// or renderers; pipeline/ fills it in, render/ reads it.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/image/image.h"
#include "renderih/math/camera.h"
#include "renderih/math/vec.h"
#include "renderih/scene/surface_maps.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace rih {

/// Subsurface scattering (docs/rendering.md): the diffuse albedo is the material's albedo.
struct Subsurface {
    std::array<double, 3> dmfp_mm{0, 0, 0}; ///< diffuse mean free path 1 / sigma_tr, per channel
    double scale = 1.0;                     ///< multiplies dmfp_mm
    double g = 0.0;                         ///< Henyey-Greenstein mean cosine
};

/// A second GGX lobe of the same boundary (docs/rendering.md).
struct SecondLobe {
    double share = 0;            ///< of the area; 0: one lobe
    double roughness_factor = 1; ///< its roughness over the first's
};

/// A clear dielectric over everything else (docs/rendering.md).
struct ClearCoatOptions {
    double weight = 0; ///< the share of the area that it covers; 0: none
    double roughness = 0.1;
    double ior = 1.5;
};

struct Material {
    std::array<double, 3> albedo{0.5, 0.5, 0.5}; ///< multiple-scattering (diffuse), linear Rec.709
    /// Replaces the albedo, looked up by the mesh's uv (v = 0 below): linear Rec.709, 3 channels.
    std::shared_ptr<const ImageF> texture;
    double roughness = 0.5; ///< GGX alpha is its square
    double ior = 1.4;
    SecondLobe second_lobe;
    ClearCoatOptions coat;
    bool has_subsurface = false; ///< else Lambertian below the specular layer
    Subsurface subsurface;
    /// A metal: the albedo is what it reflects at normal incidence, nothing comes from below. It
    /// has neither subsurface scattering nor second lobe nor coat; `ior` says nothing.
    bool is_metal = false;
};

/// One surface. `albedo` per vertex multiplies nothing: when given it replaces Material::albedo and
/// is interpolated; it is how skin maps reach the renderer.
struct SceneMesh {
    std::string name;
    int id = 0;                          ///< hand id in AOVs: 0 right, 1 left, 2.. other
    Points vertices;                     // [V, 3] world, m
    Triangles faces;                     // [F]
    Points normals;                      // [V, 3] unit; empty = computed by area weight
    Points2 uv;                          // [V, 2] or empty
    std::vector<Vec3f> vertex_albedo;    // [V] or empty
    std::vector<float> vertex_roughness; // [V] or empty: replaces Material::roughness
    std::vector<float> vertex_coat;      // [V] or empty: replaces Material::coat.weight
    /// Over uv; or null. Its albedo and roughness replace all others.
    std::shared_ptr<const SurfaceMaps> maps;
    std::vector<float> vertex_fold;       // [V] or empty (1): factor on the maps' folds
    std::vector<std::uint8_t> face_label; // [F] or empty: part id for the label images
    /// Labels that do not count in amodal masks (a forearm is not the hand).
    std::vector<std::uint8_t> amodal_ignores;
    std::vector<int> face_material;  // [F] or empty (material 0): index into materials
    std::vector<Material> materials; // at least one
};

/// Lat-long radiance (docs/conventions.md): row 0 up, bilinear, u wraps.
struct Environment {
    std::string name;
    ImageF radiance; // 3 channels, linear Rec.709, no negative, no NaN
    /// Optional: a smaller map of the same light. It lights the surfaces then, and `radiance` is
    /// what the camera sees behind them. Empty: `radiance` does both.
    ImageF light;
};

/// How light travels below a surface (docs/rendering.md).
enum class SubsurfaceMethod {
    Walk,   ///< step by step inside the mesh: exact
    Profile ///< where the walk on flat ground would leave: fast
};

struct IntegratorOptions {
    /// Surface interactions after the camera's; a subsurface walk counts as one.
    int max_bounces = 8;
    SubsurfaceMethod subsurface = SubsurfaceMethod::Walk; ///< no part of a scene file
};

struct Scene {
    std::vector<SceneMesh> meshes;
    std::shared_ptr<const Environment> environment;
    double environment_strength = 1.0;
    double environment_rotation_deg = 0.0; ///< about +y; docs/conventions.md
    Camera camera;
    IntegratorOptions integrator;
};

} // namespace rih
