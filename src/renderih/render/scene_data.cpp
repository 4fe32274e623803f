// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/scene_data.h"

#include "renderih/base/error.h"
#include "renderih/render/albedo_inversion.h"
#include "renderih/render/diffusion_profile.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr int kMaxMeshId = 254;                // LabelImages::hand holds id + 1 in 8 bits
constexpr double kMaxCoordinate = 1e4;         // m; beyond, float positions are millimetres apart
constexpr std::size_t kMaxFaces = 50000000;    // of one mesh
constexpr std::size_t kMaxIndicesOfFlesh = 64; // their tables take 0.2 to 0.4 s each

Vec3f to_float(const Eigen::Ref<const Eigen::RowVector3d>& v) {
    return {static_cast<float>(v.x()), static_cast<float>(v.y()), static_cast<float>(v.z())};
}

Vec3f to_float(const std::array<double, 3>& v) {
    return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

void require_range(double value, double low, double high, const char* what, const SceneMesh& mesh) {
    RIH_REQUIRE(value >= low && value <= high,
                "mesh '{}': {} is {}; it must lie in {} .. {}",
                mesh.name,
                what,
                value,
                low,
                high);
}

void require_count(std::size_t count, std::size_t wanted, const char* what, const SceneMesh& mesh) {
    RIH_REQUIRE(count == 0 || count == wanted,
                "mesh '{}' has {} {}; it must have {} or none",
                mesh.name,
                count,
                what,
                wanted);
}

void check_geometry(const SceneMesh& mesh) {
    const auto vertex_count = static_cast<std::size_t>(mesh.vertices.rows());
    RIH_REQUIRE(mesh.id >= 0 && mesh.id <= kMaxMeshId,
                "mesh '{}' has id {}; it must lie in 0 .. {}",
                mesh.name,
                mesh.id,
                kMaxMeshId);
    RIH_REQUIRE(mesh.faces.size() <= kMaxFaces,
                "mesh '{}' has {} faces; at most {} are supported",
                mesh.name,
                mesh.faces.size(),
                kMaxFaces);
    require_count(static_cast<std::size_t>(mesh.normals.rows()), vertex_count, "normals", mesh);
    require_count(static_cast<std::size_t>(mesh.uv.rows()), vertex_count, "uv pairs", mesh);
    require_count(mesh.vertex_albedo.size(), vertex_count, "vertex albedos", mesh);
    require_count(mesh.vertex_roughness.size(), vertex_count, "vertex roughnesses", mesh);
    require_count(mesh.vertex_coat.size(), vertex_count, "vertex coat weights", mesh);
    require_count(mesh.vertex_fold.size(), vertex_count, "vertex folds", mesh);
    require_count(mesh.face_label.size(), mesh.faces.size(), "face labels", mesh);
    require_count(mesh.face_material.size(), mesh.faces.size(), "face materials", mesh);
    for (Eigen::Index i = 0; i < mesh.vertices.rows(); ++i) {
        RIH_REQUIRE(mesh.vertices.row(i).cwiseAbs().maxCoeff() <= kMaxCoordinate &&
                        mesh.vertices.row(i).allFinite(),
                    "mesh '{}': vertex {} is not a finite point within {} m of the origin",
                    mesh.name,
                    i,
                    kMaxCoordinate);
    }
    RIH_REQUIRE(mesh.normals.allFinite() && mesh.uv.allFinite(),
                "mesh '{}' has a normal or uv that is not finite",
                mesh.name);
    for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
        for (const int vertex : mesh.faces[f]) {
            RIH_REQUIRE(vertex >= 0 && static_cast<std::size_t>(vertex) < vertex_count,
                        "mesh '{}': face {} names vertex {} of {}",
                        mesh.name,
                        f,
                        vertex,
                        vertex_count);
        }
    }
}

void check_appearance(const SceneMesh& mesh) {
    RIH_REQUIRE(!mesh.materials.empty(), "mesh '{}' has no material", mesh.name);
    for (const int material : mesh.face_material) {
        RIH_REQUIRE(material >= 0 && static_cast<std::size_t>(material) < mesh.materials.size(),
                    "mesh '{}': a face names material {} of {}",
                    mesh.name,
                    material,
                    mesh.materials.size());
    }
    for (const Vec3f& albedo : mesh.vertex_albedo) {
        for (int c = 0; c < 3; ++c) {
            require_range(static_cast<double>(albedo[c]), 0, 1, "a vertex albedo", mesh);
        }
    }
    for (const float roughness : mesh.vertex_roughness) {
        require_range(static_cast<double>(roughness), 0, 1, "a vertex roughness", mesh);
    }
    for (const float weight : mesh.vertex_coat) {
        require_range(static_cast<double>(weight), 0, 1, "a vertex coat weight", mesh);
    }
}

bool has_face_in_amodal(const MeshData& mesh) {
    const auto counts = [&](std::uint8_t label) {
        return std::ranges::find(mesh.amodal_ignores, label) == mesh.amodal_ignores.end();
    };
    return mesh.face_label.empty() ? counts(0) : std::ranges::any_of(mesh.face_label, counts);
}

