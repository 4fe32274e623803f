// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/batch/part_grid.h"

#include "renderih/geometry/signed_distance.h"

#include <cmath>

namespace rih {

namespace {

/// The part's own mesh.
TriMesh mesh_of(const HandPart& part, const Points& vertices) {
    TriMesh mesh;
    mesh.vertices.resize(static_cast<Eigen::Index>(part.vertices.size()), 3);
    for (std::size_t i = 0; i < part.vertices.size(); ++i) {
        mesh.vertices.row(static_cast<Eigen::Index>(i)) = vertices.row(part.vertices[i]);
    }
    mesh.faces = part.faces;
    return mesh;
}

} // namespace

PartGrid::PartGrid(const HandPart& part, const Points& rest_vertices, double spacing)
    : spacing_(static_cast<float>(spacing)), inverse_spacing_(static_cast<float>(1 / spacing)) {
    const TriMesh mesh = mesh_of(part, rest_vertices);
    const Vec3 low = mesh.vertices.colwise().minCoeff().transpose();
    const Vec3 high = mesh.vertices.colwise().maxCoeff().transpose();
    centre_ = (0.5 * (low + high)).cast<float>();
    radius_ = static_cast<float>(
        (mesh.vertices.rowwise() - (0.5 * (low + high)).transpose()).rowwise().norm().maxCoeff());
    // One node outside all around, so that the surface lies between nodes of either sign.
    Vec3 first;
    for (int axis = 0; axis < 3; ++axis) {
        count_[axis] = static_cast<int>(std::ceil((high[axis] - low[axis]) / spacing)) + 2;
        first[axis] = 0.5 * (low[axis] + high[axis]) - 0.5 * spacing * (count_[axis] - 1);
        low_[axis] = static_cast<float>(first[axis]);
    }
    const auto index = [&](int x, int y, int z) {
        return static_cast<std::size_t>((z * count_[1] + y) * count_[0] + x);
    };
    const auto node = [&](int x, int y, int z) -> Vec3 { return first + spacing * Vec3(x, y, z); };
    const std::size_t node_count = index(count_[0] - 1, count_[1] - 1, count_[2] - 1) + 1;

    const MeshDistance distance(mesh);
    std::vector<char> inside(node_count), near(node_count);
    for (int z = 0; z < count_[2]; ++z) {
        for (int y = 0; y < count_[1]; ++y) {
            for (int x = 0; x < count_[0]; ++x) {
                if (!distance.inside(node(x, y, z))) {
                    continue;
                }
                inside[index(x, y, z)] = 1;
                // Nodes of a cell with one node inside must have their true distances.
                for (int dz = std::max(z - 1, 0); dz <= std::min(z + 1, count_[2] - 1); ++dz) {
                    for (int dy = std::max(y - 1, 0); dy <= std::min(y + 1, count_[1] - 1); ++dy) {
                        for (int dx = std::max(x - 1, 0); dx <= std::min(x + 1, count_[0] - 1);
                             ++dx) {
                            near[index(dx, dy, dz)] = 1;
                        }
                    }
                }
            }
        }
    }
    depth_.assign(node_count, -spacing_);
    for (int z = 0; z < count_[2]; ++z) {
        for (int y = 0; y < count_[1]; ++y) {
            for (int x = 0; x < count_[0]; ++x) {
                const std::size_t i = index(x, y, z);
                if (near[i]) {
                    const double d = distance.closest_point(node(x, y, z)).distance;
                    depth_[i] = static_cast<float>(inside[i] ? d : -d);
                }
            }
        }
    }
}

PartGrid::Sample PartGrid::interpolate(const Vec3Lanes& q, LaneMask within) const {
    const auto cell_of = [&](Lanes x) {
        return _mm256_cvttps_epi32(where(within, x).v); // outside: node 0, not used
    };
    const __m256i cx = cell_of(q.x), cy = cell_of(q.y), cz = cell_of(q.z);
    const Lanes fx = q.x - Lanes(_mm256_cvtepi32_ps(cx));
    const Lanes fy = q.y - Lanes(_mm256_cvtepi32_ps(cy));
    const Lanes fz = q.z - Lanes(_mm256_cvtepi32_ps(cz));
    const int row = count_[0], slab = count_[0] * count_[1];
    const __m256i corner =
        _mm256_add_epi32(cx,
                         _mm256_add_epi32(_mm256_mullo_epi32(cy, _mm256_set1_epi32(row)),
                                          _mm256_mullo_epi32(cz, _mm256_set1_epi32(slab))));
    const auto depth_at = [&](int offset) -> Lanes {
        return _mm256_i32gather_ps(depth_.data() + offset, corner, 4);
    };
    // Along x, then y, then z; each step keeps value and difference.
    const Lanes a00 = depth_at(0), d00 = depth_at(1) - a00;
    const Lanes a10 = depth_at(row), d10 = depth_at(row + 1) - a10;
    const Lanes a01 = depth_at(slab), d01 = depth_at(slab + 1) - a01;
    const Lanes a11 = depth_at(slab + row), d11 = depth_at(slab + row + 1) - a11;
    const Lanes b00 = fma(fx, d00, a00), b10 = fma(fx, d10, a10);
    const Lanes b01 = fma(fx, d01, a01), b11 = fma(fx, d11, a11);
    const Lanes c0 = fma(fy, b10 - b00, b00), c1 = fma(fy, b11 - b01, b01);
    const Lanes value = fma(fz, c1 - c0, c0);
    const Lanes slope_x0 = fma(fy, d10 - d00, d00), slope_x1 = fma(fy, d11 - d01, d01);
    const Lanes slope_x = fma(fz, slope_x1 - slope_x0, slope_x0);
    const Lanes slope_y = fma(fz, (b11 - b01) - (b10 - b00), b10 - b00);
    const Lanes slope_z = c1 - c0;
    const LaneMask hit = within & less(0.0f, value);
    const Lanes scale = where(hit, inverse_spacing_);
    return {where(hit, value), {slope_x * scale, slope_y * scale, slope_z * scale}};
}

} // namespace rih
