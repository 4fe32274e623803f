// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/sleeve.h"

#include "renderih/scene/skin_noise.h"
#include "renderih/things/cloth.h"
#include "renderih/things/limb_section.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr int kColumns = 80, kRows = 62;
constexpr int kInsideRows = 9;    // of the outer rows that have an inner side
constexpr int kEdgeRows = 3;      // round the cuff's edge
constexpr double kBeyond = 0.03;  // m past the end of the forearm
constexpr double kSkinGap = 4e-4; // m

double smooth_step(double low, double high, double x) {
    const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

/// [rows, columns], closed over the columns.
struct Field {
    std::vector<double> values = std::vector<double>(static_cast<std::size_t>(kRows) * kColumns);
    double& at(int row, int column) {
        return values[static_cast<std::size_t>(row) * kColumns + static_cast<std::size_t>(column)];
    }
    double at(int row, int column) const {
        return values[static_cast<std::size_t>(row) * kColumns + static_cast<std::size_t>(column)];
    }
};

/// At least the field everywhere, and even over `reach` rows: the mean of the largest nearby.
Field draped(const Field& field, int reach) {
    Field widest, mean;
    for (int c = 0; c < kColumns; ++c) {
        for (int r = 0; r < kRows; ++r) {
            double most = 0;
            for (int k = std::max(0, r - reach); k <= std::min(kRows - 1, r + reach); ++k) {
                most = std::max(most, field.at(k, c));
            }
            widest.at(r, c) = most;
        }
        for (int r = 0; r < kRows; ++r) {
            double sum = 0;
            int count = 0;
            for (int k = std::max(0, r - reach); k <= std::min(kRows - 1, r + reach); ++k) {
                sum += widest.at(k, c);
                ++count;
            }
            mean.at(r, c) = sum / count;
        }
    }
    return mean;
}

class SleeveShape {
  public:
    SleeveShape(const Thing& sleeve, const PosedSurface& hand)
        : sleeve_(sleeve), cloth_(static_cast<Cloth>(static_cast<int>(sleeve.at("cloth")))),
          frame_(forearm_frame(hand, length_)), thickness_(1e-3 * sleeve.at("thickness_mm")),
          band_(1e-3 * sleeve.at("band_mm")) {
        const double cuff = 1e-3 * sleeve.at("cuff_mm");
        const double span = length_ + kBeyond - cuff;
        for (int r = 0; r < kRows; ++r) { // closer where the folds are
            const double t = r / (kRows - 1.0);
            along_.push_back(cuff + span * (0.4 * t + 0.6 * t * t));
        }
        take_sections(forearm_surface(hand, frame_));
        const Vec3 down(0, -1, 0);
        const Vec2 hang(down.dot(frame_.across), down.dot(frame_.up));
        hang_ = hang.norm();
        hang_angle_ = std::atan2(hang.y(), hang.x());
        drape();
    }

    Vec3 outside(int row, int column) const {
        return point(row, column, radius_.at(row, column), along(row));
    }
    Vec3 inside(int row, int column) const {
        return point(row, column, radius_.at(row, column) - thickness_, along(row));
    }
    /// Round the cuff's edge from the inside: row 0 .. kEdgeRows - 1.
    Vec3 edge(int row, int column) const {
        const double turn = kPi * (row + 1.0) / (kEdgeRows + 1.0);
        const double out = -0.5 * thickness_ * (1 + std::cos(turn));
        return point(
            0, column, radius_.at(0, column) + out, along(0) - 0.5 * thickness_ * std::sin(turn));
    }
    /// The far end drawn together, 0 .. 1.
    Vec3 end(double closed, int column) const {
        return point(kRows - 1,
                     column,
                     (1 - closed) * radius_.at(kRows - 1, column),
                     along(kRows - 1) + 0.02 * closed);
    }
    double along(int row) const { return along_[static_cast<std::size_t>(row)]; }

  private:
    void take_sections(const LimbSurface& arm) {
        std::vector<Outline> hulls;
        std::vector<Vec2> centres;
        for (int r = 0; r < kRows; ++r) {
            // Up to both neighbours: then the skin between two rows lies inside both.
            const double low = along(std::max(r - 1, 0)) - (r == 0 ? 2 * thickness_ : 0);
            const double high = along(std::min(r + 1, kRows - 1));
            Outline hull = convex_hull(arm.between(low, high));
            if (hull.size() < 3 && !hulls.empty()) { // past the end
                hull = hulls.back();
            }
            centres.push_back(centroid(hull));
            hulls.push_back(std::move(hull));
        }
        constexpr int kReach = 6;
        for (int r = 0; r < kRows; ++r) {
            Vec2 sum = Vec2::Zero();
            int count = 0;
            for (int k = std::max(0, r - kReach); k <= std::min(kRows - 1, r + kReach); ++k) {
                sum += centres[static_cast<std::size_t>(k)];
                ++count;
            }
            centre_.emplace_back(sum / count);
            for (int c = 0; c < kColumns; ++c) {
                skin_.at(r, c) =
                    reach(hulls[static_cast<std::size_t>(r)], centre_.back(), angle(c));
            }
        }
    }

    void drape() {
        const double ease = 1e-3 * sleeve_.at("ease_mm");
        const double fold = 1e-3 * sleeve_.at("fold_mm");
        const bool stiff_cuff = cloth_ == Cloth::Shirt || cloth_ == Cloth::Jacket;
        const Field loose = draped(skin_, cloth_ == Cloth::Knit ? 2 : 5);
        int band_rows = 0;
        while (band_rows < kRows - 1 && along(band_rows) - along(0) < band_) {
            ++band_rows;
        }
        for (int r = 0; r < kRows; ++r) {
            const double from_edge = along(r) - along(0);
            const double beyond_band = smooth_step(band_ - 0.004, band_ + 0.022, from_edge);
            for (int c = 0; c < kColumns; ++c) {
                double ground = loose.at(r, c);
                double room = ease;
                if (cloth_ == Cloth::Shirt && band_ > 0) { // one stiff ring, then fullness
                    double ring = 0;
                    for (int k = 0; k <= band_rows; ++k) {
                        ring = std::max(ring, skin_.at(k, c));
                    }
                    ground = std::max(ground, ring + (ground - ring) * beyond_band);
                    room = ease * (0.55 + 0.45 * beyond_band);
                } else if (cloth_ == Cloth::Fleece) { // a band that hugs the wrist
                    ground = std::max(skin_.at(r, c),
                                      skin_.at(r, c) + (ground - skin_.at(r, c)) * beyond_band);
                    room = 6e-4 + (ease - 6e-4) * beyond_band;
                }
                // Cloth lies on the arm above and hangs below it.
                const double hanging = 1 + 0.75 * hang_ * std::cos(angle(c) - hang_angle_);
                const double in_folds = stiff_cuff || cloth_ == Cloth::Fleece
                                            ? beyond_band
                                            : smooth_step(0.002, 0.012, from_edge);
                radius_.at(r, c) = ground + kSkinGap + thickness_ + room * std::max(hanging, 0.15) +
                                   fold * in_folds * folds(r, c, from_edge);
            }
        }
        // Nothing around bends sharper than cloth does; never nearer to the skin.
        for (int r = 0; r < kRows; ++r) {
            std::array<double, kColumns> row{};
            for (int c = 0; c < kColumns; ++c) {
                const double before = radius_.at(r, (c + kColumns - 1) % kColumns);
                const double after = radius_.at(r, (c + 1) % kColumns);
                row[static_cast<std::size_t>(c)] =
                    std::max(radius_.at(r, c) * 0.5 + 0.25 * (before + after),
                             skin_.at(r, c) + kSkinGap + thickness_);
            }
            for (int c = 0; c < kColumns; ++c) {
                radius_.at(r, c) = row[static_cast<std::size_t>(c)];
            }
        }
    }

    /// 0 .. 1.5: rings of pushed-up cloth, uneven around, fewer up the arm; and slanting ones.
    double folds(int r, int c, double from_edge) const {
        const double wave = 1e-3 * sleeve_.at("fold_length_mm");
        const auto seed = static_cast<std::uint64_t>(sleeve_.at("fold_seed"));
        const double x = 0.04 * std::cos(angle(c)), y = 0.04 * std::sin(angle(c));
        const Vec3 place(x, y, along(r));
        const double bend = fractal_noise(place, 0.05, 2, seed);
        const double slant = fractal_noise({x, y, 0.3 * along(r)}, 0.06, 1, seed + 11);
        const double strength = std::clamp(
            0.55 + 0.5 * fractal_noise({x, y, 1.6 * along(r)}, 0.045, 2, seed + 23), 0.0, 1.4);
        const double ring =
            0.5 + 0.5 * std::sin(2 * kPi * from_edge / wave + 1.7 * bend + 2.2 * slant);
        const double diagonal =
            0.5 + 0.5 * std::sin(2 * kPi * from_edge / (2.3 * wave) + 2 * angle(c) + 2.0 * bend);
        const double near = std::exp(-std::max(0.0, from_edge - band_) / 0.09);
        return strength * (near * std::pow(ring, 1.4) + (0.25 + 0.35 * (1 - near)) * diagonal);
    }

    double angle(int column) const { return 2 * kPi * column / kColumns; }
    Vec3 point(int row, int column, double radius, double z) const {
        const Vec2& centre = centre_[static_cast<std::size_t>(row)];
        return frame_.world(centre.x() + radius * std::cos(angle(column)),
                            centre.y() + radius * std::sin(angle(column)),
                            z);
    }

    const Thing& sleeve_;
    Cloth cloth_;
    double length_ = 0; // before frame_, which sets it
    LimbFrame frame_;
    double thickness_, band_;
    double hang_ = 0, hang_angle_ = 0; // of gravity across the arm
    std::vector<double> along_;        // [kRows] m from the wrist
    std::vector<Vec2> centre_;         // [kRows]
    Field skin_, radius_;              // about the centres, m
};

ClothLayout layout_of(const Thing& sleeve) {
    return {.around = 0.26, .inside = 0.02, .along = 0.34, .cuff = 1e-3 * sleeve.at("band_mm")};
}

} // namespace

