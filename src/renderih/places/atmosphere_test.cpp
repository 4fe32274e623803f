// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/atmosphere.h"

#include "renderih/math/sampling.h"
#include "renderih/places/sky.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

Vec3f sun_at(float elevation_deg) {
    const float elevation = elevation_deg * kPiF / 180;
    return {std::cos(elevation), std::sin(elevation), 0};
}

SkyOptions clear(float elevation_deg) {
    SkyOptions options;
    options.sun_elevation_deg = elevation_deg;
    return options;
}

/// On level ground, lx: from the sky, and with the sun.
struct Illuminance {
    float sky, all;
};
Illuminance illuminance_at(float elevation_deg) {
    const Sky sky(clear(elevation_deg), 256, 2);
    const float diffuse = luminance(sky.horizontal_illuminance());
    return {diffuse,
            diffuse + std::max(0.0f, sky.sun_direction().y) * luminance(sky.sun_illuminance())};
}

// Clear-sky illuminance of level ground, lx, by the polynomials of Janiczek and DeYoung (USNO
// Circular 171, 1987; Explanatory Supplement to the Astronomical Almanac, 1992, table 9.31-1). The
// model has one wavelength a channel and level ground: it is held to a third (two fifths at 10
// degrees) by day and to a factor of three in twilight.
TEST(Atmosphere, ClearSkiesAreAsBrightAsPublished) {
    struct Published {
        float elevation_deg, lux, factor;
    };
    for (const Published& p : {Published{60, 103000, 1.33f},
                               Published{40, 67500, 1.33f},
                               Published{20, 27300, 1.34f},
                               Published{10, 11100, 1.4f},
                               Published{0, 759, 3},
                               Published{-6, 3.41f, 3}}) {
        const float all = illuminance_at(p.elevation_deg).all;
        EXPECT_GT(all, p.lux / p.factor) << p.elevation_deg;
        EXPECT_LT(all, p.lux * p.factor) << p.elevation_deg;
    }
}

// Of a clear sky the zenith is blue and the horizon whiter and brighter; a low sun is red.
TEST(Atmosphere, HasTheSkysColours) {
    const Atmosphere air(1);
    const Vec3f sun = sun_at(45);
    const Vec3f zenith = air.radiance({0, 1, 0}, sun, kSolarIlluminance);
    const Vec3f horizon = air.radiance({0, 0.02f, 1}, sun, kSolarIlluminance);
    EXPECT_GT(zenith.z, 2 * zenith.x);
    EXPECT_LT(horizon.z, 1.7f * horizon.x);
    EXPECT_GT(luminance(horizon), 2 * luminance(zenith));
    const Vec3f low = air.transmittance(200, sun_at(2).y), high = air.transmittance(200, 1);
    EXPECT_GT(low.x, 5 * low.z);
    EXPECT_LT(high.x, 1.6f * high.z);
    EXPECT_EQ(luminance(air.transmittance(200, sun_at(-3).y)), 0);
}

// No more light comes down than goes in, and most of what the air scatters is not lost.
TEST(Atmosphere, KeepsEnergy) {
    for (const float elevation : {15.0f, 45.0f, 75.0f}) {
        const Illuminance light = illuminance_at(elevation);
        const float in = luminance(kSolarIlluminance) * sun_at(elevation).y;
        EXPECT_LT(light.all, in) << elevation;
        EXPECT_GT(light.all, 0.55f * in) << elevation;
        EXPECT_GT(light.sky, 0.04f * in) << elevation;
    }
}

// The disc is where the options put it and carries all of the sun's light.
TEST(Sky, DiscIsTheSun) {
    SkyOptions options = clear(33);
    options.sun_azimuth_deg = 120;
    const Sky sky(options, 256, 2);
    const Vec3f sun = sky.sun_direction();
    EXPECT_NEAR(std::asin(sun.y) * 180 / kPiF, 33, 1e-3);
    EXPECT_NEAR(std::atan2(sun.z, sun.x) * 180 / kPiF, 120, 1e-3);
    const Vec3f x = normalize(cross(sun, {0, 1, 0})), y = cross(sun, x);
    constexpr int kSide = 200;
    constexpr float kHalf = 0.012f;
    double sum = 0;
    for (int i = 0; i < kSide * kSide; ++i) {
        const float a = kHalf * (2 * (i % kSide + 0.5f) / kSide - 1);
        const float b = kHalf * (2 * (i / kSide + 0.5f) / kSide - 1);
        sum += luminance(sky.disc(normalize(sun + a * x + b * y)));
    }
    sum *= 4.0 * kHalf * kHalf / (kSide * kSide);
    EXPECT_NEAR(sum / luminance(sky.sun_illuminance()), 1, 0.03);
    EXPECT_EQ(luminance(sky.disc({0, 1, 0})), 0);
}

// A closed layer of cloud hides the sun, and is brightest above, not at the horizon.
TEST(Sky, OvercastHidesTheSun) {
    SkyOptions options = clear(45);
    options.cloud_cover = 1.05f;
    options.seed = 3;
    const Sky sky(options, 256, 2);
    const float sun = luminance(sky.sun_illuminance()),
                all = luminance(sky.horizontal_illuminance());
    EXPECT_LT(sun, 0.02f * all);
    // USNO Circular 171: a third (clouds) to a tenth (dark stratus) of the clear sky's 78 klx.
    EXPECT_GT(all, 4000);
    EXPECT_LT(all, 40000);
}

} // namespace
} // namespace rih
