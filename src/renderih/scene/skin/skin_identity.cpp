// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/skin_identity.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/image/colour.h"
#include "renderih/scene/skin/skin_traits.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rih {
namespace {

constexpr std::array<ItaClass, 6> kClasses{{{"very_light", 55, kMaxItaDeg},
                                            {"light", 41, 55},
                                            {"intermediate", 28, 41},
                                            {"tan", 10, 28},
                                            {"brown", -30, 10},
                                            {"dark", kMinItaDeg, -30}}};

/// sRGB of the Monk scale's swatches.
constexpr std::array<std::array<int, 3>, 10> kMonk{{{0xf6, 0xed, 0xe4},
                                                    {0xf3, 0xe7, 0xdb},
                                                    {0xf7, 0xea, 0xd0},
                                                    {0xea, 0xda, 0xba},
                                                    {0xd7, 0xbd, 0x96},
                                                    {0xa0, 0x7e, 0x56},
                                                    {0x82, 0x5c, 0x43},
                                                    {0x60, 0x41, 0x34},
                                                    {0x3a, 0x31, 0x2a},
                                                    {0x29, 0x24, 0x20}}};

/// The paper's tones by what is in the skin. Its yellow is light skin with little blood and more
/// chroma; its Mediterranean one is olive, that is tan with little blood.
struct NamedTone {
    double low_deg, high_deg; // ITA
    double haemoglobin;       // median
    double saturation;        // median
};
constexpr std::array<std::string_view, 8> kChoices{"varied",
                                                   "white",
                                                   "light_european",
                                                   "dark_european",
                                                   "mediterranean",
                                                   "yellow",
                                                   "dark_brown",
                                                   "black"};
constexpr std::array<NamedTone, 7> kTones{{{55, 60, 0.012, 0.95},
                                           {42, 55, 0.015, 1},
                                           {28, 41, 0.015, 1},
                                           {14, 30, 0.010, 1},
                                           {25, 46, 0.008, 1.15},
                                           {-30, 6, 0.014, 1},
                                           {-60, -30, 0.014, 1}}};

/// Nail polish as it is sold: reds and pinks most, then nude, dark and others. sRGB.
constexpr std::array<std::array<int, 3>, 12> kPolish{{{150, 12, 24},
                                                      {190, 20, 40},
                                                      {112, 14, 36},
                                                      {214, 96, 120},
                                                      {226, 156, 160},
                                                      {205, 160, 140},
                                                      {178, 132, 112},
                                                      {24, 22, 26},
                                                      {44, 52, 96},
                                                      {236, 230, 224},
                                                      {96, 40, 92},
                                                      {40, 104, 96}}};

std::array<double, 3> linear(const std::array<int, 3>& srgb) {
    return {linear_from_srgb(srgb[0] / 255.0),
            linear_from_srgb(srgb[1] / 255.0),
            linear_from_srgb(srgb[2] / 255.0)};
}

/// The class of a pose: a block of six poses holds each once, in its own order.
const ItaClass& class_of_pose(std::uint64_t seed, std::uint64_t pose_id) {
    std::array<std::size_t, kClasses.size()> order{0, 1, 2, 3, 4, 5};
    Rng rng(seed, pose_id / order.size(), "tone order");
    for (std::size_t i = order.size() - 1; i > 0; --i) {
        std::swap(order[i], order[rng.uniform_index(static_cast<std::uint32_t>(i + 1))]);
    }
    return kClasses[order[pose_id % order.size()]];
}

} // namespace

std::map<std::string, double> SkinIdentity::numbers() const {
    return {{"contrast", contrast},
            {"saturation", tone.saturation},
            {"roughness", tone.roughness},
            {"tan", tan},
            {"tan_edge_mm", tan_edge_mm},
            {"nail_length", nail_length},
            {"nails_painted", nails_painted ? 1.0 : 0.0},
            {"polish_red", polish[0]},
            {"polish_green", polish[1]},
            {"polish_blue", polish[2]}};
}

std::span<const ItaClass> ita_classes() {
    return kClasses;
}

const ItaClass& ita_class_of(double ita_deg) {
    const auto found = std::ranges::find_if(
        kClasses, [&](const ItaClass& candidate) { return ita_deg > candidate.low_deg; });
    return found == kClasses.end() ? kClasses.back() : *found;
}

int monk_tone_of(const std::array<double, 3>& albedo) {
    const auto lab = lab_from_rec709(albedo);
    int best = 0;
    double least = INFINITY;
    for (std::size_t i = 0; i < kMonk.size(); ++i) {
        const auto swatch = lab_from_rec709(linear(kMonk[i]));
        const double off = std::hypot(swatch[0] - lab[0], swatch[1] - lab[1], swatch[2] - lab[2]);
        if (off < least) {
            least = off;
            best = static_cast<int>(i) + 1;
        }
    }
    return best;
}

std::span<const std::string_view> skin_choices() {
    return kChoices;
}

SkinIdentity
draw_skin_identity(std::uint64_t seed, std::uint64_t pose_id, std::string_view choice) {
    const auto named = std::ranges::find(kChoices, choice);
    RIH_REQUIRE(named != kChoices.end(),
                "there is no skin \"{}\"; there are {}",
                choice,
                fmt::join(kChoices, ", "));
    // One stream a purpose, so that a new draw in one does not move the others.
    Rng tone_rng(seed, pose_id, "skin");
    double low = 0, high = 0, haemoglobin = 0.014, saturation = 1;
    if (named == kChoices.begin()) {
        const ItaClass& drawn = class_of_pose(seed, pose_id);
        low = drawn.low_deg;
        high = drawn.high_deg;
    } else {
        const NamedTone& tone = kTones[static_cast<std::size_t>(named - kChoices.begin() - 1)];
        low = tone.low_deg;
        high = tone.high_deg;
        haemoglobin = tone.haemoglobin;
        saturation = tone.saturation;
    }
    SkinIdentity skin;
    const double ita = tone_rng.uniform(low, high);
    haemoglobin *= std::exp(0.35 * tone_rng.truncated_normal(2.0));
    const double roughness = tone_rng.uniform(0.38, 0.55);
    saturation *= std::exp(0.04 * tone_rng.truncated_normal(2.0));
    skin.tone = skin_of_ita(ita, haemoglobin, saturation);
    skin.tone.roughness = roughness;

    Rng texture_rng(seed, pose_id, "skin texture");
    skin.texture = static_cast<int>(texture_rng.uniform_index(kSkinTextures));
    skin.contrast = std::exp(0.1 * texture_rng.truncated_normal(2.0));
    const bool tanned = texture_rng.uniform() < 0.3;
    const double tan = texture_rng.uniform(0.1, 0.5), edge = texture_rng.uniform(-90, -10);
    if (tanned) {
        skin.tan = tan;
        skin.tan_edge_mm = edge;
    }

    Rng nail_rng(seed, pose_id, "nails");
    skin.nail_length = std::exp(0.35 * nail_rng.truncated_normal(2.0));
    const bool painted = nail_rng.uniform() < 0.15;
    const std::array<int, 3>& colour =
        kPolish[nail_rng.uniform_index(static_cast<std::uint32_t>(kPolish.size()))];
    if (painted) {
        skin.nails_painted = true;
        skin.polish = linear(colour);
    }
    return skin;
}

} // namespace rih
