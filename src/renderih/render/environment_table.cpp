// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/environment_table.h"

#include "renderih/base/error.h"
#include "renderih/math/types.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

namespace rih {

namespace {

// Far above any light (the sun's disk is 2e9 in these units); its square is a float still.
constexpr double kMaxRadiance = 1e15;
constexpr int kMaxSide = 1 << 15; // pixels

} // namespace

/// Light by blocks of cells.
struct EnvironmentTable::Blocks {
    std::vector<double> mass; // share of all light
    std::vector<Vec3> light;  // mean direction, not of unit length
};

namespace {

/// Directions around `centre`, none further from it than `radius`.
struct Cone {
    Vec3 centre;
    double radius = 0; // rad
};

Cone cone_about(const Vec3& centre, const std::vector<Vec3>& directions) {
    Cone cone{centre, 0};
    for (const Vec3& direction : directions) {
        cone.radius =
            std::max(cone.radius, std::acos(std::clamp(centre.dot(direction), -1.0, 1.0)));
    }
    return cone;
}

Vec3 direction_of_uv(double u, double v) {
    const double phi = 2 * kPi * (u - 0.5), theta = kPi * v;
    return {std::sin(theta) * std::cos(phi), std::cos(theta), std::sin(theta) * std::sin(phi)};
}

/// The normals of a facing (EnvironmentView::facing_of), by a lattice over its patch.
Cone facing_cone(int facing) {
    constexpr int kSide = EnvironmentView::kFacingSide, kSteps = 2;
    std::vector<Vec3> normals;
    Vec3 sum = Vec3::Zero();
    for (int j = 0; j <= kSteps; ++j) {
        for (int i = 0; i <= kSteps; ++i) {
            const double a = 2.0 * (facing % kSide + static_cast<double>(i) / kSteps) / kSide - 1;
            const double b = 2.0 * (facing / kSide + static_cast<double>(j) / kSteps) / kSide - 1;
            const double y = 1 - std::abs(a) - std::abs(b);
            Vec3 normal(a, y, b);
            if (y < 0) {
                normal.x() = std::copysign(1 - std::abs(b), a);
                normal.z() = std::copysign(1 - std::abs(a), b);
            }
            normals.push_back(normal.normalized());
            sum += normals.back();
        }
    }
    return cone_about(sum.normalized(), normals);
}

/// The directions between two u and two v, about the mean direction of their light.
Cone block_cone(double u0, double u1, double v0, double v1, const Vec3& light) {
    constexpr int kSteps = 4;
    std::vector<Vec3> directions;
    for (int j = 0; j <= kSteps; ++j) {
        for (int i = 0; i <= kSteps; ++i) {
            directions.push_back(
                direction_of_uv(u0 + (u1 - u0) * i / kSteps, v0 + (v1 - v0) * j / kSteps));
        }
    }
    return cone_about(light.norm() > 0 ? light.normalized()
                                       : direction_of_uv(0.5 * (u0 + u1), 0.5 * (v0 + v1)),
                      directions);
}

/// About the cosine under which light of a block falls on a surface of that facing, rounded off
/// where the horizon crosses the block; 0 only where all of it is below the horizon.
double lit_share(const Cone& facing, const Cone& block) {
    // Cones are measured at lattice points: a little wider, to be sure.
    const double spread = 1.1 * (facing.radius + block.radius);
    const double cosine = facing.centre.dot(block.centre);
    if (spread >= 0.5 * kPi) {
        return std::max(cosine, 0.1);
    }
    const double edge = std::sin(spread);
    if (cosine <= -edge) {
        return 0;
    }
    constexpr double kLeast = 0.02;
    return std::max(kLeast,
                    cosine >= edge ? cosine : (cosine + edge) * (cosine + edge) / (4 * edge));
}

/// A finer map of the same bilinear function where the given one is so small that single texels
/// fill a good part of the sky; else empty.
ImageF finer_map(const ImageF& map) {
    const int across = (2 * EnvironmentView::kMaxBlockColumns + map.width() - 1) / map.width();
    const int down = (2 * EnvironmentView::kMaxBlockRows + map.height() - 1) / map.height();
    if (across <= 1 && down <= 1) {
        return {};
    }
    ImageF fine(across * map.width(), down * map.height(), map.channels());
    for (int y = 0; y < fine.height(); ++y) {
        const double v = std::clamp((y + 0.5) / down - 0.5, 0.0, map.height() - 1.0);
        const int top = static_cast<int>(v), bottom = std::min(top + 1, map.height() - 1);
        for (int x = 0; x < fine.width(); ++x) {
            const double u = (x + 0.5) / across - 0.5 + map.width();
            const int left = static_cast<int>(u) % map.width();
            const int right = (left + 1) % map.width();
            const double fu = u - std::floor(u), fv = v - top;
            for (int c = 0; c < map.channels(); ++c) {
                fine.at(x, y, c) = static_cast<float>(
                    (1 - fv) * ((1 - fu) * map.at(left, top, c) + fu * map.at(right, top, c)) +
                    fv * ((1 - fu) * map.at(left, bottom, c) + fu * map.at(right, bottom, c)));
            }
        }
    }
    return fine;
}

/// The greatest of the values; infinite where one is negative or no number. Of numbers from 0 on
/// the bits rise as they do, those of all others lie beyond, and integers are compared eight at a
/// time: a map has 25 million.
double greatest_if_radiance(const std::vector<float>& values) {
    std::uint32_t bits = 0;
    for (const float value : values) {
        bits = std::max(bits, std::bit_cast<std::uint32_t>(value + 0.0f)); // -0 is 0
    }
    const float greatest = std::bit_cast<float>(bits);
    return greatest >= 0 ? double{greatest} : std::numeric_limits<double>::infinity();
}

/// Appends the cumulative sums of masses over their total, even steps if that is 0, as
/// EnvironmentView searches them.
void append_cdf(std::span<const double> mass, std::vector<float>& cdf) {
    double total = 0;
    for (const double m : mass) {
        total += m;
    }
    double sum = 0;
    for (std::size_t i = 0; i < mass.size(); ++i) {
        sum += mass[i];
        cdf.push_back(static_cast<float>(total > 0 ? sum / total : (i + 1.0) / mass.size()));
    }
    const int count = static_cast<int>(mass.size());
    cdf.insert(cdf.end(),
               static_cast<std::size_t>(EnvironmentView::lanes(count) - count),
               EnvironmentView::kBeyond);
}

} // namespace

EnvironmentTable::EnvironmentTable(const Environment& environment) {
    build(environment);
    if (!environment.light.empty()) {
        backdrop_ = environment.radiance;
    }
}

EnvironmentTable::EnvironmentTable(Environment&& environment) {
    build(environment);
    if (!environment.light.empty()) {
        backdrop_ = std::move(environment.radiance);
    }
}

void EnvironmentTable::build(const Environment& environment) {
    name_ = environment.name;
    for (const ImageF* map : {&environment.radiance, &environment.light}) {
        if (map == &environment.light && map->empty()) {
            continue;
        }
        RIH_REQUIRE(map->width() > 0 && map->height() > 0 && map->channels() == 3 &&
                        map->width() <= kMaxSide && map->height() <= kMaxSide,
                    "environment '{}' is {}x{} with {} channels; it must be a picture of 3 "
                    "channels, at most {} pixels a side",
                    name_,
                    map->width(),
                    map->height(),
                    map->channels(),
                    kMaxSide);
        const double greatest = greatest_if_radiance(map->values());
        for (std::size_t i = 0; greatest > kMaxRadiance && i < map->values().size(); ++i) {
            const double value = map->values()[i];
            RIH_REQUIRE(value >= 0 && value <= kMaxRadiance,
                        "environment '{}' is {:g} at pixel {}, {}; radiance must lie in 0 .. {:g}",
                        name_,
                        value,
                        i / 3 % static_cast<std::size_t>(map->width()),
                        i / 3 / static_cast<std::size_t>(map->width()),
                        kMaxRadiance);
        }
        greatest_ = std::max(greatest_, greatest);
    }
    const ImageF& light = environment.light.empty() ? environment.radiance : environment.light;
    width_ = light.width();
    height_ = light.height();
    texels_.resize(light.values().size() / 3);
    for (std::size_t i = 0; i < texels_.size(); ++i) {
        const float* rgb = &light.values()[3 * i];
        texels_[i].radiance = {rgb[0], rgb[1], rgb[2]};
    }
    const ImageF finer = finer_map(light);
    build_density(finer.empty() ? light : finer);
}

void EnvironmentTable::build_density(const ImageF& map) {
    columns_ = map.width();
    rows_ = map.height();
    const auto columns = static_cast<std::size_t>(columns_);
    const auto rows = static_cast<std::size_t>(rows_);
    std::vector<double> sin_theta(rows);
    for (std::size_t y = 0; y < rows; ++y) {
        sin_theta[y] = std::sin(kPi * (static_cast<double>(y) + 0.5) / rows_);
    }
    const auto node = [&](std::size_t y, std::size_t x) {
        const float* rgb = &map.values()[3 * (y * columns + x)];
        return static_cast<double>(mean_component({rgb[0], rgb[1], rgb[2]})) * sin_theta[y];
    };
    // Rows count from the pole above the map's first row: there, and below its last, is nothing.
    const auto cell_mean = [&](std::size_t row, std::size_t x) {
        const std::size_t right = (x + 1) % columns;
        const double above = row > 0 ? node(row - 1, x) + node(row - 1, right) : 0.0;
        const double below = row < rows ? node(row, x) + node(row, right) : 0.0;
        return 0.25 * (above + below);
    };

    const auto part = [](int whole, int parts) { return (whole + parts - 1) / parts; };
    rows_per_block_ = part(rows_ + 1, EnvironmentView::kMaxBlockRows);
    block_rows_ = part(rows_ + 1, rows_per_block_);
    columns_per_block_ = part(columns_, EnvironmentView::kMaxBlockColumns);
    block_columns_ = part(columns_, columns_per_block_);
    const auto block_count = static_cast<std::size_t>(block_rows_ * block_columns_);

    // What lies beyond the map's last row or column in the last blocks has no mass.
    Blocks blocks{std::vector<double>(block_count, 0.0),
                  std::vector<Vec3>(block_count, Vec3::Zero())};
    std::vector<double> row_mass(block_count * static_cast<std::size_t>(rows_per_block_), 0.0);
    std::vector<double> cell_mass(static_cast<std::size_t>(columns_per_block_));
    double total = 0;
    for (int row = 0; row < block_rows_ * rows_per_block_; ++row) {
        const double row_height = (row == 0 || row == rows_ ? 0.5 : 1.0) / rows_;
        for (int block_column = 0; block_column < block_columns_; ++block_column) {
            const auto block =
                static_cast<std::size_t>(row / rows_per_block_ * block_columns_ + block_column);
            double sum = 0, middle = 0;
            for (int i = 0; i < columns_per_block_; ++i) {
                const int x = block_column * columns_per_block_ + i;
                double& mass = cell_mass[static_cast<std::size_t>(i)];
                mass = row <= rows_ && x < columns_
                           ? cell_mean(static_cast<std::size_t>(row), static_cast<std::size_t>(x)) *
                                 row_height / columns_
                           : 0.0;
                sum += mass;
                middle += mass * (x + 1);
            }
            append_cdf(cell_mass, cell_cdf_);
            row_mass[block * static_cast<std::size_t>(rows_per_block_) +
                     static_cast<std::size_t>(row % rows_per_block_)] = sum;
            blocks.mass[block] += sum;
            if (sum > 0) {
                blocks.light[block] += sum * direction_of_uv(middle / sum / columns_,
                                                             static_cast<double>(row) / rows_);
            }
            total += sum;
        }
    }
    is_lit_ = total > 0;
    if (!is_lit_) {
        return;
    }
    for (std::size_t block = 0; block < block_count; ++block) {
        const auto rows_in_block = static_cast<std::size_t>(rows_per_block_);
        append_cdf({&row_mass[block * rows_in_block], rows_in_block}, row_cdf_);
        blocks.mass[block] /= total;
    }
    const bool same_map = columns_ == width_ && rows_ == height_;
    density_.resize(same_map ? 0 : rows * columns);
    for (std::size_t i = 0; i < rows * columns; ++i) {
        (same_map ? texels_[i].density : density_[i]) =
            static_cast<float>(node(i / columns, i % columns) / total);
    }
    build_facings(blocks);
}

void EnvironmentTable::build_facings(const Blocks& blocks) {
    std::vector<Cone> cones;
    for (int row = 0; row < block_rows_; ++row) {
        for (int column = 0; column < block_columns_; ++column) {
            const auto v = [&](int i) {
                return std::clamp((i * rows_per_block_ - 0.5) / rows_, 0.0, 1.0);
            };
            const auto u = [&](int i) {
                return (std::min(i * columns_per_block_, columns_) + 0.5) / columns_;
            };
            cones.push_back(block_cone(
                u(column), u(column + 1), v(row), v(row + 1), blocks.light[cones.size()]));
        }
    }
    for (const double share : blocks.mass) {
        block_rarity_.push_back(static_cast<float>(share > 0 ? 1 / share : 0.0));
    }
    const auto columns = static_cast<std::size_t>(block_columns_);
    std::vector<double> mass(cones.size()), row_mass(static_cast<std::size_t>(block_rows_));
    for (int facing = 0; facing <= EnvironmentView::kFacings; ++facing) {
        const bool any = facing == EnvironmentView::kAnyFacing;
        const Cone cone = any ? Cone{} : facing_cone(facing);
        double total = 0;
        for (std::size_t block = 0; block < cones.size(); ++block) {
            mass[block] = blocks.mass[block] * (any ? 1.0 : lit_share(cone, cones[block]));
            total += mass[block];
        }
        std::ranges::fill(row_mass, 0.0);
        for (std::size_t block = 0; block < cones.size(); ++block) {
            mass[block] = total > 0 ? mass[block] / total : 0.0;
            row_mass[block / columns] += mass[block];
        }
        append_cdf(row_mass, block_cdf_);
        for (std::size_t row = 0; row < row_mass.size(); ++row) {
            append_cdf({&mass[row * columns], columns}, block_cdf_);
        }
    }
}

EnvironmentView EnvironmentTable::view(double strength, double rotation_deg) const {
    RIH_REQUIRE(std::isfinite(strength) && strength >= 0,
                "environment strength is {}; it must be 0 or more",
                strength);
    RIH_REQUIRE(strength * greatest_ <= kMaxRadiance,
                "environment '{}' times its strength is {}; at most {} is supported",
                name_,
                strength * greatest_,
                kMaxRadiance);
    RIH_REQUIRE(
        std::isfinite(rotation_deg), "environment rotation is {}; it must be finite", rotation_deg);
    const double turns = rotation_deg / 360.0;
    EnvironmentView view;
    view.texels = texels_.data();
    view.width = width_;
    view.height = height_;
    static_assert(sizeof(Vec3f) == 3 * sizeof(float));
    view.backdrop =
        backdrop_.empty() ? nullptr : reinterpret_cast<const Vec3f*>(backdrop_.values().data());
    view.backdrop_width = backdrop_.width();
    view.backdrop_height = backdrop_.height();
    view.strength = static_cast<float>(strength);
    view.rotation_u = static_cast<float>(turns - std::floor(turns));
    view.rotation_cos = static_cast<float>(std::cos(2 * kPi * turns));
    view.rotation_sin = static_cast<float>(std::sin(2 * kPi * turns));
    view.columns = columns_;
    view.rows = rows_;
    if (is_lit_ && strength > 0) {
        view.density = density_.empty() ? &texels_.front().density : density_.data();
        view.density_stride =
            density_.empty() ? static_cast<int>(sizeof(EnvironmentTexel) / sizeof(float)) : 1;
        view.row_cdf = row_cdf_.data();
        view.cell_cdf = cell_cdf_.data();
        view.block_rows = block_rows_;
        view.block_columns = block_columns_;
        view.rows_per_block = rows_per_block_;
        view.columns_per_block = columns_per_block_;
        view.block_cdf = block_cdf_.data();
        view.block_rarity = block_rarity_.data();
    }
    return view;
}

} // namespace rih
