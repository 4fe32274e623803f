// SPDX-License-Identifier: Apache-2.0
// From a posed hand to the surface that is photographed: subdivided, labelled, with skin. Scenes
// know no hands, so this is where a hand becomes a plain mesh.
#pragma once

#include "renderih/hand/kinematics.h"
#include "renderih/scene/scene.h"
#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_identity.h"
#include "renderih/scene/subdivide.h"

#include <cstdint>
#include <memory>

namespace rih {

/// One model's refined topology; constant, shared by all poses.
class HandSurface {
  public:
    /// Catmull-Clark on the model's quads, Loop on the triangles of a model without quads. The
    /// model must outlive this.
    HandSurface(const HandModel& model, int subdivision_levels);

    /// The limit surface of posed vertices [V, 3]: refined positions and normals [R, 3].
    LimitSurface refine(const Points& vertices) const { return subdivision_.limit(vertices); }
    const Triangles& triangles() const { return subdivision_.triangles(); } // over the R vertices
    const std::vector<std::uint8_t>& part_of_triangle() const { return part_of_triangle_; }

    /// The mesh with everything but its skin: positions, normals, uv, part labels, id.
    SceneMesh mesh(const LimitSurface& surface) const;

    /// The atlas for maps of this hand; null for a model without uv, such as MANO's.
    std::shared_ptr<const SkinAtlas> skin_atlas(int map_height) const;

    /// Gives `mesh` its skin: `maps` as bake_skin() makes them, or where they are null (no atlas)
    /// per-vertex albedo, roughness and nail gloss; in both, subsurface scattering and folds as
    /// `pose` has them.
    void apply_skin(const ShapedHand& hand,
                    const HandPose& pose,
                    const SkinIdentity& skin,
                    std::shared_ptr<const SurfaceMaps> maps,
                    SceneMesh& mesh) const;

  private:
    void apply_vertex_skin(const ShapedHand& hand, const SkinIdentity& skin, SceneMesh& mesh) const;

    const HandModel* model_;
    Subdivision subdivision_;
    std::vector<std::uint8_t> part_of_triangle_; // [F]
    SeamSplit split_;                            // scene vertices: one per position and uv
    Points2 uv_;                                 // [N] of the scene's vertices, or empty
    VecX palm_, nail_;                           // [R] at the refined vertices
};

/// Both hands' atlases, right and left: one and the same where their uv agree.
std::array<std::shared_ptr<const SkinAtlas>, 2>
skin_atlases(const HandPair& hands, const std::vector<HandSurface>& surfaces, int map_height);

} // namespace rih
