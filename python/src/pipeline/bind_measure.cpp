// SPDX-License-Identifier: Apache-2.0
#include "bind.h"
#include "renderih/base/error.h"
#include "renderih/pipeline/measure_meshes.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

namespace rih::python {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using Vertices = nb::ndarray<const double, nb::shape<-1, 3>, nb::c_contig, nb::device::cpu>;
using Faces = nb::ndarray<const std::int64_t, nb::shape<-1, 3>, nb::c_contig, nb::device::cpu>;

NamedMesh mesh_of(const std::string& name, const Vertices& vertices, const Faces& faces) {
    NamedMesh result{name, {}};
    const std::size_t vertex_count = vertices.shape(0);
    result.mesh.vertices =
        Eigen::Map<const Points>(vertices.data(), static_cast<Eigen::Index>(vertex_count), 3);
    result.mesh.faces.resize(faces.shape(0));
    for (std::size_t i = 0; i < 3 * faces.shape(0); ++i) {
        const std::int64_t vertex = faces.data()[i];
        RIH_REQUIRE(vertex >= 0 && static_cast<std::uint64_t>(vertex) < vertex_count,
                    "{}: face {} names vertex {}; there are {}",
                    name,
                    i / 3,
                    vertex,
                    vertex_count);
        result.mesh.faces[i / 3][i % 3] = static_cast<int>(vertex);
    }
    return result;
}

std::string measure_meshes(Vertices vertices_a, Faces faces_a, Vertices vertices_b, Faces faces_b) {
    const NamedMesh a = mesh_of("a", vertices_a, faces_a), b = mesh_of("b", vertices_b, faces_b);
    const nb::gil_scoped_release released;
    return rih::measure_meshes(a, b).json();
}

} // namespace

void bind_measure(nb::module_& module) {
    module.def("measure_meshes",
               &measure_meshes,
               "vertices_a"_a.noconvert(),
               "faces_a"_a.noconvert(),
               "vertices_b"_a.noconvert(),
               "faces_b"_a.noconvert(),
               "The JSON object of `renderih measure`.");
}

} // namespace rih::python
