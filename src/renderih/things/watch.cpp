// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/watch.h"

#include "renderih/image/colour.h"
#include "renderih/things/limb_section.h"
#include "renderih/things/patch.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

enum class Strap { Leather, Rubber, Metal };

/// Steel, gold, rose gold, blackened: reflectance at normal incidence, linear Rec.709 (iron, gold
/// and copper of Johnson and Christy 1972 and 1974, rounded).
constexpr std::array<std::array<double, 3>, 4> kCases{
    {{0.60, 0.58, 0.55}, {0.96, 0.74, 0.40}, {0.94, 0.66, 0.52}, {0.08, 0.08, 0.085}}};
constexpr std::array<std::array<int, 3>, 5> kLeathers{
    {{38, 26, 20}, {86, 50, 30}, {124, 78, 46}, {20, 20, 22}, {44, 52, 66}}};
constexpr std::array<std::array<int, 3>, 5> kRubbers{
    {{24, 24, 26}, {30, 40, 64}, {206, 204, 200}, {96, 100, 92}, {128, 40, 40}}};
constexpr std::array<std::array<int, 3>, 5> kDials{
    {{236, 234, 228}, {18, 18, 20}, {30, 44, 80}, {206, 206, 204}, {40, 62, 52}}};

Vec3f colour_of(const Thing& thing, const std::string& prefix) {
    return {static_cast<float>(thing.at(prefix + "red")),
            static_cast<float>(thing.at(prefix + "green")),
            static_cast<float>(thing.at(prefix + "blue"))};
}

void set_colour(Thing& thing, const std::string& prefix, const std::array<double, 3>& colour) {
    thing.numbers[prefix + "red"] = colour[0];
    thing.numbers[prefix + "green"] = colour[1];
    thing.numbers[prefix + "blue"] = colour[2];
}

std::array<double, 3> linear(const std::array<int, 3>& srgb) {
    return {linear_from_srgb(srgb[0] / 255.0),
            linear_from_srgb(srgb[1] / 255.0),
            linear_from_srgb(srgb[2] / 255.0)};
}

/// The case's own axes: 12 and 3 o'clock in the plane of the dial, up towards the eye.
struct CaseFrame {
    Vec3 origin, twelve, three, up;
    Vec3 at(double clockwise, double radius, double height) const {
        return origin + radius * (std::cos(clockwise) * twelve + std::sin(clockwise) * three) +
               height * up;
    }
};

class WatchWork {
  public:
    WatchWork(const Thing& watch, const PosedSurface& hand)
        : watch_(watch), hand_(hand), frame_(forearm_frame(hand, length_)), work_(mesh_) {
        radius_ = 0.5e-3 * watch.at("case_mm");
        height_ = 1e-3 * watch.at("height_mm");
        is_digital_ = watch.at("digital") != 0;
        const double width = 1e-3 * watch.at("strap_mm"), middle = 1e-3 * watch.at("position_mm");
        const LimbSurface arm = forearm_surface(hand, frame_);
        const double gap = 1e-3 * watch.at("gap_mm");
        const Outline skin = convex_hull(arm.between(middle - 0.5 * width, middle + 0.5 * width));
        section_ = smooth_section(skin, 4, gap);
        // The case lies on what is highest below it.
        base_ = -INFINITY;
        for (const Vec2& p :
             convex_hull(arm.between(middle - 0.9 * radius_, middle + 0.9 * radius_))) {
            if (std::abs(p.x() - section_.centre.x()) < radius_) {
                base_ = std::max(base_, p.y());
            }
        }
        base_ = std::max(base_, section_.at(0.5 * kPi).y() - gap) + gap;
        middle_ = middle;
        case_ = {frame_.world(section_.centre.x(), base_, middle),
                 frame_.across,
                 hand.side == Side::Left ? Vec3(-frame_.along) : frame_.along,
                 frame_.up};
    }

    SceneMesh make() {
        Material metal;
        metal.is_metal = true;
        metal.roughness = watch_.at("case_roughness");
        of_case_ = work_.add_material(metal);
        Material glass; // what lies below it shines through its clear coat
        glass.roughness = 0.5;
        glass.ior = 1.4;
        glass.coat = {.weight = 1, .roughness = 0.05, .ior = 1.5};
        of_dial_ = work_.add_material(glass);
        add_strap();
        add_case();
        add_dial();
        work_.finish("watch", worn_mesh_id(hand_.side), worn_part(hand_.side));
        return std::move(mesh_);
    }

