// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/cloth.h"

#include "renderih/image/colour.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr double kTexel = 4.5e-4; // m

/// Clothes as they are sold, sRGB: dark and muted ones most.
constexpr std::array<std::array<int, 3>, 20> kColours{
    {{24, 28, 44},    {34, 40, 66},    {22, 22, 24},    {30, 30, 32},    {72, 74, 78},
     {120, 122, 126}, {168, 168, 168}, {226, 224, 218}, {236, 234, 230}, {206, 196, 176},
     {150, 176, 206}, {88, 112, 150},  {60, 76, 104},   {94, 90, 62},    {46, 66, 52},
     {108, 34, 42},   {160, 48, 44},   {178, 132, 60},  {196, 142, 150}, {96, 70, 52}}};

std::array<double, 3> draw_colour(Rng& rng) {
    const auto& srgb = kColours[rng.uniform_index(static_cast<std::uint32_t>(kColours.size()))];
    const double tone = std::exp(0.12 * rng.truncated_normal(2.0));
    std::array<double, 3> colour{};
    for (std::size_t c = 0; c < 3; ++c) {
        colour[c] = std::min(0.8, tone * linear_from_srgb(srgb[c] / 255.0));
    }
    return colour;
}

/// Uniform in 0 .. 1, of a lattice point.
double speck(std::int64_t x, std::int64_t y, std::uint64_t seed) {
    const std::uint64_t hash =
        mix_bits(mix_bits(seed ^ static_cast<std::uint64_t>(x)) + static_cast<std::uint64_t>(y));
    return static_cast<double>(hash >> 11) * 0x1p-53;
}

/// Value noise on a lattice that closes after `period` steps in x: 0 .. 1.
double soft_noise(double x, double y, std::int64_t period, std::uint64_t seed) {
    const double x0 = std::floor(x), y0 = std::floor(y);
    const double fx = x - x0, fy = y - y0;
    const double sx = fx * fx * (3 - 2 * fx), sy = fy * fy * (3 - 2 * fy);
    const auto at = [&](std::int64_t dx, std::int64_t dy) {
        std::int64_t column = (static_cast<std::int64_t>(x0) + dx) % period;
        column += column < 0 ? period : 0;
        return speck(column, static_cast<std::int64_t>(y0) + dy, seed);
    };
    return (1 - sy) * ((1 - sx) * at(0, 0) + sx * at(1, 0)) +
           sy * ((1 - sx) * at(0, 1) + sx * at(1, 1));
}

double fraction(double x) {
    return x - std::floor(x);
}

/// 0 .. 1, flat in the middle of each half of the period 1.
double band(double x) {
    return std::clamp(0.5 + 4 * (0.25 - std::abs(fraction(x) - 0.5)), 0.0, 1.0);
}

/// One cloth laid flat: x around, closing after `around`, y from the cuff's edge, m.
class ClothField {
  public:
    ClothField(const Thing& thing, const ClothLayout& layout)
        : cloth_(static_cast<Cloth>(static_cast<int>(thing.at("cloth")))),
          pattern_(static_cast<ClothPattern>(static_cast<int>(thing.at("pattern")))),
          period_(1e-3 * thing.at("period_mm")),
          seed_(static_cast<std::uint64_t>(thing.at("cloth_seed"))), layout_(layout),
          first_{thing.at("red"), thing.at("green"), thing.at("blue")},
          second_{thing.at("second_red"), thing.at("second_green"), thing.at("second_blue")} {}

    bool is_rib(double y) const {
        return (cloth_ == Cloth::Knit || cloth_ == Cloth::Fleece) && std::abs(y) < layout_.cuff;
    }

