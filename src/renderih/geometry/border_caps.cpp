// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/border_caps.h"

#include "renderih/base/error.h"

#include <limits>
#include <set>

namespace rih {
namespace {

using Edge = std::pair<int, int>; // the lower vertex first

std::set<Edge> edges_of(const Triangles& faces) {
    std::set<Edge> edges;
    for (const auto& f : faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            edges.insert(std::minmax(f[k], f[(k + 1) % 3]));
        }
    }
    return edges;
}

/// The triangulation of one loop; places in the loop stand for vertices.
class LoopCap {
  public:
    LoopCap(const Points& vertices, const std::vector<int>& loop, const std::set<Edge>& taken)
        : vertices_(vertices), loop_(loop), best_(loop.size() * loop.size()) {
        const std::size_t n = loop.size();
        for (std::size_t width = 2; width < n; ++width) {
            for (std::size_t i = 0; i + width < n; ++i) {
                find_best(i, i + width, taken);
            }
        }
    }

    bool exists() const { return best_[loop_.size() - 1].weight < kNone; }

    /// Adds the triangles, wound against the faces along the border.
    void add_to(Triangles& faces) const {
        std::vector<std::pair<std::size_t, std::size_t>> open{{0, loop_.size() - 1}};
        while (!open.empty()) {
            const auto [i, j] = open.back();
            open.pop_back();
            if (j - i < 2) {
                continue;
            }
            const std::size_t k = best(i, j).apex;
            faces.push_back({loop_[i], loop_[j], loop_[k]});
            open.emplace_back(i, k);
            open.emplace_back(k, j);
        }
    }

  private:
    static constexpr double kNone = std::numeric_limits<double>::infinity();
    /// Of a chord's squared length, beside areas: among the triangulations of a flat loop, which
    /// all have its area, the one of short chords.
    static constexpr double kChordWeight = 1e-6;

    /// Of the polygon i, i + 1 .. j, closed by the chord j i.
    struct Best {
        double weight = 0;
        std::size_t apex = 0;
    };
    const Best& best(std::size_t i, std::size_t j) const { return best_[i * loop_.size() + j]; }
    Vec3 place(std::size_t i) const { return vertices_.row(loop_[i]); }

    void find_best(std::size_t i, std::size_t j, const std::set<Edge>& taken) {
        Best& result = best_[i * loop_.size() + j];
        result.weight = kNone;
        const bool is_border = i == 0 && j + 1 == loop_.size();
        if (!is_border && taken.contains(std::minmax(loop_[i], loop_[j]))) {
            return;
        }
        const Vec3 from = place(i), chord = place(j) - from;
        for (std::size_t k = i + 1; k < j; ++k) {
            const double parts = best(i, k).weight + best(k, j).weight;
            if (parts >= result.weight) {
                continue;
            }
            const double weight = parts + 0.5 * chord.cross(place(k) - from).norm() +
                                  (is_border ? 0 : kChordWeight * chord.squaredNorm());
            if (weight < result.weight) {
                result = {weight, k};
            }
        }
    }

    const Points& vertices_;
    const std::vector<int>& loop_;
    std::vector<Best> best_; // [n, n]
};

} // namespace

CappedMesh cap_borders(const TriMesh& mesh, std::string_view name) {
    CappedMesh result{mesh.faces, 0};
    std::set<Edge> taken = edges_of(mesh.faces);
    for (const std::vector<int>& loop : border_loops(mesh.faces)) {
        const Vec3 at = mesh.vertices.row(loop[0]);
        RIH_REQUIRE(loop.size() <= kMaxCappedBorder,
                    "{}: the border at ({:.6g}, {:.6g}, {:.6g}) has {} edges; at most {} are "
                    "capped: close the mesh first",
                    name,
                    at.x(),
                    at.y(),
                    at.z(),
                    loop.size(),
                    kMaxCappedBorder);
        const std::size_t first = result.faces.size();
        const LoopCap cap(mesh.vertices, loop, taken);
        RIH_REQUIRE(loop.size() > 2 && cap.exists(),
                    "{}: no triangles over its own vertices close the border at ({:.6g}, {:.6g}, "
                    "{:.6g}); close the mesh first",
                    name,
                    at.x(),
                    at.y(),
                    at.z());
        cap.add_to(result.faces);
        taken.merge(edges_of(
            {result.faces.begin() + static_cast<std::ptrdiff_t>(first), result.faces.end()}));
        ++result.loops;
    }
    return result;
}

} // namespace rih
