// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin_tone.h"

#include "renderih/image/colour.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

constexpr int kBands = 31; // 400..700 nm, every 10 nm
constexpr double kFirstNm = 400, kStepNm = 10;
constexpr double kEpidermisMm = 0.08; // of the back of the hand; Jacques 1998 gives 0.06
constexpr double kOxygenation = 0.75; // of blood in the skin's small vessels
// Diffuse light inside that meets the surface is thrown back with this probability at ior 1.4
// (Egan and Hilgeman's fit, as in Jensen et al. 2001: -1.440 / n^2 + 0.710 / n + 0.668 + 0.0636 n).
constexpr double kInternalReflectance = -1.440 / 1.96 + 0.710 / 1.4 + 0.668 + 0.0636 * 1.4;

/// Molar extinction of oxy- and deoxyhaemoglobin, 1 / (cm M): Prahl, OMLC.
constexpr double kHbO2[kBands] = {
    266232,  466840,  480360,  246072, 102580, 62816,   44480, 33209.2, 26629.2, 23684.4, 20932.8,
    20035.2, 24202.4, 39956.8, 53236,  43016,  32613.2, 44496, 50104,   14400.8, 3200,    1506,
    942,     610,     442,     368,    319.6,  294,     277.6, 276,     290};
constexpr double kHb[kBands] = {223296,  303956,  407560, 528600, 413280,  103292,  23388.8,
                                16156.4, 14550,   16684,  20862,  25773.6, 31589.6, 39036.4,
                                46592,   53412,   53788,  45072,  37020,   28324.4, 14677.2,
                                9443.6,  6509.6,  5148.8, 4345.2, 3750.12, 3226.56, 2795.12,
                                2407.92, 2051.96, 1794.28};
/// Relative power of CIE illuminant D65.
constexpr double kD65[kBands] = {82.75,  91.49,  93.43,  86.68,  104.86, 117.01, 117.81, 114.86,
                                 115.92, 108.81, 109.35, 107.80, 104.79, 107.69, 104.41, 104.05,
                                 100.00, 96.33,  95.79,  88.69,  90.01,  89.60,  87.70,  83.29,
                                 83.70,  80.03,  80.21,  82.28,  78.28,  69.72,  71.61};

/// A Gaussian with two widths.
double lobe(double x, double mean, double left, double right) {
    const double t = (x - mean) / (x < mean ? left : right);
    return std::exp(-0.5 * t * t);
}

/// CIE 1931 colour matching functions: the multi-lobe fit of Wyman, Sloan and Shirley (JCGT 2013).
std::array<double, 3> colour_matching(double nm) {
    return {1.056 * lobe(nm, 599.8, 37.9, 31.0) + 0.362 * lobe(nm, 442.0, 16.0, 26.7) -
                0.065 * lobe(nm, 501.1, 20.4, 26.2),
            0.821 * lobe(nm, 568.8, 46.9, 40.5) + 0.286 * lobe(nm, 530.9, 16.3, 31.1),
            1.217 * lobe(nm, 437.0, 11.8, 36.0) + 0.681 * lobe(nm, 459.0, 26.0, 13.8)};
}

/// What is the same for every skin: coefficients per band, 1 / mm.
struct Spectra {
    std::array<double, kBands> melanosome{}, blood{}, base{}, scattering{};
    std::array<std::array<double, 3>, kBands> rgb{}; // weights whose sum over bands is (1, 1, 1)

    Spectra() {
        std::array<double, 3> white{};
        for (std::size_t i = 0; i < kBands; ++i) {
            const double nm = kFirstNm + kStepNm * static_cast<double>(i);
            melanosome[i] = 6.6e10 * std::pow(nm, -3.33);
            base[i] = 0.0244 + 8.53 * std::exp(-(nm - 154.0) / 66.2);
            // 150 g/l of haemoglobin of 64,500 g/mol; per mm.
            const double molar = kOxygenation * kHbO2[i] + (1.0 - kOxygenation) * kHb[i];
            blood[i] = 2.303 * molar * 150.0 / 64500.0 * 0.1;
            // Reduced scattering of skin: Jacques 2013, table 2 (mean of the skin data).
            scattering[i] = 4.6 * std::pow(nm / 500.0, -1.421);
            auto xyz = colour_matching(nm);
            for (double& value : xyz) {
                value *= kD65[i];
            }
            rgb[i] = rec709_from_xyz(xyz);
            for (std::size_t c = 0; c < 3; ++c) {
                white[c] += rgb[i][c];
            }
        }
        for (auto& weights : rgb) {
            for (std::size_t c = 0; c < 3; ++c) {
                weights[c] /= white[c];
            }
        }
    }
};

