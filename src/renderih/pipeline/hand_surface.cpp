// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/hand_surface.h"

#include "renderih/math/sampling.h"
#include "renderih/pipeline/fold_strength.h"
#include "renderih/pipeline/nail_outline.h"
#include "renderih/pipeline/skin_atlas_of_hand.h"
#include "renderih/scene/skin_map.h"

namespace rih {

namespace {

// The skin's recorded roughness, 0.38 .. 0.55, is that of the dry part; oil smooths the rest. Two
// lobes of 0.3 .. 0.35 and 0.5 .. 0.6 are usual for faces; hands have fewer glands, so less oil.
constexpr SecondLobe kSkinOil{.share = 0.25, .roughness_factor = 0.65};
// Keratin has 1.54. The plate is ridged: half of it is dull, as its own roughness says.
constexpr ClearCoatOptions kNailGloss{.weight = 0, .roughness = 0.2, .ior = 1.54};
constexpr float kNailGlossWeight = 0.5f;

Subdivision subdivide(const HandModel& model, int levels) {
    const int uv_count = static_cast<int>(model.uv.rows());
    if (!model.quads.empty()) {
        return {model.quads,
                model.vertex_count(),
                {SubdivisionScheme::CatmullClark, levels},
                model.quad_uv,
                uv_count};
    }
    return {model.faces,
            model.vertex_count(),
            {SubdivisionScheme::Loop, levels},
            model.uv_faces,
            uv_count};
}

/// The share of a vertex's faces that are nail. [V]
template <typename Faces>
VecX nail_of_vertex(int vertex_count, const Faces& faces, const std::vector<std::uint8_t>& nail) {
    VecX sum = VecX::Zero(vertex_count), count = VecX::Zero(vertex_count);
    for (std::size_t f = 0; f < nail.size(); ++f) {
        for (const int v : faces[f]) {
            sum[v] += nail[f];
            count[v] += 1;
        }
    }
    return sum.array() / count.array().max(1);
}

Points rows(const Points& points, const std::vector<int>& which) {
    Points chosen(static_cast<Eigen::Index>(which.size()), 3);
    for (std::size_t i = 0; i < which.size(); ++i) {
        chosen.row(static_cast<Eigen::Index>(i)) = points.row(which[i]);
    }
    return chosen;
}

} // namespace

HandSurface::HandSurface(const HandModel& model, int subdivision_levels)
    : model_(&model), subdivision_(subdivide(model, subdivision_levels)) {
    const bool quads = !model.quads.empty();
    const auto& part_of_face = quads ? model.part_of_quad : model.part_of_face;
    for (const int parent : subdivision_.parent_face()) {
        part_of_triangle_.push_back(part_of_face[static_cast<std::size_t>(parent)]);
    }
    const Triangles& triangles = subdivision_.triangles();
    split_ = split_seams(
        triangles, subdivision_.uv_triangles().empty() ? triangles : subdivision_.uv_triangles());
    if (!subdivision_.uv_triangles().empty()) {
        const Points2 refined = subdivision_.refine_uv(model.uv);
        uv_.resize(static_cast<Eigen::Index>(split_.uv_of.size()), 2);
        for (std::size_t i = 0; i < split_.uv_of.size(); ++i) {
            uv_.row(static_cast<Eigen::Index>(i)) = refined.row(split_.uv_of[i]);
        }
    }
    const int v = model.vertex_count();
    const VecX nail = quads ? nail_of_vertex(v, model.quads, model.nail_of_quad)
                            : nail_of_vertex(v, model.faces, model.nail_of_face);
    const VecX palm =
        model.palm_of_vertex.size() == v ? model.palm_of_vertex : VecX::Zero(v).eval();
    palm_ = subdivision_.refine_values(palm).col(0);
    nail_ = !quads && has_coarse_nails(model)
                ? rounded_nails(model, subdivision_.limit(model.template_vertices))
                : VecX(subdivision_.refine_values(nail).col(0));
}

SceneMesh HandSurface::mesh(const LimitSurface& surface) const {
    SceneMesh mesh;
    mesh.name = name_of(model_->side);
    mesh.id = index_of(model_->side);
    mesh.vertices = rows(surface.positions, split_.vertex_of);
    mesh.normals = rows(surface.normals, split_.vertex_of);
    mesh.faces = split_.faces;
    mesh.uv = uv_;
    mesh.face_label = part_of_triangle_;
    mesh.amodal_ignores = {forearm_part(model_->side)};
    mesh.materials.resize(1);
    return mesh;
}

std::shared_ptr<const SkinAtlas> HandSurface::skin_atlas(int map_height) const {
    if (subdivision_.uv_triangles().empty()) {
        return nullptr;
    }
    RefinedHand hand;
    hand.model = model_;
    hand.surface = subdivision_.limit(model_->template_vertices);
    hand.triangles = &subdivision_.triangles();
    hand.uv_triangles = &subdivision_.uv_triangles();
    hand.uv = subdivision_.refine_uv(model_->uv);
    hand.part = &part_of_triangle_;
    hand.palm = palm_;
    hand.nail = nail_;
    return std::make_shared<const SkinAtlas>(make_skin_atlas(hand, map_height));
}

void HandSurface::apply_skin(const ShapedHand& hand,
                             const HandPose& pose,
                             const SkinIdentity& skin,
                             std::shared_ptr<const SurfaceMaps> maps,
                             SceneMesh& mesh) const {
    Material& material = mesh.materials.front();
    material.albedo = skin.tone.albedo;
    material.roughness = skin.tone.roughness;
    material.ior = 1.4; // field measurements 1.37 .. 1.5
    material.second_lobe = kSkinOil;
    material.coat = kNailGloss;
    material.has_subsurface = true;
    material.subsurface.dmfp_mm = skin.tone.dmfp_mm;
    if (maps == nullptr) {
        apply_vertex_skin(hand, skin, mesh);
        return;
    }
    mesh.maps = std::move(maps);
    const VecX fold = fold_strength(hand,
                                    subdivision_.limit(hand.rest_vertices).positions,
                                    palm_,
                                    finger_angles(anatomy_frames(hand), pose));
    mesh.vertex_fold.clear();
    for (const int v : split_.vertex_of) {
        mesh.vertex_fold.push_back(static_cast<float>(fold[v]));
    }
}

void HandSurface::apply_vertex_skin(const ShapedHand& hand,
                                    const SkinIdentity& skin,
                                    SceneMesh& mesh) const {
    SkinRegions regions;
    regions.rest_vertices = subdivision_.limit(hand.rest_vertices).positions;
    regions.palm = {palm_.data(), static_cast<std::size_t>(palm_.size())};
    regions.nail = {nail_.data(), static_cast<std::size_t>(nail_.size())};
    regions.knuckles = hand.rest_joints.middleRows(1, kFingerJointCount);
    regions.fingertips.resize(kTipCount, 3);
    for (int i = 0; i < kTipCount; ++i) {
        regions.fingertips.row(i) = hand.rest_vertices.row(model_->tip_vertices[i]);
    }
    const auto noise_seed = static_cast<std::uint64_t>(2 * skin.texture + mesh.id);
    const SkinAttributes attributes = skin_attributes(regions, skin.tone, noise_seed);
    mesh.vertex_albedo.clear();
    mesh.vertex_roughness.clear();
    mesh.vertex_coat.clear();
    for (const int v : split_.vertex_of) {
        mesh.vertex_albedo.push_back(attributes.albedo[static_cast<std::size_t>(v)]);
        mesh.vertex_roughness.push_back(attributes.roughness[static_cast<std::size_t>(v)]);
        mesh.vertex_coat.push_back(kNailGlossWeight * clamp_unit(static_cast<float>(nail_[v])));
    }
}

std::array<std::shared_ptr<const SkinAtlas>, 2>
skin_atlases(const HandPair& hands, const std::vector<HandSurface>& surfaces, int map_height) {
    std::array<std::shared_ptr<const SkinAtlas>, 2> atlases;
    atlases[0] = surfaces[0].skin_atlas(map_height);
    const HandModel mirrored = mirror(hands[Side::Right]);
    const HandModel& left = hands[Side::Left];
    const bool same = mirrored.uv == left.uv && mirrored.uv_faces == left.uv_faces &&
                      mirrored.template_vertices == left.template_vertices;
    atlases[1] = same ? atlases[0] : surfaces[1].skin_atlas(map_height);
    return atlases;
}

} // namespace rih
