// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/self_penetration.h"

#include "renderih/base/error.h"
#include "renderih/geometry/box.h"

#include <algorithm>
#include <optional>

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

Points rows_of(const Points& vertices, const std::vector<int>& ids) {
    Points rows(static_cast<Eigen::Index>(ids.size()), 3);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        rows.row(static_cast<Eigen::Index>(i)) = vertices.row(ids[i]);
    }
    return rows;
}

Box3 box_of(const Points& points) {
    return {points.colwise().minCoeff().transpose(), points.colwise().maxCoeff().transpose()};
}

} // namespace

PartSolids::PartSolids(const Points& vertices, std::span<const MeshPart> parts) {
    std::vector<std::vector<int>> own;
    for (const MeshPart& part : parts) {
        parts_.push_back({part.vertices, {}, MeshDistance(extract(vertices, part))});
        own.push_back(sorted(part.vertices));
    }
    for (Part& part : parts_) {
        for (const std::vector<int>& others : own) {
            std::vector<char>& shares = part.shares.emplace_back();
            for (const int v : part.vertices) {
                shares.push_back(std::binary_search(others.begin(), others.end(), v) ? 1 : 0);
            }
        }
    }
}

template <typename Skip, typename Visit>
void PartSolids::visit_candidates(const Points& vertices,
                                  const Skip& skip,
                                  const Visit& visit) const {
    std::vector<Points> points;
    std::vector<Box3> boxes;
    for (const Part& part : parts_) {
        points.push_back(rows_of(vertices, part.vertices));
        boxes.push_back(box_of(points.back()));
    }
    for (std::size_t j = 0; j < parts_.size(); ++j) {
        std::optional<MeshDistance> solid; // posed when the first vertex is in its box
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (i == j || skip(i, j) || !boxes[i].overlaps(boxes[j])) {
                continue;
            }
            const std::vector<char>& shared = parts_[i].shares[j];
            for (std::size_t k = 0; k < shared.size(); ++k) {
                const Vec3 x = points[i].row(static_cast<Eigen::Index>(k)).transpose();
                if (shared[k] != 0 || !boxes[j].contains(x)) {
                    continue;
                }
                if (!solid) {
                    solid = parts_[j].solid.posed(points[j]);
                }
                visit(i, j, parts_[i].vertices[k], x, *solid);
            }
        }
    }
}

SelfPenetration PartSolids::measure(const Points& vertices, const NeighbourMatrix& left_out) const {
    const auto count = static_cast<Eigen::Index>(parts_.size());
    RIH_ASSERT(left_out.rows() == count && left_out.cols() == count,
               "neighbours are {} x {} for {} parts",
               left_out.rows(),
               left_out.cols(),
               count);
    SelfPenetration result;
    result.pair_depth_m = MatX::Zero(count, count);
    visit_candidates(
        vertices,
        [&](auto i, auto j) {
            return left_out(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
        },
        [&](auto i, auto j, int vertex, const Vec3& x, const MeshDistance& solid) {
            const double depth = solid.inside_distance_clamped(x);
            double& deepest =
                result.pair_depth_m(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
            deepest = std::max(deepest, depth);
            if (depth > result.depth_m) {
                result.depth_m = depth;
                result.vertex = vertex;
                result.vertex_part = static_cast<int>(i);
                result.in_part = static_cast<int>(j);
            }
        });
    return result;
}

MatX PartSolids::covered_depths(const Points& vertices,
                                const Triangles& faces,
                                const MeshDistance& body) const {
    const auto count = static_cast<Eigen::Index>(parts_.size());
    MatX depths = MatX::Zero(count, count);
    Points normals; // when first needed
    visit_candidates(
        vertices,
        [](auto, auto) { return false; },
        [&](auto i, auto j, int vertex, const Vec3& x, const MeshDistance& solid) {
            if (!solid.inside(x)) {
                return;
            }
            if (normals.rows() == 0) {
                normals = vertex_normals(vertices, faces);
            }
            if (body.inside(x + kSkinOffset * normals.row(vertex).transpose())) {
                double& deepest =
                    depths(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
                deepest = std::max(deepest, solid.closest_point(x).distance);
            }
        });
    return depths;
}

SelfPenetration measure_self_penetration(const Points& vertices,
                                         std::span<const MeshPart> parts,
                                         const NeighbourMatrix& neighbours) {
    return PartSolids(vertices, parts).measure(vertices, neighbours);
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
