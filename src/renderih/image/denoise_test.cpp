// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/denoise.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace rih {
namespace {

struct Picture {
    Picture(int width, int height)
        : radiance(width, height, 3), albedo(width, height, 3), normal(width, height, 3),
          depth_z(width, height, 1), hand(width, height, 1) {}
    DenoiseGuides guides() const { return {&albedo, &normal, &depth_z, &hand}; }
    void set(ImageF& image, int x, int y, float r, float g, float b) const {
        image.at(x, y, 0) = r;
        image.at(x, y, 1) = g;
        image.at(x, y, 2) = b;
    }
    /// A wall that faces the camera, with grey light on skin-like albedo.
    void set_wall(int x, int y, float z, int number, float light) {
        set(albedo, x, y, 0.6f, 0.4f, 0.3f);
        set(normal, x, y, 0, 0, -1);
        depth_z.at(x, y) = z;
        hand.at(x, y) = static_cast<std::uint8_t>(number);
        set(radiance, x, y, 0.6f * light, 0.4f * light, 0.3f * light);
    }
    ImageF radiance, albedo, normal, depth_z;
    Image8 hand;
};

/// A sphere with squares of darker albedo under a lamp, before a coloured slope of background.
Picture sphere() {
    Picture picture(150, 120);
    for (int y = 0; y < 120; ++y) {
        for (int x = 0; x < 150; ++x) {
            const float u = (static_cast<float>(x) - 74.5f) / 50;
            const float v = (static_cast<float>(y) - 59.5f) / 50;
            const float w2 = 1 - u * u - v * v;
            if (w2 <= 0) {
                const float slope = static_cast<float>(x) / 150;
                picture.set(picture.radiance, x, y, slope, 0.3f, 1 - slope);
                continue;
            }
            const float w = std::sqrt(w2);
            const float shade = ((x / 6 + y / 6) & 1) != 0 ? 1.0f : 0.6f;
            const float light = 0.3f + 1.5f * std::max(0.0f, 0.6f * u - 0.5f * v + 0.62f * w);
            picture.set(picture.albedo, x, y, 0.6f * shade, 0.4f * shade, 0.3f * shade);
            picture.set(picture.normal, x, y, u, v, -w);
            picture.depth_z.at(x, y) = 0.7f - 0.05f * w;
            picture.hand.at(x, y) = 16;
            for (int c = 0; c < 3; ++c) {
                picture.radiance.at(x, y, c) = light * picture.albedo.at(x, y, c);
            }
        }
    }
    return picture;
}

/// Each channel of each surface pixel times 1 +- `part` (standard deviation), as paths would.
ImageF with_noise(const Picture& picture, double part) {
    ImageF noisy = picture.radiance;
    Rng rng(5, 0, "noise");
    for (int y = 0; y < noisy.height(); ++y) {
        for (int x = 0; x < noisy.width(); ++x) {
            for (int c = 0; c < 3; ++c) {
                const double factor = 1 + part * std::sqrt(3.0) * rng.uniform(-1, 1);
                if (picture.depth_z.at(x, y) > 0) {
                    noisy.at(x, y, c) *= static_cast<float>(factor);
                }
            }
        }
    }
    return noisy;
}

double rmse(const ImageF& a, const ImageF& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.values().size(); ++i) {
        const double d = static_cast<double>(a.values()[i]) - static_cast<double>(b.values()[i]);
        sum += d * d;
    }
    return std::sqrt(sum / static_cast<double>(a.values().size()));
}

double mean(const ImageF& image) {
    double sum = 0;
    for (const float v : image.values()) {
        sum += static_cast<double>(v);
    }
    return sum / static_cast<double>(image.values().size());
}

/// Mean of green in a column, rows 10 .. height - 10.
double column(const ImageF& image, int x) {
    double sum = 0;
    for (int y = 10; y < image.height() - 10; ++y) {
        sum += static_cast<double>(image.at(x, y, 1));
    }
    return sum / (image.height() - 20);
}

TEST(Denoise, ErrorFallsAtLeastThreefoldAndTheMeanStays) {
    const Picture picture = sphere();
    const ImageF noisy = with_noise(picture, 0.25);
    const ImageF clean = denoise(noisy, picture.guides());
    EXPECT_LT(3 * rmse(clean, picture.radiance), rmse(noisy, picture.radiance));
    EXPECT_NEAR(mean(clean) / mean(noisy), 1, 0.01);
}

