// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/palm_lines.h"

namespace rih {
namespace {

/// The palm by its joints: x from the wrist to the middle MCP, y from the little to the index MCP.
struct PalmFrame {
    Vec2f origin, distal, radial;

    explicit PalmFrame(const SkinAtlas& atlas) {
        const Vec3f index = atlas.joints[0].at, middle = atlas.joints[3].at,
                    little = atlas.joints[6].at;
        origin = {0, little.y};
        distal = {middle.x, 0};
        radial = {0, index.y - little.y};
    }
    Vec2f mm(Vec2f place) const {
        return {origin.x + place.x * distal.x + place.y * radial.x,
                origin.y + place.x * distal.y + place.y * radial.y};
    }
};

constexpr float kStepMm = 2;

Vec2f jittered(Vec2f place, float amount, Rng& rng) {
    place.x += amount * static_cast<float>(rng.truncated_normal(2));
    place.y += amount * static_cast<float>(rng.truncated_normal(2));
    return place;
}

} // namespace

PalmLines::PalmLines(const SkinAtlas& atlas, const SkinTraits& traits, Rng person, Rng side)
    : depth_mm_(0.55f * traits.lines) {
    const PalmFrame frame(atlas);
    const auto line = [&](std::vector<Vec2f> control, float width, float strength, float jitter) {
        for (Vec2f& point : control) {
            point = frame.mm(jittered(jittered(point, jitter, person), 0.25f * jitter, side));
        }
        Stroke stroke;
        stroke.points = wandering(smooth_curve(control, kStepMm), 1.0f, 9, side);
        stroke.width = width;
        stroke.strength = strength;
        return stroke;
    };
    // In the palm's frame: (1, 0) little MCP's height .. (1, 1) index MCP.
    const auto share = [&](double low, double high) {
        return static_cast<float>(person.uniform(low, high));
    };
    const std::vector<Vec2f> thenar{{0.80f, 1.14f},
                                    {0.76f, 0.98f},
                                    {0.62f, 0.80f},
                                    {0.44f, 0.70f},
                                    {0.24f, 0.68f},
                                    {0.10f, 0.72f}};
    const std::vector<Vec2f> proximal{{0.80f, 1.12f},
                                      {0.76f, 0.95f},
                                      {0.69f, 0.70f},
                                      {0.62f, 0.40f},
                                      {0.54f, 0.10f},
                                      {0.50f, -0.05f}};
    const std::vector<Vec2f> distal{{1.06f, 0.80f},
                                    {0.97f, 0.66f},
                                    {0.90f, 0.45f},
                                    {0.84f, 0.20f},
                                    {0.80f, -0.08f},
                                    {0.79f, -0.22f}};
    Stroke life = line(thenar, 0.75f, 1.0f, 0.04f);
    Stroke head = line(proximal, 0.7f, share(0.7, 1), 0.04f);
    Stroke heart = line(distal, 0.75f, share(0.75, 1), 0.04f);
    const auto add_major = [&](Stroke stroke) {
        stroke.fading = 0.55f;
        major_.add(stroke);
        stroke.width *= 3.2f;
        stroke.fading = 0.2f;
        valley_.add(stroke);
    };
    for (Stroke* stroke : {&life, &head, &heart}) {
        stroke->taper = 0.3f;
        add_major(*stroke);
    }
    for (const float x : {0.14f, 0.07f}) { // of the wrist
        Stroke wrist = line({{x, 1.0f}, {x - 0.02f, 0.7f}, {x - 0.02f, 0.4f}, {x, 0.1f}},
                            0.6f,
                            share(0.25, 0.6),
                            0.015f);
        add_major(wrist);
    }
    major_.finish();
    valley_.finish();

    // Lines up the palm to the fingers, and short ones across and along everywhere.
    if (person.uniform() < 0.6) {
        minor_.add(line({{0.2f, 0.55f}, {0.5f, 0.5f}, {0.85f, 0.5f}}, 0.4f, share(0.5, 1), 0.04f));
    }
    const int count = 8 + static_cast<int>(50 * traits.minor_lines);
    for (int i = 0; i < count; ++i) {
        const Vec2f middle{static_cast<float>(side.uniform(0.12, 1.05)),
                           static_cast<float>(side.uniform(-0.15, 1.05))};
        const double turn =
            side.uniform() < 0.65 ? side.uniform(-0.5, 0.5) : side.uniform(1.0, 2.1);
        const auto length = static_cast<float>(side.uniform(0.06, 0.22));
        const Vec2f way{length * static_cast<float>(std::cos(turn)),
                        length * static_cast<float>(std::sin(turn))};
        const Vec2f from{middle.x - way.x, middle.y - way.y},
            to{middle.x + way.x, middle.y + way.y};
        Stroke stroke = line({from, middle, to},
                             static_cast<float>(side.uniform(0.22, 0.4)),
                             static_cast<float>(side.uniform(0.15, 0.7)),
                             0.012f);
        stroke.taper = 0.45f;
        stroke.fading = 0.7f;
        minor_.add(stroke);
    }
    minor_.finish();
}

void PalmLines::add(const SkinPlace& place, SkinLook& look) const {
    constexpr float kFrom = 0.35f, kTo = 0.7f;
    const float palm = smooth_step(kFrom, kTo, static_cast<float>(place.palm) / 255);
    if (palm <= 0 || (place.joint != kNoJoint && place.joint % 3 != 0 && place.joint != 13)) {
        return;
    }
    const Vec2f at{place.at.x, place.at.y};
    const float major = palm * major_.at(at), valley = palm * valley_.at(at),
                minor = palm * minor_.at(at);
    look.fold -= depth_mm_ * (0.75f * major + 0.45f * valley + 0.3f * minor);
    // Blood and pigment lie in the creases, and less sharply beside them; on dark hands, where
    // pigment tells, they are the darkest of the palm.
    const float ink = std::min(1.0f, 0.6f * major + 0.2f * valley + 0.25f * minor);
    look.melanin *= 1 + 1.0f * ink;
    look.haemoglobin *= 1 + 0.8f * ink;
    const float shade = 1 - 0.12f * ink;
    look.tint *= Vec3f{shade, shade, shade};
}

} // namespace rih
