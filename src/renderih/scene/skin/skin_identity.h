// SPDX-License-Identifier: Apache-2.0
// One person's skin: tone, base texture, and what is drawn on top. A function of seed and pose id.
#pragma once

#include "renderih/scene/skin_tone.h"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace rih {

struct SkinIdentity {
    SkinTone tone;
    int texture = 0;        ///< base texture (scene/skin/skin_traits.h)
    double contrast = 1;    ///< exponent on the pigments' factors over the hand
    double tan = 0;         ///< share of the melanin that a sleeve's skin lacks
    double tan_edge_mm = 0; ///< from the wrist to the fingers
    double nail_length = 1; ///< factor on the base texture's free edge
    bool nails_painted = false;
    std::array<double, 3> polish{0, 0, 0}; ///< linear Rec.709

    /// What is drawn, by name, for the record.
    std::map<std::string, double> numbers() const;
};

/// The classes of the individual typology angle (Chardon et al. 1991; Del Bino and Bernerd 2013),
/// from light to dark.
struct ItaClass {
    std::string_view name;
    double low_deg, high_deg; ///< as far as skin_of_ita reaches
};
std::span<const ItaClass> ita_classes();
const ItaClass& ita_class_of(double ita_deg);

/// The nearest of the ten swatches of the Monk Skin Tone scale (Monk 2019; 1 lightest), by CIE 1976
/// colour difference from a matte surface of this albedo. The scale's lightest swatches are lighter
/// than any skin measures.
int monk_tone_of(const std::array<double, 3>& albedo);

/// "varied" and the paper's seven named tones.
std::span<const std::string_view> skin_choices();

/// The skin of a pose's person. "varied": each six poses in a row hold each ITA class once, the
/// angle uniform within it. Else one of the named tones. Throws UserError for any other choice.
SkinIdentity draw_skin_identity(std::uint64_t seed, std::uint64_t pose_id, std::string_view choice);

} // namespace rih