TEST(Denoise, SkewedNoiseKeepsTheMean) {
    // One pixel in four holds all the light: a filter that trusts each pixel's own value sinks.
    Picture picture(80, 80);
    Rng rng(6, 0, "noise");
    for (int y = 0; y < 80; ++y) {
        for (int x = 0; x < 80; ++x) {
            picture.set_wall(x, y, 0.5f, 1, rng.uniform(0, 1) < 0.25 ? 2.2f : 0.6f);
        }
    }
    const ImageF clean = denoise(picture.radiance, picture.guides());
    EXPECT_NEAR(mean(clean) / mean(picture.radiance), 1, 0.01);
}

TEST(Denoise, BackgroundIsCopied) {
    const Picture picture = sphere();
    const ImageF noisy = with_noise(picture, 0.5), clean = denoise(noisy, picture.guides());
    for (int y = 0; y < noisy.height(); ++y) {
        for (int x = 0; x < noisy.width(); ++x) {
            if (picture.depth_z.at(x, y) == 0) {
                for (int c = 0; c < 3; ++c) {
                    ASSERT_EQ(clean.at(x, y, c), noisy.at(x, y, c)) << x << " " << y;
                }
            }
        }
    }
}

TEST(Denoise, ConstantStaysAndAlbedoDetailStays) {
    Picture picture = sphere();
    for (int y = 0; y < 120; ++y) {
        for (int x = 0; x < 150; ++x) {
            for (int c = 0; c < 3; ++c) { // even light: only albedo is left to see
                picture.radiance.at(x, y, c) =
                    picture.depth_z.at(x, y) > 0 ? 2 * picture.albedo.at(x, y, c) : 0.5f;
            }
        }
    }
    const ImageF clean = denoise(picture.radiance, picture.guides());
    for (int y = 11; y < 109; ++y) {
        for (int x = 60; x < 90; ++x) { // not the outline, which is a mixture
            for (int c = 0; c < 3; ++c) {
                ASSERT_NEAR(clean.at(x, y, c), picture.radiance.at(x, y, c), 1e-5) << x << " " << y;
            }
        }
    }
}

TEST(Denoise, BlackAndZeroAlbedoStayFinite) {
    Picture picture = sphere();
    picture.albedo = ImageF(150, 120, 3);
    for (const float light : {0.0f, 1e-20f, 1e6f}) {
        picture.radiance = ImageF(150, 120, 3, light);
        const ImageF clean = denoise(picture.radiance, picture.guides());
        for (const float v : clean.values()) {
            ASSERT_NEAR(v, light, 1e-4 * static_cast<double>(light));
        }
    }
}

TEST(Denoise, NoLightCrossesAStepInDepthOrBetweenHands) {
    for (const bool hands : {false, true}) {
        Picture picture(80, 80);
        for (int y = 0; y < 80; ++y) {
            for (int x = 0; x < 80; ++x) {
                const bool right = x >= 40;
                picture.set_wall(
                    x, y, !hands && right ? 0.53f : 0.5f, hands && right ? 17 : 1, right ? 3 : 1);
            }
        }
        // So noisy that the luminance alone would not keep the two apart.
        const ImageF noisy = with_noise(picture, 0.55), clean = denoise(noisy, picture.guides());
        for (const int x : {37, 38}) { // 39 and 40 are the outline between hands
            EXPECT_NEAR(column(clean, x), 0.4, 0.05) << hands << x;
        }
        for (const int x : {41, 42}) {
            EXPECT_NEAR(column(clean, x), 1.2, 0.15) << hands << x;
        }
        EXPECT_GT(column(clean, 40) - column(clean, 39), 0.5) << hands;
    }
}

TEST(Denoise, HardShadowStaysHard) {
    Picture picture(80, 80);
    for (int y = 0; y < 80; ++y) {
        for (int x = 0; x < 80; ++x) {
            picture.set_wall(x, y, 0.5f, 1, x < 40 ? 0.3f : 1.0f);
        }
    }
    const ImageF clean = denoise(with_noise(picture, 0.15), picture.guides());
    EXPECT_GT(column(clean, 40) - column(clean, 39), 0.5 * 0.4 * 0.7);
}

TEST(Denoise, FireflyIsCutAndAHighlightIsNot) {
    Picture picture(80, 80);
    for (int y = 0; y < 80; ++y) {
        for (int x = 0; x < 80; ++x) {
            const bool highlight = std::abs(x - 60) < 5 && std::abs(y - 60) < 5;
            picture.set_wall(x, y, 0.5f, 1, highlight ? 5.0f : 1.0f);
        }
    }
    ImageF noisy = with_noise(picture, 0.1);
    noisy.at(20, 20, 0) = 500;
    const ImageF clean = denoise(noisy, picture.guides());
    EXPECT_LT(clean.at(20, 20, 0), 0.7f);
    EXPECT_LT(clean.at(22, 20, 0), 0.7f);
    EXPECT_GT(clean.at(60, 60, 0), 2.7f);
}

