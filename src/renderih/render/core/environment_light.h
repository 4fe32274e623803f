// SPDX-License-Identifier: Apache-2.0
// Light from a lat-long map, evaluated bilinearly and sampled by a density that is itself bilinear
// between texel centres, of the same map or of a smaller one that stays in the cache: brightness
// x sin(theta) at the nodes. So the density is positive wherever the map is, never far from
// proportional to it (a one-texel sun included), and the number that pdf() returns is the density
// that sample() draws from. Views of arrays that render/environment_table.h builds.
#pragma once

#include "renderih/math/sampling.h"

#include <cstdint>

namespace rih {

struct EnvironmentSample {
    Vec3f wi;
    Vec3f radiance;
    float pdf_solid_angle = 0; ///< 0: no sample
};

struct EnvironmentView {
    static constexpr int kRowGuide = 256, kCellGuide = 64; ///< powers of two: exact buckets

    const Vec3f* radiance = nullptr; ///< [height, width]
    int width = 0, height = 0;
    float strength = 1;   ///< multiplies radiance
    float rotation_u = 0; ///< turns; world u = map u - rotation_u
    /// Texels of the map that the density is of; a smaller map than `radiance`, or the same.
    int columns = 0, rows = 0;
    /// Density over (u, v) at nodes: [rows + 2, columns]; columns at texel centres, rows at the
    /// poles (where it is 0) and at texel centres.
    const float* density = nullptr;
    /// Cumulative probability of cell rows [rows + 2] and of cells within a row [rows + 1,
    /// columns + 1]. Cell (row, column) lies between nodes (row, column) and (row + 1, column + 1).
    const float* row_cdf = nullptr;
    const float* cell_cdf = nullptr;
    /// Where to begin to search: the interval that holds i / kRowGuide [kRowGuide], and in each row
    /// i / kCellGuide [rows + 1, kCellGuide].
    const std::uint16_t* row_guide = nullptr;
    const std::uint16_t* cell_guide = nullptr;

    RIH_HD bool is_lit() const { return row_cdf != nullptr; }

    /// Map coordinates of a world direction: u in [0, 1), v in [0, 1].
    RIH_HD Vec2f uv_of_direction(Vec3f d) const {
        const float u = 0.5f + std::atan2(d.z, d.x) * (0.5f * kInvPiF) + rotation_u;
        // acos(y), from a form that keeps its digits near the poles.
        const float theta = std::atan2(std::sqrt(d.x * d.x + d.z * d.z), d.y);
        return {u - std::floor(u), clamp_unit(theta * kInvPiF)};
    }
    RIH_HD Vec3f direction_of_uv(Vec2f uv) const {
        const float phi = (uv.x - rotation_u - 0.5f) * kTwoPiF;
        const float theta = uv.y * kPiF;
        const float s = std::sin(theta);
        return {s * std::cos(phi), std::cos(theta), s * std::sin(phi)};
    }

    RIH_HD Vec3f eval(Vec3f d) const { return eval_uv(uv_of_direction(d)); }

    RIH_HD Vec3f eval_uv(Vec2f uv) const {
        const Column column = column_at(uv.x, width);
        const float y = std::fmin(std::fmax(uv.y * static_cast<float>(height) - 0.5f, 0.0f),
                                  static_cast<float>(height - 1));
        const int row = static_cast<int>(y);
        const int below = row + 1 < height ? row + 1 : row;
        const float fy = y - static_cast<float>(row);
        const Vec3f* top = radiance + static_cast<std::int64_t>(row) * width;
        const Vec3f* bottom = radiance + static_cast<std::int64_t>(below) * width;
        return (strength * (1.0f - fy)) * ((1.0f - column.fraction) * top[column.left] +
                                           column.fraction * top[column.right]) +
               (strength * fy) * ((1.0f - column.fraction) * bottom[column.left] +
                                  column.fraction * bottom[column.right]);
    }

    /// Density over solid angle.
    RIH_HD float pdf(Vec3f d) const { return is_lit() ? pdf_uv(uv_of_direction(d)) : 0.0f; }

