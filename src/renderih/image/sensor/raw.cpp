// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/raw.h"

#include "renderih/base/rng.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

/// A count of mean `mean`: by inversion where it is small, else a rounded normal number, whose
/// skewness differs by less than 0.2.
double poisson(double mean, Rng& rng) {
    constexpr double kManyElectrons = 30;
    if (mean > kManyElectrons) {
        return std::max(0.0, std::round(mean + std::sqrt(mean) * rng.normal()));
    }
    double left = rng.uniform(), chance = std::exp(-mean);
    int count = 0;
    while (left > chance && count < 200) {
        left -= chance;
        ++count;
        chance *= mean / count;
    }
    return count;
}

} // namespace

ImageF read_out(const ImageF& camera_rgb, const RawSensor& sensor) {
    const int channels = sensor.side == 1 ? 1 : 3;
    // Of side^2 photosites a quarter is red, a quarter blue, half green.
    const double quarter = 0.25 * sensor.side * sensor.side;
    const std::array<double, 3> sites =
        sensor.side == 1 ? std::array{1.0, 1.0, 1.0} : std::array{quarter, 2 * quarter, quarter};
    const double full = kSaturation * sensor.white_electrons;
    const double step = full / (std::exp2(sensor.adc_bits) - 1);
    ImageF raw(camera_rgb.width(), camera_rgb.height(), channels);
    for (int y = 0; y < raw.height(); ++y) {
        Rng row_rng(sensor.noise_seed, static_cast<std::uint64_t>(y), "row noise");
        const double row = sensor.row_noise * row_rng.normal();
        for (int x = 0; x < raw.width(); ++x) {
            Rng rng(sensor.noise_seed,
                    static_cast<std::uint64_t>(y) << 32 | static_cast<unsigned>(x),
                    "sensor noise");
            for (int k = 0; k < channels; ++k) {
                const int c = channels == 1 ? bayer_channel(x, y) : k;
                const double n = sites[static_cast<std::size_t>(c)];
                const double light = kChannelResponse[static_cast<std::size_t>(c)] *
                                     static_cast<double>(camera_rgb.at(x, y, c));
                const auto [uneven, reading] = rng.normal_pair();
                const double mean = n * std::min(light * sensor.white_electrons, full) *
                                    std::max(0.0, 1 + sensor.nonuniformity / std::sqrt(n) * uneven);
                double electrons = poisson(mean, rng);
                electrons +=
                    std::sqrt(n) * sensor.read_noise * reading + n * row / std::sqrt(sensor.side);
                const double each = std::min(electrons / n, full);
                // The mean of n rounded numbers is n times finer.
                raw.at(x, y, k) = static_cast<float>(std::round(each / step * n) / n * step /
                                                     sensor.white_electrons);
            }
        }
    }
    return raw;
}

} // namespace rih
