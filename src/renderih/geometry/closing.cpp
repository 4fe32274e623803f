// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/closing.h"

#include "renderih/base/error.h"
#include "renderih/geometry/border_caps.h"
#include "renderih/geometry/intersection.h"
#include "renderih/geometry/solid_pieces.h"
#include "renderih/geometry/triangle_tree.h"

#include <algorithm>
#include <numeric>

namespace rih {
namespace {

constexpr double kFarthest = 1e6; // m; beyond, volumes would not be finite

/// One vertex a place, sorted by place: what follows does not depend on how they were numbered.
TriMesh joined(const TriMesh& mesh) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(mesh.vertices.rows()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    const auto place = [&](Eigen::Index v) {
        return std::array{mesh.vertices(v, 0), mesh.vertices(v, 1), mesh.vertices(v, 2)};
    };
    std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
        return place(a) < place(b);
    });
    std::vector<int> of_vertex(order.size());
    std::vector<Eigen::Index> rows;
    for (const Eigen::Index v : order) {
        if (rows.empty() || place(rows.back()) != place(v)) {
            rows.push_back(v);
        }
        of_vertex[static_cast<std::size_t>(v)] = static_cast<int>(rows.size()) - 1;
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

/// A cap through the surface would make another solid than the one meant.
void require_free_caps(const TriMesh& mesh, std::size_t first_cap, std::string_view name) {
    if (mesh.faces.size() == first_cap) {
        return;
    }
    const TriangleTree tree(mesh.vertices, mesh.faces);
    for (const auto& [a, b] : self_intersecting_triangles(tree, mesh.faces)) {
        RIH_REQUIRE(static_cast<std::size_t>(b) < first_cap,
                    "{}: the cap over a border meets the surface at {}; close the mesh first",
                    name,
                    place_of(mesh, mesh.faces[static_cast<std::size_t>(a)][0]));
    }
}

} // namespace

ClosedMesh closed_for_measuring(const TriMesh& mesh, std::string_view name) {
    check_mesh(mesh.vertices, mesh.faces, name);
    RIH_REQUIRE(mesh.vertices.size() == 0 || mesh.vertices.cwiseAbs().maxCoeff() <= kFarthest,
                "{}: a coordinate is beyond {} m",
                name,
                kFarthest);
    TriMesh open = joined(mesh);
    RIH_REQUIRE(!open.faces.empty(), "{}: there is no triangle with three corners", name);
    require_manifold(open, name);
    const std::size_t first_cap = open.faces.size();
    CappedMesh capped = cap_borders(open, name);
    const ClosedMesh result{{std::move(open.vertices), std::move(capped.faces)}, capped.loops};
    RIH_ASSERT(is_closed(result.mesh.faces), "a capped mesh is not closed");
    require_solid(result.mesh, name);
    require_free_caps(result.mesh, first_cap, name);
    return result;
}

} // namespace rih
