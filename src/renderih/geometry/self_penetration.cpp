// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/self_penetration.h"

#include "renderih/base/error.h"
#include "renderih/geometry/signed_distance.h"

#include <algorithm>

namespace rih {
namespace {

std::vector<int> sorted(std::vector<int> values) {
    std::sort(values.begin(), values.end());
    return values;
}

TriMesh extract(const Points& vertices, const MeshPart& part) {
    TriMesh mesh;
    mesh.faces = part.faces;
    mesh.vertices.resize(static_cast<Eigen::Index>(part.vertices.size()), 3);
    for (std::size_t i = 0; i < part.vertices.size(); ++i) {
        RIH_REQUIRE(part.vertices[i] >= 0 && part.vertices[i] < vertices.rows(),
                    "a part names vertex {}, but the mesh has {}",
                    part.vertices[i],
                    vertices.rows());
        mesh.vertices.row(static_cast<Eigen::Index>(i)) = vertices.row(part.vertices[i]);
    }
    return mesh;
}

} // namespace

SelfPenetration measure_self_penetration(const Points& vertices,
                                         std::span<const MeshPart> parts,
                                         const NeighbourMatrix& neighbours) {
    const auto count = static_cast<Eigen::Index>(parts.size());
    RIH_ASSERT(neighbours.rows() == count && neighbours.cols() == count,
               "neighbours are {} x {} for {} parts",
               neighbours.rows(),
               neighbours.cols(),
               count);
    std::vector<MeshDistance> solids;
    std::vector<std::vector<int>> own;
    for (const MeshPart& part : parts) {
        solids.emplace_back(extract(vertices, part));
        own.push_back(sorted(part.vertices));
    }
    SelfPenetration result;
    result.pair_depth_m = MatX::Zero(count, count);
    for (Eigen::Index i = 0; i < count; ++i) {
        for (Eigen::Index j = 0; j < count; ++j) {
            if (i == j || neighbours(i, j)) {
                continue;
            }
            const auto& own_j = own[static_cast<std::size_t>(j)];
            const MeshDistance& solid_j = solids[static_cast<std::size_t>(j)];
            for (const int v : own[static_cast<std::size_t>(i)]) {
                const Vec3 x = vertices.row(v).transpose();
                if (!solid_j.maybe_inside(x) || std::binary_search(own_j.begin(), own_j.end(), v)) {
                    continue;
                }
                const double depth = solid_j.inside_distance_clamped(x);
                result.pair_depth_m(i, j) = std::max(result.pair_depth_m(i, j), depth);
                if (depth > result.depth_m) {
                    result.depth_m = depth;
                    result.vertex = v;
                    result.vertex_part = static_cast<int>(i);
                    result.in_part = static_cast<int>(j);
                }
            }
        }
    }
    return result;
}

double self_penetration_depth(const Points& vertices,
                              std::span<const MeshPart> parts,
                              const NeighbourMatrix& neighbours) {
    return measure_self_penetration(vertices, parts, neighbours).depth_m;
}

NeighbourMatrix neighbours_by_shared_vertices(std::span<const MeshPart> parts) {
    const auto count = static_cast<Eigen::Index>(parts.size());
    NeighbourMatrix neighbours = NeighbourMatrix::Constant(count, count, false);
    std::vector<std::vector<int>> own;
    for (const MeshPart& part : parts) {
        own.push_back(sorted(part.vertices));
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        for (std::size_t j = 0; j < parts.size(); ++j) {
            neighbours(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
                i != j &&
                std::find_first_of(own[i].begin(), own[i].end(), own[j].begin(), own[j].end()) !=
                    own[i].end();
        }
    }
    return neighbours;
}

} // namespace rih
