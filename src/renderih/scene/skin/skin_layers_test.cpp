// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/colour.h"
#include "renderih/scene/skin/finger_creases.h"
#include "renderih/scene/skin/friction_ridges.h"
#include "renderih/scene/skin/hair.h"
#include "renderih/scene/skin/knuckle_folds.h"
#include "renderih/scene/skin/micro_relief.h"
#include "renderih/scene/skin/nails.h"
#include "renderih/scene/skin/palm_lines.h"
#include "renderih/scene/skin/pigment_layers.h"
#include "renderih/scene/skin/strokes.h"
#include "renderih/scene/skin/veins_tendons.h"
#include "renderih/scene/testing/flat_atlas.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::make_flat_atlas;
using testing::on_joint;

constexpr float kPi = 3.14159265f;
constexpr int kIndexPip = 1, kIndexDip = 2;

/// Depth of a layer's folds along a line on a joint, in steps of 0.1 mm.
template <typename Layer>
std::vector<float> profile(const Layer& layer, int joint, float around, float from, float to) {
    std::vector<float> folds;
    for (float along = from; along < to; along += 0.1f) {
        SkinLook look;
        layer.add(on_joint(joint, along, around), look);
        folds.push_back(look.fold);
    }
    return folds;
}

int minima_below(const std::vector<float>& values, float depth) {
    int count = 0;
    for (std::size_t i = 1; i + 1 < values.size(); ++i) {
        count += values[i] < depth && values[i] < values[i - 1] && values[i] <= values[i + 1];
    }
    return count;
}

TEST(Strokes, AreDeepestOnTheLineAndEndWithTheirTaper) {
    Stroke stroke;
    stroke.points = smooth_curve({{0, 0}, {20, 0}}, 2);
    stroke.width = 1;
    stroke.strength = 2;
    StrokeField field;
    field.add(stroke);
    field.finish();
    EXPECT_NEAR(field.at({10, 0}), 2, 1e-4);
    EXPECT_NEAR(field.at({10, 1}), 2 * std::exp(-1.0), 1e-4);
    EXPECT_LT(field.at({1, 0}), 0.3f);
    EXPECT_EQ(field.at({10, 4}), 0);
    EXPECT_EQ(field.at({500, 500}), 0);
    EXPECT_EQ(StrokeField().at({0, 0}), 0);
}

TEST(Strokes, FadeAlongTheirWayWhereAsked) {
    Stroke stroke;
    stroke.points = smooth_curve({{0, 0}, {100, 0}}, 1);
    for (const float fading : {0.0f, 1.0f}) {
        stroke.fading = fading;
        StrokeField field;
        field.add(stroke);
        field.finish();
        float least = 1, most = 0;
        for (float x = 30; x < 70; x += 0.5f) {
            least = std::min(least, field.at({x, 0}));
            most = std::max(most, field.at({x, 0}));
        }
        EXPECT_LE(most, 1.0f);
        EXPECT_GT(most, 0.7f) << fading;
        EXPECT_EQ(least < 0.3f, fading > 0) << least;
    }
}

TEST(PalmLines, LieInValleys) {
    // Of all places below the palm's mean many more lie beside a line than in one.
    const SkinAtlas atlas = make_flat_atlas();
    const PalmLines lines(atlas, {}, Rng(1, 0, "p"), Rng(1, 1, "s"));
    int in_line = 0, beside = 0;
    for (const SkinPlace& place : atlas.places) {
        SkinLook look;
        lines.add(place, look);
        in_line += look.fold < -0.3f;
        beside += look.fold < -0.06f && look.fold > -0.2f;
    }
    EXPECT_GT(in_line, 20);
    EXPECT_GT(beside, 4 * in_line);
}

TEST(PalmLines, LieOnThePalmOnlyAndAreDarkerThanIt) {
    const SkinAtlas atlas = make_flat_atlas();
    const PalmLines lines(atlas, {}, Rng(1, 0, "p"), Rng(1, 1, "s"));
    float deepest = 0;
    int crossed = 0;
    for (const SkinPlace& place : atlas.places) {
        SkinLook look;
        lines.add(place, look);
        if (place.palm == 0) {
            EXPECT_EQ(look.fold, 0);
        } else {
            deepest = std::min(deepest, look.fold);
            crossed += look.fold < -0.15f;
            EXPECT_GE(look.melanin, 1);
            EXPECT_GE(look.haemoglobin, 1);
        }
    }
    EXPECT_LT(deepest, -0.35f);
    // Three lines of 60 to 90 mm and those of the wrist, about 1.5 mm wide.
    EXPECT_GT(crossed, 150);
    EXPECT_LT(crossed, 900);
}

