// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/measure_meshes.h"

#include "renderih/base/error.h"
#include "renderih/geometry/closing.h"
#include "renderih/geometry/interaction.h"
#include "renderih/geometry/intersection.h"
#include "renderih/geometry/intersection_volume.h"
#include "renderih/geometry/triangle_tree.h"
#include "renderih/scene/obj.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <string_view>

namespace rih {

namespace {

struct Measured {
    ClosedMesh closed;
    MeshDistance distance;

    SolidMesh solid() const { return {closed.mesh.vertices, closed.mesh.faces, distance}; }
};

NamedMesh read_mesh(const std::filesystem::path& path) {
    ObjMesh obj = read_obj(path);
    return {path.string(), {std::move(obj.vertices), std::move(obj.faces)}};
}

Measured made_ready(const NamedMesh& mesh) {
    ClosedMesh closed = closed_for_measuring(mesh.mesh, mesh.name);
    MeshDistance distance(closed.mesh);
    return {std::move(closed), std::move(distance)};
}

/// What a surface that turns inside out where it passes through itself may spoil is no measure.
double checked_mm3(double volume_m3, std::string_view what) {
    RIH_REQUIRE(volume_m3 >= 0 && std::isfinite(volume_m3),
                "{} is {:.3g} m^3: a mesh passes through itself and turns inside out there; mend "
                "it first",
                what,
                volume_m3);
    return 1e9 * volume_m3;
}

MeshMeasures::Each each(const std::string& name, const Measured& measured) {
    const TriMesh& mesh = measured.closed.mesh;
    MeshMeasures::Each result;
    result.file = name;
    result.vertices = static_cast<std::size_t>(mesh.vertices.rows());
    result.faces = mesh.faces.size();
    result.capped_loops = measured.closed.capped_loops;
    result.volume_mm3 = checked_mm3(signed_volume(mesh), result.file + ": the volume");
    result.self_intersecting_triangle_pairs =
        self_intersecting_triangles(measured.distance.tree(), mesh.faces).size();
    return result;
}

} // namespace

MeshMeasures measure_meshes(const std::filesystem::path& a, const std::filesystem::path& b) {
    return measure_meshes(read_mesh(a), read_mesh(b));
}

MeshMeasures measure_meshes(const NamedMesh& mesh_a, const NamedMesh& mesh_b) {
    const Measured a = made_ready(mesh_a), b = made_ready(mesh_b);
    MeshMeasures result;
    result.meshes = {each(mesh_a.name, a), each(mesh_b.name, b)};
    const MeshInteraction interaction = measure_interaction(a.solid(), b.solid());
    result.intersecting_triangle_pairs = interaction.intersecting_triangle_pairs;
    result.penetration_depth_m = interaction.penetration_depth_m;
    result.min_distance_m = interaction.min_distance_m;
    result.contact_area_1mm_mm2 = interaction.contact_area_1mm_mm2;
    result.contact_area_mm2 = interaction.contact_area_mm2;
    result.contact_area_5mm_mm2 = interaction.contact_area_5mm_mm2;
    result.intersection_volume_mm3 =
        checked_mm3(intersection_volume(a.solid(), b.solid()), "the shared volume");
    return result;
}

std::string MeshMeasures::text() const {
    std::string text;
    for (const Each& mesh : meshes) {
        text += fmt::format("{}: {} vertices, {} triangles, {:.6g} mm^3, {} borders capped; {} "
                            "pairs of its own triangles meet\n",
                            mesh.file,
                            mesh.vertices,
                            mesh.faces,
                            mesh.volume_mm3,
                            mesh.capped_loops,
                            mesh.self_intersecting_triangle_pairs);
    }
    return text + fmt::format("intersecting triangle pairs  {}\n"
                              "penetration depth            {:.6g} mm\n"
                              "intersection volume          {:.6g} mm^3\n"
                              "least distance               {:.6g} mm\n"
                              "contact area at 1, 2, 5 mm   {:.6g}, {:.6g}, {:.6g} mm^2",
                              intersecting_triangle_pairs,
                              1e3 * penetration_depth_m,
                              intersection_volume_mm3,
                              1e3 * min_distance_m,
                              contact_area_1mm_mm2,
                              contact_area_mm2,
                              contact_area_5mm_mm2);
}

std::string MeshMeasures::json() const {
    nlohmann::ordered_json json;
    for (const Each& mesh : meshes) {
        json["meshes"].push_back(
            {{"file", mesh.file},
             {"vertices", mesh.vertices},
             {"faces", mesh.faces},
             {"capped_loops", mesh.capped_loops},
             {"volume_mm3", mesh.volume_mm3},
             {"self_intersecting_triangle_pairs", mesh.self_intersecting_triangle_pairs}});
    }
    json["intersecting_triangle_pairs"] = intersecting_triangle_pairs;
    json["penetration_depth_m"] = penetration_depth_m;
    json["intersection_volume_mm3"] = intersection_volume_mm3;
    json["min_distance_m"] = min_distance_m;
    json["contact_area_1mm_mm2"] = contact_area_1mm_mm2;
    json["contact_area_mm2"] = contact_area_mm2;
    json["contact_area_5mm_mm2"] = contact_area_5mm_mm2;
    return json.dump();
}

} // namespace rih
