// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/interaction.h"

#include "renderih/base/error.h"
#include "renderih/geometry/contact_area.h"
#include "renderih/geometry/deepest_point.h"
#include "renderih/geometry/intersection.h"
#include "renderih/geometry/triangle_tree.h"
#include "renderih/geometry/vertices_inside.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

namespace rih {
namespace {

constexpr double kFarthestContact = 0.005; // m
/// The distance to anything bends less the farther away it is: at d metres a step h puts the rim
/// off by h^2 / (8 d) at most where the surface is convex, so far limits bear a coarser step.
constexpr double kStep = 0.001, kCoarseDistance = 0.004; // m

Vec3 vertex(const SolidMesh& mesh, int i) {
    return mesh.vertices.row(i).transpose();
}

Triangle3 corners(const SolidMesh& mesh, int face) {
    const auto& f = mesh.faces[static_cast<std::size_t>(face)];
    return {vertex(mesh, f[0]), vertex(mesh, f[1]), vertex(mesh, f[2])};
}

/// Along which parts of its length (0 .. 1 from the lower vertex) each edge passes a surface.
using EdgeCrossings = std::map<std::pair<int, int>, std::vector<double>>;

void add_crossings(const SolidMesh& mesh, int face, const Triangle3& t, EdgeCrossings& crossings) {
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
double deepest_piece(const SolidMesh& mesh, EdgeCrossings& crossings, const MeshDistance& solid) {
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

/// The faces of which some part may be inside: they cross the other surface or have a vertex
/// inside.
std::vector<int> faces_inside(const NearSurface& surface, std::span<const int> crossing) {
    std::vector<int> faces(crossing.begin(), crossing.end());
    for (std::size_t f = 0; f < surface.faces.size(); ++f) {
        if (std::ranges::any_of(surface.faces[f], [&](int v) { return surface.inside[v] != 0; })) {
            faces.push_back(static_cast<int>(f));
        }
    }
    std::ranges::sort(faces);
    faces.erase(std::ranges::unique(faces).begin(), faces.end());
    return faces;
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

NearSurface
near_surface(const SolidMesh& mesh, const SolidMesh& other, std::span<const int> crossing) {
    NearSurface surface{mesh.vertices, mesh.faces, mesh.distance, other.distance, {}, false};
    surface.inside = vertices_inside(mesh.vertices, mesh.faces, crossing, other.distance);
    surface.any_inside =
        !crossing.empty() ||
        std::find(surface.inside.begin(), surface.inside.end(), 1) != surface.inside.end();
    return surface;
}

/// Fills the three contact areas; kContactDistance comes between the fixed two but need not.
void add_areas(const NearSurface& surface,
               const std::vector<double>& distances,
               double contact_distance,
               MeshInteraction& result) {
    struct Wanted {
        double distance;
        double* area;
    };
    std::array<Wanted, 3> wanted{{{0.001, &result.contact_area_1mm_mm2},
                                  {contact_distance, &result.contact_area_mm2},
                                  {0.005, &result.contact_area_5mm_mm2}}};
    std::stable_sort(wanted.begin(), wanted.end(), [](const Wanted& x, const Wanted& y) {
        return x.distance < y.distance;
    });
    std::array<ContactLimit, 3> limits;
    for (std::size_t i = 0; i < 3; ++i) {
        limits[i] = {wanted[i].distance, wanted[i].distance < kCoarseDistance ? kStep : 2 * kStep};
    }
    const std::vector<double> areas = contact_areas(surface, distances, limits);
    for (std::size_t i = 0; i < 3; ++i) {
        *wanted[i].area = 1e6 * areas[i];
    }
}

} // namespace

MeshInteraction
measure_interaction(const SolidMesh& a, const SolidMesh& b, double contact_distance) {
    RIH_REQUIRE(contact_distance >= 0 && contact_distance <= 1,
                "contact distance {} m; it must lie in 0 .. 1",
                contact_distance);
    const TriangleTree &tree_a = a.distance.tree(), &tree_b = b.distance.tree();
    MeshInteraction result;
    const std::vector<std::pair<int, int>> pairs = intersecting_triangles(tree_a, tree_b);
    result.intersecting_triangle_pairs = pairs.size();
    const std::vector<int> crossing_a = crossing_faces(pairs, false);
    const std::vector<int> crossing_b = crossing_faces(pairs, true);
    const NearSurface surface_a = near_surface(a, b, crossing_a);
    const NearSurface surface_b = near_surface(b, a, crossing_b);
    const double reach = std::max(contact_distance, kFarthestContact);
    const std::vector<double> distances_a = vertex_distances(surface_a, reach);
    const std::vector<double> distances_b = vertex_distances(surface_b, contact_distance);

    EdgeCrossings edges_a, edges_b;
    for (const auto& [face_a, face_b] : pairs) {
        add_crossings(a, face_a, corners(b, face_b), edges_a);
        add_crossings(b, face_b, corners(a, face_a), edges_b);
    }
    result.penetration_depth_m = std::max({deepest_vertex(distances_a),
                                           deepest_vertex(distances_b),
                                           deepest_piece(a, edges_a, b.distance),
                                           deepest_piece(b, edges_b, a.distance)});
    if (surface_a.any_inside || surface_b.any_inside) {
        const double known = result.penetration_depth_m;
        const auto deepest = [&](const SolidMesh& mesh,
                                 const NearSurface& surface,
                                 std::span<const int> crossing) {
            return deepest_point(
                mesh.vertices, mesh.faces, faces_inside(surface, crossing), surface.solid, known);
        };
        result.penetration_depth_m =
            std::max(deepest(a, surface_a, crossing_a), deepest(b, surface_b, crossing_b));
    } else {
        // No two surfaces are farther apart than a vertex of one is from the other.
        const double bound =
            1.000001 * std::min(*std::min_element(distances_a.begin(), distances_a.end()),
                                *std::min_element(distances_b.begin(), distances_b.end()));
        result.min_distance_m = tree_a.distance_to(tree_b, bound);
    }
    if (result.min_distance_m <= reach) {
        add_areas(surface_a, distances_a, contact_distance, result);
        result.contact_vertices_a = near_vertices(distances_a, contact_distance);
        result.contact_vertices_b = near_vertices(distances_b, contact_distance);
    }
    return result;
}

MeshInteraction measure_interaction(const TriMesh& a, const TriMesh& b, double contact_distance) {
    const MeshDistance solid_a(a), solid_b(b);
    return measure_interaction(SolidMesh{a.vertices, a.faces, solid_a},
                               SolidMesh{b.vertices, b.faces, solid_b},
                               contact_distance);
}

} // namespace rih