  private:
    /// 1 for a round case, farther out towards the corners of a square one.
    double outline(double clockwise) const {
        if (!is_digital_) {
            return 1;
        }
        const double c = std::abs(std::cos(clockwise)) / 1.0,
                     s = std::abs(std::sin(clockwise)) / 0.86;
        return std::pow(std::pow(c, 5) + std::pow(s, 5), -0.2);
    }

    void add_strap() {
        const auto kind = static_cast<Strap>(static_cast<int>(watch_.at("strap")));
        // About the wrist and past the corners of the case.
        constexpr int kAround = 200, kProfile = 14;
        Outline path;
        for (int j = 0; j < kAround; ++j) {
            path.push_back(section_.at(2 * kPi * j / kAround));
        }
        for (const double side : {-0.8, 0.8}) {
            path.emplace_back(section_.centre.x() + side * radius_, base_);
        }
        path = convex_hull(path);
        const Vec2 centre = centroid(path);
        const double thickness = 1e-3 * watch_.at("strap_thickness_mm");
        const double width = 1e-3 * watch_.at("strap_mm");
        Grid strap(kProfile, kAround, true, true);
        for (int j = 0; j < kAround; ++j) {
            const double angle = 2 * kPi * j / kAround;
            const double r = reach(path, centre, angle);
            // Narrower below; links have gaps between them.
            const double below = 0.5 - 0.5 * std::sin(angle);
            double wide = width * (kind == Strap::Metal ? 1 - 0.1 * below : 1 - 0.18 * below);
            double thick = thickness;
            if (kind == Strap::Metal) {
                const double link = r * angle / 0.0065;
                const double notch = std::abs(link - std::floor(link) - 0.5) * 2; // 1 at a gap
                thick *= notch > 0.72 ? 0.55 : 1.0;
                wide *= notch > 0.72 ? 0.97 : 1.0;
            }
            for (int i = 0; i < kProfile; ++i) {
                // A rounded rectangle.
                const double turn = 2 * kPi * i / kProfile;
                const double c = std::cos(turn), s = std::sin(turn);
                const double round =
                    std::pow(std::pow(std::abs(c), 6) + std::pow(std::abs(s), 6), -1.0 / 6);
                const double out = 0.5 * thick * (1 + c * round);
                const double z = 0.5 * wide * s * round;
                strap.at(i, j) = frame_.world(centre.x() + (r + out) * std::cos(angle),
                                              centre.y() + (r + out) * std::sin(angle),
                                              middle_ + z);
            }
        }
        Material material;
        material.roughness = watch_.at("strap_roughness");
        material.ior = 1.5;
        material.is_metal = kind == Strap::Metal;
        const int of_strap = work_.add_material(material);
        const Vec3f colour = colour_of(watch_, "strap_");
        const auto shade = [&](int i, int j) {
            if (kind != Strap::Leather) {
                return colour;
            }
            // Seams along both edges, a grain between.
            const double s = std::abs(std::sin(2 * kPi * i / kProfile));
            const bool seam = s > 0.7 && s < 0.93 && (j % 3) != 0;
            return (seam ? 1.6f : 1.0f) * colour;
        };
        work_.add(strap, of_strap, shade, turns_inwards(strap));
    }

