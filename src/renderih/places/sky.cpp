// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/sky.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/math/sampling.h"
#include "renderih/places/atmosphere.h"
#include "renderih/places/clouds.h"
#include "renderih/places/noise.h"

#include <algorithm>

namespace rih {

namespace {

/// Of the sphere's height, from the zenith down: a little below the horizon.
constexpr float kTableShare = 0.547f;
/// The sun's disc is 0.53 degrees wide; ours is 0.9, with the same light, so that a map of 4096
/// texels holds it with a smooth rim and light samples find it.
constexpr float kDiscRadius = 0.0079f; // rad
/// Moonlight over sunlight: 0.27 lx at full moon against 100 klx (Kyba, Mohar and Posch, 2017).
constexpr float kMoonOverSun = 2.6e-6f;
/// A natural moonless sky at the zenith, cd/m2 (ibid.: 0.2 mcd/m2).
constexpr Vec3f kAirglow{1.6e-4f, 2.0e-4f, 2.6e-4f};

Vec3f direction_at(float azimuth, float elevation) {
    return {std::cos(elevation) * std::cos(azimuth),
            std::sin(elevation),
            std::cos(elevation) * std::sin(azimuth)};
}

/// The clear sky over azimuth from the sun (symmetric) and elevation, dense near the horizon.
class ClearSkyTable {
  public:
    ClearSkyTable(const Atmosphere& air, Vec3f sun, Vec3f illuminance) : values_(kRows * kColumns) {
        const float elevation = std::asin(sun.y);
        const Vec3f turned_sun = direction_at(0, elevation);
        for (int r = 0; r < kRows; ++r) {
            const float root = static_cast<float>(r) / (kRows - 1);
            for (int c = 0; c < kColumns; ++c) {
                const float azimuth = kPiF * static_cast<float>(c) / (kColumns - 1);
                values_[static_cast<std::size_t>(r * kColumns + c)] = air.radiance(
                    direction_at(azimuth, 0.5f * kPiF * root * root), turned_sun, illuminance);
            }
        }
        azimuth_ = std::atan2(sun.z, sun.x);
    }
    Vec3f at(Vec3f d) const {
        float azimuth = std::fabs(std::atan2(d.z, d.x) - azimuth_);
        azimuth = azimuth > kPiF ? 2 * kPiF - azimuth : azimuth;
        const float elevation = std::asin(std::clamp(d.y, 0.0f, 1.0f));
        const float row = std::sqrt(elevation / (0.5f * kPiF)) * (kRows - 1);
        const float column = azimuth / kPiF * (kColumns - 1);
        const int r = std::min(static_cast<int>(row), kRows - 2);
        const int c = std::clamp(static_cast<int>(column), 0, kColumns - 2);
        const float fr = row - r, fc = column - c;
        const Vec3f* top = &values_[static_cast<std::size_t>(r * kColumns + c)];
        const Vec3f* bottom = top + kColumns;
        return (1 - fr) * ((1 - fc) * top[0] + fc * top[1]) +
               fr * ((1 - fc) * bottom[0] + fc * bottom[1]);
    }

