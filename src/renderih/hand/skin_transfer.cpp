// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/skin_transfer.h"

#include "renderih/base/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace rih {

namespace {

constexpr double kMm = 1e-3; // m

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

class UvTransfer {
  public:
    UvTransfer(const HandModel& source, HandModel& target, const HandRegistration& registration)
        : source_(source), target_(target), registration_(registration),
          twins_(target.vertex_count(), 3) {
        for (int v = 0; v < target.vertex_count(); ++v) {
            twins_.row(v) = registration.place_of_vertex[at(v)]
                                .of(source.template_vertices, source.faces)
                                .transpose();
        }
        find_scale();
        for (std::size_t f = 0; f < target.faces.size(); ++f) {
            add_chart(registration.place_of_face[f]);
        }
    }

    void run() {
        std::vector<std::vector<int>> faces_of(twins_.rows());
        for (std::size_t f = 0; f < target_.faces.size(); ++f) {
            for (const int v : target_.faces[f]) {
                faces_of[at(v)].push_back(static_cast<int>(f));
            }
        }
        target_.uv_faces.assign(target_.faces.size(), {});
        std::vector<Vec2> uv;
        for (int v = 0; v < twins_.rows(); ++v) {
            for (const auto& sheet : sheets_at(v, faces_of[at(v)])) {
                for (const int f : sheet) {
                    target_.uv_faces[at(f)][corner_of(f, v)] = static_cast<int>(uv.size());
                }
                uv.push_back(place_in_map(v, sheet));
            }
        }
        target_.uv.resize(std::ssize(uv), 2);
        for (std::size_t i = 0; i < uv.size(); ++i) {
            target_.uv.row(static_cast<Eigen::Index>(i)) =
                uv[i].cwiseMax(0).cwiseMin(1).transpose();
        }
    }

  private:
    /// Where a target's face lies in the map: its middle, and the chart's plane there.
    struct Chart {
        Vec2 middle_uv;
        Vec3 middle, normal; // on the source's template
        Eigen::Matrix<double, 2, 3> uv_from_offset;
    };

    void find_scale() {
        double area = 0, uv_area = 0;
        for (std::size_t f = 0; f < source_.faces.size(); ++f) {
            const auto [p, q, r] = corners(static_cast<int>(f));
            const auto& [a, b, c] = source_.uv_faces[f];
            const Vec2 u = source_.uv.row(b) - source_.uv.row(a);
            const Vec2 w = source_.uv.row(c) - source_.uv.row(a);
            area += (q - p).cross(r - p).norm();
            uv_area += std::abs(u.x() * w.y() - u.y() * w.x());
        }
        metres_per_uv_ = std::sqrt(area / std::max(uv_area, 1e-12));
    }

    std::array<Vec3, 3> corners(int source_face) const {
        const auto& [a, b, c] = source_.faces[at(source_face)];
        return {source_.template_vertices.row(a),
                source_.template_vertices.row(b),
                source_.template_vertices.row(c)};
    }

    void add_chart(const SurfacePlace& place) {
        Chart chart;
        const auto [p, q, r] = corners(place.face);
        const auto& [a, b, c] = source_.uv_faces[at(place.face)];
        chart.middle = place.of(source_.template_vertices, source_.faces);
        chart.middle_uv = place.of(source_.uv, source_.uv_faces);
        chart.normal = (q - p).cross(r - p).normalized();
        Mat3 edges;
        edges << q - p, r - p, chart.normal;
        Eigen::Matrix<double, 2, 3> uv_edges = Eigen::Matrix<double, 2, 3>::Zero();
        uv_edges.col(0) = (source_.uv.row(b) - source_.uv.row(a)).transpose();
        uv_edges.col(1) = (source_.uv.row(c) - source_.uv.row(a)).transpose();
        chart.uv_from_offset = uv_edges * edges.inverse();
        charts_.push_back(chart);
    }

    std::size_t corner_of(int face, int vertex) const {
        const auto& corner = target_.faces[at(face)];
        return at(
            static_cast<int>(std::find(corner.begin(), corner.end(), vertex) - corner.begin()));
    }

    /// The faces about a vertex, apart where a seam runs between neighbours.
    std::vector<std::vector<int>> sheets_at(int v, const std::vector<int>& around) const {
        std::vector<std::size_t> sheet(around.size());
        std::iota(sheet.begin(), sheet.end(), std::size_t{0});
        for (std::size_t i = 0; i < around.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) {
                if (share_edge_at(v, around[i], around[k]) && !is_seam(around[i], around[k])) {
                    const std::size_t from = std::max(sheet[i], sheet[k]);
                    const std::size_t to = std::min(sheet[i], sheet[k]);
                    std::replace(sheet.begin(), sheet.end(), from, to);
                }
            }
        }
        std::map<std::size_t, std::vector<int>> by_sheet;
        for (std::size_t i = 0; i < around.size(); ++i) {
            by_sheet[sheet[i]].push_back(around[i]);
        }
        std::vector<std::vector<int>> sheets;
        for (auto& [number, faces] : by_sheet) {
            sheets.push_back(std::move(faces));
        }
        return sheets;
    }