    void add_case() {
        constexpr int kAround = 72;
        // (radius, height) as parts of the case's own.
        const std::vector<Vec2> profile = is_digital_ ? std::vector<Vec2>{{0.0, 0.02},
                                                                          {0.80, 0.02},
                                                                          {0.95, 0.18},
                                                                          {1.0, 0.4},
                                                                          {1.0, 0.6},
                                                                          {0.98, 0.78},
                                                                          {0.93, 0.92},
                                                                          {0.88, 0.97}}
                                                      : std::vector<Vec2>{{0.0, 0.02},
                                                                          {0.80, 0.02},
                                                                          {0.96, 0.14},
                                                                          {1.0, 0.26},
                                                                          {1.0, 0.66},
                                                                          {0.96, 0.72},
                                                                          {0.95, 0.76},
                                                                          {0.94, 0.95},
                                                                          {0.92, 1.0},
                                                                          {0.86, 1.0},
                                                                          {0.84, 0.97},
                                                                          {0.83, 0.86}};
        Grid body(static_cast<int>(profile.size()), kAround, false, true);
        for (int i = 0; i < body.rows; ++i) {
            for (int j = 0; j < kAround; ++j) {
                const double angle = 2 * kPi * j / kAround;
                const Vec2& p = profile[static_cast<std::size_t>(i)];
                body.at(i, j) = case_.at(angle, radius_ * p.x() * outline(angle), height_ * p.y());
            }
        }
        const Vec3f colour = colour_of(watch_, "case_");
        // Its underside is the greater part: seen from there the faces of the whole look down.
        work_.add(body, of_case_, colour, faces_in(body));
        // The crown, at 3 o'clock.
        constexpr std::array<std::array<double, 2>, 5> kCrown{
            {{1.0, 0.0}, {1.0, 1.0}, {0.85, 1.15}, {0.4, 1.2}, {0.0, 1.2}}};
        const double crown = is_digital_ ? 0.0026 : 0.0022, reach_out = 0.0024;
        const double from = radius_ * outline(0.5 * kPi) - 0.0004;
        constexpr int kRound = 20;
        Grid knob(5, kRound, false, true);
        for (int i = 0; i < 5; ++i) {
            for (int j = 0; j < kRound; ++j) {
                const double turn = 2 * kPi * j / kRound;
                const double r =
                    crown * kCrown[static_cast<std::size_t>(i)][0] * (j % 2 == 0 ? 1 : 0.93);
                knob.at(i, j) =
                    case_.origin +
                    (from + reach_out * kCrown[static_cast<std::size_t>(i)][1]) * case_.three +
                    (0.5 * height_ + r * std::cos(turn)) * case_.up +
                    r * std::sin(turn) * case_.twelve;
            }
        }
        work_.add(knob, of_case_, colour, turns_from(knob, case_.three));
    }

    /// A body of revolution about the case's axis, from below to above: whether its grid's faces
    /// look inwards. Told at the row that is widest.
    bool faces_in(const Grid& body) const {
        const int r = body.rows / 2 - 2;
        Grid wall(2, body.columns, false, true);
        for (int j = 0; j < body.columns; ++j) {
            wall.points[static_cast<std::size_t>(j)] =
                body.points[static_cast<std::size_t>(r * body.columns + j)];
            wall.points[static_cast<std::size_t>(body.columns + j)] =
                body.points[static_cast<std::size_t>((r + 1) * body.columns + j)];
        }
        // The wall's own faces at 12 o'clock.
        const Vec3 a = wall.points[0], b = wall.points[static_cast<std::size_t>(body.columns)];
        const Vec3 next = wall.points[1];
        return (b - a).cross(next - a).dot(case_.twelve) < 0;
    }

    void add_dial() {
        constexpr int kRings = 16, kAround = 120;
        const double dial_radius = radius_ * (is_digital_ ? 0.885 : 0.835);
        const double level = height_ * (is_digital_ ? 0.97 : 0.88);
        Grid dial(kRings, kAround, false, true);
        for (int i = 0; i < kRings; ++i) {
            // Closer together where marks are.
            const double t = i / (kRings - 1.0);
            for (int j = 0; j < kAround; ++j) {
                const double angle = 2 * kPi * j / kAround;
                dial.at(i, j) =
                    case_.at(angle,
                             dial_radius * std::max(1e-3, std::sqrt(t)) * outline(angle),
                             level + (is_digital_ ? 0.03 * height_ * (1 - t * t) : 0));
            }
        }
        const Vec3f ground = colour_of(watch_, "dial_");
        const float bright = luminance(ground);
        const Vec3f mark = bright > 0.3f ? Vec3f{0.03f, 0.03f, 0.03f} : Vec3f{0.75f, 0.74f, 0.7f};
        const auto shade = [&](int i, int j) {
            if (is_digital_) {
                return i == kRings - 1 ? Vec3f{0.01f, 0.01f, 0.01f} : ground;
            }
            const double r = std::sqrt(i / (kRings - 1.0));
            const bool hour = j % 10 == 0 && r > 0.74 && r < 0.94; // two columns a minute
            const bool minute = j % 2 == 0 && r > 0.92 && r < 0.96;
            return hour || minute ? mark : ground;
        };
        work_.add(dial, of_dial_, shade, turns_from(dial, case_.up));
        if (is_digital_) {
            return;
        }
        const double minutes = watch_.at("minutes");
        add_pointer(2 * kPi * minutes / 720, 0.50 * dial_radius, 0.0011, 0.06, mark);
        add_pointer(2 * kPi * (minutes - 60 * std::floor(minutes / 60)) / 60,
                    0.78 * dial_radius,
                    0.0008,
                    0.08,
                    mark);
    }

