// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/environment_table.h"

#include "renderih/base/error.h"
#include "renderih/math/types.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

// Far above any light (the sun's disk is 2e9 in these units), far below what overflows a pixel.
constexpr double kMaxRadiance = 1e20;
constexpr int kMaxSide = 1 << 15; // pixels; guides count in 16 bits

/// Appends for each of `buckets` even parts of 0 .. 1 the interval of the cdf that holds its
/// beginning.
void append_guide(const float* cdf, int count, int buckets, std::vector<std::uint16_t>& guide) {
    int interval = 0;
    for (int bucket = 0; bucket < buckets; ++bucket) {
        const float u = static_cast<float>(bucket) / static_cast<float>(buckets);
        while (interval + 1 < count && cdf[interval + 1] <= u) {
            ++interval;
        }
        guide.push_back(static_cast<std::uint16_t>(interval));
    }
}

} // namespace

EnvironmentTable::EnvironmentTable(const Environment& environment)
    : name_(environment.name), width_(environment.radiance.width()),
      height_(environment.radiance.height()) {
    for (const ImageF* map : {&environment.radiance, &environment.sampling}) {
        if (map == &environment.sampling && map->empty()) {
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
        for (std::size_t i = 0; i < map->values().size(); ++i) {
            const double value = map->values()[i];
            RIH_REQUIRE(value >= 0 && value <= kMaxRadiance,
                        "environment '{}' is {} at pixel {}, {}; radiance must be finite and not "
                        "negative",
                        name_,
                        value,
                        i / 3 % static_cast<std::size_t>(map->width()),
                        i / 3 / static_cast<std::size_t>(map->width()));
            greatest_ = std::max(greatest_, value);
        }
    }
    const std::vector<float>& values = environment.radiance.values();
    radiance_.resize(values.size() / 3);
    for (std::size_t i = 0; i < radiance_.size(); ++i) {
        radiance_[i] = {values[3 * i], values[3 * i + 1], values[3 * i + 2]};
    }
    build_density(environment.sampling.empty() ? environment.radiance : environment.sampling);
}

void EnvironmentTable::build_density(const ImageF& map) {
    columns_ = map.width();
    rows_ = map.height();
    const auto columns = static_cast<std::size_t>(columns_);
    const auto rows = static_cast<std::size_t>(rows_);
    std::vector<double> node((rows + 2) * columns, 0.0);
    for (std::size_t y = 0; y < rows; ++y) {
        const double sin_theta = std::sin(kPi * (static_cast<double>(y) + 0.5) / rows_);
        for (std::size_t x = 0; x < columns; ++x) {
            const float* rgb = &map.values()[3 * (y * columns + x)];
            node[(y + 1) * columns + x] =
                static_cast<double>(mean_component({rgb[0], rgb[1], rgb[2]})) * sin_theta;
        }
    }
    const auto cell_mean = [&](std::size_t row, std::size_t x) {
        const std::size_t right = (x + 1) % columns;
        return 0.25 * (node[row * columns + x] + node[row * columns + right] +
                       node[(row + 1) * columns + x] + node[(row + 1) * columns + right]);
    };

    std::vector<double> row_mass(rows + 1, 0.0);
    double total = 0;
    cell_cdf_.assign((rows + 1) * (columns + 1), 0.0f);
    std::vector<double> running(columns + 1, 0.0);
    for (std::size_t row = 0; row <= rows; ++row) {
        const double row_height = (row == 0 || row == rows ? 0.5 : 1.0) / rows_;
        double sum = 0;
        for (std::size_t x = 0; x < columns; ++x) {
            sum += cell_mean(row, x);
            running[x + 1] = sum;
        }
        for (std::size_t x = 0; x <= columns && sum > 0; ++x) {
            cell_cdf_[row * (columns + 1) + x] = static_cast<float>(running[x] / sum);
        }
        row_mass[row] = sum / columns_ * row_height;
        total += row_mass[row];
    }
    is_lit_ = total > 0;
    if (!is_lit_) {
        return;
    }
    row_cdf_.assign(rows + 2, 0.0f);
    double sum = 0;
    for (std::size_t row = 0; row <= rows; ++row) {
        sum += row_mass[row];
        row_cdf_[row + 1] = static_cast<float>(sum / total);
    }
    density_.resize(node.size());
    for (std::size_t i = 0; i < node.size(); ++i) {
        density_[i] = static_cast<float>(node[i] / total);
    }
    append_guide(row_cdf_.data(), rows_ + 1, EnvironmentView::kRowGuide, row_guide_);
    for (std::size_t row = 0; row <= rows; ++row) {
        append_guide(
            &cell_cdf_[row * (columns + 1)], columns_, EnvironmentView::kCellGuide, cell_guide_);
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
    view.radiance = radiance_.data();
    view.width = width_;
    view.height = height_;
    view.strength = static_cast<float>(strength);
    view.rotation_u = static_cast<float>(turns - std::floor(turns));
    view.columns = columns_;
    view.rows = rows_;
    if (is_lit_ && strength > 0) {
        view.density = density_.data();
        view.row_cdf = row_cdf_.data();
        view.cell_cdf = cell_cdf_.data();
        view.row_guide = row_guide_.data();
        view.cell_guide = cell_guide_.data();
    }
    return view;
}

} // namespace rih