    bool share_edge_at(int v, int f, int g) const {
        return std::ranges::any_of(target_.faces[at(f)], [&](int other) {
            return other != v && std::ranges::count(target_.faces[at(g)], other) > 0;
        });
    }

    /// Neighbours are far apart in the map and near on the hand.
    bool is_seam(int f, int g) const {
        const Chart &a = charts_[at(f)], &b = charts_[at(g)];
        return metres_per_uv_ * (a.middle_uv - b.middle_uv).norm() >
               kMostStretch * (a.middle - b.middle).norm() + 2 * kMm;
    }

    /// The chart of face `f`, continued to the twin of vertex `v` as if the skin there were flat.
    Vec2 continued(int f, int v) const {
        const Chart& chart = charts_[at(f)];
        const Vec3 offset = Vec3(twins_.row(v)) - chart.middle;
        const Vec3 flat = offset - offset.dot(chart.normal) * chart.normal;
        const double unrolled = offset.norm() / std::max(flat.norm(), 0.5 * offset.norm() + 1e-12);
        return chart.middle_uv + chart.uv_from_offset * (unrolled * flat);
    }

    Vec2 place_in_map(int v, const std::vector<int>& sheet) const {
        Vec2 mean = Vec2::Zero();
        double reach = 0;
        for (const int f : sheet) {
            mean += continued(f, v) / static_cast<double>(sheet.size());
            reach = std::max(reach, (Vec3(twins_.row(v)) - charts_[at(f)].middle).norm());
        }
        // The vertex's own place, unless that is on the other side of a seam.
        const Vec2 own = registration_.place_of_vertex[at(v)].of(source_.uv, source_.uv_faces);
        return metres_per_uv_ * (own - mean).norm() < 0.5 * reach + 1 * kMm ? own : mean;
    }

    static constexpr double kMostStretch = 1.8;

    const HandModel& source_;
    HandModel& target_;
    const HandRegistration& registration_;
    Points twins_;              // [Vt, 3] where the target's vertices lie on the source's template
    std::vector<Chart> charts_; // [Ft]
    double metres_per_uv_ = 0;
};

void transfer_masks(const HandModel& source,
                    HandModel& target,
                    const HandRegistration& registration) {
    target.palm_of_vertex.resize(target.vertex_count());
    for (int v = 0; v < target.vertex_count(); ++v) {
        target.palm_of_vertex[v] = std::clamp(
            registration.place_of_vertex[at(v)].of(source.palm_of_vertex, source.faces)[0],
            0.0,
            1.0);
    }
    target.nail_of_face.clear();
    for (const SurfacePlace& place : registration.place_of_face) {
        target.nail_of_face.push_back(source.nail_of_face[at(place.face)]);
    }
}

} // namespace

bool lacks_uv(const HandModel& hand) {
    return hand.quads.empty() ? hand.uv_faces.empty() : hand.quad_uv.empty();
}

HandModel with_skin_of(const HandModel& source, HandModel target) {
    RIH_REQUIRE(target.quads.empty(),
                "hand model \"{}\": has quads without texture coordinates; give their quad_uv, or "
                "triangles alone",
                target.name);
    const HandRegistration registration = register_hand(source, target);
    RIH_REQUIRE(registration.quality.is_good(),
                "hand model \"{}\": its surface is too unlike the hand \"{}\" to take over its "
                "skin ({})",
                target.name,
                source.name,
                registration.quality.summary());
    return with_skin_of(source, std::move(target), registration);
}

HandModel
with_skin_of(const HandModel& source, HandModel target, const HandRegistration& registration) {
    RIH_ASSERT(!source.uv_faces.empty() && target.quads.empty(),
               "no uv to take over, or quads without any");
    UvTransfer(source, target, registration).run();
    transfer_masks(source, target, registration);
    nlohmann::json meta = nlohmann::json::parse(target.meta_json, nullptr, false);
    if (!meta.is_object()) {
        meta = nlohmann::json::object();
    }
    meta["skin_from"] = source.name;
    meta["skin_registration"] = registration.quality.summary();
    target.meta_json = meta.dump();
    return target;
}

} // namespace rih