std::array<Thing, 2> draw_sleeves(Rng& rng, double clear_wrist_mm) {
    std::map<std::string, double> n;
    draw_cloth(rng, n);
    const Cloth cloth = static_cast<Cloth>(static_cast<int>(n["cloth"]));
    const double pushed = rng.uniform(), position = rng.uniform(), ease = rng.uniform();
    const double fold = rng.uniform(), wave = rng.uniform(), thick = rng.uniform();
    // A third is pushed up the arm: then it is tighter and has more folds.
    const bool is_up = pushed < 0.35;
    const double cuff = is_up ? 55 + 75 * position : 2 + 28 * position;
    n["roughness"] = cloth == Cloth::Jacket ? 0.6 : 0.8;
    switch (cloth) {
    case Cloth::Knit:
        n["band_mm"] = 35 + 30 * thick;
        n["ease_mm"] = 0.6 + 3 * ease;
        n["thickness_mm"] = 1.2 + 1.2 * thick;
        n["fold_mm"] = 1.5 + 2.5 * fold;
        n["fold_length_mm"] = 13 + 8 * wave;
        break;
    case Cloth::Shirt:
        n["band_mm"] = is_up ? 0 : 58 + 10 * thick;
        n["ease_mm"] = 6 + 7 * ease;
        n["thickness_mm"] = 0.8 + 0.6 * thick;
        n["fold_mm"] = 3 + 4 * fold;
        n["fold_length_mm"] = 20 + 14 * wave;
        break;
    case Cloth::Fleece:
        n["band_mm"] = 48 + 18 * thick;
        n["ease_mm"] = 7 + 9 * ease;
        n["thickness_mm"] = 1.8 + 1.0 * thick;
        n["fold_mm"] = 4 + 4 * fold;
        n["fold_length_mm"] = 20 + 12 * wave;
        break;
    case Cloth::Jacket:
        n["band_mm"] = 0;
        n["ease_mm"] = 9 + 9 * ease;
        n["thickness_mm"] = 1.8 + 1.2 * thick;
        n["fold_mm"] = 3 + 4 * fold;
        n["fold_length_mm"] = 26 + 16 * wave;
        break;
    }
    if (is_up) {
        n["ease_mm"] = 0.6 * n["ease_mm"];
        n["fold_mm"] = 1.4 * n["fold_mm"];
    }
    std::array<Thing, 2> sleeves;
    for (const Side side : kSides) {
        Thing& sleeve = sleeves[static_cast<std::size_t>(index_of(side))];
        sleeve = {ThingKind::Sleeve, side, std::nullopt, n};
        sleeve.numbers["cuff_mm"] =
            std::max(clear_wrist_mm, cuff + (is_up ? 10.0 : 4.0) * rng.truncated_normal(1.5));
        sleeve.numbers["fold_seed"] = rng.uniform_index(1u << 20);
    }
    return sleeves;
}

