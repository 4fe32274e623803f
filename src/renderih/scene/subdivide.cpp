// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/subdivide.h"

#include "renderih/base/error.h"

#include <opensubdiv/far/primvarRefiner.h>
#include <opensubdiv/far/stencilTableFactory.h>
#include <opensubdiv/far/topologyDescriptor.h>

#include <algorithm>
#include <map>
#include <utility>

namespace rih {

namespace {

namespace osd = OpenSubdiv;

constexpr double kMaxRefinedFaces = 1 << 26;

// Rows of weights over control values, flat.
struct Stencils {
    std::vector<int> start; // [rows + 1]
    std::vector<int> index;
    std::vector<double> weight;

    Eigen::Index rows() const { return static_cast<Eigen::Index>(start.size()) - 1; }

    template <typename Matrix>
    Matrix apply(const Matrix& control) const {
        Matrix result = Matrix::Zero(rows(), control.cols());
        for (Eigen::Index row = 0; row < rows(); ++row) {
            const auto first = static_cast<std::size_t>(start[static_cast<std::size_t>(row)]);
            const auto last = static_cast<std::size_t>(start[static_cast<std::size_t>(row) + 1]);
            for (std::size_t i = first; i < last; ++i) {
                result.row(row) += weight[i] * control.row(index[i]);
            }
        }
        return result;
    }
};

Stencils identity_stencils(int count) {
    Stencils stencils;
    for (int i = 0; i < count; ++i) {
        stencils.start.push_back(i);
        stencils.index.push_back(i);
        stencils.weight.push_back(1.0);
    }
    stencils.start.push_back(count);
    return stencils;
}

using StencilFactory = osd::Far::StencilTableFactoryReal<double>;

Stencils make_stencils(const osd::Far::TopologyRefiner& refiner,
                       StencilFactory::Mode mode,
                       int control_count) {
    if (refiner.GetMaxLevel() == 0) {
        return identity_stencils(control_count);
    }
    StencilFactory::Options options;
    options.interpolationMode = mode;
    options.generateOffsets = true;
    options.generateIntermediateLevels = false;
    options.fvarChannel = 0;
    const std::unique_ptr<const osd::Far::StencilTableReal<double>> table(
        StencilFactory::Create(refiner, options));
    RIH_ASSERT(table != nullptr, "OpenSubdiv returned no stencils");
    Stencils stencils;
    stencils.start.push_back(0);
    for (const int size : table->GetSizes()) {
        stencils.start.push_back(stencils.start.back() + size);
    }
    stencils.index = table->GetControlIndices();
    stencils.weight = table->GetWeights();
    return stencils;
}

struct Topology {
    std::vector<int> sizes, indices, uv_indices;
    int vertex_count = 0, uv_count = 0;
};

template <std::size_t N>
Topology make_topology(const std::vector<std::array<int, N>>& faces,
                       int vertex_count,
                       const std::vector<std::array<int, N>>& uv_faces,
                       int uv_count) {
    RIH_REQUIRE(uv_faces.empty() || uv_faces.size() == faces.size(),
                "subdivision: {} texture faces for {} faces",
                uv_faces.size(),
                faces.size());
    Topology topology;
    topology.vertex_count = vertex_count;
    topology.uv_count = uv_count;
    topology.sizes.assign(faces.size(), static_cast<int>(N));
    for (std::size_t f = 0; f < faces.size(); ++f) {
        for (std::size_t i = 0; i < N; ++i) {
            const int vertex = faces[f][i];
            RIH_REQUIRE(vertex >= 0 && vertex < vertex_count,
                        "subdivision: face {} names vertex {} of {}",
                        f,
                        vertex,
                        vertex_count);
            RIH_REQUIRE(std::count(faces[f].begin(), faces[f].end(), vertex) == 1,
                        "subdivision: face {} names vertex {} twice",
                        f,
                        vertex);
            topology.indices.push_back(vertex);
            if (!uv_faces.empty()) {
                const int uv = uv_faces[f][i];
                RIH_REQUIRE(uv >= 0 && uv < uv_count,
                            "subdivision: face {} names texture coordinate {} of {}",
                            f,
                            uv,
                            uv_count);
                topology.uv_indices.push_back(uv);
            }
        }
    }
    return topology;
}

std::unique_ptr<osd::Far::TopologyRefiner> make_refiner(const Topology& topology,
                                                        const SubdivisionOptions& options) {
    using Descriptor = osd::Far::TopologyDescriptor;
    Descriptor descriptor;
    descriptor.numVertices = topology.vertex_count;
    descriptor.numFaces = static_cast<int>(topology.sizes.size());
    descriptor.numVertsPerFace = topology.sizes.data();
    descriptor.vertIndicesPerFace = topology.indices.data();
    Descriptor::FVarChannel channel;
    channel.numValues = topology.uv_count;
    channel.valueIndices = topology.uv_indices.data();
    if (!topology.uv_indices.empty()) {
        descriptor.numFVarChannels = 1;
        descriptor.fvarChannels = &channel;
    }
    osd::Sdc::Options sdc;
    sdc.SetVtxBoundaryInterpolation(osd::Sdc::Options::VTX_BOUNDARY_EDGE_AND_CORNER);
    sdc.SetFVarLinearInterpolation(osd::Sdc::Options::FVAR_LINEAR_BOUNDARIES);
    using Factory = osd::Far::TopologyRefinerFactory<Descriptor>;
    const auto scheme = options.scheme == SubdivisionScheme::Loop ? osd::Sdc::SCHEME_LOOP
                                                                  : osd::Sdc::SCHEME_CATMARK;
    std::unique_ptr<osd::Far::TopologyRefiner> refiner(
        Factory::Create(descriptor, Factory::Options(scheme, sdc)));
    RIH_REQUIRE(refiner != nullptr, "subdivision: OpenSubdiv refuses this mesh's topology");
    osd::Far::TopologyRefiner::UniformOptions uniform(options.levels);
    uniform.fullTopologyInLastLevel = true; // for limit()
    refiner->RefineUniform(uniform);
    return refiner;
}

// What OpenSubdiv's Limit() writes into.
struct LimitValue {
    Vec3 value = Vec3::Zero();
    void Clear() { value.setZero(); }
    void AddWithWeight(const LimitValue& source, double weight) { value += weight * source.value; }
};

} // namespace

struct Subdivision::Impl {
    Impl(const Topology& topology, const SubdivisionOptions& options)
        : control_vertex_count(topology.vertex_count), control_uv_count(topology.uv_count) {
        RIH_REQUIRE(options.levels >= 0 && options.levels <= kMaxSubdivisionLevels,
                    "subdivision levels are {}; they must lie in 0 .. {}",
                    options.levels,
                    kMaxSubdivisionLevels);
        RIH_REQUIRE(options.scheme != SubdivisionScheme::Loop ||
                        std::all_of(topology.sizes.begin(),
                                    topology.sizes.end(),
                                    [](int size) { return size == 3; }),
                    "subdivision: the Loop scheme takes triangles only; use Catmull-Clark");
        RIH_REQUIRE(static_cast<double>(topology.sizes.size()) *
                            static_cast<double>(std::int64_t{1} << (2 * options.levels)) <=
                        kMaxRefinedFaces / 4,
                    "subdivision of {} faces by {} levels is too large; use fewer levels",
                    topology.sizes.size(),
                    options.levels);
        refiner = make_refiner(topology, options);
        stencils =
            make_stencils(*refiner, StencilFactory::INTERPOLATE_VERTEX, control_vertex_count);
        const bool has_uv = !topology.uv_indices.empty();
        if (has_uv) {
            uv_stencils =
                make_stencils(*refiner, StencilFactory::INTERPOLATE_FACE_VARYING, control_uv_count);
        }
        collect_faces(has_uv);
    }

