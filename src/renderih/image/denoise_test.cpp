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

// Deep shadow: one path in twelve finds light, in one channel. What is left of them after the
// filter is grey, the lit wall beside it keeps its colour, and neither changes its brightness.
TEST(Denoise, SingleChannelPathsLeaveNoBlotches) {
    constexpr int kSize = 96, kEdge = 64;
    Picture picture(kSize, kSize);
    Rng rng(6, 0, "paths");
    constexpr double kChance = 1 / 12.0;
    for (int y = 0; y < kSize; ++y) {
        for (int x = 0; x < kSize; ++x) {
            const bool lit = x >= kEdge;
            picture.set_wall(x, y, 0.5f, 16, lit ? 1.0f : 0.02f);
            if (lit) {
                picture.radiance.at(x, y, 2) *= 1.5f; // blue
                continue;
            }
            for (int c = 0; c < 3; ++c) {
                picture.radiance.at(x, y, c) *= rng.uniform() < kChance ? 1 / kChance : 0;
            }
        }
    }
    /// Standard deviation of the ratio of red to green light in the shadow, in powers of two.
    const auto blotches = [&](const DenoiseOptions& options) {
        const ImageF clean = denoise(picture.radiance, picture.guides(), options);
        double sum = 0, squares = 0;
        int count = 0;
        for (int y = 8; y < kSize - 8; ++y) {
            for (int x = 8; x < kEdge - 8; ++x) {
                const double stops =
                    std::log2((clean.at(x, y, 0) / 0.6 + 1e-6) / (clean.at(x, y, 1) / 0.4 + 1e-6));
                sum += stops;
                squares += stops * stops;
                ++count;
            }
            EXPECT_NEAR(
                clean.at(kEdge + 8, y, 2) / clean.at(kEdge + 8, y, 1), 1.5 * 0.3 / 0.4, 1e-3);
        }
        return std::sqrt(squares / count - sum * sum / (count * count));
    };
    DenoiseOptions narrow;
    narrow.chroma_levels = 0;
    EXPECT_LT(blotches({}), 0.5 * blotches(narrow));
    const ImageF wide = denoise(picture.radiance, picture.guides());
    const ImageF before = denoise(picture.radiance, picture.guides(), narrow);
    EXPECT_NEAR(mean(wide) / mean(before), 1, 0.002);
}

// Stripes of light two pixels wide with little noise: from the picture alone they look like noise.
TEST(Denoise, SamplesThatAgreeKeepFineDetail) {
    Picture picture(60, 40);
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 60; ++x) {
            picture.set_wall(x, y, 0.5f, 1, ((x / 2 + y / 2) & 1) != 0 ? 1.2f : 0.8f);
        }
    }
    const ImageF noisy = with_noise(picture, 0.02);
    ImageF error = picture.radiance;
    for (std::size_t i = 0; i < error.values().size(); ++i) {
        error.values()[i] = noisy.values()[i] - error.values()[i];
    }
    const auto rmse = [&](const ImageF& image) {
        double sum = 0;
        for (std::size_t i = 0; i < image.values().size(); ++i) {
            const double off = double{image.values()[i]} - double{picture.radiance.values()[i]};
            sum += off * off;
        }
        return std::sqrt(sum / static_cast<double>(image.values().size()));
    };
    DenoiseGuides guides = picture.guides();
    const double alone = rmse(denoise(noisy, guides));
    guides.noise = &error;
    EXPECT_LT(rmse(denoise(noisy, guides)), rmse(noisy));
    EXPECT_GT(alone, 5 * rmse(noisy));
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
    float least = 1, most = 0;
    for (int y = 10; y < 50; ++y) {
        least = std::min(least, clean.at(30, y, 1));
        most = std::max(most, clean.at(30, y, 1));
    }
    EXPECT_GT(least, 0.9f * 0.26f);
    EXPECT_LT(most, 2 * 0.26f);
    EXPECT_LT(most, 1.7f * least);             // before: 23 times
    EXPECT_GT(column(clean, 30), 1.15 * 0.26); // some of the light that they found stays
}