TEST(PalmLines, OfBothHandsAreAlikeButNotTheSame) {
    const SkinAtlas atlas = make_flat_atlas();
    const PalmLines right(atlas, {}, Rng(1, 0, "p"), Rng(1, 1, "s"));
    const PalmLines left(atlas, {}, Rng(1, 0, "p"), Rng(1, 2, "s"));
    const PalmLines other(atlas, {}, Rng(2, 0, "p"), Rng(2, 1, "s"));
    double same = 0, strange = 0;
    for (const SkinPlace& place : atlas.places) {
        SkinLook a, b, c;
        right.add(place, a);
        left.add(place, b);
        other.add(place, c);
        same += double{std::fabs(a.fold - b.fold)};
        strange += double{std::fabs(a.fold - c.fold)};
    }
    EXPECT_GT(same, 1);
    EXPECT_LT(same, strange);
}

TEST(FingerCreases, LieAcrossThePalmSideOfEachJoint) {
    const SkinAtlas atlas = make_flat_atlas();
    const FingerCreases creases(atlas, {}, Rng(1, 0, "c"));
    EXPECT_GE(minima_below(profile(creases, kIndexPip, kPi, -6, 6), -0.15f), 2);
    EXPECT_GE(minima_below(profile(creases, kIndexDip, kPi, -6, 6), -0.15f), 1);
    // The root's crease lies on the phalanx, not at the joint.
    EXPECT_EQ(minima_below(profile(creases, 0, kPi, -6, 6), -0.15f), 0);
    EXPECT_GE(minima_below(profile(creases, 0, kPi, 8, 18), -0.15f), 1);
    for (const float fold : profile(creases, kIndexPip, 0, -6, 6)) {
        EXPECT_EQ(fold, 0);
    }
}

TEST(KnuckleFolds, LieOnTheBackOfPipAndDip) {
    const SkinAtlas atlas = make_flat_atlas();
    const KnuckleFolds folds(atlas, {}, Rng(1, 0, "k"));
    EXPECT_GE(minima_below(profile(folds, kIndexPip, 0, -9, 9), -0.03f), 4);
    EXPECT_GE(minima_below(profile(folds, kIndexDip, 0, -5, 5), -0.03f), 2);
    for (const float fold : profile(folds, kIndexPip, kPi, -9, 9)) {
        EXPECT_EQ(fold, 0);
    }
    SkinLook knuckle, phalanx;
    folds.add(on_joint(kIndexPip, 0, 0), knuckle);
    folds.add(on_joint(kIndexPip, 14, 0), phalanx);
    EXPECT_GT(knuckle.melanin, phalanx.melanin * 1.1f);
}

TEST(FrictionRidges, HaveTheirPeriodOnThePalmSideOnly) {
    SkinAtlas atlas = make_flat_atlas();
    atlas.metres_per_uv = 0.1e-3 * atlas.height; // a fine map: nothing aliases
    const FrictionRidges ridges(atlas, {}, Rng(1, 0, "r"));
    int crossings = 0;
    float before = 0;
    constexpr float kLength = 20, kStep = 0.02f;
    for (float along = -10; along < kLength - 10; along += kStep) {
        SkinLook look;
        ridges.add(on_joint(kIndexPip, along, kPi), look);
        crossings += look.height * before < 0;
        before = look.height;
    }
    EXPECT_NEAR(2 * kLength / static_cast<float>(crossings), 0.51f, 0.08f);
    SkinLook back;
    ridges.add(on_joint(kIndexPip, 3, 0), back);
    EXPECT_EQ(back.height, 0);
    // Finer than two texels and a little, they are left out.
    const FrictionRidges coarse(make_flat_atlas(), {}, Rng(1, 0, "r"));
    SkinLook none;
    coarse.add(on_joint(kIndexPip, 3, kPi), none);
    EXPECT_EQ(none.height, 0);
}

TEST(MicroRelief, IsAsDeepAsMeasuredAndFollowsItsShare) {
    const MicroRelief relief({}, 7);
    float deepest = 0;
    double mean = 0;
    constexpr int kSide = 200;
    for (int i = 0; i < kSide * kSide; ++i) {
        SkinLook look;
        relief.add(
            {0.1f * static_cast<float>(i % kSide), 0.1f * static_cast<float>(i / kSide)}, 1, look);
        deepest = std::min(deepest, look.height);
        mean += double{look.height} / (kSide * kSide);
        EXPECT_LE(look.height, 0);
    }
    EXPECT_LT(deepest, -0.05f); // mm
    EXPECT_GT(deepest, -0.2f);
    EXPECT_LT(mean, -0.005);
    SkinLook none;
    relief.add({1, 1}, 0, none);
    EXPECT_EQ(none.height, 0);
}

TEST(VeinsTendons, StandOutOfTheBackAndLookBlue) {
    const SkinAtlas atlas = make_flat_atlas();
    SkinTraits traits;
    traits.veins = 1;
    traits.tendons = 1;
    const VeinsTendons layer(atlas, traits, 1, Rng(1, 0, "v"));
    float highest = 0, tendon = 0;
    for (const SkinPlace& place : atlas.places) {
        SkinLook look;
        layer.add(place, look);
        highest = std::max(highest, look.height);
        tendon = std::max(tendon, look.fold);
        if (place.palm != 0) {
            EXPECT_EQ(look.height, 0);
        }
        EXPECT_LE(look.tint.x, look.tint.y);
        EXPECT_LE(look.tint.y, look.tint.z);
    }
    EXPECT_GT(highest, 0.5f); // mm
    EXPECT_GT(tendon, 0.3f);
}

