// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/patch.h"

namespace rih {

namespace {

Triangles faces_of(const Grid& grid, bool flip) {
    Triangles faces;
    const int row_steps = grid.rows_closed ? grid.rows : grid.rows - 1;
    const int column_steps = grid.columns_closed ? grid.columns : grid.columns - 1;
    for (int r = 0; r < row_steps; ++r) {
        for (int c = 0; c < column_steps; ++c) {
            const int next_r = (r + 1) % grid.rows, next_c = (c + 1) % grid.columns;
            const int a = r * grid.columns + c, b = next_r * grid.columns + c;
            const int d = r * grid.columns + next_c, e = next_r * grid.columns + next_c;
            for (std::array<int, 3> face : {std::array{a, b, e}, std::array{a, e, d}}) {
                if (flip) {
                    std::swap(face[1], face[2]);
                }
                faces.push_back(face);
            }
        }
    }
    return faces;
}

Points points_of(const Grid& grid) {
    Points points(static_cast<Eigen::Index>(grid.points.size()), 3);
    for (std::size_t i = 0; i < grid.points.size(); ++i) {
        points.row(static_cast<Eigen::Index>(i)) = grid.points[i].transpose();
    }
    return points;
}

void append(Points& to, const Points& more) {
    const Eigen::Index before = to.rows();
    to.conservativeResize(before + more.rows(), 3);
    to.bottomRows(more.rows()) = more;
}

} // namespace

int PatchWork::add_material(const Material& material) {
    mesh_.materials.push_back(material);
    return static_cast<int>(mesh_.materials.size()) - 1;
}

void PatchWork::add(const Grid& grid, int material, const Colour& colour, bool flip) {
    const int first = static_cast<int>(mesh_.vertices.rows());
    const Points points = points_of(grid);
    const Triangles faces = faces_of(grid, flip);
    append(mesh_.normals, vertex_normals(points, faces));
    append(mesh_.vertices, points);
    for (int r = 0; r < grid.rows; ++r) {
        for (int c = 0; c < grid.columns; ++c) {
            mesh_.vertex_albedo.push_back(colour(r, c));
        }
    }
    for (const auto& face : faces) {
        mesh_.faces.push_back({first + face[0], first + face[1], first + face[2]});
        mesh_.face_material.push_back(material);
    }
}

void PatchWork::add(const TriMesh& piece, int material, const Vec3f& colour, bool facets) {
    TriMesh apart = piece;
    if (facets) {
        apart.vertices.resize(3 * static_cast<Eigen::Index>(piece.faces.size()), 3);
        for (std::size_t f = 0; f < piece.faces.size(); ++f) {
            for (std::size_t k = 0; k < 3; ++k) {
                const int v = static_cast<int>(3 * f + k);
                apart.vertices.row(v) = piece.vertices.row(piece.faces[f][k]);
                apart.faces[f][k] = v;
            }
        }
    }
    const int first = static_cast<int>(mesh_.vertices.rows());
    append(mesh_.normals, vertex_normals(apart.vertices, apart.faces));
    append(mesh_.vertices, apart.vertices);
    mesh_.vertex_albedo.insert(
        mesh_.vertex_albedo.end(), static_cast<std::size_t>(apart.vertices.rows()), colour);
    for (const auto& face : apart.faces) {
        mesh_.faces.push_back({first + face[0], first + face[1], first + face[2]});
        mesh_.face_material.push_back(material);
    }
}

void PatchWork::finish(const std::string& name, int id, std::uint8_t label) {
    mesh_.name = name;
    mesh_.id = id;
    mesh_.face_label.assign(mesh_.faces.size(), label);
    mesh_.amodal_ignores = {label};
}

bool turns_inwards(const Grid& grid) {
    return signed_volume({points_of(grid), faces_of(grid, false)}) < 0;
}

bool turns_from(const Grid& grid, const Vec3& direction) {
    Vec3 area = Vec3::Zero();
    for (const auto& face : faces_of(grid, false)) {
        const auto point = [&](std::size_t k) {
            return grid.points[static_cast<std::size_t>(face[k])];
        };
        area += (point(1) - point(0)).cross(point(2) - point(0));
    }
    return area.dot(direction) < 0;
}

} // namespace rih