    void
    add_pointer(double clockwise, double length, double width, double lift, const Vec3f& colour) {
        const double level = height_ * (0.88 + lift);
        const double c = std::cos(clockwise), s = std::sin(clockwise);
        const auto place = [&](double along, double across, double up) {
            return Vec3(case_.origin + (along * c - across * s) * case_.twelve +
                        (along * s + across * c) * case_.three + (level + up) * case_.up);
        };
        Grid top(2, 2, false, false);
        top.at(0, 0) = place(-0.15 * length, -0.5 * width, 0);
        top.at(0, 1) = place(-0.15 * length, 0.5 * width, 0);
        top.at(1, 0) = place(length, -0.3 * width, 0);
        top.at(1, 1) = place(length, 0.3 * width, 0);
        work_.add(top, of_dial_, colour, turns_from(top, case_.up));
    }

    const Thing& watch_;
    const PosedSurface& hand_;
    double length_ = 0; // before frame_, which sets it
    LimbFrame frame_;
    double radius_ = 0, height_ = 0, base_ = 0, middle_ = 0;
    bool is_digital_ = false;
    SmoothSection section_;
    CaseFrame case_;
    int of_case_ = 0, of_dial_ = 0;
    SceneMesh mesh_;
    PatchWork work_;
};

} // namespace

Thing draw_watch(Rng& rng, Side side, double position_mm) {
    Thing watch{ThingKind::Watch, side, std::nullopt, {}};
    auto& n = watch.numbers;
    const bool digital = rng.uniform() < 0.4;
    const double strap_draw = rng.uniform(), size = rng.uniform(), high = rng.uniform();
    const auto metal = rng.uniform(), leather = rng.uniform(), dial = rng.uniform();
    const Strap strap = strap_draw < (digital ? 0.1 : 0.45)   ? Strap::Leather
                        : strap_draw < (digital ? 0.85 : 0.6) ? Strap::Rubber
                                                              : Strap::Metal;
    n["position_mm"] = position_mm;
    n["digital"] = digital ? 1 : 0;
    n["case_mm"] = digital ? 38 + 6 * size : 30 + 12 * size;
    n["height_mm"] = digital ? 9 + 2 * high : 7 + 4 * high;
    n["strap"] = static_cast<double>(strap);
    n["strap_mm"] = digital ? 22 : 0.48 * n["case_mm"];
    n["strap_thickness_mm"] = strap == Strap::Metal ? 3.0 : 2.0 + high;
    n["gap_mm"] = rng.uniform(0.3, 0.9);
    const std::size_t case_kind = metal < 0.55 ? 0 : metal < 0.7 ? 1 : metal < 0.8 ? 2 : 3;
    const auto pick = [](double u) { return static_cast<std::size_t>(5 * u); };
    set_colour(watch, "case_", kCases[case_kind]);
    n["case_roughness"] = rng.uniform(0.12, 0.35);
    set_colour(watch,
               "strap_",
               strap == Strap::Metal     ? kCases[case_kind]
               : strap == Strap::Leather ? linear(kLeathers[pick(leather)])
                                         : linear(kRubbers[pick(leather)]));
    n["strap_roughness"] = strap == Strap::Metal     ? n["case_roughness"]
                           : strap == Strap::Leather ? 0.5
                                                     : 0.6;
    set_colour(watch,
               "dial_",
               digital ? std::array<double, 3>{0.008, 0.008, 0.009} : linear(kDials[pick(dial)]));
    n["minutes"] = rng.uniform(0, 720);
    return watch;
}

SceneMesh watch_mesh(const Thing& watch, const PosedSurface& hand) {
    return WatchWork(watch, hand).make();
}

} // namespace rih
