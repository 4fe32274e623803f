// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/hair.h"

#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/texel_noise.h"

namespace rih {
namespace {

constexpr Vec3f kWhiteHair{0.42f, 0.41f, 0.39f};
constexpr float kStepMm = 0.12f;

/// How likely hair is at a place, 0 .. 1.
float density(const SkinPlace& place) {
    const float palm = static_cast<float>(place.palm) / 255;
    if (place.nail != 0) {
        return 0;
    }
    if (place.joint == kNoJoint || place.joint % 3 == 0) {
        const bool finger = place.joint != kNoJoint && place.along > 7;
        if (finger) { // the proximal phalanx, on its back
            return 0.7f * smooth_step(1.0f, 0.6f, std::fabs(place.around)) *
                   smooth_step(8, 12, place.along);
        }
        const float back = smooth_step(0.5f, 0.2f, palm);
        const float ulnar = smooth_step(25, -20, place.at.y);
        const float hand = 0.45f * ulnar * smooth_step(85, 60, place.at.x);
        const float arm = smooth_step(10, -40, place.at.x);
        // The forearm has some on its inner side too.
        return mixed(back * hand, std::max(back, 0.15f), arm);
    }
    if (place.joint % 3 == 1) { // still the proximal phalanx
        return 0.7f * smooth_step(1.0f, 0.6f, std::fabs(place.around)) *
               smooth_step(-6, -10, place.along);
    }
    return 0;
}

/// The step on the map, in texels, that goes along `direction` on the skin; false at an edge.
bool step_along(const SkinAtlas& atlas, int x, int y, Vec3f direction, Vec2f& step) {
    const auto place = [&](int column, int row) {
        return column < 0 || row < 0 || column >= atlas.width || row >= atlas.height
                   ? -1
                   : atlas.place_of[static_cast<std::size_t>(row) * atlas.width + column];
    };
    const int here = place(x, y), right = place(x + 1, y), below = place(x, y + 1);
    if (here < 0 || right < 0 || below < 0) {
        return false;
    }
    const auto at = [&](int i) { return atlas.places[static_cast<std::size_t>(i)].at; };
    const Vec3f a = at(right) - at(here), b = at(below) - at(here);
    const float aa = dot(a, a), ab = dot(a, b), bb = dot(b, b);
    const float determinant = aa * bb - ab * ab;
    if (!(determinant > 1e-10f) || aa > 1 || bb > 1) { // mm^2: a seam
        return false;
    }
    const float da = dot(direction, a), db = dot(direction, b);
    const Vec2f way{(bb * da - ab * db) / determinant, (aa * db - ab * da) / determinant};
    const Vec3f moved = way.x * a + way.y * b;
    const float length = std::sqrt(dot(moved, moved));
    if (!(length > 0.2f)) {
        return false;
    }
    step = {kStepMm * way.x / length, kStepMm * way.y / length};
    return true;
}

} // namespace

void draw_hair(const SkinAtlas& atlas,
               const HairOptions& options,
               Rng rng,
               std::span<Vec3f> albedo,
               std::span<float> height) {
    if (!(options.amount > 0)) {
        return;
    }
    // Tries over all of the skin; about a third of it can have hair.
    const float texel = atlas.texel_mm();
    const float area_cm2 = static_cast<float>(atlas.places.size()) * texel * texel / 100;
    constexpr float kPerCm2 = 28;
    const auto tries = static_cast<int>(options.amount * kPerCm2 * area_cm2);
    std::vector<std::int32_t> texel_of(atlas.places.size());
    for (std::size_t i = 0; i < atlas.place_of.size(); ++i) {
        if (atlas.place_of[i] >= 0) {
            texel_of[static_cast<std::size_t>(atlas.place_of[i])] = static_cast<std::int32_t>(i);
        }
    }
    for (int i = 0; i < tries; ++i) {
        const std::uint32_t root =
            rng.uniform_index(static_cast<std::uint32_t>(atlas.places.size()));
        const float keep = rng.uniform_float(), size = rng.uniform_float();
        const float turn = static_cast<float>(rng.truncated_normal(2)) * 0.35f;
        const float bend = static_cast<float>(rng.truncated_normal(2)) * 0.05f;
        const bool white = rng.uniform_float() < options.grey;
        const float shade = 0.7f + 0.6f * rng.uniform_float();
        const SkinPlace& start = atlas.places[root];
        if (keep >= density(start)) {
            continue;
        }
        const bool finger = start.joint != kNoJoint && start.at.x > 60;
        const bool arm = start.at.x < -15;
        const float length = (finger ? 2.5f
                              : arm  ? 6.0f
                                     : 4.0f) +
                             (finger ? 4.0f
                              : arm  ? 9
                                     : 6) *
                                 size;
        // On the forearm towards the wrist and outward, on the hand more to the little finger.
        const float lean = arm ? 0.45f : finger ? 0.15f : 0.7f;
        const Vec3f flow = normalize(Vec3f{1, -lean - turn, 0});
        const Vec3f colour = shade * (white ? kWhiteHair : options.colour);
        float x = static_cast<float>(texel_of[root] % atlas.width) + 0.5f;
        float y = static_cast<float>(texel_of[root] / atlas.width) + 0.5f;
        Vec3f direction = flow;
        for (float gone = 0; gone < length; gone += kStepMm) {
            Vec2f step;
            if (!step_along(atlas, static_cast<int>(x), static_cast<int>(y), direction, step)) {
                break;
            }
            // The share of a texel's width that the hair covers, thinner to its end.
            const float width_mm =
                0.065f * (0.4f + 0.6f * std::min(1.0f, 2.5f * (1 - gone / length)));
            const float cover = std::min(0.85f, width_mm / texel);
            const float fx = x - 0.5f, fy = y - 0.5f;
            const int column = static_cast<int>(std::floor(fx)),
                      row = static_cast<int>(std::floor(fy));
            // Each step is a fraction of a texel: it adds as much of the cover.
            const float per_step = std::min(1.0f, kStepMm / texel);
            for (int k = 0; k < 4; ++k) {
                const int c = column + (k & 1), r = row + (k >> 1);
                if (c < 0 || r < 0 || c >= atlas.width || r >= atlas.height) {
                    continue;
                }
                const int place = atlas.place_of[static_cast<std::size_t>(r) * atlas.width + c];
                if (place < 0) {
                    continue;
                }
                const float part = ((k & 1) != 0 ? fx - static_cast<float>(column)
                                                 : 1 - fx + static_cast<float>(column)) *
                                   ((k >> 1) != 0 ? fy - static_cast<float>(row)
                                                  : 1 - fy + static_cast<float>(row));
                const float alpha = cover * part * per_step;
                Vec3f& skin = albedo[static_cast<std::size_t>(place)];
                skin = skin + alpha * (colour - skin);
                height[static_cast<std::size_t>(place)] += 0.04f * alpha;
            }
            x += step.x;
            y += step.y;
            direction = normalize(direction + Vec3f{0, bend * kStepMm * 2, 0});
        }
    }
}

} // namespace rih
