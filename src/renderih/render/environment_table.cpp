// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/environment_table.h"

#include "renderih/base/error.h"
#include "renderih/math/types.h"

#include <cmath>

namespace rih {

namespace {

// Far above any light (the sun's disk is 2e9 in these units), far below what overflows a pixel.
constexpr double kMaxRadiance = 1e20;

} // namespace

EnvironmentTable::EnvironmentTable(const Environment& environment,
                                   double strength,
                                   double rotation_deg)
    : width_(environment.radiance.width()), height_(environment.radiance.height()) {
    const ImageF& map = environment.radiance;
    RIH_REQUIRE(width_ > 0 && height_ > 0 && map.channels() == 3,
                "environment '{}' is {}x{} with {} channels; it must be a picture of 3 channels",
                environment.name,
                width_,
                height_,
                map.channels());
    RIH_REQUIRE(std::isfinite(strength) && strength >= 0,
                "environment strength is {}; it must be 0 or more",
                strength);
    RIH_REQUIRE(
        std::isfinite(rotation_deg), "environment rotation is {}; it must be finite", rotation_deg);
    const double turns = rotation_deg / 360.0;
    rotation_u_ = static_cast<float>(turns - std::floor(turns));
    radiance_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
    for (std::size_t i = 0; i < radiance_.size(); ++i) {
        for (int c = 0; c < 3; ++c) {
            const double value = strength * map.values()[3 * i + static_cast<std::size_t>(c)];
            RIH_REQUIRE(value >= 0 && value <= kMaxRadiance,
                        "environment '{}' times its strength is {} at pixel {}, {}; radiance must "
                        "be finite and not negative",
                        environment.name,
                        value,
                        i % static_cast<std::size_t>(width_),
                        i / static_cast<std::size_t>(width_));
            radiance_[i][c] = static_cast<float>(value);
        }
    }
    build_density();
}

void EnvironmentTable::build_density() {
    const auto columns = static_cast<std::size_t>(width_);
    const auto rows = static_cast<std::size_t>(height_);
    std::vector<double> node((rows + 2) * columns, 0.0);
    for (std::size_t y = 0; y < rows; ++y) {
        const double sin_theta = std::sin(kPi * (static_cast<double>(y) + 0.5) / height_);
        for (std::size_t x = 0; x < columns; ++x) {
            node[(y + 1) * columns + x] =
                static_cast<double>(mean_component(radiance_[y * columns + x])) * sin_theta;
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
    for (std::size_t row = 0; row <= rows; ++row) {
        const double row_height = (row == 0 || row == rows ? 0.5 : 1.0) / height_;
        double sum = 0;
        std::vector<double> running(columns + 1, 0.0);
        for (std::size_t x = 0; x < columns; ++x) {
            sum += cell_mean(row, x);
            running[x + 1] = sum;
        }
        for (std::size_t x = 0; x <= columns && sum > 0; ++x) {
            cell_cdf_[row * (columns + 1) + x] = static_cast<float>(running[x] / sum);
        }
        row_mass[row] = sum / width_ * row_height;
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
}

EnvironmentView EnvironmentTable::view() const {
    EnvironmentView view;
    view.radiance = radiance_.data();
    view.width = width_;
    view.height = height_;
    view.rotation_u = rotation_u_;
    if (is_lit_) {
        view.density = density_.data();
        view.row_cdf = row_cdf_.data();
        view.cell_cdf = cell_cdf_.data();
    }
    return view;
}

} // namespace rih
