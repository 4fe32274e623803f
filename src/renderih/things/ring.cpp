// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/ring.h"

#include "renderih/things/limb_section.h"
#include "renderih/things/patch.h"

#include <cmath>

namespace rih {

namespace {

constexpr int kAround = 96, kProfile = 14;
constexpr int kMetals = 4;
/// Reflectances at normal incidence, linear Rec.709: gold of 18 carat, silver or white gold, rose
/// gold, of the optical constants of gold, silver and copper (Johnson and Christy 1972) mixed as
/// the alloys are; a black ceramic has an albedo.
constexpr std::array<std::array<double, 3>, kMetals> kMetalColours{
    {{0.96, 0.74, 0.40}, {0.90, 0.88, 0.84}, {0.94, 0.66, 0.52}, {0.02, 0.02, 0.022}}};
constexpr int kCeramic = 3;
/// Clear, ruby, sapphire, emerald, onyx, turquoise, pearl: linear albedo.
constexpr std::array<std::array<double, 3>, 7> kStones{{{0.75, 0.78, 0.80},
                                                        {0.30, 0.006, 0.02},
                                                        {0.01, 0.03, 0.26},
                                                        {0.01, 0.16, 0.05},
                                                        {0.006, 0.006, 0.007},
                                                        {0.05, 0.42, 0.42},
                                                        {0.72, 0.68, 0.60}}};

/// The finger's own part about the phalanx that wears the ring.
std::uint8_t phalanx_part(Side side, int finger) {
    // mano16 joints of thumb, index, middle, ring, pinky; the thumb's is its second.
    constexpr std::array<int, 5> kJoint{14, 1, 4, 10, 7};
    return static_cast<std::uint8_t>(
        first_part(side) +
        kPartOfJoint[static_cast<std::size_t>(kJoint[static_cast<std::size_t>(finger)])]);
}

} // namespace

Thing draw_ring(Rng& rng, Side side, int finger) {
    Thing ring{ThingKind::Ring, side, finger, {}};
    auto& n = ring.numbers;
    // Past the web; it reaches farther up the little finger, and the thumb's flesh moves more.
    constexpr std::array<double, 5> kWeb{0.06, 0, 0, 0, 0.14};
    n["position"] = kWeb[static_cast<std::size_t>(finger)] + rng.uniform(0.52, 0.66);
    const double kind = rng.uniform();
    const int metal = kind < 0.4 ? 0 : kind < 0.8 ? 1 : kind < 0.9 ? 2 : kCeramic;
    n["metal"] = metal;
    const auto& colour = kMetalColours[static_cast<std::size_t>(metal)];
    n["red"] = colour[0];
    n["green"] = colour[1];
    n["blue"] = colour[2];
    n["roughness"] = rng.uniform(0.12, 0.32);
    const double width = rng.uniform(), stone = rng.uniform(), size = rng.uniform(3, 8);
    n["width_mm"] = 2 + 5 * width * width;
    n["thickness_mm"] = rng.uniform(1.2, 2.0);
    n["gap_mm"] = rng.uniform(0.08, 0.2);
    n["dome"] = rng.uniform();
    const auto& stone_colour =
        kStones[rng.uniform_index(static_cast<std::uint32_t>(kStones.size()))];
    n["stone_mm"] = metal != kCeramic && stone < 0.3 ? size : 0;
    n["stone_red"] = n["stone_mm"] > 0 ? stone_colour[0] : 0;
    n["stone_green"] = n["stone_mm"] > 0 ? stone_colour[1] : 0;
    n["stone_blue"] = n["stone_mm"] > 0 ? stone_colour[2] : 0;
    return ring;
}

SceneMesh ring_mesh(const Thing& ring, const PosedSurface& hand) {
    const int finger = *ring.finger;
    const int root = 1 + 4 * finger + (finger == 0 ? 1 : 0); // keypoint below the phalanx
    LimbFrame frame = finger_frame(hand, root, root + 1);
    const double length = (hand.keypoints.row(root + 1) - hand.keypoints.row(root)).norm();
    frame.origin += ring.at("position") * length * frame.along;
    const double width = 1e-3 * ring.at("width_mm"), thickness = 1e-3 * ring.at("thickness_mm");
    const std::uint8_t part = phalanx_part(hand.side, finger);
    const LimbSurface phalanx(hand, frame, [&](std::uint8_t p) { return p == part; });
    const Outline skin = convex_hull(phalanx.between(-0.5 * width, 0.5 * width));
    const SmoothSection section = smooth_section(skin, 2, 1e-3 * ring.at("gap_mm"));

    // Across the band: along the finger, back over the outside.
    const double dome = ring.at("dome"), edge = std::min(0.25 * thickness, 0.2 * width);
    Grid band(kProfile, kAround, true, true);
    for (int i = 0; i < kProfile; ++i) {
        double z = 0, out = 0;
        if (i < 4) { // the inside, its edges turned away from the skin
            z = (i - 1.5) / 1.5 * (0.5 * width - (i == 0 || i == 3 ? 0.0 : 0.5 * edge));
            out = i == 0 || i == 3 ? edge : 0;
        } else {
            const double t = (i - 4) / (kProfile - 5.0) * 2 - 1; // -1 .. 1
            z = -0.5 * width * std::sin(0.5 * kPi * t);
            const double round = std::cos(0.5 * kPi * t);
            const double shoulder = thickness - edge - dome * 0.45 * thickness;
            out = shoulder + (thickness - shoulder) * (dome > 0.5 ? round : std::sqrt(round));
        }
        for (int j = 0; j < kAround; ++j) {
            const double angle = 2 * kPi * j / kAround;
            const Vec2 place = section.at(angle, out);
            band.at(i, j) = frame.world(place.x(), place.y(), z);
        }
    }
    SceneMesh mesh;
    PatchWork work(mesh);
    Material metal;
    metal.is_metal = ring.at("metal") != kCeramic;
    metal.roughness = ring.at("roughness");
    metal.ior = 1.5;
    const Vec3f colour{static_cast<float>(ring.at("red")),
                       static_cast<float>(ring.at("green")),
                       static_cast<float>(ring.at("blue"))};
    const int of_metal = work.add_material(metal);
    work.add(band, of_metal, colour, turns_inwards(band));

    const double stone = 1e-3 * ring.at("stone_mm");
    if (stone > 0) {
        // A bezel and a cabochon on the back of the finger.
        const Vec2 top = section.at(0.5 * kPi, 0.5 * thickness);
        constexpr int kRound = 32, kRise = 9;
        const double radius = 0.5 * stone, height = 0.45 * stone;
        Grid bezel(6, kRound, false, true), cabochon(kRise, kRound, false, true);
        constexpr std::array<double, 6> kOut{0.75, 1.0, 1.12, 1.12, 1.05, 0.97};
        constexpr std::array<double, 6> kUp{-0.2, 0.05, 0.3, 0.5, 0.55, 0.45};
        for (int j = 0; j < kRound; ++j) {
            const double angle = 2 * kPi * j / kRound;
            const double x = std::cos(angle), z = std::sin(angle);
            for (int i = 0; i < 6; ++i) {
                const double r = radius * kOut[static_cast<std::size_t>(i)];
                bezel.at(i, j) = frame.world(
                    top.x() + r * x, top.y() + height * kUp[static_cast<std::size_t>(i)], r * z);
            }
            for (int i = 0; i < kRise; ++i) {
                const double rise = 0.5 * kPi * i / (kRise - 1.0);
                const double r = radius * std::cos(rise);
                cabochon.at(i, j) =
                    frame.world(top.x() + r * x, top.y() + height * (0.45 + std::sin(rise)), r * z);
            }
        }
        Material gem;
        gem.roughness = 0.06;
        gem.ior = 1.76; // corundum; other gems 1.5 .. 2.4
        const int of_gem = work.add_material(gem);
        const bool flip = turns_from(cabochon, frame.up);
        work.add(bezel, of_metal, colour, flip);
        work.add(cabochon,
                 of_gem,
                 {static_cast<float>(ring.at("stone_red")),
                  static_cast<float>(ring.at("stone_green")),
                  static_cast<float>(ring.at("stone_blue"))},
                 flip);
    }
    work.finish("ring", worn_mesh_id(hand.side), worn_part(hand.side));
    return mesh;
}

} // namespace rih
