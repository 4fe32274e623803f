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

SelfPenetration PartSolids::measure(const Points& vertices, const NeighbourMatrix& left_out) const {
    const auto count = static_cast<Eigen::Index>(parts_.size());
    RIH_ASSERT(left_out.rows() == count && left_out.cols() == count,
               "neighbours are {} x {} for {} parts",
               left_out.rows(),
               left_out.cols(),
               count);
    std::vector<Points> points;
    std::vector<Box3> boxes;
    for (const Part& part : parts_) {
        points.push_back(rows_of(vertices, part.vertices));
        boxes.push_back(box_of(points.back()));
    }
    SelfPenetration result;
    result.pair_depth_m = MatX::Zero(count, count);
    for (Eigen::Index j = 0; j < count; ++j) {
        const auto in = static_cast<std::size_t>(j);
        std::optional<MeshDistance> solid; // posed when the first vertex is in its box
        for (Eigen::Index i = 0; i < count; ++i) {
            const auto of = static_cast<std::size_t>(i);
            if (i == j || left_out(i, j) || !boxes[of].overlaps(boxes[in])) {
                continue;
            }
            const std::vector<char>& shared = parts_[of].shares[in];
            for (std::size_t k = 0; k < parts_[of].vertices.size(); ++k) {
                const Vec3 x = points[of].row(static_cast<Eigen::Index>(k)).transpose();
                if (!boxes[in].contains(x) || shared[k] != 0) {
                    continue;
                }
                if (!solid) {
                    solid = parts_[in].solid.posed(points[in]);
                }
                const double depth = solid->inside_distance_clamped(x);
                result.pair_depth_m(i, j) = std::max(result.pair_depth_m(i, j), depth);
                if (depth > result.depth_m) {
                    result.depth_m = depth;
                    result.vertex = parts_[of].vertices[k];
                    result.vertex_part = static_cast<int>(i);
                    result.in_part = static_cast<int>(j);
                }
            }
        }
    }
    return result;
}

double greatest_excess_m(const SelfPenetration& measured, const MatX& resting) {
    return measured.depth_m > 0 ? std::max(0.0, (measured.pair_depth_m - resting).maxCoeff()) : 0;
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
