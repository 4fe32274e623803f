// SPDX-License-Identifier: Apache-2.0
// A Scene's meshes checked and laid out flat for the integrator; owns what core/scene_view.h points
// at.
#pragma once

#include "renderih/render/core/scene_view.h"
#include "renderih/render/specular_tables.h"
#include "renderih/scene/scene.h"

#include <memory>
#include <set>
#include <vector>

namespace rih {

/// One mesh in float, world coordinates, and in double for the labels.
struct MeshData {
    int id = 0, group = 0;
    Points vertices; // [V, 3] double, for exact label positions
    Points normals;  // [V, 3]
    Points2 uv;      // [V, 2] or empty
    Triangles faces;
    std::vector<std::uint8_t> face_label; // [F] or empty
    std::vector<std::uint8_t> amodal_ignores;
    std::vector<Vec3f> vertices_f; // [V + 1]: Embree reads 16 bytes at the last vertex
    std::vector<Vec3f> normals_f;
    std::vector<Vec2f> uv_f;
    std::vector<Vec3f> vertex_albedo;
    std::vector<float> vertex_roughness;
    std::vector<float> vertex_coat;
    std::shared_ptr<const SurfaceMaps> maps;
    std::vector<float> vertex_fold;
    std::vector<int> face_material;
    std::vector<MaterialView> materials;
};

class SceneData {
  public:
    /// Throws UserError for meshes without materials, arrays of wrong length, indices out of range,
    /// numbers that are not finite or out of their range.
    explicit SceneData(const Scene& scene);

    SceneData(const SceneData&) = delete;
    SceneData& operator=(const SceneData&) = delete;

    /// Without light. Valid while this object lives.
    SceneView view() const;

    const std::vector<MeshData>& meshes() const { return meshes_; }
    const std::vector<MeshView>& mesh_views() const { return mesh_views_; }
    /// The mesh id of each group, rising.
    const std::vector<int>& group_ids() const { return group_ids_; }
    /// Whether some face of each group counts in amodal masks (SceneMesh::amodal_ignores).
    const std::vector<bool>& group_in_amodal() const { return group_in_amodal_; }

  private:
    MeshData flatten(const SceneMesh& mesh);
    MaterialView flatten(const Material& material, const SceneMesh& mesh);

    std::vector<MeshData> meshes_;
    std::vector<MeshView> mesh_views_;
    std::vector<int> group_ids_;
    std::vector<bool> group_in_amodal_;
    std::vector<std::shared_ptr<const ImageF>> textures_;
    std::vector<SpecularTables> specular_tables_;
    std::set<double> indices_of_flesh_; // ior of materials with subsurface scattering
    std::vector<std::shared_ptr<const AlbedoInversion>> inversions_;
    std::vector<std::shared_ptr<const DiffusionProfile>> profiles_;
    IntegratorOptions integrator_;
};

} // namespace rih
