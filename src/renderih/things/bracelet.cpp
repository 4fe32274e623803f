// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/bracelet.h"

#include "renderih/image/colour.h"
#include "renderih/things/limb_section.h"
#include "renderih/things/patch.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

enum class Style { Bangle, Beads, Chain, Cord };

constexpr std::array<std::array<double, 3>, 3> kMetals{
    {{0.96, 0.74, 0.40}, {0.90, 0.88, 0.84}, {0.94, 0.66, 0.52}}}; // as of rings
/// Wood, stone, glass, leather: sRGB.
constexpr std::array<std::array<int, 3>, 10> kColours{{{92, 60, 36},
                                                       {54, 34, 24},
                                                       {22, 22, 24},
                                                       {62, 146, 148},
                                                       {148, 44, 40},
                                                       {222, 212, 192},
                                                       {40, 62, 112},
                                                       {104, 122, 84},
                                                       {176, 138, 84},
                                                       {128, 96, 132}}};

/// A closed curve about the wrist, by length.
class Loop {
  public:
    Loop(const SmoothSection& section, double outward) {
        constexpr int kSteps = 720;
        double length = 0;
        for (int i = 0; i <= kSteps; ++i) {
            const Vec2 place = section.at(2 * kPi * i / kSteps, outward);
            length += i > 0 ? (place - places_.back()).norm() : 0;
            places_.push_back(place);
            lengths_.push_back(length);
        }
    }
    double length() const { return lengths_.back(); }
    /// At a share of the length, with the unit direction in which it goes on.
    Vec2 at(double share, Vec2& direction) const {
        const double wanted = (share - std::floor(share)) * length();
        const auto after = std::ranges::upper_bound(lengths_, wanted);
        const auto i = static_cast<std::size_t>(
            std::clamp<std::ptrdiff_t>(after - lengths_.begin(), 1, std::ssize(lengths_) - 1));
        const double t = (wanted - lengths_[i - 1]) / (lengths_[i] - lengths_[i - 1]);
        direction = (places_[i] - places_[i - 1]).normalized();
        return places_[i - 1] + t * (places_[i] - places_[i - 1]);
    }

  private:
    std::vector<Vec2> places_;
    std::vector<double> lengths_;
};

} // namespace

Thing draw_bracelet(Rng& rng, Side side, double position_mm) {
    Thing bracelet{ThingKind::Bracelet, side, std::nullopt, {}};
    auto& n = bracelet.numbers;
    const auto style = static_cast<Style>(rng.uniform_index(4));
    const double size = rng.uniform(), gap = rng.uniform(), roughness = rng.uniform();
    const auto metal = rng.uniform_index(3), first = rng.uniform_index(10);
    const auto second = rng.uniform_index(10);
    const bool is_metal = style == Style::Bangle || style == Style::Chain;
    n["style"] = static_cast<double>(style);
    n["position_mm"] = position_mm;
    n["metal"] = is_metal ? 1 : 0;
    n["gap_mm"] = style == Style::Bangle ? 1.5 + 2 * gap : 0.3 + 0.9 * gap;
    n["size_mm"] = style == Style::Bangle  ? 2.5 + 4 * size
                   : style == Style::Beads ? 6 + 5 * size
                   : style == Style::Chain ? 0.7 + 0.6 * size
                                           : 3 + 2 * size;
    n["roughness"] = is_metal ? 0.12 + 0.2 * roughness : 0.2 + 0.35 * roughness;
    constexpr std::array<const char*, 3> kNames{"red", "green", "blue"};
    for (std::size_t c = 0; c < 3; ++c) {
        n[kNames[c]] = is_metal ? kMetals[metal][c] : linear_from_srgb(kColours[first][c] / 255.0);
        n[std::string("second_") + kNames[c]] =
            is_metal ? kMetals[metal][c] : linear_from_srgb(kColours[second][c] / 255.0);
    }
    return bracelet;
}

