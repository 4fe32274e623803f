// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/batch/part_grid.h"

#include "renderih/geometry/predicates.h"

#include <cmath>
#include <limits>

namespace rih {

namespace {

struct Crossing {
    float x;
    int winding; // +1 where a ray along x leaves the mesh, -1 where it enters
};

/// Which rows (y, z) along x pass triangle `t`, and where. Edges are taken from their lower end to
/// their upper one and decided exactly, so that no row slips between two faces or meets both: the
/// rule of TriangleTree::signed_crossings.
template <typename Visit>
void visit_crossings(const std::array<Vec3, 3>& t,
                     const Vec3& first,
                     double spacing,
                     const std::array<int, 3>& count,
                     const Visit& visit) {
    const auto range = [&](int axis) {
        const auto [low, high] = std::minmax({t[0][axis], t[1][axis], t[2][axis]});
        return std::pair{std::max(0, static_cast<int>(std::ceil((low - first[axis]) / spacing))),
                         std::min(count[axis] - 1,
                                  static_cast<int>(std::floor((high - first[axis]) / spacing)))};
    };
    const Vec3 normal = (t[1] - t[0]).cross(t[2] - t[0]);
    const auto [y0, y1] = range(1);
    const auto [z0, z1] = range(2);
    for (int z = z0; z <= z1; ++z) {
        for (int y = y0; y <= y1; ++y) {
            const Eigen::Vector2d q = (first + spacing * Vec3(0, y, z)).tail<2>();
            int winding = 0; // of the triangle's shadow on the yz plane about q
            for (int k = 0; k < 3; ++k) {
                const Eigen::Vector2d from = t[k].tail<2>(), to = t[(k + 1) % 3].tail<2>();
                const bool up = from.y() <= q.y() && q.y() < to.y();
                const bool down = to.y() <= q.y() && q.y() < from.y();
                if ((up || down) && orient2d(up ? from : to, up ? to : from, q) > 0) {
                    winding += up ? 1 : -1;
                }
            }
            if (winding != 0 && normal.x() != 0) {
                const double x =
                    t[0].x() + (normal.y() * (t[0].y() - q.x()) + normal.z() * (t[0].z() - q.y())) /
                                   normal.x();
                visit(y, z, Crossing{static_cast<float>(x), winding});
            }
        }
    }
}

} // namespace

Points PartGrid::vertices_of(const HandPart& part, const Points& hand_vertices) {
    Points vertices(static_cast<Eigen::Index>(part.vertices.size()), 3);
    for (std::size_t i = 0; i < part.vertices.size(); ++i) {
        vertices.row(static_cast<Eigen::Index>(i)) = hand_vertices.row(part.vertices[i]);
    }
    return vertices;
}

PartGrid::PartGrid(const HandPart& part,
                   const MeshDistance& any_shape,
                   const Points& rest_vertices,
                   double spacing)
    : spacing_(static_cast<float>(spacing)), inverse_spacing_(static_cast<float>(1 / spacing)) {
    const Points vertices = vertices_of(part, rest_vertices);
    const Vec3 low = vertices.colwise().minCoeff().transpose();
    const Vec3 high = vertices.colwise().maxCoeff().transpose();
    centre_ = (0.5 * (low + high)).cast<float>();
    radius_ = static_cast<float>(
        (vertices.rowwise() - (0.5 * (low + high)).transpose()).rowwise().norm().maxCoeff());
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

    const MeshDistance distance = any_shape.posed(vertices);
    std::vector<std::vector<Crossing>> rows(static_cast<std::size_t>(count_[1] * count_[2]));
    for (const auto& face : part.faces) {
        const std::array<Vec3, 3> corners{vertices.row(face[0]).transpose(),
                                          vertices.row(face[1]).transpose(),
                                          vertices.row(face[2]).transpose()};
        visit_crossings(
            corners, first, spacing, count_, [&](int y, int z, const Crossing& crossing) {
                rows[static_cast<std::size_t>(z * count_[1] + y)].push_back(crossing);
            });
    }
    std::vector<char> inside(node_count);
    for (int z = 0; z < count_[2]; ++z) {
        for (int y = 0; y < count_[1]; ++y) {
            for (int x = 0; x < count_[0]; ++x) {
                const double at = first[0] + spacing * x;
                int winding = 0;
                for (const Crossing& c : rows[static_cast<std::size_t>(z * count_[1] + y)]) {
                    winding += c.x > at ? c.winding : 0;
                }
                inside[index(x, y, z)] = winding > 0 ? 1 : 0;
            }
        }
    }
    // Every corner of a cell with one corner inside must have its true distance. Along a row the
    // distance of a node bounds that of the next.
    const auto any_inside_around = [&](int x, int y, int z) {
        for (int k = std::max(z - 1, 0); k <= std::min(z + 1, count_[2] - 1); ++k) {
            for (int j = std::max(y - 1, 0); j <= std::min(y + 1, count_[1] - 1); ++j) {
                for (int i = std::max(x - 1, 0); i <= std::min(x + 1, count_[0] - 1); ++i) {
                    if (inside[index(i, j, k)] != 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    };
    std::vector<float> depth(node_count, -spacing_);
    int hint = 0; // where the last node's nearest point was
    for (int z = 0; z < count_[2]; ++z) {
        for (int y = 0; y < count_[1]; ++y) {
            double bound = std::numeric_limits<double>::infinity();
            for (int x = 0; x < count_[0]; ++x) {
                if (!any_inside_around(x, y, z)) {
                    bound += spacing;
                    continue;
                }
                const std::size_t i = index(x, y, z);
                // A hair more than the bound, so that rounding never loses the nearest point.
                const double d =
                    distance.closest_within(node(x, y, z), 1.001 * bound, &hint)->distance;
                depth[i] = static_cast<float>(inside[i] != 0 ? d : -d);
                bound = d + spacing;
            }
        }
    }
    depth_ = std::make_shared<const std::vector<float>>(std::move(depth));
}

PartGrid PartGrid::mirrored() const {
    PartGrid grid = *this;
    grid.x_sign_ = -x_sign_;
    grid.centre_.x() = -centre_.x();
    return grid;
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
        return _mm256_i32gather_ps(depth_->data() + offset, corner, 4);
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
    return {where(hit, value),
            {slope_x * scale * Lanes(x_sign_), slope_y * scale, slope_z * scale}};
}

} // namespace rih
