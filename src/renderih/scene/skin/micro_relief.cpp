// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/micro_relief.h"

#include "renderih/scene/skin/texel_noise.h"

#include <vector>

namespace rih {
namespace {

/// A periodic pattern of cells: how deep between them, 0 inside .. 1 in a furrow.
class CellTile {
  public:
    static const CellTile& instance() {
        static const CellTile tile;
        return tile;
    }

    /// Bilinear; `place` in cells, wrapped.
    float at(Vec2f place) const {
        const float x = wrapped(place.x) * kTexelsPerCell, y = wrapped(place.y) * kTexelsPerCell;
        const int column = static_cast<int>(x), row = static_cast<int>(y);
        const float fx = x - static_cast<float>(column), fy = y - static_cast<float>(row);
        return mixed(mixed(value(column, row), value(column + 1, row), fx),
                     mixed(value(column, row + 1), value(column + 1, row + 1), fx),
                     fy);
    }

  private:
    static constexpr int kCells = 48, kTexelsPerCell = 8, kSide = kCells * kTexelsPerCell;

    CellTile() : depth_(static_cast<std::size_t>(kSide) * kSide) {
        for (int y = 0; y < kSide; ++y) {
            for (int x = 0; x < kSide; ++x) {
                depth_[static_cast<std::size_t>(y) * kSide + x] =
                    furrow({static_cast<float>(x) / kTexelsPerCell,
                            static_cast<float>(y) / kTexelsPerCell});
            }
        }
    }

    /// From the distances to the two nearest of the cells' jittered centres.
    static float furrow(Vec2f place) {
        const int cx = static_cast<int>(place.x), cy = static_cast<int>(place.y);
        float nearest = 9, second = 9;
        for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -1; dx <= 1; ++dx) {
                const int x = cx + dx, y = cy + dy;
                const std::uint32_t hash =
                    hash_cell((x + kCells) % kCells, (y + kCells) % kCells, 0, 0xce11u);
                const float px = static_cast<float>(x) + unit_of_hash(hash, 0) - place.x;
                const float py = static_cast<float>(y) + unit_of_hash(hash, 1) - place.y;
                const float distance = std::sqrt(px * px + py * py);
                if (distance < nearest) {
                    second = nearest;
                    nearest = distance;
                } else if (distance < second) {
                    second = distance;
                }
            }
        }
        return smooth_step(0.35f, 0.0f, second - nearest);
    }

    static float wrapped(float x) {
        constexpr float kPeriod = kCells;
        const float r = x - kPeriod * std::floor(x / kPeriod);
        return r < kPeriod ? r : 0.0f;
    }
    float value(int column, int row) const {
        return depth_[static_cast<std::size_t>(row % kSide) * kSide + column % kSide];
    }

    std::vector<float> depth_;
};

} // namespace

MicroRelief::MicroRelief(const SkinTraits& traits, std::uint32_t seed)
    : depth_mm_(0.052f * traits.relief), cell_mm_(0.75f + 0.35f * traits.age),
      crepe_mm_(0.06f * traits.age),
      shift_{41 * unit_of_hash(seed, 1), 37 * unit_of_hash(seed, 2)} {}

void MicroRelief::add(Vec2f map_mm, float share, SkinLook& look) const {
    const CellTile& tile = CellTile::instance();
    const Vec2f cell{map_mm.x / cell_mm_ + shift_.x, map_mm.y / cell_mm_ + shift_.y};
    // Two sizes, turned against each other: long furrows and the short ones between.
    const float fine = tile.at(cell);
    const float coarse =
        tile.at({0.37f * (cell.x + 0.6f * cell.y), 0.37f * (cell.y - 0.6f * cell.x)});
    const float depth = share * (depth_mm_ * fine + (0.4f * depth_mm_ + crepe_mm_) * coarse);
    look.height -= depth;
    const float shade = 1 - 0.9f * depth;
    look.tint *= Vec3f{shade, shade, shade};
}

} // namespace rih