SceneMesh bracelet_mesh(const Thing& bracelet, const PosedSurface& hand) {
    const auto style = static_cast<Style>(static_cast<int>(bracelet.at("style")));
    double length = 0;
    LimbFrame frame = forearm_frame(hand, length);
    const double size = 1e-3 * bracelet.at("size_mm");
    const LimbSurface arm = forearm_surface(hand, frame);
    const double middle = 1e-3 * bracelet.at("position_mm");
    const double half_width = style == Style::Chain ? 2.6 * size : 0.5 * size;
    const SmoothSection section =
        smooth_section(convex_hull(arm.between(middle - half_width, middle + half_width)),
                       style == Style::Bangle ? 2 : 4,
                       1e-3 * bracelet.at("gap_mm"));
    const Vec3f colour{static_cast<float>(bracelet.at("red")),
                       static_cast<float>(bracelet.at("green")),
                       static_cast<float>(bracelet.at("blue"))};
    const Vec3f second{static_cast<float>(bracelet.at("second_red")),
                       static_cast<float>(bracelet.at("second_green")),
                       static_cast<float>(bracelet.at("second_blue"))};
    SceneMesh mesh;
    PatchWork work(mesh);
    Material material;
    material.is_metal = bracelet.at("metal") != 0;
    material.roughness = bracelet.at("roughness");
    material.ior = 1.5;
    const int of_it = work.add_material(material);

    switch (style) {
    case Style::Bangle:
    case Style::Cord: {
        constexpr int kAround = 220, kProfile = 14;
        const double radius = 0.5 * size;
        const Loop loop(section, radius);
        Grid band(kProfile, kAround, true, true);
        for (int j = 0; j < kAround; ++j) {
            const double share = static_cast<double>(j) / kAround;
            Vec2 direction;
            const Vec2 place = loop.at(share, direction);
            const Vec2 out(direction.y(), -direction.x());
            for (int i = 0; i < kProfile; ++i) {
                const double turn = 2 * kPi * i / kProfile;
                // A cord is three strands laid about each other.
                const double twist =
                    style == Style::Cord
                        ? 1 - 0.14 * (1 + std::cos(3 * turn + 2 * kPi * 26 * share))
                        : 1;
                const Vec2 at = place + radius * twist * std::cos(turn) * out;
                band.at(i, j) =
                    frame.world(at.x(), at.y(), middle + radius * twist * std::sin(turn));
            }
        }
        work.add(band, of_it, colour, turns_inwards(band));
        break;
    }
    case Style::Beads: {
        constexpr int kAround = 14, kDown = 9;
        const Loop loop(section, 0.5 * size);
        const int count = std::max(3, static_cast<int>(loop.length() / size));
        for (int bead = 0; bead < count; ++bead) {
            Vec2 direction;
            const Vec2 place = loop.at(static_cast<double>(bead) / count, direction);
            const Vec3 centre = frame.world(place.x(), place.y(), middle);
            const Vec3 axis = direction.x() * frame.across + direction.y() * frame.up;
            const Vec3 out = direction.y() * frame.across - direction.x() * frame.up;
            Grid ball(kDown, kAround, false, true);
            for (int i = 0; i < kDown; ++i) {
                const double polar = kPi * i / (kDown - 1.0);
                for (int j = 0; j < kAround; ++j) {
                    const double turn = 2 * kPi * j / kAround;
                    ball.at(i, j) = centre + 0.5 * size *
                                                 (std::cos(polar) * axis +
                                                  std::sin(polar) * (std::cos(turn) * out +
                                                                     std::sin(turn) * frame.along));
                }
            }
            work.add(ball, of_it, bead % 7 == 3 ? second : colour, turns_inwards(ball));
        }
        break;
    }
    case Style::Chain: {
        constexpr int kAround = 14, kProfile = 6;
        const double wire = 0.5 * size, half_length = 3.0 * size, half_across = 1.9 * size;
        const Loop loop(section, half_across + wire);
        const int links = 2 * static_cast<int>(loop.length() / (2 * 1.45 * half_length));
        for (int link = 0; link < links; ++link) {
            Vec2 direction;
            const Vec2 place = loop.at(static_cast<double>(link) / links, direction);
            const Vec3 centre = frame.world(place.x(), place.y(), middle);
            const Vec3 axis = direction.x() * frame.across + direction.y() * frame.up;
            const Vec3 out = direction.y() * frame.across - direction.x() * frame.up;
            // Each link lies across the one before.
            const double tilt = (link % 2 == 0 ? 0.25 : 0.75) * kPi;
            const Vec3 side = std::cos(tilt) * frame.along + std::sin(tilt) * out;
            const Vec3 normal = axis.cross(side);
            Grid ring(kProfile, kAround, true, true);
            for (int j = 0; j < kAround; ++j) {
                const double turn = 2 * kPi * j / kAround;
                const Vec3 radial =
                    (half_length * std::cos(turn) * axis + half_across * std::sin(turn) * side);
                const Vec3 away = radial.normalized();
                for (int i = 0; i < kProfile; ++i) {
                    const double around = 2 * kPi * i / kProfile;
                    ring.at(i, j) = centre + radial +
                                    wire * (std::cos(around) * away + std::sin(around) * normal);
                }
            }
            work.add(ring, of_it, colour, turns_inwards(ring));
        }
        break;
    }
    }
    work.finish("bracelet", worn_mesh_id(hand.side), worn_part(hand.side));
    return mesh;
}

} // namespace rih