  private:
    static constexpr int kRows = 96, kColumns = 96;
    std::vector<Vec3f> values_;
    float azimuth_ = 0;
};

/// Stars as small spots: none is smaller than a texel of the table.
Vec3f stars(Vec3f d, std::uint32_t seed) {
    constexpr float kCellsPerUnit = 90, kShare = 0.02f;
    const Vec3f q = kCellsPerUnit * d;
    const int x = static_cast<int>(std::floor(q.x)), y = static_cast<int>(std::floor(q.y)),
              z = static_cast<int>(std::floor(q.z));
    const float chance = hash_unit(x, y, z, seed);
    if (chance > kShare) {
        return {};
    }
    const Vec3f centre = {x + 0.2f + 0.6f * hash_unit(x, y, z, seed + 1),
                          y + 0.2f + 0.6f * hash_unit(x, y, z, seed + 2),
                          z + 0.2f + 0.6f * hash_unit(x, y, z, seed + 3)};
    const float away = length(normalize(centre) - d) / 0.0019f;
    // Each magnitude has some three times as many stars as the one before.
    const float brightness = 0.0012f / std::max(chance / kShare, 0.003f);
    const float tint = hash_unit(x, y, z, seed + 4);
    return (brightness * std::exp(-away * away)) *
           Vec3f{0.8f + 0.3f * tint, 0.95f, 1.15f - 0.3f * tint};
}

} // namespace

Sky::Sky(const SkyOptions& options, int width, int threads) {
    RIH_REQUIRE(
        width >= 64 && width <= 4096, "a sky's table is {} wide; it must lie in 64 .. 4096", width);
    constexpr float kDegree = kPiF / 180;
    sun_ = direction_at(options.sun_azimuth_deg * kDegree, options.sun_elevation_deg * kDegree);
    const Atmosphere air(options.haze);
    const Vec3f outside = (options.night ? kMoonOverSun : 1.0f) * kSolarIlluminance;
    const ClearSkyTable clear(air, sun_, outside);
    const Clouds clouds(options.cloud_cover, options.cirrus, options.seed);
    illuminance_ = clouds.sun_through(sun_) * outside * air.transmittance(200, sun_.y);

    // What lights the clouds: the sun where they are, the sky above them, the ground below.
    CloudLight light;
    light.sun = sun_;
    light.illuminance = outside * air.transmittance(1800, sun_.y);
    Vec3f mean_sky;
    for (int i = 0; i < 64; ++i) {
        const Vec3f z_up = sample_cosine_hemisphere({(i / 8 + 0.5f) / 8, (i % 8 + 0.5f) / 8});
        mean_sky += (1.0f / 64) * clear.at({z_up.x, z_up.z, z_up.y});
    }
    light.sky = mean_sky;
    const float sun_on_ground = std::max(0.0f, sun_.y) * (1 - options.cloud_cover);
    light.ground =
        0.2f * (kInvPiF * sun_on_ground * outside * air.transmittance(200, sun_.y) + mean_sky);
    const Vec3f glow_colour{1.25f, 0.95f, 0.65f}; // lamps of some 3000 K
    if (options.night) {
        light.ground += 0.5f * options.town_glow * glow_colour;
    }

    const float rows_of_sphere = 0.5f * width;
    table_ = ImageF(width, static_cast<int>(kTableShare * rows_of_sphere), 3);
    parallel_for(static_cast<std::size_t>(table_.height()), threads, [&](std::size_t row) {
        const int y = static_cast<int>(row);
        const float elevation = 0.5f * kPiF - kPiF * (y + 0.5f) / rows_of_sphere;
        for (int x = 0; x < width; ++x) {
            const Vec3f d = direction_at(kTwoPiF * ((x + 0.5f) / width - 0.5f), elevation);
            Vec3f value = clear.at(d);
            if (options.night) {
                const float low = std::exp(-4 * std::max(d.y, 0.0f));
                value +=
                    kAirglow + (options.town_glow * low) * glow_colour + stars(d, options.seed);
            }
            if (d.y > 0) {
                const CloudSight sight = clouds.look(d, light);
                // Air lies before the clouds too.
                const float kept = std::exp(-sight.distance / (22000 / options.haze));
                value = (kept * sight.radiance + (1 - kept) * (1 - sight.transmittance) * value) +
                        sight.transmittance * value;
            }
            table_.at(x, y, 0) = value.x;
            table_.at(x, y, 1) = value.y;
            table_.at(x, y, 2) = value.z;
        }
    });

    // A rim that falls to zero over the outer fifth: the mean of the profile is 0.813.
    disc_radiance_ = illuminance_ / (0.813f * kPiF * kDiscRadius * kDiscRadius);
    for (int i = 0; i < 1024; ++i) {
        const Vec3f z_up = sample_cosine_hemisphere({(i / 32 + 0.5f) / 32, (i % 32 + 0.5f) / 32});
        horizontal_ += (kPiF / 1024) * radiance({z_up.x, z_up.z, z_up.y});
    }
}

Vec3f Sky::radiance(Vec3f d) const {
    const int width = table_.width();
    const float theta = std::acos(std::clamp(d.y, -1.0f, 1.0f));
    const float row =
        std::clamp(theta / kPiF * 0.5f * width - 0.5f, 0.0f, table_.height() - 1.001f);
    float column = (0.5f + std::atan2(d.z, d.x) / kTwoPiF) * width - 0.5f;
    column = column < 0 ? column + width : column;
    const int y = static_cast<int>(row);
    const int left = std::min(static_cast<int>(column), width - 1);
    const int right = left + 1 < width ? left + 1 : 0;
    const float fy = row - y, fx = column - left;
    const auto texel = [&](int x, int at) {
        return Vec3f{table_.at(x, at, 0), table_.at(x, at, 1), table_.at(x, at, 2)};
    };
    return (1 - fy) * ((1 - fx) * texel(left, y) + fx * texel(right, y)) +
           fy * ((1 - fx) * texel(left, y + 1) + fx * texel(right, y + 1));
}

Vec3f Sky::disc(Vec3f d) const {
    const Vec3f away = d - sun_; // keeps the digits that a cosine near one loses
    const float radius = length(away) / kDiscRadius;
    const float rim = std::clamp((1 - radius) / 0.2f, 0.0f, 1.0f);
    return rim * disc_radiance_;
}

Vec3f Sky::haze_radiance(Vec3f d) const {
    const float level = std::max(1e-4f, std::sqrt(d.x * d.x + d.z * d.z));
    return radiance({d.x / level * 0.9994f, 0.035f, d.z / level * 0.9994f});
}

} // namespace rih
