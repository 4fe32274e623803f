// SPDX-License-Identifier: Apache-2.0
// Light from a lat-long map, evaluated bilinearly and sampled by a density that is itself bilinear
// between texel centres: brightness x sin(theta) at the nodes. So the density is positive wherever
// the map is, never far from proportional to it (a one-texel sun included), and the number that
// pdf() returns is the density that sample() draws from. What the camera sees behind everything may
// be a larger map: light is looked up often, and a small map stays in the cache. Views of arrays
// that render/environment_table.h builds.
#pragma once

#include "renderih/math/sampling.h"

#include <cstdint>

namespace rih {

struct EnvironmentSample {
    Vec3f wi;
    Vec3f radiance;
    float pdf_solid_angle = 0; ///< 0: no sample
};

/// Light and density side by side: where one is looked up, the other soon is.
struct alignas(16) EnvironmentTexel {
    Vec3f radiance;
    float density = 0; ///< where the density is of the same map
};

struct EnvironmentView {
    /// Sampling begins with a block of cells, chosen also by how well it lights a surface of a
    /// given facing: one of kFacingSide^2 patches of directions, or any.
    static constexpr int kFacingSide = 32, kFacings = kFacingSide * kFacingSide;
    static constexpr int kMaxBlockRows = 16, kMaxBlockColumns = 32;
    static constexpr int kAnyFacing = kFacings;

    /// Places of a list of `count` in a table that is searched kLanes at a time; what is beyond the
    /// list is kBeyond.
    static constexpr int kLanes = 8;
    static constexpr float kBeyond = 2.0f;
    RIH_HD static constexpr int lanes(int count) { return (count + kLanes - 1) / kLanes * kLanes; }

    const EnvironmentTexel* texels = nullptr; ///< [height, width]
    int width = 0, height = 0;
    const Vec3f* backdrop = nullptr; ///< [backdrop_height, backdrop_width]; null: `texels`
    int backdrop_width = 0, backdrop_height = 0;
    float strength = 1;   ///< multiplies radiance
    float rotation_u = 0; ///< turns; world u = map u - rotation_u
    /// Texels of the map that the density is of: `texels`, or a finer map of the same light.
    int columns = 0, rows = 0;
    /// Density over (u, v) at nodes: columns at texel centres, rows 1 .. `rows` at texel centres,
    /// row 0 and rows + 1 at the poles, where it is 0 and not stored. Every density_stride-th
    /// float.
    const float* density = nullptr;
    int density_stride = 1;
    int block_rows = 0, block_columns = 0, rows_per_block = 0, columns_per_block = 0;
    /// Cumulative probabilities, as the upper ends of intervals; a list of n takes lanes(n) places.
    /// Per facing and for any: of rows of blocks [lanes(block_rows)], then for each row of its
    /// blocks [block_rows, lanes(block_columns)].
    const float* block_cdf = nullptr;
    /// One over a block's share of all light, 0 if it has none [blocks].
    const float* block_rarity = nullptr;
    /// Within a block: of its rows of cells [blocks, lanes(rows_per_block)].
    const float* row_cdf = nullptr;
    /// Within a row of cells and a block: of its cells
    /// [rows + 1, block_columns, lanes(columns_per_block)]. Cell (row, column) lies between nodes
    /// (row, column) and (row + 1, column + 1).
    const float* cell_cdf = nullptr;
    float rotation_cos = 1, rotation_sin = 0; ///< of rotation_u

    RIH_HD bool is_lit() const { return row_cdf != nullptr; }

    /// The facing of a surface by its normal, as an octahedral patch.
    RIH_HD int facing_of(Vec3f normal) const {
        const float x = rotation_cos * normal.x - rotation_sin * normal.z;
        const float z = rotation_sin * normal.x + rotation_cos * normal.z;
        const float scale = 1.0f / (std::fabs(x) + std::fabs(normal.y) + std::fabs(z));
        float a = x * scale, b = z * scale;
        if (normal.y < 0.0f) {
            const float fold = std::copysign(1.0f - std::fabs(b), a);
            b = std::copysign(1.0f - std::fabs(a), b);
            a = fold;
        }
        const int i = static_cast<int>((0.5f * a + 0.5f) * kFacingSide);
        const int j = static_cast<int>((0.5f * b + 0.5f) * kFacingSide);
        return (j < kFacingSide ? j : kFacingSide - 1) * kFacingSide +
               (i < kFacingSide ? i : kFacingSide - 1);
    }