/// Mean of a channel over the hand's pixels beside the background.
double outline_mean(const ImageF& image, const Picture& picture, int channel) {
    double sum = 0;
    int count = 0;
    for (int y = 1; y < image.height() - 1; ++y) {
        for (int x = 1; x < image.width() - 1; ++x) {
            bool beside = false;
            for (const int dy : {-1, 0, 1}) {
                for (const int dx : {-1, 0, 1}) {
                    beside |= picture.hand.at(x + dx, y + dy) == 0;
                }
            }
            if (beside && picture.hand.at(x, y) != 0) {
                sum += static_cast<double>(image.at(x, y, channel));
                ++count;
            }
        }
    }
    return sum / count;
}

TEST(Denoise, OutlineKeepsTheMeanOfSkewedNoise) {
    const Picture picture = sphere();
    for (const bool rare : {false, true}) {
        // One pixel in four with most of the light, or the mean of twelve exponential samples.
        Rng rng(7, 0, "noise");
        const auto draw = [&] {
            double sum = 0;
            for (int k = 0; k < 12; ++k) {
                sum -= std::log(rng.uniform(1e-9, 1)) / 12;
            }
            return sum;
        };
        ImageF noisy = picture.radiance;
        for (int y = 0; y < noisy.height(); ++y) {
            for (int x = 0; x < noisy.width(); ++x) {
                for (int c = 0; c < 3 && picture.hand.at(x, y) != 0; ++c) {
                    const double factor = !rare ? draw() : rng.uniform(0, 1) < 0.25 ? 2.2 : 0.6;
                    noisy.at(x, y, c) *= static_cast<float>(factor);
                }
            }
        }
        const ImageF clean = denoise(noisy, picture.guides());
        double light_before = 0, light_after = 0;
        for (int c = 0; c < 3; ++c) {
            const double before = outline_mean(noisy, picture, c);
            const double after = outline_mean(clean, picture, c);
            // Colour comes from the neighbours: noise that the channels do not share bends it.
            EXPECT_NEAR(after / before, 1, rare ? 0.015 : 0.01) << rare << c;
            constexpr double kLuminance[3] = {0.2126, 0.7152, 0.0722};
            light_before += kLuminance[c] * before;
            light_after += kLuminance[c] * after;
        }
        EXPECT_NEAR(light_after / light_before, 1, 0.01) << rare;
    }
}

// Against the sun a hand has a rim many times as bright as both its sides.
TEST(Denoise, RimKeepsItsBrightness) {
    for (const float sky : {0.2f, 0.0f}) {
        Picture picture = wall_before(sky);
        for (int y = 0; y < 60; ++y) {
            for (int x = 0; x < 30 && sky == 0; ++x) {
                picture.set_wall(x, y, 0.5f, 1, 0); // night
            }
            if (y >= 30) {
                picture.set(picture.radiance, 30, y, 3, 2, 1.5f);
            }
        }
        const ImageF noisy = with_noise(picture, 0.1), clean = denoise(noisy, picture.guides());
        for (int c = 0; c < 3; ++c) {
            double before = 0, after = 0;
            for (int y = 25; y < 60; ++y) {
                before += static_cast<double>(noisy.at(30, y, c));
                after += static_cast<double>(clean.at(30, y, c));
            }
            EXPECT_NEAR(after / before, 1, 0.01) << sky << c;
        }
        for (int y = 0; y < 60; ++y) {
            if (y < 28) {
                EXPECT_LT(clean.at(30, y, 1), 0.3f) << sky << y; // where there is no rim
            } else if (y > 31) {
                EXPECT_NEAR(clean.at(30, y, 1), 2, 0.3) << sky << y;
            }
            EXPECT_LT(clean.at(29, y, 1), 0.3f) << sky << y;
        }
    }
}

// Skin is brighter towards its outline, where the surface is seen at a grazing angle.
TEST(Denoise, LightThatRisesTowardsTheOutlineKeepsItsMean) {
    Picture picture = wall_before(0.2f);
    for (int y = 0; y < 60; ++y) {
        picture.set_wall(28, y, 0.5f, 1, 0.6f);
        picture.set_wall(29, y, 0.5f, 1, 0.9f);
    }
    const ImageF noisy = with_noise(picture, 0.3), clean = denoise(noisy, picture.guides());
    double before = 0, after = 0;
    for (int x = 16; x < 30; ++x) {
        before += column(noisy, x);
        after += column(clean, x);
    }
    EXPECT_NEAR(after / before, 1, 0.005);
}