    void collect_faces(bool has_uv) {
        const int levels = refiner->GetMaxLevel();
        const osd::Far::TopologyLevel last = refiner->GetLevel(levels);
        for (int f = 0; f < last.GetNumFaces(); ++f) {
            int parent = f;
            for (int level = levels; level > 0; --level) {
                parent = refiner->GetLevel(level).GetFaceParentFace(parent);
            }
            const auto corners = last.GetFaceVertices(f);
            for (int i = 2; i < corners.size(); ++i) {
                triangles.push_back({corners[0], corners[i - 1], corners[i]});
                parent_face.push_back(parent);
                if (has_uv) {
                    const auto uv = last.GetFaceFVarValues(f, 0);
                    uv_triangles.push_back({uv[0], uv[i - 1], uv[i]});
                }
            }
        }
    }

    int control_vertex_count = 0, control_uv_count = 0;
    std::unique_ptr<osd::Far::TopologyRefiner> refiner;
    Stencils stencils, uv_stencils;
    Triangles triangles, uv_triangles;
    std::vector<int> parent_face;
};

Subdivision::Subdivision(const Quads& faces,
                         int vertex_count,
                         const SubdivisionOptions& options,
                         const Quads& uv_faces,
                         int uv_count)
    : impl_(std::make_unique<Impl>(make_topology(faces, vertex_count, uv_faces, uv_count),
                                   options)) {}

Subdivision::Subdivision(const Triangles& faces,
                         int vertex_count,
                         const SubdivisionOptions& options,
                         const Triangles& uv_faces,
                         int uv_count)
    : impl_(std::make_unique<Impl>(make_topology(faces, vertex_count, uv_faces, uv_count),
                                   options)) {}

Subdivision::~Subdivision() = default;
Subdivision::Subdivision(Subdivision&&) noexcept = default;
Subdivision& Subdivision::operator=(Subdivision&&) noexcept = default;

int Subdivision::control_vertex_count() const {
    return impl_->control_vertex_count;
}
int Subdivision::vertex_count() const {
    return static_cast<int>(impl_->stencils.rows());
}
const Triangles& Subdivision::triangles() const {
    return impl_->triangles;
}
const Triangles& Subdivision::uv_triangles() const {
    return impl_->uv_triangles;
}
const std::vector<int>& Subdivision::parent_face() const {
    return impl_->parent_face;
}

Points Subdivision::refine(const Points& control) const {
    RIH_ASSERT(control.rows() == impl_->control_vertex_count,
               "{} points for {} control vertices",
               control.rows(),
               impl_->control_vertex_count);
    return impl_->stencils.apply(control);
}

MatX Subdivision::refine_values(const MatX& control) const {
    RIH_ASSERT(control.rows() == impl_->control_vertex_count,
               "{} rows for {} control vertices",
               control.rows(),
               impl_->control_vertex_count);
    return impl_->stencils.apply(control);
}

Points2 Subdivision::refine_uv(const Points2& control_uv) const {
    RIH_ASSERT(!impl_->uv_triangles.empty() && control_uv.rows() == impl_->control_uv_count,
               "{} texture coordinates for {}",
               control_uv.rows(),
               impl_->control_uv_count);
    return impl_->uv_stencils.apply(control_uv);
}

LimitSurface Subdivision::limit(const Points& control) const {
    const Points refined = refine(control);
    const auto count = static_cast<std::size_t>(refined.rows());
    std::vector<LimitValue> source(count), position(count), tangent1(count), tangent2(count);
    for (std::size_t i = 0; i < count; ++i) {
        source[i].value = refined.row(static_cast<Eigen::Index>(i));
    }
    const osd::Far::PrimvarRefinerReal<double> primvar(*impl_->refiner);
    primvar.Limit(source, position, tangent1, tangent2);
    LimitSurface limit{Points(refined.rows(), 3), Points(refined.rows(), 3)};
    for (std::size_t i = 0; i < count; ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        limit.positions.row(row) = position[i].value;
        const Vec3 normal = tangent1[i].value.cross(tangent2[i].value);
        const double length = normal.norm();
        limit.normals.row(row) = length > 0 ? Vec3(normal / length) : Vec3::Zero();
    }
    return limit;
}

SeamSplit split_seams(const Triangles& faces, const Triangles& uv_faces) {
    RIH_REQUIRE(faces.size() == uv_faces.size(),
                "{} texture faces for {} faces",
                uv_faces.size(),
                faces.size());
    SeamSplit split;
    std::map<std::pair<int, int>, int> index_of;
    split.faces.reserve(faces.size());
    for (std::size_t f = 0; f < faces.size(); ++f) {
        std::array<int, 3> face{};
        for (std::size_t i = 0; i < 3; ++i) {
            const auto [it, is_new] = index_of.try_emplace(
                {faces[f][i], uv_faces[f][i]}, static_cast<int>(split.vertex_of.size()));
            if (is_new) {
                split.vertex_of.push_back(faces[f][i]);
                split.uv_of.push_back(uv_faces[f][i]);
            }
            face[i] = it->second;
        }
        split.faces.push_back(face);
    }
    return split;
}

} // namespace rih