void check_texture(const ImageF& texture, const SceneMesh& mesh) {
    RIH_REQUIRE(!texture.empty() && texture.channels() == 3,
                "mesh '{}': its texture is {} x {} with {} channels; it must have 3",
                mesh.name,
                texture.width(),
                texture.height(),
                texture.channels());
    RIH_REQUIRE(mesh.uv.rows() > 0, "mesh '{}' has a texture but no uv", mesh.name);
    for (const float value : texture.values()) {
        require_range(static_cast<double>(value), 0, 1, "a texture's albedo", mesh);
    }
}

void check_maps(const SurfaceMaps& maps, const SceneMesh& mesh) {
    RIH_REQUIRE(mesh.uv.rows() > 0, "mesh '{}' has maps but no uv", mesh.name);
    RIH_REQUIRE(!maps.levels.empty() && maps.levels.size() <= std::size_t{kMaxMapLevels} &&
                    maps.metres_per_uv > 0 && maps.metres_per_uv < 1e6,
                "mesh '{}': its maps have {} levels and {} m to a uv",
                mesh.name,
                maps.levels.size(),
                maps.metres_per_uv);
    for (std::size_t i = 0; i < maps.levels.size(); ++i) {
        const int width = maps.width >> i, height = maps.height >> i;
        RIH_REQUIRE(width > 0 && height > 0 &&
                        maps.levels[i].size() == static_cast<std::size_t>(width) * height,
                    "mesh '{}': level {} of its maps has {} texels, not {} x {}",
                    mesh.name,
                    i,
                    maps.levels[i].size(),
                    width,
                    height);
    }
    for (const float fold : mesh.vertex_fold) {
        require_range(static_cast<double>(fold), -10, 10, "a vertex fold", mesh);
    }
}

SurfaceMapsView view_of(const SurfaceMaps& maps) {
    SurfaceMapsView view;
    view.width = maps.width;
    view.height = maps.height;
    view.metres_per_uv = static_cast<float>(maps.metres_per_uv);
    for (const SurfaceMaps::Level& level : maps.levels) {
        view.level[view.level_count++] = level.data();
    }
    return view;
}

} // namespace

SceneData::SceneData(const Scene& scene) : integrator_(scene.integrator) {
    RIH_REQUIRE(integrator_.max_bounces >= 0 && integrator_.max_bounces <= 1000,
                "max_bounces is {}; it must lie in 0 .. 1000",
                integrator_.max_bounces);
    for (const SceneMesh& mesh : scene.meshes) {
        group_ids_.push_back(mesh.id);
    }
    std::sort(group_ids_.begin(), group_ids_.end());
    group_ids_.erase(std::unique(group_ids_.begin(), group_ids_.end()), group_ids_.end());
    meshes_.reserve(scene.meshes.size());
    for (const SceneMesh& mesh : scene.meshes) {
        meshes_.push_back(flatten(mesh));
    }
    for (const MeshData& mesh : meshes_) {
        MeshView view;
        view.vertices = mesh.vertices_f.data();
        view.normals = mesh.normals_f.data();
        view.faces = mesh.faces.empty() ? nullptr : mesh.faces.front().data();
        view.uv = mesh.uv_f.empty() ? nullptr : mesh.uv_f.data();
        view.vertex_albedo = mesh.vertex_albedo.empty() ? nullptr : mesh.vertex_albedo.data();
        view.vertex_roughness =
            mesh.vertex_roughness.empty() ? nullptr : mesh.vertex_roughness.data();
        view.vertex_coat = mesh.vertex_coat.empty() ? nullptr : mesh.vertex_coat.data();
        if (mesh.maps != nullptr) {
            view.maps = view_of(*mesh.maps);
            view.vertex_fold = mesh.vertex_fold.empty() ? nullptr : mesh.vertex_fold.data();
        }
        view.face_material = mesh.face_material.empty() ? nullptr : mesh.face_material.data();
        view.materials = mesh.materials.data();
        view.group = mesh.group;
        mesh_views_.push_back(view);
    }
    for (std::size_t g = 0; g < group_ids_.size(); ++g) {
        const bool counts = std::ranges::any_of(meshes_, [&](const MeshData& mesh) {
            return mesh.group == static_cast<int>(g) && has_face_in_amodal(mesh);
        });
        group_in_amodal_.push_back(counts && group_ids_[g] < 8);
    }
}

