// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/interaction.h"

#include "renderih/base/error.h"
#include "renderih/geometry/contact_area.h"
#include "renderih/geometry/intersection.h"
#include "renderih/geometry/signed_distance.h"
#include "renderih/geometry/triangle_tree.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace rih {
namespace {

Vec3 vertex(const TriMesh& mesh, int i) {
    return mesh.vertices.row(i).transpose();
}

Triangle3 corners(const TriMesh& mesh, int face) {
    const auto& f = mesh.faces[static_cast<std::size_t>(face)];
    return {vertex(mesh, f[0]), vertex(mesh, f[1]), vertex(mesh, f[2])};
}

/// Along which parts of its length (0 .. 1 from the lower vertex) each edge passes a surface.
using EdgeCrossings = std::map<std::pair<int, int>, std::vector<double>>;

void add_crossings(const TriMesh& mesh, int face, const Triangle3& t, EdgeCrossings& crossings) {
    const auto& f = mesh.faces[static_cast<std::size_t>(face)];
    const Vec3 normal = (t[1] - t[0]).cross(t[2] - t[0]);
    for (std::size_t k = 0; k < 3; ++k) {
        const auto edge = std::minmax(f[k], f[(k + 1) % 3]);
        const Vec3 p = vertex(mesh, edge.first), q = vertex(mesh, edge.second);
        const double hp = normal.dot(p - t[0]), hq = normal.dot(q - t[0]);
        if (hp != hq && segment_intersects_triangle(p, q, t)) {
            crossings[edge].push_back(std::clamp(hp / (hp - hq), 0.0, 1.0));
        }
    }
}

/// The greatest depth of the middles of the pieces into which crossings cut the edges.
double deepest_piece(const TriMesh& mesh, EdgeCrossings& crossings, const MeshDistance& solid) {
    double deepest = 0;
    for (auto& [edge, cuts] : crossings) {
        const Vec3 p = vertex(mesh, edge.first), q = vertex(mesh, edge.second);
        cuts.push_back(0);
        cuts.push_back(1);
        std::sort(cuts.begin(), cuts.end());
        for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
            if (cuts[i] < cuts[i + 1]) {
                const Vec3 middle = p + 0.5 * (cuts[i] + cuts[i + 1]) * (q - p);
                deepest = std::max(deepest, solid.inside_distance_clamped(middle));
            }
        }
    }
    return deepest;
}

double deepest_vertex(const std::vector<double>& distances) {
    return std::max(0.0, -*std::min_element(distances.begin(), distances.end()));
}

std::vector<int> near_vertices(const std::vector<double>& distances, double contact_distance) {
    std::vector<int> near;
    for (std::size_t i = 0; i < distances.size(); ++i) {
        if (distances[i] <= contact_distance) {
            near.push_back(static_cast<int>(i));
        }
    }
    return near;
}

} // namespace

MeshInteraction measure_interaction(const TriMesh& a, const TriMesh& b, double contact_distance) {
    RIH_REQUIRE(contact_distance >= 0 && std::isfinite(contact_distance),
                "contact distance {} m; it must be 0 or more",
                contact_distance);
    const MeshDistance solid_a(a), solid_b(b);
    const TriangleTree &tree_a = solid_a.tree(), &tree_b = solid_b.tree();
    MeshInteraction result;

    const std::vector<std::pair<int, int>> pairs = intersecting_triangles(tree_a, tree_b);
    result.intersecting_triangle_pairs = pairs.size();
    EdgeCrossings edges_a, edges_b;
    for (const auto& [face_a, face_b] : pairs) {
        add_crossings(a, face_a, corners(b, face_b), edges_a);
        add_crossings(b, face_b, corners(a, face_a), edges_b);
    }
    ContactQuery to_b{solid_b, contact_distance}, to_a{solid_a, contact_distance};
    const std::vector<double> distances_a =
        vertex_distances(a.vertices, to_b, contact_bound(a, to_b));
    const std::vector<double> distances_b = vertex_distances(b.vertices, to_a, contact_distance);
    result.penetration_depth_m = std::max({deepest_vertex(distances_a),
                                           deepest_vertex(distances_b),
                                           deepest_piece(a, edges_a, solid_b),
                                           deepest_piece(b, edges_b, solid_a)});

    const bool apart = pairs.empty() && result.penetration_depth_m == 0;
    if (apart) {
        result.min_distance_m = tree_a.distance_to(tree_b);
    }
    if (result.min_distance_m <= contact_distance) {
        to_b.may_be_inside = !apart;
        result.contact_area_mm2 = 1e6 * contact_area(a, distances_a, to_b, kContactStep);
        result.contact_vertices_a = near_vertices(distances_a, contact_distance);
        result.contact_vertices_b = near_vertices(distances_b, contact_distance);
    }
    return result;
}

} // namespace rih