    /// Of the surface above its ground, m, about 0 .. scale().
    double height(double x, double y) const {
        if (is_rib(y)) {
            const double rib = std::cos(2 * kPi * x / whole_period(0.0036));
            return scale() * (0.5 + 0.5 * rib / std::sqrt(0.3 + 0.7 * rib * rib));
        }
        switch (cloth_) {
        case Cloth::Knit: {
            // Columns of stitches, each a V of two legs.
            const double wale = fraction(x / whole_period(0.0028)) - 0.5;
            const double leg = std::abs(wale) * 2; // 0 in the middle, 1 between columns
            const double row = fraction(y / 0.0021 - 0.8 * leg);
            return scale() *
                   (0.65 * std::sin(kPi * std::clamp(leg, 0.0, 1.0)) + 0.35 * std::sin(kPi * row));
        }
        case Cloth::Shirt: {
            double h = scale() * threads(x, y);
            for (const double line : {0.006, layout_.cuff - 0.004}) { // seams
                const double off = (std::abs(y) - line) / 0.0009;
                h -= 2.5e-4 * std::exp(-off * off) * (0.6 + 0.4 * std::cos(2 * kPi * x / 0.003));
            }
            return h;
        }
        case Cloth::Fleece:
            return scale() * (0.6 * noise(x, y, 0.0012) + 0.4 * noise(x, y, 0.0035));
        case Cloth::Jacket: { // twill: fine ridges aslant
            double h = scale() * (0.5 + 0.5 * std::sin(2 * kPi * (x + y) / whole_period(0.0018)));
            const double off = (std::abs(y) - 0.02) / 0.0012;
            h -= 4e-4 * std::exp(-off * off) * (0.6 + 0.4 * std::cos(2 * kPi * x / 0.0035));
            return h;
        }
        }
        return 0;
    }

    std::array<double, 3> albedo(double x, double y) const {
        double second = 0;
        switch (pattern_) {
        case ClothPattern::Plain:
            break;
        case ClothPattern::StripesAround:
            second = is_rib(y) ? 0 : band(y / period_);
            break;
        case ClothPattern::StripesAlong:
            second = band(x / whole_period(period_));
            break;
        case ClothPattern::Checks:
            second = 0.5 * (band(x / whole_period(period_)) + band(y / period_));
            break;
        case ClothPattern::Heather:
            second = noise(x, y, 0.0009) > 0.72 ? 0.7 : 0;
            break;
        }
        // Valleys between yarns are darker; yarns differ a little.
        constexpr std::array<double, kClothCount> kDepth{0.28, 0.04, 0.1, 0.1};
        const double depth = is_rib(y) ? 0.25 : kDepth[static_cast<std::size_t>(cloth_)];
        const double valley = 1 - depth * (1 - std::clamp(height(x, y) / scale(), 0.0, 1.0));
        const bool woven = cloth_ == Cloth::Shirt || cloth_ == Cloth::Jacket;
        const double uneven =
            woven ? 0.07 * (threads(x, y) - 0.5) : 0.1 * (noise(x, y, 0.0015) - 0.5);
        const double shade = valley * (1 + uneven);
        std::array<double, 3> colour{};
        for (std::size_t c = 0; c < 3; ++c) {
            colour[c] = shade * (first_[c] + second * (second_[c] - first_[c]));
        }
        return colour;
    }

  private:
    double scale() const {
        constexpr std::array<double, kClothCount> kScale{4.5e-4, 6e-5, 2.2e-4, 1e-4};
        return kScale[static_cast<std::size_t>(cloth_)];
    }
    /// The nearest length that fits a whole number of times around.
    double whole_period(double length) const {
        return layout_.around / std::max(1.0, std::round(layout_.around / length));
    }
    double noise(double x, double y, double size) const {
        const double step = whole_period(size);
        const auto period = static_cast<std::int64_t>(std::round(layout_.around / step));
        return soft_noise(x / step, y / step, period, seed_);
    }

    /// Threads of uneven strength both ways: 0 .. 1.
    double threads(double x, double y) const {
        const double fine = whole_period(0.0009), run = whole_period(0.012);
        const auto fine_period = static_cast<std::int64_t>(std::round(layout_.around / fine));
        const auto run_period = static_cast<std::int64_t>(std::round(layout_.around / run));
        return 0.5 * (soft_noise(x / fine, y / 0.012, fine_period, seed_ + 5) +
                      soft_noise(x / run, y / 0.0009, run_period, seed_ + 6));
    }

