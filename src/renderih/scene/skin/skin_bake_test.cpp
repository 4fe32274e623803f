// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/image/colour.h"
#include "renderih/scene/skin/skin_bake.h"
#include "renderih/scene/skin/skin_traits.h"
#include "renderih/scene/testing/flat_atlas.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>

namespace rih {
namespace {

using testing::kFlatSide;
using testing::make_flat_atlas;

SkinIdentity identity(int texture, double ita) {
    SkinIdentity skin;
    skin.texture = texture;
    skin.tone = skin_of_ita(ita, 0.014);
    skin.tone.roughness = 0.45;
    return skin;
}

std::array<double, 3> albedo_of(const SurfaceTexel& texel) {
    std::array<double, 3> rgb{};
    for (std::size_t c = 0; c < 3; ++c) {
        rgb[c] = std::pow(texel.albedo[c] / 255.0, 2);
    }
    return rgb;
}

/// Mean Lab over the hand's places (not the forearm's) with palm or without.
std::array<double, 3> mean_lab(const SurfaceMaps& maps, const SkinAtlas& atlas, bool palm) {
    std::array<double, 3> sum{};
    int count = 0;
    for (std::size_t i = 0; i < atlas.places.size(); ++i) {
        if ((atlas.places[i].palm != 0) == palm && atlas.places[i].at.x > 25) {
            const auto lab = lab_from_rec709(albedo_of(maps.levels[0][i]));
            for (std::size_t c = 0; c < 3; ++c) {
                sum[c] += lab[c];
            }
            ++count;
        }
    }
    for (double& value : sum) {
        value /= count;
    }
    return sum;
}

bool same_texels(const SurfaceMaps& a, const SurfaceMaps& b) {
    return std::memcmp(a.levels[0].data(),
                       b.levels[0].data(),
                       a.levels[0].size() * sizeof(SurfaceTexel)) == 0;
}

TEST(SkinBake, IsAFunctionOfPersonAndHand) {
    const SkinAtlas atlas = make_flat_atlas();
    const SurfaceMaps maps = bake_skin(atlas, identity(3, 30), 0);
    EXPECT_TRUE(same_texels(maps, bake_skin(atlas, identity(3, 30), 0)));
    EXPECT_FALSE(same_texels(maps, bake_skin(atlas, identity(3, 30), 1)));
    EXPECT_FALSE(same_texels(maps, bake_skin(atlas, identity(4, 30), 0)));
    EXPECT_FALSE(same_texels(maps, bake_skin(atlas, identity(3, 20), 0)));
}

// Palms have a fifth of the melanocytes of other skin (Yamaguchi et al. 2004): where little melanin
// is there to lack, they differ little from the back, on dark skin much.
TEST(SkinBake, PalmsOfDarkHandsAreFarLighterThanTheirBacks) {
    const SkinAtlas atlas = make_flat_atlas();
    for (const int texture : {3, 20, 41}) {
        const auto difference = [&](double ita) {
            const SurfaceMaps maps = bake_skin(atlas, identity(texture, ita), 0);
            return mean_lab(maps, atlas, true)[0] - mean_lab(maps, atlas, false)[0];
        };
        const double light = difference(55), tan = difference(20), dark = difference(-50);
        EXPECT_GT(dark, 10);
        EXPECT_LT(dark, 32);
        EXPECT_GT(dark, tan);
        EXPECT_GT(tan, light);
        EXPECT_LT(std::abs(light), 7);
    }
}

// The recorded tone is that of the back's mean colour, whatever knuckles, spots and sleeves do.
TEST(SkinBake, BackHasTheToneAskedFor) {
    const SkinAtlas atlas = make_flat_atlas();
    for (const int texture : {3, 14, 36}) {
        for (const double ita : {57.0, 35.0, 15.0, -15.0, -55.0}) {
            SkinIdentity skin = identity(texture, ita);
            skin.contrast = 1.2;
            skin.tan = 0.4;
            skin.tan_edge_mm = 40;
            const SurfaceMaps maps = bake_skin(atlas, skin, 0);
            std::array<double, 3> mean{};
            double count = 0;
            for (std::size_t i = 0; i < atlas.places.size(); ++i) {
                if (atlas.places[i].palm == 0 && atlas.places[i].at.x > 0) {
                    const auto albedo = albedo_of(maps.levels[0][i]);
                    for (std::size_t c = 0; c < 3; ++c) {
                        mean[c] += albedo[c];
                    }
                    ++count;
                }
            }
            for (double& value : mean) {
                value /= count;
            }
            EXPECT_NEAR(ita_deg(lab_from_rec709(mean)), ita, 1.5);
        }
    }
}

/// Standard deviation of L* and of hue over the back, without a few degrees of sun and age.
std::array<double, 2> unevenness(const SkinAtlas& atlas, double ita) {
    SkinIdentity skin = identity(11, ita);
    const SurfaceMaps maps = bake_skin(atlas, skin, 0);
    double count = 0, light = 0, light_square = 0, hue = 0, hue_square = 0;
    for (std::size_t i = 0; i < atlas.places.size(); ++i) {
        if (atlas.places[i].palm != 0 || atlas.places[i].joint != kNoJoint) {
            continue;
        }
        const auto lab = lab_from_rec709(albedo_of(maps.levels[0][i]));
        const double angle = std::atan2(lab[2], lab[1]) * 180 / 3.14159265;
        count += 1;
        light += lab[0];
        light_square += lab[0] * lab[0];
        hue += angle;
        hue_square += angle * angle;
    }
    return {std::sqrt(light_square / count - light / count * (light / count)),
            std::sqrt(hue_square / count - hue / count * (hue / count))};
}

// Blood's pattern shows through little melanin only, and melanin's changes lightness, not hue.
TEST(SkinBake, DarkSkinIsEvenInHue) {
    const SkinAtlas atlas = make_flat_atlas();
    const auto light = unevenness(atlas, 50), dark = unevenness(atlas, -48);
    EXPECT_GT(light[1], 0.8); // degrees
    EXPECT_LT(light[1], 4);
    EXPECT_LT(dark[1], 2);
    EXPECT_LT(dark[0], 2.5); // L*
}

TEST(SkinBake, ReliefNeverSaturatesMuchAndIsThere) {
    const SkinAtlas atlas = make_flat_atlas();
    const SurfaceMaps maps = bake_skin(atlas, identity(10, 30), 0);
    int flat = 0, full = 0;
    for (const SurfaceTexel& texel : maps.levels[0]) {
        constexpr int kNone = SurfaceTexel::kNoSlope;
        flat += texel.slope[0] == kNone && texel.fold[0] == kNone;
        full += std::abs(texel.slope[0] - kNone) == 127 || std::abs(texel.fold[0] - kNone) == 127;
    }
    EXPECT_LT(flat, kFlatSide * kFlatSide * 3 / 4);
    EXPECT_LT(full, kFlatSide * kFlatSide / 200);
}

/// What a texture draws, without the mean of its palm and of its back.
std::vector<double> pattern_of(int texture, const SkinAtlas& atlas) {
    const SurfaceMaps maps = bake_skin(atlas, identity(texture, 35), 0);
    std::vector<double> pattern;
    for (const bool palm : {true, false}) {
        const std::size_t first = pattern.size();
        double mean = 0;
        for (std::size_t i = 0; i < atlas.places.size(); ++i) {
            if ((atlas.places[i].palm != 0) == palm) {
                pattern.push_back(lab_from_rec709(albedo_of(maps.levels[0][i]))[0]);
                mean += pattern.back();
            }
        }
        mean /= static_cast<double>(pattern.size() - first);
        double square = 0;
        for (std::size_t i = first; i < pattern.size(); ++i) {
            pattern[i] -= mean;
            square += pattern[i] * pattern[i];
        }
        for (std::size_t i = first; i < pattern.size(); ++i) {
            pattern[i] /= std::sqrt(2 * square);
        }
    }
    return pattern;
}

TEST(SkinBake, NoBaseTextureIsACopyOfAnother) {
    static_assert(kSkinTextures >= 30);
    const SkinAtlas atlas = make_flat_atlas();
    std::vector<std::vector<double>> patterns;
    for (int texture = 0; texture < kSkinTextures; ++texture) {
        patterns.push_back(pattern_of(texture, atlas));
    }
    double most = 0;
    for (std::size_t a = 0; a < patterns.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            double correlation = 0;
            for (std::size_t i = 0; i < patterns[a].size(); ++i) {
                correlation += patterns[a][i] * patterns[b][i];
            }
            most = std::max(most, std::abs(correlation));
        }
    }
    EXPECT_LT(most, 0.5); // palms' main lines lie where they lie on all hands
}

TEST(SkinIdentity, HundredPosesHoldEachItaClassAlike) {
    std::map<std::string_view, int> count;
    constexpr int kPoses = 100;
    for (std::uint64_t pose = 0; pose < kPoses; ++pose) {
        const SkinIdentity skin = draw_skin_identity(3, pose, "varied");
        ++count[ita_class_of(skin.tone.ita_deg).name];
    }
    ASSERT_EQ(count.size(), ita_classes().size());
    for (const auto& [name, poses] : count) {
        EXPECT_GE(poses, 16) << name;
        EXPECT_LE(poses, 17) << name;
    }
}

TEST(SkinIdentity, NamedTonesLieWhereTheirNamesSay) {
    std::map<std::string_view, double> mean;
    for (const std::string_view choice : skin_choices().subspan(1)) {
        for (std::uint64_t pose = 0; pose < 20; ++pose) {
            mean[choice] += draw_skin_identity(1, pose, choice).tone.ita_deg / 20;
        }
    }
    EXPECT_GT(mean["white"], mean["light_european"]);
    EXPECT_GT(mean["light_european"], mean["dark_european"]);
    EXPECT_GT(mean["dark_european"], mean["mediterranean"]);
    EXPECT_GT(mean["yellow"], mean["mediterranean"]);
    EXPECT_GT(mean["mediterranean"], mean["dark_brown"]);
    EXPECT_GT(mean["dark_brown"], mean["black"]);
    EXPECT_THROW(draw_skin_identity(1, 0, "green"), UserError);
}

TEST(SkinIdentity, MonkTonesFallWithLightness) {
    int before = 1;
    for (const double ita : {58.0, 30.0, 0.0, -30.0, -58.0}) {
        const int monk = monk_tone_of(skin_of_ita(ita, 0.014).albedo);
        EXPECT_GE(monk, before);
        before = monk;
    }
    EXPECT_GE(before, 8);
    EXPECT_EQ(monk_tone_of({1, 1, 1}), 1);
}

} // namespace
} // namespace rih
