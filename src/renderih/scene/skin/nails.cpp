// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/nails.h"

#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/texel_noise.h"

namespace rih {
namespace {

constexpr Vec3f kKeratin{0.66f, 0.57f, 0.47f}; // of the free edge, from behind
constexpr Vec3f kLunula{0.62f, 0.52f, 0.47f};
constexpr float kPlateRoughness = 0.35f, kPlateCoat = 0.45f;
constexpr float kPolishRoughness = 0.3f, kPolishCoat = 1;

Vec3f mixed(Vec3f a, Vec3f b, float t) {
    return a + t * (b - a);
}

} // namespace

Nails::Nails(const SkinTraits& traits, const NailOptions& options, Rng rng)
    : traits_(traits), options_(options), seed_(rng.next_u32()) {}

NailLook Nails::at(const SkinPlace& place) const {
    const int finger = place.nail - 1;
    const float s = place.along, x = place.around; // 0 root .. 1 tip, -1 .. 1
    NailLook nail;
    // The plate: a rounded rectangle within the nail's faces.
    const float t = 2 * s - 1;
    const float power = t < 0 ? 2.6f : 3.4f; // rounder at the root
    const float outline =
        std::pow(std::pow(std::fabs(x), power) + std::pow(std::fabs(t), power), 1 / power);
    nail.plate = smooth_step(1.0f, 0.93f, outline);

    const Vec3f bed{options_.bed[0], options_.bed[1], options_.bed[2]};
    const float wobble =
        0.015f * texel_noise(Vec3f{6 * x, 1.7f * static_cast<float>(finger), 3}, seed_);
    Vec3f albedo = mixed(bed, kKeratin, 0.12f);
    // Lunula: largest on the thumb, hidden on the little finger.
    constexpr float kLunulaOf[kSkinFingers] = {0.7f, 0.6f, 0.15f, 0.4f, 1.0f};
    const float reach = 0.06f + 0.24f * traits_.lunula * kLunulaOf[finger];
    const float lunula = smooth_step(0.04f, -0.03f, s - reach * (1 - 0.55f * x * x));
    albedo = mixed(albedo, kLunula, 0.5f * lunula);
    // The bed ends in a line that is convex to the tip at the sides, concave in the middle.
    const float free = std::min(0.45f, traits_.free_edge * options_.length);
    const float edge = 1 - free - 0.05f * (1 - x * x) + wobble + 0.04f;
    const float band = bell((s - edge + 0.04f) / 0.035f);
    albedo = albedo * (1 - 0.14f * band * (1 - lunula));
    albedo = mixed(albedo, kKeratin, 0.85f * smooth_step(-0.012f, 0.018f, s - edge));
    // Dirt and shadow at the folds.
    const float rim = smooth_step(0.84f, 0.99f, outline);
    albedo = albedo * (1 - 0.28f * rim);
    nail.roughness = kPlateRoughness;
    nail.coat = kPlateCoat;
    if (options_.painted) {
        const float chipped = smooth_step(0.97f, 0.92f, outline + 0.6f * wobble);
        const Vec3f polish{options_.polish[0], options_.polish[1], options_.polish[2]};
        albedo = mixed(albedo, polish, chipped);
        nail.coat = rih::mixed(kPlateCoat, kPolishCoat, chipped);
        nail.roughness = kPolishRoughness;
    }
    const float ridge =
        texel_noise(Vec3f{9 * x, 0.7f * s, static_cast<float>(finger) * 7.3f}, seed_ ^ 0x21u);
    nail.height = (options_.painted ? 0.3f : 1.0f) * 0.02f * traits_.nail_ridges * ridge -
                  0.10f * smooth_step(0.85f, 1.02f, outline);
    nail.albedo = albedo;
    return nail;
}

} // namespace rih
