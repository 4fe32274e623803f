// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor.h"

#include "renderih/base/error.h"
#include "renderih/image/colour.h"

#include <cmath>
#include <gtest/gtest.h>

namespace rih {
namespace {

ImageF flat(float r, float g, float b) {
    ImageF image(80, 60, 3);
    for (int y = 0; y < 60; ++y) {
        for (int x = 0; x < 80; ++x) {
            image.at(x, y, 0) = r;
            image.at(x, y, 1) = g;
            image.at(x, y, 2) = b;
        }
    }
    return image;
}

SensorOptions quiet() {
    SensorOptions options;
    options.max_exposure_jitter_ev = 0;
    options.max_white_balance_part = 0;
    options.max_vignetting = 0;
    options.min_full_well = options.max_full_well = 1e7;
    options.max_read_noise = 1;
    return options;
}

TEST(Sensor, MeterPutsAnyLightAtMiddleGrey) {
    SensorOptions off;
    off.enabled = false;
    const auto grey = static_cast<int>(std::lround(255 * srgb_from_linear(off.middle_grey)));
    for (const float light : {0.003f, 1.0f, 500.0f}) {
        const SensorResult result = develop(flat(light, light, light), {}, off, Rng(1, 1, "s"));
        EXPECT_EQ(result.image.at(20, 20, 1), grey);
        EXPECT_NEAR(result.exposure_ev, std::log2(off.middle_grey / light), 1e-5);
        EXPECT_EQ(result.values.size(), 1u); // highlights_ev
    }
}

TEST(Sensor, MeterLooksAtTheHands) {
    ImageF image = flat(4, 4, 4);
    Image8 hand(80, 60, 1);
    for (int y = 20; y < 40; ++y) {
        for (int x = 20; x < 40; ++x) {
            hand.at(x, y) = 1;
            for (int c = 0; c < 3; ++c) {
                image.at(x, y, c) = 0.1f;
            }
        }
    }
    EXPECT_NEAR(meter_luminance(image, hand, 1.0), 0.1, 1e-6);
    EXPECT_GT(meter_luminance(image, hand, 0.0), 2.0);
    EXPECT_GT(meter_luminance(image, {}, 1.0), 2.0);
}

TEST(Sensor, ABlackPictureStaysBlackAndFinite) {
    const SensorResult result = develop(flat(0, 0, 0), {}, quiet(), Rng(1, 1, "s"));
    EXPECT_TRUE(std::isfinite(result.exposure_ev));
    EXPECT_LE(result.image.at(5, 5, 0), 1);
}

TEST(Sensor, WhiteBalanceMovesTowardsGrey) {
    SensorOptions options = quiet();
    const Rng rng(1, 2, "s");
    const SensorResult cast = develop(flat(0.5f, 0.4f, 0.25f), {}, options, rng);
    options.max_white_balance_part = 1.0;
    const SensorResult balanced = develop(flat(0.5f, 0.4f, 0.25f), {}, options, rng);
    const auto spread = [](const Image8& image) {
        return int{image.at(9, 9, 0)} - int{image.at(9, 9, 2)};
    };
    EXPECT_LT(spread(balanced.image), spread(cast.image));
    EXPECT_GE(spread(balanced.image), -1);
    EXPECT_GT(balanced.values.at("gain_blue"), 1.0);
    EXPECT_LT(balanced.values.at("gain_red"), 1.0);
}

TEST(Sensor, NoiseHasTheVarianceOfItsElectrons) {
    SensorOptions options = quiet();
    options.min_full_well = options.max_full_well = 1000;
    options.max_read_noise = 1;
    const SensorResult result = develop(flat(1, 1, 1), {}, options, Rng(7, 1, "s"));
    double sum = 0, square = 0;
    for (const std::uint8_t value : result.image.values()) {
        const double linear = linear_from_srgb(value / 255.0);
        sum += linear;
        square += linear * linear;
    }
    const double count = static_cast<double>(result.image.values().size());
    const double mean = sum / count, variance = square / count - mean * mean;
    EXPECT_NEAR(mean, options.middle_grey, 0.002);
    EXPECT_NEAR(variance, (1000 * options.middle_grey + 1) / 1e6, 0.15 * variance);
}

TEST(Sensor, VignettingDarkensCornersOnly) {
    SensorOptions options = quiet();
    options.max_vignetting = 0.9;
    const SensorResult result = develop(flat(1, 1, 1), {}, options, Rng(3, 1, "s"));
    EXPECT_GT(result.values.at("vignetting"), 0.05);
    EXPECT_LT(result.image.at(0, 0, 1), result.image.at(40, 30, 1));
    EXPECT_NEAR(linear_from_srgb(result.image.at(40, 30, 1) / 255.0), options.middle_grey, 0.005);
}

TEST(Sensor, HighlightsRollOffButStayOrdered) {
    ImageF image = flat(0.2f, 0.2f, 0.2f);
    for (int c = 0; c < 3; ++c) {
        image.at(1, 0, c) = 0.9f;
        image.at(2, 0, c) = 1.3f;
    }
    const SensorResult on = develop(image, {}, quiet(), Rng(1, 1, "s"));
    EXPECT_LT(on.image.at(1, 0, 0), on.image.at(2, 0, 0));
    EXPECT_LT(on.image.at(2, 0, 0), 255);
}

// A third of the hand in the sun, the rest in shade: no meter of means keeps the sun's part whole.
TEST(Sensor, HandsAreNotBlownOut) {
    ImageF image = flat(0.02f, 0.02f, 0.02f);
    Image8 hand(80, 60, 1);
    for (int y = 20; y < 40; ++y) {
        for (int x = 20; x < 50; ++x) {
            hand.at(x, y) = 1;
            image.at(x, y, 0) = x < 30 ? 3.0f : 0.05f;
        }
    }
    for (const bool enabled : {true, false}) {
        SensorOptions options = quiet();
        options.enabled = enabled;
        const auto blown = [&](double part) {
            options.max_blown_part = part;
            const SensorResult result = develop(image, hand, options, Rng(1, 1, "s"));
            int count = 0;
            for (int y = 20; y < 40; ++y) {
                for (int x = 20; x < 50; ++x) {
                    count += result.image.at(x, y, 0) == 255;
                }
            }
            return count / 600.0;
        };
        EXPECT_GT(blown(1), 0.3) << enabled;
        EXPECT_LE(blown(0.02), 0.02) << enabled;
    }
}

TEST(Sensor, SameKeySamePictureOtherKeyOtherPicture) {
    const ImageF image = flat(0.3f, 0.2f, 0.1f);
    const SensorOptions options;
    const SensorResult a = develop(image, {}, options, Rng(1, 1, "s"));
    const SensorResult b = develop(image, {}, options, Rng(1, 1, "s"));
    const SensorResult c = develop(image, {}, options, Rng(1, 2, "s"));
    EXPECT_EQ(a.image, b.image);
    EXPECT_EQ(a.values, b.values);
    EXPECT_FALSE(a.image == c.image);
}

TEST(Sensor, ImpossibleOptionsAreNamed) {
    SensorOptions options;
    options.min_full_well = 5;
    EXPECT_THROW(options.validate(), UserError);
    options = {};
    options.shoulder_start = 1.0;
    EXPECT_THROW(options.validate(), UserError);
}

} // namespace
} // namespace rih
