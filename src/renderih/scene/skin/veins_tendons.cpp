// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/veins_tendons.h"

namespace rih {

VeinsTendons::VeinsTendons(const SkinAtlas& atlas, const SkinTraits& traits, float light, Rng rng)
    : vein_mm_(0.75f * traits.veins), tendon_mm_(0.42f * traits.tendons),
      blue_((0.25f + 0.75f * traits.veins) * mixed(0.25f, 1, light)) {
    const auto between = [&](float low, float high) {
        return static_cast<float>(rng.uniform(double{low}, double{high}));
    };
    const auto vein = [&](const std::vector<Vec2f>& control, float width, float strength) {
        Stroke stroke;
        stroke.points = wandering(smooth_curve(control, 2.5f), 2.2f, 11, rng);
        stroke.width = width;
        stroke.strength = strength;
        stroke.taper = 0.2f;
        veins_.add(stroke);
    };
    const auto knuckle = [&](int finger) {
        const Vec3f at = atlas.joints[static_cast<std::size_t>(3 * finger)].at;
        return Vec2f{at.x, at.y};
    };
    // Fingers in the order across the hand: index, middle, ring, little.
    constexpr int kAcross[] = {0, 1, 3, 2};
    const float arch = between(42, 58);
    std::vector<Vec2f> joins;
    for (int gap = 0; gap < 3; ++gap) {
        const Vec2f a = knuckle(kAcross[gap]), b = knuckle(kAcross[gap + 1]);
        const Vec2f top{0.5f * (a.x + b.x) + between(-1, 5), 0.5f * (a.y + b.y) + between(-2, 2)};
        const Vec2f join{arch + between(-8, 8), 0.8f * top.y + between(-4, 4)};
        joins.push_back(join);
        vein({top, {0.5f * (top.x + join.x), top.y + between(-3, 3)}, join},
             between(1.1f, 1.6f),
             between(0.5f, 1));
    }
    const Vec2f ulnar{between(25, 38), joins[2].y + between(-8, -2)};
    const Vec2f radial{between(18, 32), joins[0].y + between(-2, 8)};
    vein({joins[0],
          {0.5f * (joins[0].x + joins[1].x) - between(0, 6), 0.5f * (joins[0].y + joins[1].y)},
          joins[1]},
         1.3f,
         between(0.2f, 0.9f));
    vein({joins[1],
          {0.5f * (joins[1].x + joins[2].x) - between(0, 6), 0.5f * (joins[1].y + joins[2].y)},
          joins[2]},
         1.4f,
         between(0.3f, 1));
    const float ulnar_wrist = between(-22, -14), radial_wrist = between(14, 24);
    vein({joins[2],
          ulnar,
          {0, ulnar_wrist},
          {-60, ulnar_wrist - 4},
          {-130, ulnar_wrist + 2},
          {-220, -10}},
         1.7f,
         between(0.7f, 1));
    vein({joins[0],
          radial,
          {0, radial_wrist},
          {-70, radial_wrist + 4},
          {-140, radial_wrist},
          {-220, 18}},
         1.7f,
         between(0.6f, 1));
    if (rng.uniform() < 0.7) {
        vein({joins[1],
              {between(8, 20), between(-6, 8)},
              {-40, between(-8, 8)},
              {-100, between(-10, 10)}},
             1.5f,
             between(0.4f, 0.9f));
    }
    const int branches = 2 + static_cast<int>(3 * rng.uniform());
    for (int i = 0; i < branches; ++i) {
        const Vec2f from{between(-90, 60), between(-22, 24)};
        vein({from,
              {from.x - between(8, 20), from.y + between(-9, 9)},
              {from.x - between(22, 40), from.y + between(-14, 14)}},
             between(0.9f, 1.2f),
             between(0.2f, 0.6f));
    }
    veins_.finish();

    for (int i = 0; i < 4; ++i) {
        const int finger = kAcross[i];
        const Vec2f top = knuckle(finger);
        Stroke stroke;
        stroke.points = smooth_curve(
            {{top.x - 2, top.y}, {0.5f * top.x, 0.62f * top.y}, {6, 0.22f * top.y}}, 4);
        stroke.width = finger == 2 ? 3.2f : 4.0f;
        stroke.strength = between(0.7f, 1);
        stroke.taper = 0.35f;
        StrokeField& tendon = tendons_[static_cast<std::size_t>(i)];
        tendon.add(stroke);
        tendon.finish();
    }
}

void VeinsTendons::add(const SkinPlace& place, SkinLook& look) const {
    const float back = smooth_step(0.45f, 0.15f, static_cast<float>(place.palm) / 255);
    if (back <= 0 || place.nail != 0 || (place.joint != kNoJoint && place.joint % 3 != 0)) {
        return;
    }
    const Vec2f at{place.at.x, place.at.y};
    float square = 0;
    for (const StrokeField& one : tendons_) {
        const float strength = one.at(at);
        square += strength * strength;
    }
    const float tendon = back * std::sqrt(square);
    const float vein = back * veins_.at(at) * (1 - 0.5f * tendon);
    look.height += vein_mm_ * vein;
    look.fold += tendon_mm_ * tendon;
    const float blue = blue_ * vein;
    look.tint *= Vec3f{1 - 0.13f * blue, 1 - 0.055f * blue, 1 - 0.005f * blue};
    look.haemoglobin *= 1 - 0.15f * tendon;
}

} // namespace rih
