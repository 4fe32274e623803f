// SPDX-License-Identifier: Apache-2.0
// Closest points between two surfaces of the same kind whose limbs lie side by side: a point of one
// finger must not be drawn to its neighbour. Faces have groups; group 0 (the palm) goes with all,
// any other goes with itself and group 0 alone.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/geometry/signed_distance.h"
#include "renderih/geometry/triangle_tree.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace rih {

class GroupedSurface {
  public:
    /// `group_of_face` [F]. Throws UserError for what check_mesh() refuses.
    GroupedSurface(Points vertices, Triangles faces, std::vector<std::uint8_t> group_of_face);

    /// New positions [V, 3] of the same vertices.
    void update(const Points& vertices);

    const Points& vertices() const { return vertices_; }
    const Triangles& faces() const { return faces_; }
    const Points& normals() const { return normals_; } // [V, 3] of the vertices
    /// The group of most faces at each vertex, the lowest of equals. [V]
    const std::vector<std::uint8_t>& group_of_vertex() const { return group_of_vertex_; }
    std::uint8_t group_of_face(int face) const {
        return group_of_face_[static_cast<std::size_t>(face)];
    }
    /// A third of the area of the faces at each vertex. [V] m^2
    VecX vertex_areas() const;

    /// The closest point of the faces that go with `group`; nothing when these are none.
    std::optional<ClosestPoint> closest(const Vec3& query, int group) const;
    /// The unit normal at a point of a face, between those of its corners.
    Vec3 normal_at(int face, const Vec3& barycentric) const;

  private:
    struct Part {
        std::vector<int> face_of; // the mesh's own numbers
        std::optional<TriangleTree> tree;
    };

    Points vertices_;
    Triangles faces_;
    std::vector<std::uint8_t> group_of_face_, group_of_vertex_;
    Points normals_;
    std::map<int, Part> parts_; // by group; 0 holds all faces
};

} // namespace rih