const Spectra& spectra() {
    static const Spectra instance;
    return instance;
}

/// Kubelka-Munk coefficients of diffuse light: K = 2 mu_a, S = 3/4 mu_s' (Thennadil 2008).
struct Layer {
    double absorption = 0, scattering = 0; // K, S, 1 / mm
};

Layer layer(double mu_a, double mu_s_reduced) {
    return {2.0 * mu_a, 0.75 * mu_s_reduced};
}

double reflectance_of_deep(const Layer& deep) {
    const double ratio = deep.absorption / deep.scattering;
    return 1.0 + ratio - std::sqrt(ratio * ratio + 2.0 * ratio);
}

/// A layer of `thickness` mm over a ground of reflectance `ground` (Kubelka 1948).
double reflectance_over(const Layer& upper, double thickness, double ground) {
    const double a = 1.0 + upper.absorption / upper.scattering;
    const double b = std::sqrt(a * a - 1.0);
    const double coth = 1.0 / std::tanh(b * upper.scattering * thickness);
    return (1.0 - ground * (a - b * coth)) / (a - ground + b * coth);
}

/// Absorption of the dermis in one band, 1 / mm.
double dermis_absorption(std::size_t band, double haemoglobin) {
    return haemoglobin * spectra().blood[band] + (1.0 - haemoglobin) * spectra().base[band];
}

} // namespace

std::array<double, 3> skin_albedo(const SkinPigments& pigments) {
    const Spectra& s = spectra();
    std::array<double, 3> rgb{};
    for (std::size_t i = 0; i < kBands; ++i) {
        const double dermis =
            reflectance_of_deep(layer(dermis_absorption(i, pigments.haemoglobin), s.scattering[i]));
        const double epidermis =
            pigments.melanin * s.melanosome[i] + (1.0 - pigments.melanin) * s.base[i];
        const double inside =
            reflectance_over(layer(epidermis, s.scattering[i]), kEpidermisMm, dermis);
        // Saunderson 1942: light that has entered leaves at once or after more rounds.
        const double outside =
            (1.0 - kInternalReflectance) * inside / (1.0 - kInternalReflectance * inside);
        for (std::size_t c = 0; c < 3; ++c) {
            rgb[c] += outside * s.rgb[i][c];
        }
    }
    for (double& value : rgb) {
        value = std::clamp(value, 0.001, 0.99); // dark blue can leave the gamut of Rec.709
    }
    return rgb;
}

std::array<double, 3> skin_dmfp_mm(double haemoglobin) {
    constexpr std::size_t kBandOfChannel[] = {21, 15, 6}; // 610, 550, 460 nm
    std::array<double, 3> dmfp_mm{};
    for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t band = kBandOfChannel[c];
        const double mu_a = dermis_absorption(band, haemoglobin);
        const double mu_t_reduced = mu_a + spectra().scattering[band];
        dmfp_mm[c] = 1.0 / std::sqrt(3.0 * mu_a * mu_t_reduced);
    }
    return dmfp_mm;
}

std::array<double, 3> saturated(const std::array<double, 3>& rgb, double saturation) {
    const double grey = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    std::array<double, 3> result{};
    for (std::size_t c = 0; c < 3; ++c) {
        result[c] = std::clamp(grey + saturation * (rgb[c] - grey), 0.001, 0.99);
    }
    return result;
}

SkinTone skin_of_ita(double ita, double haemoglobin, double saturation) {
    const double target = std::clamp(ita, kMinItaDeg, kMaxItaDeg);
    const auto ita_of = [&](double log_melanin) {
        return ita_deg(lab_from_rec709(
            saturated(skin_albedo({.melanin = std::exp(log_melanin), .haemoglobin = haemoglobin}),
                      saturation)));
    };
    double light = std::log(1e-4), dark = std::log(0.9); // ITA falls with melanin
    for (int i = 0; i < 40; ++i) {
        const double middle = 0.5 * (light + dark);
        (ita_of(middle) > target ? light : dark) = middle;
    }
    SkinTone tone;
    tone.pigments = {.melanin = std::exp(0.5 * (light + dark)), .haemoglobin = haemoglobin};
    tone.saturation = saturation;
    tone.albedo = saturated(skin_albedo(tone.pigments), saturation);
    tone.ita_deg = ita_deg(lab_from_rec709(tone.albedo));
    tone.dmfp_mm = skin_dmfp_mm(haemoglobin);
    return tone;
}

} // namespace rih