MeshData SceneData::flatten(const SceneMesh& mesh) {
    check_geometry(mesh);
    check_appearance(mesh);
    MeshData data;
    data.id = mesh.id;
    data.group = static_cast<int>(std::lower_bound(group_ids_.begin(), group_ids_.end(), mesh.id) -
                                  group_ids_.begin());
    data.vertices = mesh.vertices;
    data.normals =
        mesh.normals.rows() > 0 ? mesh.normals : vertex_normals(mesh.vertices, mesh.faces);
    data.uv = mesh.uv;
    data.faces = mesh.faces;
    data.face_label = mesh.face_label;
    data.amodal_ignores = mesh.amodal_ignores;
    data.vertices_f.resize(static_cast<std::size_t>(data.vertices.rows()) + 1);
    data.normals_f.resize(static_cast<std::size_t>(data.vertices.rows()));
    for (Eigen::Index i = 0; i < data.vertices.rows(); ++i) {
        data.vertices_f[static_cast<std::size_t>(i)] = to_float(data.vertices.row(i));
        data.normals_f[static_cast<std::size_t>(i)] = to_float(data.normals.row(i));
    }
    for (Eigen::Index i = 0; i < mesh.uv.rows(); ++i) {
        data.uv_f.push_back({static_cast<float>(mesh.uv(i, 0)), static_cast<float>(mesh.uv(i, 1))});
    }
    data.vertex_albedo = mesh.vertex_albedo;
    data.vertex_roughness = mesh.vertex_roughness;
    data.vertex_coat = mesh.vertex_coat;
    if (mesh.maps != nullptr) {
        check_maps(*mesh.maps, mesh);
    }
    data.maps = mesh.maps;
    data.vertex_fold = mesh.vertex_fold;
    data.face_material = mesh.face_material;
    for (const Material& material : mesh.materials) {
        data.materials.push_back(flatten(material, mesh));
    }
    return data;
}

MaterialView SceneData::flatten(const Material& material, const SceneMesh& mesh) {
    for (const double albedo : material.albedo) {
        require_range(albedo, 0, 1, "albedo", mesh);
    }
    require_range(material.roughness, 0, 1, "roughness", mesh);
    require_range(material.ior, 1, 3, "ior", mesh);
    require_range(material.second_lobe.share, 0, 1, "second lobe's share", mesh);
    require_range(
        material.second_lobe.roughness_factor, 0.05, 20, "second lobe's roughness factor", mesh);
    require_range(material.coat.weight, 0, 1, "coat's weight", mesh);
    require_range(material.coat.roughness, 0, 1, "coat's roughness", mesh);
    require_range(material.coat.ior, 1, 3, "coat's ior", mesh);
    RIH_REQUIRE(!material.is_metal ||
                    (!material.has_subsurface && material.second_lobe.share == 0 &&
                     material.coat.weight == 0 && mesh.vertex_coat.empty() && mesh.maps == nullptr),
                "mesh '{}': a metal has neither subsurface scattering, second lobe, coat nor maps",
                mesh.name);
    MaterialView view;
    view.is_metal = material.is_metal;
    view.albedo = to_float(material.albedo);
    if (material.texture != nullptr) {
        check_texture(*material.texture, mesh);
        textures_.push_back(material.texture);
        view.texture = {material.texture->values().data(),
                        material.texture->width(),
                        material.texture->height()};
    }
    view.roughness = static_cast<float>(material.roughness);
    view.eta = static_cast<float>(material.ior);
    const bool coated =
        material.coat.weight > 0 || !mesh.vertex_coat.empty() || mesh.maps != nullptr;
    specular_tables_.push_back(make_specular_tables(material, coated));
    view.specular = specular_tables_.back().view(material);
    view.coat = static_cast<float>(material.coat.weight);
    if (!material.has_subsurface) {
        return view;
    }
    const Subsurface& subsurface = material.subsurface;
    require_range(subsurface.scale, 0, 1e6, "sss scale", mesh);
    require_range(subsurface.g, -0.95, 0.95, "sss g", mesh);
    for (int c = 0; c < 3; ++c) {
        const double dmfp_mm = subsurface.dmfp_mm[static_cast<std::size_t>(c)];
        require_range(dmfp_mm, 0, 1e6, "sss dmfp_mm", mesh);
        view.dmfp[c] = static_cast<float>(dmfp_mm * 1e-3 * subsurface.scale);
    }
    // Too short in every channel to be seen: the same light without the walk.
    view.has_subsurface = max_component(view.dmfp) > kMinMeanFreePath;
    indices_of_flesh_.insert(material.ior);
    RIH_REQUIRE(indices_of_flesh_.size() <= kMaxIndicesOfFlesh,
                "mesh '{}': more than {} different ior of materials with sss in one scene",
                mesh.name,
                kMaxIndicesOfFlesh);
    inversions_.push_back(shared_by_key<AlbedoInversion>(
        material.ior, [&] { return make_albedo_inversion(material.ior); }));
    view.inversion = inversions_.back().get();
    if (integrator_.subsurface == SubsurfaceMethod::Profile) {
        profiles_.push_back(shared_by_key<DiffusionProfile>(
            material.ior, [&] { return make_diffusion_profile(material.ior, *view.inversion); }));
        view.profile = profiles_.back().get();
    }
    return view;
}

SceneView SceneData::view() const {
    SceneView view;
    view.meshes = mesh_views_.data();
    view.max_bounces = integrator_.max_bounces;
    view.walks = integrator_.subsurface == SubsurfaceMethod::Walk;
    return view;
}

} // namespace rih