    RIH_HD float pdf_uv(Vec2f uv) const {
        const Column column = column_at(uv.x, columns);
        const float y = uv.y * static_cast<float>(rows) + 0.5f; // in node rows, but for the caps
        int row = static_cast<int>(y);
        row = row < 0 ? 0 : (row > rows ? rows : row);
        const Vec2f p = {column.fraction, row_fraction(row, uv.y)};
        return per_solid_angle(patch_of_cell(row, column).at(p), uv.y);
    }

    RIH_HD EnvironmentSample sample(Vec2f u) const {
        if (!is_lit()) {
            return {};
        }
        const int row = find_interval(row_cdf, rows + 1, u.y, row_guide, kRowGuide);
        const float* cells = cell_cdf + static_cast<std::int64_t>(row) * (columns + 1);
        const int left = find_interval(cells,
                                       columns,
                                       u.x,
                                       cell_guide + static_cast<std::int64_t>(row) * kCellGuide,
                                       kCellGuide);
        const Column column = {left, left + 1 < columns ? left + 1 : 0, 0.0f};
        const BilinearPatch patch = patch_of_cell(row, column);
        if (!(patch.mean() > 0.0f)) {
            return {}; // a cell of no probability, reached by rounding
        }
        const Vec2f inside = {remap(u.x, cells[left], cells[left + 1]),
                              remap(u.y, row_cdf[row], row_cdf[row + 1])};
        const Vec2f p = sample_bilinear(inside, patch);
        Vec2f uv = {(static_cast<float>(left) + 0.5f + p.x) / static_cast<float>(columns),
                    v_in_row(row, p.y)};
        uv.x -= std::floor(uv.x);
        return {direction_of_uv(uv), eval_uv(uv), per_solid_angle(patch.at(p), uv.y)};
    }

  private:
    struct Column {
        int left = 0, right = 0;
        float fraction = 0;
    };

    RIH_HD static Column column_at(float u, int count) {
        const float x = u * static_cast<float>(count) - 0.5f;
        const float floor_x = std::floor(x);
        int left = static_cast<int>(floor_x);
        left = left < 0 ? left + count : (left >= count ? left - count : left);
        return {left, left + 1 < count ? left + 1 : 0, x - floor_x};
    }
    RIH_HD BilinearPatch patch_of_cell(int row, const Column& column) const {
        const float* top = density + static_cast<std::int64_t>(row) * columns;
        const float* bottom = top + columns;
        return {top[column.left], top[column.right], bottom[column.left], bottom[column.right]};
    }
    /// The cap rows at the poles are half as high as the others.
    RIH_HD float v_in_row(int row, float fraction) const {
        const float h = static_cast<float>(rows);
        if (row == 0) {
            return 0.5f * fraction / h;
        }
        if (row == rows) {
            return 1.0f - 0.5f * (1.0f - fraction) / h;
        }
        return (static_cast<float>(row) - 0.5f + fraction) / h;
    }
    RIH_HD float row_fraction(int row, float v) const {
        const float y = v * static_cast<float>(rows);
        if (row == 0) {
            return clamp_unit(2.0f * y);
        }
        if (row == rows) {
            return clamp_unit(1.0f - 2.0f * (static_cast<float>(rows) - y));
        }
        return clamp_unit(y + 0.5f - static_cast<float>(row));
    }
    /// d(omega) = 2 pi^2 sin(theta) du dv.
    RIH_HD static float per_solid_angle(float density_uv, float v) {
        const float sin_theta = std::sin(kPiF * v);
        return sin_theta > 1e-7f ? density_uv / (2.0f * kPiF * kPiF * sin_theta) : 0.0f;
    }
    /// The interval of the rising cdf[0..count] that holds u, never one of no width if avoidable.
    RIH_HD static int
    find_interval(const float* cdf, int count, float u, const std::uint16_t* guide, int buckets) {
        int bucket = static_cast<int>(u * static_cast<float>(buckets));
        bucket = bucket < buckets ? bucket : buckets - 1;
        int low = guide[bucket]; // cdf[low] <= u < cdf[high]
        int high = bucket + 1 < buckets ? guide[bucket + 1] + 1 : count;
        while (high - low > 1) {
            const int middle = (low + high) / 2;
            if (cdf[middle] <= u) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
    RIH_HD static float remap(float u, float low, float high) {
        return high > low ? std::fmin((u - low) / (high - low), kOneMinusEpsilonF) : 0.5f;
    }
};

} // namespace rih
