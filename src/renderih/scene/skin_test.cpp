// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/rng.h"
#include "renderih/image/colour.h"
#include "renderih/scene/skin/skin_identity.h"
#include "renderih/scene/skin_map.h"
#include "renderih/scene/skin_noise.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace rih {
namespace {

std::array<double, 3> lab_of(const Vec3f& rgb) {
    return lab_from_rec709({rgb.x, rgb.y, rgb.z});
}

TEST(SkinTone, MoreMelaninIsDarkerMoreBloodIsRedder) {
    double lightness = 100;
    for (const double melanin : {0.005, 0.02, 0.05, 0.1, 0.2, 0.4}) {
        const auto lab = lab_from_rec709(skin_albedo({.melanin = melanin, .haemoglobin = 0.01}));
        EXPECT_LT(lab[0], lightness);
        lightness = lab[0];
    }
    double redness = 0;
    for (const double haemoglobin : {0.003, 0.01, 0.02, 0.03}) {
        const auto lab =
            lab_from_rec709(skin_albedo({.melanin = 0.01, .haemoglobin = haemoglobin}));
        EXPECT_GT(lab[1], redness);
        redness = lab[1];
    }
}

TEST(SkinTone, ColoursLieWhereSkinIsMeasured) {
    // Spectrophotometer surveys of human skin: a* 4..16, b* 7..25, chroma below 28, for L* 25..75.
    for (std::uint64_t pose = 0; pose < 400; ++pose) {
        const SkinTone tone = draw_skin_identity(5, pose, "varied").tone;
        const auto lab = lab_from_rec709(tone.albedo);
        EXPECT_GT(lab[0], 22);
        EXPECT_LT(lab[0], 76);
        EXPECT_GT(lab[1], 4);
        EXPECT_LT(lab[1], 16);
        EXPECT_GT(lab[2], 7);
        EXPECT_LT(lab[2], 25);
        EXPECT_GT(tone.albedo[0], tone.albedo[1]); // neither grey nor green
        EXPECT_GT(tone.albedo[1], tone.albedo[2]);
    }
}

TEST(SkinTone, ItaIsHit) {
    for (const double ita : {-55.0, -20.0, 10.0, 45.0, 58.0}) {
        EXPECT_NEAR(skin_of_ita(ita, 0.012).ita_deg, ita, 0.01);
        EXPECT_NEAR(skin_of_ita(ita, 0.012, 1.15).ita_deg, ita, 0.01);
    }
}

TEST(SkinTone, RedLightTravelsFurthest) {
    const auto dmfp_mm = skin_dmfp_mm(0.012);
    EXPECT_GT(dmfp_mm[0], 2 * dmfp_mm[1]);
    EXPECT_GT(dmfp_mm[1], dmfp_mm[2]);
    EXPECT_GT(dmfp_mm[2], 0.1);
    EXPECT_LT(dmfp_mm[0], 4);
}

/// Five places far apart: back, palm, knuckle, fingertip, nail.
struct Places {
    std::vector<double> palm{0, 1, 0, 1, 0}, nail{0, 0, 0, 0, 1};
    SkinRegions regions;
    Places() {
        regions.rest_vertices.resize(5, 3);
        regions.rest_vertices << 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0;
        regions.palm = palm;
        regions.nail = nail;
        regions.knuckles = regions.rest_vertices.row(2);
        regions.fingertips = regions.rest_vertices.row(3);
    }
};

TEST(SkinMap, RegionsDifferAsOnHands) {
    const Places places;
    for (const double ita : {50.0, 0.0, -50.0}) {
        const SkinTone tone = skin_of_ita(ita, 0.012);
        double back = 0, palm = 0, knuckle = 0, knuckle_red = 0, back_red = 0, nail = 0;
        for (std::uint64_t seed = 0; seed < 32; ++seed) { // over the mottling
            const SkinAttributes skin = skin_attributes(places.regions, tone, seed);
            back += lab_of(skin.albedo[0])[0] / 32;
            palm += lab_of(skin.albedo[1])[0] / 32;
            knuckle += lab_of(skin.albedo[2])[0] / 32;
            back_red += skin.albedo[0].x / skin.albedo[0].y / 32;
            knuckle_red += skin.albedo[2].x / skin.albedo[2].y / 32;
            nail += lab_of(skin.albedo[4])[0] / 32;
            EXPECT_NEAR(skin.roughness[4], 0.25f, 1e-6f);
            EXPECT_GT(skin.roughness[0], 0.35f);
        }
        EXPECT_GT(palm, back + (ita < -40 ? 15 : 1));
        if (ita >= 0) { // on dark skin melanin hides the blood
            EXPECT_GT(knuckle_red, back_red * 1.03);
        }
        EXPECT_LT(knuckle, back);
        EXPECT_GT(nail, back);
    }
}

TEST(SkinMap, FollowsItsSeedAndOnlyIt) {
    const Places places;
    const SkinTone tone = skin_of_ita(20, 0.012);
    const SkinAttributes a = skin_attributes(places.regions, tone, 1);
    const SkinAttributes b = skin_attributes(places.regions, tone, 1);
    const SkinAttributes c = skin_attributes(places.regions, tone, 2);
    EXPECT_TRUE(std::ranges::equal(a.albedo, b.albedo));
    EXPECT_FALSE(std::ranges::equal(a.albedo, c.albedo));
}

TEST(SkinNoise, IsSmoothBoundedAndOfUnitDeviation) {
    Rng rng(2, 0, "noise");
    double sum = 0, square = 0;
    constexpr int kDraws = 20000;
    for (int i = 0; i < kDraws; ++i) {
        const Vec3 place(rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-1, 1));
        const double here = fractal_noise(place, 0.01, 3, 7);
        const double near = fractal_noise(place + Vec3(1e-6, 0, 0), 0.01, 3, 7);
        EXPECT_LT(std::abs(near - here), 0.01);
        EXPECT_LE(std::abs(value_noise(place * 50, 7)), 1.0);
        sum += here;
        square += here * here;
    }
    EXPECT_NEAR(sum / kDraws, 0.0, 0.05);
    EXPECT_NEAR(std::sqrt(square / kDraws), 1.0, 0.15);
}

} // namespace
} // namespace rih