TEST(PigmentLayers, PutLittleMelaninInThePalmAndBloodInTheFingertips) {
    const SkinAtlas atlas = make_flat_atlas();
    SkinTraits traits;
    traits.palm_melanin = 0.3f;
    const PigmentLayers layer(atlas, traits, {}, Rng(1, 0, "p"));
    double palm = 0, back = 0;
    for (const SkinPlace& place : atlas.places) {
        SkinLook look;
        layer.add(place, look);
        if (place.at.x > 30) {
            (place.palm != 0 ? palm : back) += double{look.melanin};
        }
    }
    EXPECT_NEAR(palm / back, 0.3, 0.03);
    SkinPlace tip = on_joint(kIndexDip, 22, 1.0f), middle = on_joint(kIndexDip - 1, 11, 1.0f);
    tip.at = atlas.tips[0];
    SkinLook red, plain;
    layer.add(tip, red);
    layer.add(middle, plain);
    EXPECT_GT(red.haemoglobin, plain.haemoglobin * 1.2f);
}

TEST(PigmentLayers, FrecklesShowOnLightSkinAndTanEndsAtTheSleeve) {
    const SkinAtlas atlas = make_flat_atlas();
    SkinTraits traits;
    traits.freckles = 1;
    const auto most = [&](float light) {
        const PigmentLayers layer(
            atlas, traits, {.light = light, .tan = 0, .tan_edge = 0}, Rng(1, 0, "p"));
        float melanin = 0;
        for (const SkinPlace& place : atlas.places) {
            SkinLook look;
            layer.add(place, look);
            melanin = std::max(melanin, look.melanin);
        }
        return melanin;
    };
    EXPECT_GT(most(1), 1.5f * most(0));

    const PigmentLayers tanned(
        atlas, {}, {.light = 1, .tan = 0.5f, .tan_edge = -40}, Rng(1, 0, "p"));
    const PigmentLayers even(atlas, {}, {}, Rng(1, 0, "p"));
    for (const float x : {-80.0f, 40.0f}) {
        SkinPlace place;
        place.at = {x, 0, 20};
        SkinLook a, b;
        tanned.add(place, a);
        even.add(place, b);
        EXPECT_NEAR(a.melanin / b.melanin, x < -40 ? 0.5f : 1.0f, 0.01f);
    }
}

TEST(Nails, HaveALunulaAFreeEdgeAndGloss) {
    SkinTraits traits;
    traits.lunula = 1;
    traits.free_edge = 0.15f;
    NailOptions options;
    options.bed = {0.45f, 0.25f, 0.18f};
    const auto at = [&](float along, float across) {
        SkinPlace place;
        place.nail = kThumbFinger + 1;
        place.along = along;
        place.around = across;
        return Nails(traits, options, Rng(1, 0, "n")).at(place);
    };
    const NailLook plate = at(0.55f, 0), lunula = at(0.12f, 0), edge = at(0.95f, 0),
                   beside = at(0.5f, 1.1f);
    EXPECT_EQ(plate.plate, 1);
    EXPECT_EQ(beside.plate, 0);
    EXPECT_GT(plate.coat, 0.3f);
    // Blood shows in the bed, not in the lunula or the free edge.
    EXPECT_GT(plate.albedo.x / plate.albedo.y, 1.15f * lunula.albedo.x / lunula.albedo.y);
    EXPECT_GT(luminance(edge.albedo), 1.3f * luminance(plate.albedo));
    options.painted = true;
    options.polish = {0.3f, 0.01f, 0.02f};
    const NailLook painted = at(0.55f, 0);
    EXPECT_NEAR(painted.albedo.x, 0.3f, 1e-5f);
    EXPECT_GT(painted.coat, plate.coat);
}

TEST(Hair, GrowsOnTheBackAndDarkensLightSkin) {
    const SkinAtlas atlas = make_flat_atlas();
    std::vector<Vec3f> albedo(atlas.places.size(), Vec3f{0.5f, 0.4f, 0.3f});
    std::vector<float> height(albedo.size(), 0.0f);
    draw_hair(atlas,
              {.amount = 1, .colour = {0.01f, 0.01f, 0.01f}, .grey = 0},
              Rng(1, 0, "h"),
              albedo,
              height);
    int changed = 0;
    for (std::size_t i = 0; i < albedo.size(); ++i) {
        EXPECT_LE(albedo[i].x, 0.5f);
        if (atlas.places[i].palm != 0) {
            // Nothing but at the inner wrist, and where this map has the back beside the palm.
            const Vec3f at = atlas.places[i].at;
            EXPECT_TRUE(height[i] == 0 || at.x < 30 || at.y < -30);
        } else {
            changed += height[i] > 0;
        }
    }
    EXPECT_GT(changed, 100);
    const std::vector<Vec3f> before = albedo;
    draw_hair(atlas, {}, Rng(1, 0, "h"), albedo, height);
    EXPECT_TRUE(std::ranges::equal(before, albedo));
}

} // namespace
} // namespace rih