/// 60 x 60: a wall up to column 30 before a grey background.
Picture wall_before(float background) {
    Picture picture(60, 60);
    for (int y = 0; y < 60; ++y) {
        for (int x = 0; x < 60; ++x) {
            if (x <= 30) {
                picture.set_wall(x, y, 0.5f, 1, 0.5f);
            } else {
                picture.set(picture.radiance, x, y, background, background, background);
            }
        }
    }
    return picture;
}

TEST(Denoise, OutlineStaysBetweenItsTwoSides) {
    Picture picture = wall_before(2);
    for (int y = 0; y < 60;
         ++y) { // the last column holds 60 % of the hand's light, 40 % of the sky
        picture.set(picture.radiance, 30, y, 0.98f, 0.92f, 0.89f);
    }
    const ImageF clean = denoise(with_noise(picture, 0.1), picture.guides());
    EXPECT_NEAR(column(clean, 30), 0.92, 0.03);
    EXPECT_NEAR(column(clean, 29), 0.2, 0.01); // no halo
    EXPECT_NEAR(column(clean, 28), 0.2, 0.01);
}

// Before a lamp, one path in some hundred finds it by the grazing rim: no dash may come of it.
TEST(Denoise, OutlineDoesNotSparkle) {
    Picture picture = wall_before(0.35f);
    for (int y = 0; y < 60; ++y) {
        picture.set(picture.radiance, 30, y, 0.3f, 0.26f, 0.24f);
    }
    ImageF noisy = with_noise(picture, 0.1);
    for (int y = 4; y < 60; y += 9) {
        for (int c = 0; c < 3; ++c) {
            noisy.at(30, y, c) = 6;
        }
    }
    const ImageF clean = denoise(noisy, picture.guides());
    for (int y = 10; y < 50; ++y) {
        EXPECT_LT(clean.at(30, y, 1), 1.4f * 0.26f) << y;
        EXPECT_GT(clean.at(30, y, 1), 0.7f * 0.26f) << y;
    }
}

TEST(Denoise, BackgroundBesideAHandDoesNotSparkle) {
    Picture picture = wall_before(0.35f);
    for (int y = 41; y < 60; ++y) {
        for (int x = 31; x < 60; ++x) {
            picture.set(picture.radiance, x, y, 9, 9, 9);
        }
    }
    ImageF noisy = with_noise(picture, 0.1);
    picture.set(noisy, 31, 20, 6, 6, 6);
    picture.set(noisy, 31, 30, 0.3f, 0.3f, 0.3f); // a plain mixture
    picture.set(noisy, 50, 20, 6, 6, 6);          // far from the hand: a lamp of the background
    const ImageF clean = denoise(noisy, picture.guides());
    EXPECT_LT(clean.at(31, 20, 1), 0.4f);
    EXPECT_EQ(clean.at(31, 30, 1), 0.3f);
    EXPECT_EQ(clean.at(50, 20, 1), 6);
    EXPECT_EQ(clean.at(31, 50, 1), 9); // a lamp behind the hand stays
}

TEST(Denoise, SameBytesAgainAndStrengthZeroIsTheInput) {
    const Picture picture = sphere();
    const ImageF noisy = with_noise(picture, 0.25);
    EXPECT_EQ(denoise(noisy, picture.guides()), denoise(noisy, picture.guides()));
    DenoiseOptions options;
    options.strength = 0;
    EXPECT_EQ(denoise(noisy, picture.guides(), options), noisy);
    EXPECT_TRUE(denoise(ImageF(0, 0, 3), Picture(0, 0).guides()).empty());
}

TEST(Denoise, RefusesBadOptionsAndSizes) {
    const Picture picture = sphere();
    DenoiseOptions options;
    options.levels = 0;
    EXPECT_THROW(denoise(picture.radiance, picture.guides(), options), UserError);
    options = {};
    options.strength = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(denoise(picture.radiance, picture.guides(), options), UserError);
    options = {};
    options.chroma_sigmas = 1;
    EXPECT_THROW(denoise(picture.radiance, picture.guides(), options), UserError);
    EXPECT_THROW(denoise(ImageF(10, 10, 3), picture.guides()), UserError);
}

} // namespace
} // namespace rih
