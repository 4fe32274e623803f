// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/raw.h"

#include <cmath>
#include <gtest/gtest.h>

namespace rih {
namespace {

struct Moments {
    double mean = 0, variance = 0;
};

Moments moments(const ImageF& image, int c, int channels) {
    double sum = 0, square = 0, count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (channels == 1 && bayer_channel(x, y) != c) {
                continue;
            }
            const double value = static_cast<double>(image.at(x, y, channels == 1 ? 0 : c));
            sum += value;
            square += value * value;
            ++count;
        }
    }
    return {sum / count, square / count - sum / count * sum / count};
}

ImageF grey(float light, int side = 200) {
    return {side, side, 3, light};
}

// The photon transfer line: variance in electrons = mean + read noise^2, from a handful of
// electrons, where counts are far from normal, to thousands.
TEST(Raw, VarianceLiesOnThePhotonTransferLine) {
    for (const int side : {1, 2, 4}) {
        for (const double electrons : {4.0, 40.0, 4000.0}) {
            RawSensor sensor;
            sensor.side = side;
            sensor.white_electrons = 5 * electrons; // far from full
            sensor.read_noise = 3;
            sensor.adc_bits = 16;
            sensor.noise_seed = 7;
            const ImageF raw = read_out(grey(0.2f), sensor);
            for (int c = 0; c < 3; ++c) {
                const double sites = side == 1 ? 1 : (c == 1 ? 0.5 : 0.25) * side * side;
                const double light = kChannelResponse[static_cast<std::size_t>(c)] * electrons;
                const Moments m = moments(raw, c, raw.channels());
                const double white = sensor.white_electrons;
                EXPECT_NEAR(m.mean * white, light, 0.01 * light + 0.08) << side << c;
                EXPECT_NEAR(
                    m.variance * white * white, (light + 9) / sites, 0.06 * (light + 9) / sites)
                    << side << c << " at " << electrons;
            }
        }
    }
}

TEST(Raw, BlackIsZeroOnTheMeanWithNoiseOnBothSides) {
    RawSensor sensor;
    sensor.read_noise = 4;
    sensor.row_noise = 1;
    const ImageF raw = read_out(grey(0), sensor);
    const Moments m = moments(raw, 1, 1);
    EXPECT_NEAR(m.mean * sensor.white_electrons, 0, 0.3);
    EXPECT_LT(*std::min_element(raw.values().begin(), raw.values().end()), 0);
    // Read noise is white, row noise is not: rows differ by it.
    double rows = 0;
    for (int y = 0; y < raw.height(); ++y) {
        double mean = 0;
        for (int x = 0; x < raw.width(); ++x) {
            mean += static_cast<double>(raw.at(x, y)) / raw.width();
        }
        rows += mean * mean / raw.height();
    }
    EXPECT_NEAR(std::sqrt(rows) * sensor.white_electrons, std::hypot(1, 4 / std::sqrt(200)), 0.15);
}

TEST(Raw, NonuniformityIsRelative) {
    RawSensor sensor;
    sensor.white_electrons = 1e6;
    sensor.read_noise = 0;
    sensor.nonuniformity = 0.02;
    sensor.adc_bits = 16;
    const Moments m = moments(read_out(grey(0.5), sensor), 1, 1);
    EXPECT_NEAR(std::sqrt(m.variance) / m.mean, 0.02, 0.002);
}

TEST(Raw, IsFullAtSaturationAndRoundedToItsSteps) {
    RawSensor sensor;
    sensor.adc_bits = 10;
    sensor.read_noise = 0;
    const ImageF full = read_out(grey(50), sensor);
    const Moments m = moments(full, 1, 1);
    EXPECT_GT(m.mean, 0.97 * kSaturation);
    EXPECT_LE(*std::max_element(full.values().begin(), full.values().end()),
              static_cast<float>(kSaturation) + 1e-6f);
    const ImageF raw = read_out(grey(0.3f), sensor);
    for (const float value : raw.values()) {
        const double steps = static_cast<double>(value) / kSaturation * 1023;
        EXPECT_NEAR(steps, std::round(steps), 1e-3);
    }
}

TEST(Raw, NoiseBelongsToItsSeedAndPixel) {
    RawSensor sensor;
    const ImageF a = read_out(grey(0.4f, 40), sensor);
    EXPECT_EQ(a, read_out(grey(0.4f, 40), sensor));
    sensor.noise_seed = 1;
    EXPECT_FALSE(a == read_out(grey(0.4f, 40), sensor));
}

} // namespace
} // namespace rih
