// SPDX-License-Identifier: Apache-2.0
// Meshes of things put together from grids of points: bands, tubes, discs, beads.
#pragma once

#include "renderih/scene/scene.h"

#include <functional>
#include <vector>

namespace rih {

/// A grid of points, faces counter-clockwise seen from where (next row - this) x (next column -
/// this) points. A closed direction goes on from its last to its first point.
struct Grid {
    int rows = 0, columns = 0;
    bool rows_closed = false, columns_closed = false;
    std::vector<Vec3> points; // [rows, columns]

    Grid(int row_count, int column_count, bool close_rows, bool close_columns)
        : rows(row_count), columns(column_count), rows_closed(close_rows),
          columns_closed(close_columns),
          points(static_cast<std::size_t>(row_count) * static_cast<std::size_t>(column_count)) {}
    Vec3& at(int row, int column) {
        return points[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                      static_cast<std::size_t>(column)];
    }
};

/// Adds pieces to a mesh whose every vertex has an albedo.
class PatchWork {
  public:
    /// Of the grid's points, in its order.
    using Colour = std::function<Vec3f(int row, int column)>;

    explicit PatchWork(SceneMesh& mesh) : mesh_(mesh) {}

    /// Index of a new material of the mesh.
    int add_material(const Material& material);

    /// Normals are smooth over the grid. `flip`: faces turn the other way.
    void add(const Grid& grid, int material, const Colour& colour, bool flip = false);
    void add(const Grid& grid, int material, const Vec3f& colour, bool flip = false) {
        add(grid, material, [&](int, int) { return colour; }, flip);
    }
    /// Any triangles over points of their own; flat ones when `facets`.
    void add(const TriMesh& piece, int material, const Vec3f& colour, bool facets);

    /// Gives every face its label and leaves the mesh out of amodal masks.
    void finish(const std::string& name, int id, std::uint8_t label);

  private:
    SceneMesh& mesh_;
};

/// True when the closed surface of a grid encloses a negative volume: its faces must be flipped.
bool turns_inwards(const Grid& grid);
/// True when the faces of a cap on the whole turn away from `direction`.
bool turns_from(const Grid& grid, const Vec3& direction);

} // namespace rih