TEST(Denoise, RimStaysOnItsSideOfAFinger) {
    Picture picture(60, 60);
    for (int y = 0; y < 60; ++y) {
        for (int x = 0; x < 60; ++x) {
            picture.set(picture.radiance, x, y, 0.2f, 0.2f, 0.2f);
        }
        for (const int x : {29, 30, 31}) { // the inner column too few to share with
            picture.set_wall(x, y, 0.5f, 1, 0.5f);
            picture.set(picture.normal, x, y, static_cast<float>(x - 30), 0, x == 30 ? -1.f : 0.f);
        }
        picture.set(picture.radiance, 29, y, 3, 3, 3);
    }
    const ImageF clean = denoise(picture.radiance, picture.guides());
    EXPECT_NEAR(column(clean, 29), 3, 0.03);
    EXPECT_NEAR(column(clean, 31), 0.2, 0.01);
}

TEST(Denoise, BlackHandBeforeABrightSkyStaysBlack) {
    Picture picture = wall_before(100);
    for (int y = 0; y < 60; ++y) {
        for (int x = 0; x <= 30; ++x) {
            picture.set_wall(x, y, 0.5f, 1, 0);
        }
    }
    const ImageF clean = denoise(picture.radiance, picture.guides());
    for (int y = 0; y < 60; ++y) {
        for (int x = 0; x <= 30; ++x) {
            ASSERT_NEAR(clean.at(x, y, 1), 0, 1e-4) << x << " " << y;
        }
    }
}

// Squares of light overflow a float above 2e19, over a dark albedo before that.
TEST(Denoise, LightOfAnySizeIsCleanedAlike) {
    Picture picture = sphere();
    for (int y = 40; y < 60; ++y) {
        for (int x = 60; x < 80; ++x) {
            picture.set(picture.albedo, x, y, 0, 0, 0);
        }
    }
    const ImageF noisy = with_noise(picture, 0.25), clean = denoise(noisy, picture.guides());
    for (const float factor : {1e11f, 1e20f, 1e30f, 1e38f}) {
        ImageF huge = noisy;
        for (float& v : huge.values()) {
            v *= factor;
        }
        picture.set(huge, 3, 3, 1e-30f, 2, 0); // background far from the hand
        const ImageF result = denoise(huge, picture.guides());
        EXPECT_EQ(result.at(3, 3, 0), 1e-30f);
        EXPECT_EQ(result.at(3, 3, 1), 2);
        for (int y = 4; y < noisy.height(); ++y) {
            for (int x = 0; x < noisy.width(); ++x) {
                for (int c = 0; c < 3; ++c) {
                    ASSERT_TRUE(std::isfinite(result.at(x, y, c)))
                        << factor << " " << x << " " << y;
                    const float wanted = clean.at(x, y, c);
                    ASSERT_NEAR(result.at(x, y, c) / factor, wanted, 1e-3f * wanted + 1e-6f)
                        << factor << " " << x << " " << y;
                }
            }
        }
    }
    const float most = std::numeric_limits<float>::max();
    const ImageF brightest = denoise(ImageF(150, 120, 3, most), picture.guides());
    const ImageF one = denoise(ImageF(150, 120, 3, 1), picture.guides());
    for (std::size_t i = 0; i < one.values().size(); ++i) {
        ASSERT_NEAR(brightest.values()[i] / most, std::min(one.values()[i], 1.0f), 1e-4);
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

TEST(Denoise, SkyInAGapBetweenFingersStays) {
    Picture picture = wall_before(1);
    for (int y = 0; y < 60; ++y) {
        for (int x = 33; x < 60; ++x) {
            picture.set_wall(x, y, 0.5f, 1, 0.5f);
        }
    }
    const ImageF clean = denoise(with_noise(picture, 0.1), picture.guides());
    for (int y = 0; y < 60; ++y) {
        ASSERT_EQ(clean.at(31, y, 1), 1) << y;
        ASSERT_EQ(clean.at(32, y, 1), 1) << y;
    }
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
