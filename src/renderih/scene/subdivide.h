// SPDX-License-Identifier: Apache-2.0
// Subdivision surfaces by OpenSubdiv. The topology's weights are worked out once and then applied,
// in double and in a fixed order, to every pose of the mesh.
#pragma once

#include "renderih/geometry/mesh.h"

#include <memory>
#include <vector>

namespace rih {

enum class SubdivisionScheme {
    CatmullClark, ///< any polygons; triangles become quads at the first level
    Loop,         ///< triangles only
};

struct SubdivisionOptions {
    SubdivisionScheme scheme = SubdivisionScheme::CatmullClark;
    int levels = 1; ///< 0 .. kMaxSubdivisionLevels; 0 keeps the control mesh's vertices
};

inline constexpr int kMaxSubdivisionLevels = 5;

/// The smooth surface that endless subdivision leads to, at the refined vertices.
struct LimitSurface {
    Points positions; // [R, 3] m
    Points normals;   // [R, 3] unit, outward
};

/// One mesh's refinement. Control faces may be quads or triangles, with a second set of indices
/// for texture coordinates where those have seams. Immutable and thread-safe after construction.
class Subdivision {
  public:
    /// `uv_faces` has one row a face, indices into `uv_count` texture coordinates, or is empty.
    /// Throws UserError for indices out of range, a face with a repeated vertex, a scheme that does
    /// not fit, levels out of range, or a result of more than 2^26 faces.
    Subdivision(const Quads& faces,
                int vertex_count,
                const SubdivisionOptions& options,
                const Quads& uv_faces = {},
                int uv_count = 0);
    Subdivision(const Triangles& faces,
                int vertex_count,
                const SubdivisionOptions& options,
                const Triangles& uv_faces = {},
                int uv_count = 0);
    ~Subdivision();
    Subdivision(Subdivision&&) noexcept;
    Subdivision& operator=(Subdivision&&) noexcept;

    int control_vertex_count() const; // V
    int vertex_count() const;         // R
    /// The refined faces; quads are split into two triangles.
    const Triangles& triangles() const; // [F]
    /// Their texture coordinates: indices into refine_uv()'s rows. Empty without uv.
    const Triangles& uv_triangles() const; // [F] or empty
    /// The control face of each refined triangle.
    const std::vector<int>& parent_face() const; // [F]

    /// Refined points of control points [V, 3]; not yet on the limit surface.
    Points refine(const Points& control) const; // [R, 3]
    /// The same weights (never negative, sum 1) for any per-vertex values [V, C].
    MatX refine_values(const MatX& control) const; // [R, C]
    Points2 refine_uv(const Points2& control_uv) const;
    LimitSurface limit(const Points& control) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Faces whose corners carry a vertex and a texture coordinate, made into faces over their distinct
/// pairs, as SceneMesh needs. `vertex_of` and `uv_of` name each new vertex's sources.
struct SeamSplit {
    Triangles faces;            // [F]
    std::vector<int> vertex_of; // [N]
    std::vector<int> uv_of;     // [N]
};

SeamSplit split_seams(const Triangles& faces, const Triangles& uv_faces);

} // namespace rih
