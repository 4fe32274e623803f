// SPDX-License-Identifier: Apache-2.0
// Label images a second way: a z-buffer over projected triangles in double precision, sampled at
// pixel centres. It shares no code with the path tracer, so `renderih verify` can hold the tracer's
// depth, part and amodal images against it. Coverage is decided exactly from the projected
// vertices: faces of a closed surface leave no gap and no pixel to two of them.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/image/image.h"
#include "renderih/math/camera.h"

#include <cstdint>
#include <span>

namespace rih {

struct RasterMesh {
    int id = 0;                           ///< 0 .. 7, its bit in the amodal images; 0 right, 1 left
    Points vertices;                      // [V, 3] world, m
    Triangles faces;                      // [F], seen from both sides
    std::vector<std::uint8_t> face_label; // [F], or empty: all 1
};

struct RasterOptions {
    /// Pixel centres this near to an edge where the answer changes are marked ambiguous.
    double epsilon_px = 1e-3;
    double tie_m = 1e-6;  ///< depths this near to each other are a tie
    double near_m = 1e-3; ///< what is nearer along z is cut away
    bool details = true;  ///< depth_slope and barycentric too; else these are empty
};

struct RasterImages {
    Image<double> depth_z;          // [H, W] m, 0 = nothing
    Image<double> depth_slope;      // [H, W] |gradient of depth_z|, m per pixel, of the face hit
    Image<std::int32_t> mesh, face; // [H, W] indices into the meshes and their faces, -1 = nothing
    Image<double> barycentric;      // [H, W, 3] of the hit in its face
    Image8 label;                   // [H, W] face_label, 0 = nothing
    /// [H, W] 1 where a rounding error could give another mesh, label or surface: an unoccluded
    /// silhouette or label border within epsilon_px, or a tie of two surfaces in depth.
    Image8 ambiguous;
    Image8 amodal;           // [H, W] bit id: that mesh, as if alone, covers the pixel's centre
    Image8 amodal_ambiguous; // [H, W] bit id: the outline of that mesh is within epsilon_px
};

/// Throws UserError for meshes that check_mesh() refuses, for face labels of another count, for ids
/// outside 0 .. 7, for a camera without pixels and for vertices 1e9 m away.
RasterImages rasterise(const Camera& camera,
                       std::span<const RasterMesh> meshes,
                       const RasterOptions& options = {});

} // namespace rih