    Cloth cloth_;
    ClothPattern pattern_;
    double period_;
    std::uint64_t seed_;
    ClothLayout layout_;
    std::array<double, 3> first_, second_;
};

int whole_side(double texels) {
    return kMapSideStep * std::max(1, static_cast<int>(std::lround(texels / kMapSideStep)));
}

} // namespace

void draw_cloth(Rng& rng, std::map<std::string, double>& numbers) {
    const double kind = rng.uniform(), pattern = rng.uniform();
    const Cloth cloth = kind < 0.3    ? Cloth::Knit
                        : kind < 0.6  ? Cloth::Shirt
                        : kind < 0.85 ? Cloth::Fleece
                                      : Cloth::Jacket;
    numbers["cloth"] = static_cast<double>(cloth);
    // Shirts are striped or checked most; a fleece or a jacket is not.
    ClothPattern drawn = ClothPattern::Plain;
    if (cloth == Cloth::Shirt) {
        drawn = pattern < 0.5    ? ClothPattern::Plain
                : pattern < 0.75 ? ClothPattern::StripesAlong
                                 : ClothPattern::Checks;
    } else if (cloth == Cloth::Knit) {
        drawn = pattern < 0.55   ? ClothPattern::Plain
                : pattern < 0.75 ? ClothPattern::StripesAround
                                 : ClothPattern::Heather;
    } else if (cloth == Cloth::Fleece) {
        drawn = pattern < 0.6 ? ClothPattern::Plain : ClothPattern::Heather;
    }
    numbers["pattern"] = static_cast<double>(drawn);
    const double wide = rng.uniform();
    numbers["period_mm"] = drawn == ClothPattern::StripesAround  ? 12 + 28 * wide
                           : drawn == ClothPattern::StripesAlong ? 4 + 8 * wide
                                                                 : 6 + 30 * wide * wide;
    const auto first = draw_colour(rng);
    const auto second = draw_colour(rng);
    constexpr std::array<const char*, 3> kNames{"red", "green", "blue"};
    for (std::size_t c = 0; c < 3; ++c) {
        numbers[kNames[c]] = first[c];
        numbers[std::string("second_") + kNames[c]] = second[c];
    }
    numbers["cloth_seed"] = rng.uniform_index(1u << 20);
}

std::shared_ptr<const SurfaceMaps> cloth_maps(const Thing& thing, const ClothLayout& layout) {
    const ClothField field(thing, layout);
    const int height = whole_side(layout.along / kTexel),
              width = whole_side(layout.around / kTexel);
    const double step = layout.along / height, step_x = layout.around / width;
    const double roughness = thing.at("roughness");
    SurfaceMaps::Level finest(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    std::vector<double> heights(finest.size());
    const auto index = [&](int row, int column) {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(column);
    };
    const auto y_of = [&](int row) { return (height - row - 0.5) * step - layout.inside; };
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column) {
            const double x = (column + 0.5) * step_x, y = y_of(row);
            heights[index(row, column)] = field.height(x, y);
            SurfaceTexel& texel = finest[index(row, column)];
            const auto albedo = field.albedo(x, y);
            for (std::size_t c = 0; c < 3; ++c) {
                texel.albedo[c] = encode_albedo(albedo[c]);
            }
            texel.gloss = encode_gloss(roughness, 0);
        }
    }
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column) {
            const double right = heights[index(row, (column + 1) % width)];
            const double left = heights[index(row, (column + width - 1) % width)];
            const double above = heights[index(std::max(row - 1, 0), column)];
            const double below = heights[index(std::min(row + 1, height - 1), column)];
            SurfaceTexel& texel = finest[index(row, column)];
            texel.slope[0] = encode_slope((right - left) / (2 * step_x));
            texel.slope[1] = encode_slope((above - below) / (2 * step));
        }
    }
    const std::vector<std::uint8_t> covered(finest.size(), 1);
    return std::make_shared<const SurfaceMaps>(
        make_surface_maps(width, height, layout.along, std::move(finest), covered));
}

} // namespace rih
