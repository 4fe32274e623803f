// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/closing.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <map>

namespace rih {
namespace {

TriMesh joined(const TriMesh& mesh) {
    std::map<std::array<double, 3>, int> place;
    std::vector<int> of_vertex;
    std::vector<Eigen::Index> rows;
    for (Eigen::Index v = 0; v < mesh.vertices.rows(); ++v) {
        const auto [it, fresh] =
            place.try_emplace({mesh.vertices(v, 0), mesh.vertices(v, 1), mesh.vertices(v, 2)},
                              static_cast<int>(rows.size()));
        if (fresh) {
            rows.push_back(v);
        }
        of_vertex.push_back(it->second);
    }
    TriMesh result;
    result.vertices.resize(static_cast<Eigen::Index>(rows.size()), 3);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        result.vertices.row(static_cast<Eigen::Index>(i)) = mesh.vertices.row(rows[i]);
    }
    for (const auto& f : mesh.faces) {
        const std::array<int, 3> g{of_vertex[static_cast<std::size_t>(f[0])],
                                   of_vertex[static_cast<std::size_t>(f[1])],
                                   of_vertex[static_cast<std::size_t>(f[2])]};
        if (g[0] != g[1] && g[1] != g[2] && g[2] != g[0]) {
            result.faces.push_back(g);
        }
    }
    return result;
}

std::string place_of(const TriMesh& mesh, int v) {
    return fmt::format(
        "({:.6g}, {:.6g}, {:.6g})", mesh.vertices(v, 0), mesh.vertices(v, 1), mesh.vertices(v, 2));
}

/// Throws for an edge that faces pass twice in one direction: no cap mends it.
void require_manifold(const TriMesh& mesh, std::string_view name) {
    std::vector<std::pair<int, int>> edges;
    for (const auto& f : mesh.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            edges.emplace_back(f[k], f[(k + 1) % 3]);
        }
    }
    std::sort(edges.begin(), edges.end());
    const auto twice = std::adjacent_find(edges.begin(), edges.end());
    if (twice != edges.end()) {
        throw_user_error("{}: two faces pass the edge from {} to {} in the same direction, so the "
                         "surface has no inside; mend the mesh (an edge must have two faces, wound "
                         "alike)",
                         name,
                         place_of(mesh, twice->first),
                         place_of(mesh, twice->second));
    }
}

} // namespace

ClosedMesh closed_for_measuring(const TriMesh& mesh, std::string_view name) {
    check_mesh(mesh.vertices, mesh.faces, name);
    ClosedMesh result{joined(mesh), 0};
    RIH_REQUIRE(!result.mesh.faces.empty(), "{}: there is no triangle with three corners", name);
    require_manifold(result.mesh, name);
    result.capped_loops = border_loops(result.mesh.faces).size();
    result.mesh.faces = close_borders(result.mesh.faces);
    RIH_REQUIRE(is_closed(result.mesh.faces),
                "{}: a border cannot be capped by a fan of its own vertices; close the mesh first",
                name);
    RIH_REQUIRE(signed_volume(result.mesh) > 0,
                "{}: encloses {:.3g} m^3; faces must be counter-clockwise seen from outside and "
                "enclose something",
                name,
                signed_volume(result.mesh));
    return result;
}

} // namespace rih
