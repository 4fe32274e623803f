// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/sensor.h"

#include "renderih/base/error.h"
#include "renderih/image/colour.h"
#include "renderih/image/sensor/exposure.h"

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

/// A camera that changes nothing but the exposure and the highlights, with next to no noise.
SensorOptions quiet() {
    SensorOptions options;
    options.max_exposure_jitter_ev = 0;
    options.min_blur_px = options.max_blur_px = 0;
    options.max_colour_shift = 0;
    options.max_vignetting = 0;
    options.min_full_well = options.max_full_well = 1e7;
    options.max_iso = 100;
    options.max_read_noise = 1;
    options.max_white_balance_part = 0;
    options.max_colour_error = 0;
    options.min_saturation = options.max_saturation = 1;
    options.max_noise_reduction = 0;
    options.min_contrast = options.max_contrast = 1;
    options.max_sharpening = 0;
    return options;
}

SensorResult
develop(const ImageF& radiance, const Image8& hand, const SensorOptions& options, Rng rng) {
    return rih::develop(
        radiance, hand, {0.5 * radiance.width(), 0.5 * radiance.height()}, options, rng);
}

TEST(Sensor, MeterPutsAnyLightAtMiddleGrey) {
    SensorOptions off;
    off.enabled = false;
    const auto grey = static_cast<int>(std::lround(255 * srgb_from_linear(off.middle_grey)));
    for (const float light : {0.003f, 1.0f, 500.0f}) {
        const SensorResult result = develop(flat(light, light, light), {}, off, Rng(1, 1, "s"));
        EXPECT_EQ(result.image.at(20, 20, 1), grey);
        EXPECT_NEAR(result.exposure_ev, std::log2(off.middle_grey / light), 1e-5);
        EXPECT_EQ(result.values.size(), 2u); // highlights_ev, shadows_ev
    }
}

// Without the sensor the picture is radiance times one factor, in sRGB: nothing else.
TEST(Sensor, NoneIsLinearExposureAndSrgbAlone) {
    ImageF image = flat(0.1f, 0.2f, 0.3f);
    image.at(3, 4, 0) = 0.9f;
    SensorOptions off;
    off.enabled = false;
    const SensorResult result = develop(image, {}, off, Rng(1, 1, "s"));
    ImageF expected = image;
    for (float& value : expected.values()) {
        value *= static_cast<float>(std::exp2(result.exposure_ev));
    }
    EXPECT_EQ(result.image, srgb8_from_linear(expected));
    EXPECT_EQ(result.quality, off.max_quality);
    EXPECT_FALSE(result.chroma_subsampled);
}

// Filters, mosaic, white balance and matrix together are the identity on a picture of one colour,
// whatever the overlap that was drawn.
TEST(Sensor, AQuietCameraShowsColoursAsTheyAre) {
    for (const std::uint64_t id : {1, 2, 3, 4, 5, 6}) {
        const SensorResult result = develop(flat(0.3f, 0.2f, 0.15f), {}, quiet(), Rng(1, id, "s"));
        const double factor = std::exp2(result.exposure_ev);
        for (int c = 0; c < 3; ++c) {
            const double linear = factor * (c == 0 ? 0.3 : c == 1 ? 0.2 : 0.15);
            EXPECT_NEAR(result.image.at(30, 30, c), 255 * srgb_from_linear(linear), 1.5) << id << c;
        }
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
    for (int y = 0; y < 60; ++y) {
        for (int x = 0; x < 80; ++x) {
            for (int c = 0; c < 3; ++c) {
                image.at(x, y, c) = x < 10 ? 0.9f : x < 20 ? 1.3f : 0.2f;
            }
        }
    }
    SensorOptions options = quiet();
    options.middle_grey = meter_luminance(image, {}, 0); // no factor
    const SensorResult on = develop(image, {}, options, Rng(1, 1, "s"));
    EXPECT_LT(on.image.at(5, 30, 0), on.image.at(15, 30, 0));
    EXPECT_LT(on.image.at(15, 30, 0), 255);
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
                    count += result.image.at(x, y, 0) >= 253;
                }
            }
            return count / 600.0;
        };
        EXPECT_GT(blown(1), 0.3) << enabled;
        EXPECT_LE(blown(0.02), 0.02) << enabled;
    }
}

// A dark hand before a window: pushed, but not so far that the other one burns out.
TEST(Sensor, HandsDoNotDrown) {
    ImageF image = flat(3, 3, 3);
    Image8 hand(80, 60, 1);
    const auto paint = [&](int left, int right, std::uint8_t id, float light) {
        for (int y = 20; y < 40; ++y) {
            for (int x = left; x < right; ++x) {
                hand.at(x, y) = id;
                for (int c = 0; c < 3; ++c) {
                    image.at(x, y, c) = light;
                }
            }
        }
    };
    paint(20, 30, 1, 0.002f);
    SensorOptions options = quiet();
    options.enabled = false;
    const auto shown = [&](int x) {
        const SensorResult result = develop(image, hand, options, Rng(1, 1, "s"));
        return linear_from_srgb(result.image.at(x, 30, 1) / 255.0);
    };
    options.min_hand_value = 0;
    options.hand_weight = 0.2;
    EXPECT_LT(shown(25), 0.005);
    options.min_hand_value = 0.03;
    EXPECT_NEAR(shown(25), 0.03, 0.002);
    paint(40, 60, 2, 3);
    EXPECT_LT(shown(25), 0.01);
    EXPECT_LT(shown(50), 1);
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

TEST(Sensor, EveryDrawLiesInItsRange) {
    const SensorOptions options;
    int mosaics = 0, subsampled = 0;
    for (std::uint64_t id = 0; id < 400; ++id) {
        Rng rng(5, id, "sensor");
        const SensorDraw draw = draw_sensor(options, rng);
        EXPECT_GE(draw.quality, options.min_quality);
        EXPECT_LE(draw.quality, options.max_quality);
        EXPECT_GE(draw.iso, 100);
        EXPECT_LE(draw.iso, options.max_iso);
        EXPECT_GE(draw.raw.white_electrons, 0.999 * options.min_white_electrons);
        EXPECT_LE(draw.raw.white_electrons, options.max_full_well);
        EXPECT_TRUE(draw.raw.adc_bits == 10 || draw.raw.adc_bits == 12 || draw.raw.adc_bits == 14);
        mosaics += draw.raw.side == 1;
        subsampled += draw.chroma_subsampled;
    }
    EXPECT_NEAR(mosaics, 200, 40);
    EXPECT_NEAR(subsampled, 200, 40);
}

TEST(Sensor, ImpossibleOptionsAreNamed) {
    SensorOptions options;
    options.min_full_well = 5;
    EXPECT_THROW(options.validate(), UserError);
    options = {};
    options.shoulder_start = 1.0;
    EXPECT_THROW(options.validate(), UserError);
    options = {};
    options.min_quality = 98;
    EXPECT_THROW(options.validate(), UserError);
}

} // namespace
} // namespace rih