    /// Map coordinates of a world direction: u in [0, 1), v in [0, 1].
    RIH_HD Vec2f uv_of_direction(Vec3f d) const {
        const float u = 0.5f + std::atan2(d.z, d.x) * (0.5f * kInvPiF) + rotation_u;
        // acos(y), from a form that keeps its digits near the poles.
        const float theta = std::atan2(std::sqrt(d.x * d.x + d.z * d.z), d.y);
        return {u - std::floor(u), clamp_unit(theta * kInvPiF)};
    }
    RIH_HD Vec3f direction_of_uv(Vec2f uv, float sin_theta) const {
        const float phi = (uv.x - rotation_u - 0.5f) * kTwoPiF;
        return {sin_theta * std::cos(phi), std::cos(uv.y * kPiF), sin_theta * std::sin(phi)};
    }

    /// The light on surfaces from a direction.
    RIH_HD Vec3f eval(Vec3f d) const { return eval_uv(uv_of_direction(d)); }
    RIH_HD Vec3f eval_uv(Vec2f uv) const { return strength * bilinear(texels, width, height, uv); }

    /// What the camera sees in a direction.
    RIH_HD Vec3f seen(Vec3f d) const {
        return backdrop
                   ? strength *
                         bilinear(backdrop, backdrop_width, backdrop_height, uv_of_direction(d))
                   : eval(d);
    }

    /// Density over solid angle of sample().
    RIH_HD float pdf(Vec3f d, int facing = kAnyFacing) const {
        return is_lit() ? pdf_uv(uv_of_direction(d), facing) : 0.0f;
    }

    RIH_HD float pdf_uv(Vec2f uv, int facing = kAnyFacing) const {
        const Column column = column_at(uv.x, columns);
        const float y = uv.y * static_cast<float>(rows) + 0.5f; // in node rows, but for the caps
        int row = static_cast<int>(y);
        row = row < 0 ? 0 : (row > rows ? rows : row);
        const Vec2f p = {column.fraction, row_fraction(row, uv.y)};
        return gain(facing, row / rows_per_block, column.left / columns_per_block) *
               per_solid_angle(patch_of_cell(row, column).at(p), std::sin(kPiF * uv.y));
    }

    /// A direction with the light from there; `facing` of facing_of() or kAnyFacing. Every
    /// direction that lights a surface of that facing may come.
    RIH_HD EnvironmentSample sample(Vec2f u, int facing = kAnyFacing) const {
        EnvironmentSample drawn;
        sample_several(1, &u, &facing, &drawn);
        return drawn;
    }

    static constexpr int kMaxTogether = 6;

    /// Up to kMaxTogether at once, step by step: nearly all of a sample's time is waiting for its
    /// tables, which those of the others pass as well.
    RIH_HD void sample_several(int count,
                               const Vec2f* numbers,
                               const int* facings,
                               EnvironmentSample* drawn) const {
        if (!is_lit()) {
            for (int i = 0; i < count; ++i) {
                drawn[i] = {};
            }
            return;
        }
        Vec2f u[kMaxTogether];
        int block_row[kMaxTogether], block[kMaxTogether], row[kMaxTogether], left[kMaxTogether];
        for (int i = 0; i < count; ++i) {
            u[i] = numbers[i];
            block_row[i] = find_interval(block_rows_of(facings[i]), block_rows, u[i].y);
        }
        for (int i = 0; i < count; ++i) {
            block[i] = block_row[i] * block_columns +
                       find_interval(blocks_of(facings[i], block_row[i]), block_columns, u[i].x);
        }
        for (int i = 0; i < count; ++i) {
            row[i] =
                block_row[i] * rows_per_block +
                find_interval(row_cdf + block[i] * lanes(rows_per_block), rows_per_block, u[i].y);
        }
        for (int i = 0; i < count; ++i) {
            const int block_column = block[i] - block_row[i] * block_columns;
            const float* cells =
                cell_cdf + (static_cast<std::int64_t>(row[i]) * block_columns + block_column) *
                               lanes(columns_per_block);
            left[i] =
                block_column * columns_per_block + find_interval(cells, columns_per_block, u[i].x);
        }
        for (int i = 0; i < count; ++i) {
            const Column column = {left[i], left[i] + 1 < columns ? left[i] + 1 : 0, 0.0f};
            const BilinearPatch patch = patch_of_cell(row[i], column);
            if (!(patch.mean() > 0.0f)) {
                drawn[i] = {}; // a cell of no probability, reached by rounding
                continue;
            }
            const Vec2f p = sample_bilinear(u[i], patch);
            Vec2f uv = {(static_cast<float>(left[i]) + 0.5f + p.x) / static_cast<float>(columns),
                        v_in_row(row[i], p.y)};
            uv.x -= std::floor(uv.x);
            const float sin_theta = std::sin(kPiF * uv.y);
            drawn[i] = {direction_of_uv(uv, sin_theta),
                        eval_uv(uv),
                        gain(facings[i], block_row[i], block[i] - block_row[i] * block_columns) *
                            per_solid_angle(patch.at(p), sin_theta)};
        }
    }

