// SPDX-License-Identifier: Apache-2.0
// The colour of skin from what is in it. Light crosses an epidermis that holds melanin and comes
// back from a dermis that holds blood; both scatter. Absorption and scattering per wavelength are
// those of Jacques ("Skin optics", OMLC 1998; "Optical properties of biological tissues: a review",
// Phys. Med. Biol. 58, 2013) and Prahl's haemoglobin table (OMLC 1999); layers are added by
// Kubelka and Munk, the surface by Saunderson. The spectrum under D65 gives linear Rec.709.
#pragma once

#include <array>

namespace rih {

/// Volume fractions: melanosomes in the epidermis (0.01 very light .. 0.4 very dark) and blood in
/// the dermis (0.002 pale .. 0.03 flushed).
struct SkinPigments {
    double melanin = 0.04;
    double haemoglobin = 0.014;
};

/// Diffuse albedo, linear Rec.709, of flat skin. Any pigments >= 0.
std::array<double, 3> skin_albedo(const SkinPigments& pigments);

/// The colour with its distance from grey of the same luminance times `saturation`.
std::array<double, 3> saturated(const std::array<double, 3>& rgb, double saturation);

/// Diffuse mean free path of the dermis, mm: how far light spreads below the surface, in red, green
/// and blue. Melanin does not enter: it lies in the first tenth of a millimetre only.
std::array<double, 3> skin_dmfp_mm(double haemoglobin);

/// One person's skin, apart from where on the hand it is.
struct SkinTone {
    SkinPigments pigments;           ///< of the back of the hand
    double roughness = 0.45;         ///< of the back of the hand
    double saturation = 1;           ///< factor on the chroma of every shade
    double ita_deg = 0;              ///< of `albedo`
    std::array<double, 3> albedo{};  ///< saturated(skin_albedo(pigments), saturation)
    std::array<double, 3> dmfp_mm{}; ///< skin_dmfp_mm(pigments.haemoglobin)
};

/// The tone with this ITA, blood and saturation. `ita_deg` is limited to kMinIta..kMaxIta.
inline constexpr double kMinItaDeg = -60.0, kMaxItaDeg = 60.0;
SkinTone skin_of_ita(double ita_deg, double haemoglobin, double saturation = 1);

} // namespace rih