SceneMesh sleeve_mesh(const Thing& sleeve, const PosedSurface& hand) {
    const SleeveShape shape(sleeve, hand);
    // From the inner side over the edge to the outside and round the far end.
    std::vector<std::function<Vec3(int)>> rows;
    for (int r = kInsideRows - 1; r >= 0; --r) {
        rows.emplace_back([&shape, r](int c) { return shape.inside(r, c); });
    }
    for (int r = 0; r < kEdgeRows; ++r) {
        rows.emplace_back([&shape, r](int c) { return shape.edge(r, c); });
    }
    for (int r = 0; r < kRows; ++r) {
        rows.emplace_back([&shape, r](int c) { return shape.outside(r, c); });
    }
    for (const double closed : {0.5, 0.97}) {
        rows.emplace_back([&shape, closed](int c) { return shape.end(closed, c); });
    }
    const int row_count = static_cast<int>(rows.size());
    const ClothLayout layout = layout_of(sleeve);

    // Smooth normals need the seam closed, maps need it open.
    Points points(row_count * kColumns, 3);
    Triangles closed_faces;
    SceneMesh mesh;
    const int open = kColumns + 1;
    for (int r = 0; r < row_count; ++r) {
        for (int c = 0; c < kColumns; ++c) {
            points.row(r * kColumns + c) = rows[static_cast<std::size_t>(r)](c).transpose();
        }
    }
    const bool flip = hand.side == Side::Right; // rows x columns point inwards there
    for (int r = 0; r + 1 < row_count; ++r) {
        for (int c = 0; c < kColumns; ++c) {
            const int next = (c + 1) % kColumns;
            const std::array<int, 4> quad{r * kColumns + c,
                                          (r + 1) * kColumns + c,
                                          (r + 1) * kColumns + next,
                                          r * kColumns + next};
            const std::array<int, 4> open_quad{
                r * open + c, (r + 1) * open + c, (r + 1) * open + c + 1, r * open + c + 1};
            for (const auto& k : {std::array{0, 1, 2}, std::array{0, 2, 3}}) {
                const auto corner = [&](std::size_t i) {
                    return static_cast<std::size_t>(k[flip && i > 0 ? 3 - i : i]);
                };
                closed_faces.push_back({quad[corner(0)], quad[corner(1)], quad[corner(2)]});
                mesh.faces.push_back(
                    {open_quad[corner(0)], open_quad[corner(1)], open_quad[corner(2)]});
            }
        }
    }
    const Points normals = vertex_normals(points, closed_faces);
    mesh.vertices.resize(row_count * open, 3);
    mesh.normals.resize(row_count * open, 3);
    mesh.uv.resize(row_count * open, 2);
    double arc = layout.inside - (shape.along(kInsideRows - 1) - shape.along(0));
    for (int r = 0; r < row_count; ++r) {
        if (r > 0) {
            arc += (points.middleRows(r * kColumns, kColumns) -
                    points.middleRows((r - 1) * kColumns, kColumns))
                       .rowwise()
                       .norm()
                       .mean();
        }
        for (int c = 0; c <= kColumns; ++c) {
            const int v = r * open + c, from = r * kColumns + c % kColumns;
            mesh.vertices.row(v) = points.row(from);
            mesh.normals.row(v) = normals.row(from);
            mesh.uv.row(v) << layout.around / layout.along * c / kColumns,
                std::clamp(arc / layout.along, 0.0, 1.0);
        }
    }
    Material material;
    material.ior = 1.4;
    material.roughness = sleeve.at("roughness");
    mesh.materials = {material};
    mesh.name = "sleeve";
    mesh.id = worn_mesh_id(hand.side);
    mesh.face_label.assign(mesh.faces.size(), worn_part(hand.side));
    mesh.amodal_ignores = {worn_part(hand.side)};
    return mesh;
}

std::shared_ptr<const SurfaceMaps> sleeve_maps(const Thing& sleeve) {
    return cloth_maps(sleeve, layout_of(sleeve));
}

} // namespace rih