  private:
    struct Column {
        int left = 0, right = 0;
        float fraction = 0;
    };

    RIH_HD static Vec3f radiance_of(const EnvironmentTexel& texel) { return texel.radiance; }
    RIH_HD static Vec3f radiance_of(Vec3f texel) { return texel; }

    template <typename Texel>
    RIH_HD static Vec3f bilinear(const Texel* map, int width, int height, Vec2f uv) {
        const Column column = column_at(uv.x, width);
        const float y = min_of(max_of(uv.y * static_cast<float>(height) - 0.5f, 0.0f),
                               static_cast<float>(height - 1));
        const int row = static_cast<int>(y);
        const int below = row + 1 < height ? row + 1 : row;
        const float fy = y - static_cast<float>(row);
        const Texel* top = map + static_cast<std::int64_t>(row) * width;
        const Texel* bottom = map + static_cast<std::int64_t>(below) * width;
        const float right = column.fraction, left = 1.0f - right;
        return (1.0f - fy) *
                   (left * radiance_of(top[column.left]) + right * radiance_of(top[column.right])) +
               fy * (left * radiance_of(bottom[column.left]) +
                     right * radiance_of(bottom[column.right]));
    }
    RIH_HD const float* block_rows_of(int facing) const {
        return block_cdf + facing * (lanes(block_rows) + block_rows * lanes(block_columns));
    }
    RIH_HD const float* blocks_of(int facing, int block_row) const {
        return block_rows_of(facing) + lanes(block_rows) + block_row * lanes(block_columns);
    }
    /// A block's probability for a facing over that for any.
    RIH_HD float gain(int facing, int block_row, int block_column) const {
        return facing == kAnyFacing ? 1.0f
                                    : width_of(block_rows_of(facing), block_row) *
                                          width_of(blocks_of(facing, block_row), block_column) *
                                          block_rarity[block_row * block_columns + block_column];
    }
    RIH_HD static Column column_at(float u, int count) {
        const float x = u * static_cast<float>(count) - 0.5f;
        const float floor_x = std::floor(x);
        int left = static_cast<int>(floor_x);
        left = left < 0 ? left + count : (left >= count ? left - count : left);
        return {left, left + 1 < count ? left + 1 : 0, x - floor_x};
    }
    RIH_HD BilinearPatch patch_of_cell(int row, const Column& column) const {
        return {density_at(row, column.left),
                density_at(row, column.right),
                density_at(row + 1, column.left),
                density_at(row + 1, column.right)};
    }
    RIH_HD float density_at(int node_row, int column) const {
        return node_row == 0 || node_row > rows
                   ? 0.0f
                   : density[(static_cast<std::int64_t>(node_row - 1) * columns + column) *
                             density_stride];
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
    RIH_HD static float per_solid_angle(float density_uv, float sin_theta) {
        return sin_theta > 1e-7f ? density_uv / (2.0f * kPiF * kPiF * sin_theta) : 0.0f;
    }
    /// The interval that holds u, of those that end at the rising ends[0 .. count - 1], the last at
    /// 1; never one of no width. `u` becomes its place within. Counting has no branch to foretell,
    /// and a compiler does it kLanes at a time.
    RIH_HD static int find_interval(const float* ends, int count, float& u) {
        int below = 0;
        for (int i = 0; i < count; i += kLanes) {
            for (int lane = 0; lane < kLanes; ++lane) {
                below += ends[i + lane] <= u ? 1 : 0;
            }
        }
        u = remap(u, below > 0 ? ends[below - 1] : 0.0f, ends[below]);
        return below;
    }
    RIH_HD static float width_of(const float* ends, int i) {
        return i > 0 ? ends[i] - ends[i - 1] : ends[0];
    }
    RIH_HD static float remap(float u, float low, float high) {
        return high > low ? min_of((u - low) / (high - low), kOneMinusEpsilonF) : 0.5f;
    }
};

} // namespace rih
