// SPDX-License-Identifier: Apache-2.0
// From a hit to a point ready for shading: positions from the triangle (more exact than along the
// ray), interpolated normals and attributes, and an origin for outgoing rays that no facet shades.
#pragma once

#include "renderih/render/core/frame.h"
#include "renderih/render/core/scene_view.h"

namespace rih {

/// Lifts a point of a convex facet to the smooth surface that its vertex normals describe: the
/// facets' own edges then cast no stepped shadow (Hanika, "Hacking the shadow terminator", Ray
/// Tracing Gems II, chapter 4).
RIH_HD inline Vec3f lift_to_smooth_surface(Vec3f position,
                                           const Vec3f (&corner)[3],
                                           const Vec3f (&normal)[3],
                                           const float (&weight)[3]) {
    Vec3f lift;
    for (int i = 0; i < 3; ++i) {
        const float below = min_of(dot(position - corner[i], normal[i]), 0.0f);
        lift += (-below * weight[i]) * normal[i];
    }
    return position + lift;
}

/// Several times the rounding of a point that is interpolated from these corners: 0.4 micrometres
/// at the size of hands, far below every length that matters in the picture.
RIH_HD inline float offset_of_corners(const Vec3f (&corner)[3]) {
    float size = 0;
    for (const Vec3f& p : corner) {
        size = max_of(size, max_of(std::fabs(p.x), max_of(std::fabs(p.y), std::fabs(p.z))));
    }
    return 2e-7f + 2e-6f * size;
}

/// Half a pixel where `position` is seen from the eye: a pixel's samples average the rest.
RIH_HD inline float footprint_at(const SceneView& scene, Vec3f position) {
    return 0.5f * scene.pixel_width * length(position - scene.eye);
}

/// What is asked of a surface: everything, or only where it is and where it faces, which is enough
/// where light leaves it.
enum class SurfaceParts { All, Shape };

/// The mesh's maps at a point of a face: albedo, roughness and a bent shading normal.
template <SurfaceParts kParts = SurfaceParts::All>
RIH_HD inline void apply_maps(const MeshView& mesh,
                              const int* face,
                              const float (&weight)[3],
                              const Vec3f (&corner)[3],
                              float footprint,
                              bool between_levels,
                              Surface& surface) {
    const Vec2f uv[3] = {mesh.uv[face[0]], mesh.uv[face[1]], mesh.uv[face[2]]};
    Vec2f place;
    float fold = 0;
    for (int i = 0; i < 3; ++i) {
        place.x += weight[i] * uv[i].x;
        place.y += weight[i] * uv[i].y;
        fold += weight[i] * (mesh.vertex_fold ? mesh.vertex_fold[face[i]] : 1.0f);
    }
    constexpr bool kColours = kParts == SurfaceParts::All;
    const SurfaceDetail detail = between_levels
                                     ? mesh.maps.at(place, footprint)
                                     : mesh.maps.at_nearest_level<kColours>(place, footprint);
    if (kColours) {
        surface.albedo = detail.albedo;
        surface.roughness = detail.roughness;
        surface.coat = detail.coat;
    }
    surface.shading_normal =
        bent_normal(surface.shading_normal,
                    {detail.slope.x + fold * detail.fold.x, detail.slope.y + fold * detail.fold.y},
                    mesh.maps.metres_per_uv,
                    corner,
                    uv);
}

/// Unit, of any face however small; of one that is a line or a point something of unit length.
RIH_HD inline Vec3f normal_of_face(const Vec3f (&corner)[3]) {
    const Vec3f a = corner[1] - corner[0], b = corner[2] - corner[0];
    float size = 1e-30f;
    for (int c = 0; c < 3; ++c) {
        size = max_of(size, max_of(std::fabs(a[c]), std::fabs(b[c])));
    }
    const Vec3f area = cross((1.0f / size) * a, (1.0f / size) * b);
    const float length_of_area = length(area);
    return length_of_area > 1e-20f ? (1.0f / length_of_area) * area : Vec3f{0, 1, 0};
}

/// Albedo, roughness and coat of a mesh without maps.
RIH_HD inline void
set_colours(const MeshView& mesh, const Hit& hit, const float (&weight)[3], Surface& surface) {
    const int* face = mesh.faces + 3 * static_cast<std::int64_t>(hit.face);
    surface.albedo = surface.material->albedo;
    surface.roughness = surface.material->roughness;
    surface.coat = surface.material->coat;
    if (surface.material->texture.rgb && mesh.uv) {
        Vec2f uv;
        for (int i = 0; i < 3; ++i) {
            uv.x += weight[i] * mesh.uv[face[i]].x;
            uv.y += weight[i] * mesh.uv[face[i]].y;
        }
        surface.albedo = surface.material->texture.at(uv);
    } else if (mesh.vertex_albedo) {
        surface.albedo = {};
        for (int i = 0; i < 3; ++i) {
            surface.albedo += weight[i] * mesh.vertex_albedo[face[i]];
        }
    }
    if (mesh.vertex_roughness) {
        surface.roughness = 0;
        for (int i = 0; i < 3; ++i) {
            surface.roughness += weight[i] * mesh.vertex_roughness[face[i]];
        }
    }
    if (mesh.vertex_coat) {
        surface.coat = 0;
        for (int i = 0; i < 3; ++i) {
            surface.coat += weight[i] * mesh.vertex_coat[face[i]];
        }
    }
}

template <SurfaceParts kParts = SurfaceParts::All>
RIH_HD inline Surface make_surface(const SceneView& scene, const Hit& hit) {
    const MeshView& mesh = scene.meshes[hit.mesh];
    const int* face = mesh.faces + 3 * static_cast<std::int64_t>(hit.face);
    const float weight[3] = {1.0f - hit.u - hit.v, hit.u, hit.v};
    Vec3f corner[3], normal[3];
    Surface surface;
    Vec3f shading;
    for (int i = 0; i < 3; ++i) {
        corner[i] = mesh.vertices[face[i]];
        normal[i] = mesh.normals[face[i]];
        surface.position += weight[i] * corner[i];
        shading += weight[i] * normal[i];
    }
    surface.geometric_normal = normal_of_face(corner);
    if (dot(shading, surface.geometric_normal) <= 1e-3f * length(shading)) {
        shading = surface.geometric_normal; // vertex normals that contradict the face
    }
    surface.shading_normal = normalize(shading);
    surface.offset = offset_of_corners(corner);
    surface.ray_origin = lift_to_smooth_surface(surface.position, corner, normal, weight) +
                         surface.offset * surface.geometric_normal;

    surface.material = &mesh.materials[mesh.face_material ? mesh.face_material[hit.face] : 0];
    if (kParts == SurfaceParts::All) {
        set_colours(mesh, hit, weight, surface);
    }
    if (mesh.maps.level_count > 0) {
        apply_maps<kParts>(
            mesh, face, weight, corner, footprint_at(scene, surface.position), false, surface);
    }
    surface.group = mesh.group;
    return surface;
}

/// The shading normal bent just enough that the viewer is above it, as it is above the facet: else
/// the grazing rim of a coarse mesh turns black.
RIH_HD inline Vec3f normal_seen_from(Vec3f shading_normal, Vec3f wo) {
    constexpr float kMinCosine = 0.01f;
    const float cosine = dot(shading_normal, wo);
    if (cosine >= kMinCosine) {
        return shading_normal;
    }
    return normalize(shading_normal + (kMinCosine - cosine) * wo);
}

} // namespace rih
