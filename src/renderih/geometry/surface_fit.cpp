// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/surface_fit.h"

#include "renderih/base/error.h"

#include <Eigen/SVD>
#include <Eigen/SparseCholesky>

#include <algorithm>

namespace rih {

namespace {

using Sparse = Eigen::SparseMatrix<double>;
using Entries = std::vector<Eigen::Triplet<double>>;

class Fit {
  public:
    Fit(GroupedSurface source, const GroupedSurface& target, const SurfaceFitOptions& options)
        : source_(std::move(source)), target_(target), options_(options),
          target_areas_(target.vertex_areas()) {}

    Points run() {
        for (const double stiffness : options_.stiffness_m) {
            begin_stage();
            for (int i = 0; i < options_.iterations; ++i) {
                const Points next = step(stiffness * stiffness);
                // Closest points hold a surface where it slides: it goes on a little by itself.
                const bool last = i + 1 == options_.iterations;
                source_.update(last ? next : Points(next + options_.momentum * (next - now_)));
                now_ = next;
            }
        }
        return now_;
    }

  private:
    struct Edge {
        int a, b;
        double weight;
    };

    void begin_stage() {
        rest_ = now_ = source_.vertices();
        areas_ = source_.vertex_areas();
        // Twice the cotangent weights; bounded, since slivers have any.
        constexpr double kLeast = 0.05, kMost = 5;
        edges_.clear();
        for (const auto& face : source_.faces()) {
            for (std::size_t k = 0; k < 3; ++k) {
                const int a = face[(k + 1) % 3], b = face[(k + 2) % 3];
                const Vec3 to_a = rest_.row(a) - rest_.row(face[k]);
                const Vec3 to_b = rest_.row(b) - rest_.row(face[k]);
                const double sine = std::max(to_a.cross(to_b).norm(), 1e-18);
                edges_.push_back({a, b, std::clamp(to_a.dot(to_b) / sine, kLeast, kMost) / 2});
            }
        }
    }

    /// How each vertex's surroundings have turned since the stage began.
    std::vector<Mat3> rotations() const {
        const Points& now = source_.vertices();
        std::vector<Mat3> turned(static_cast<std::size_t>(now.rows()), Mat3::Zero());
        for (const Edge& edge : edges_) {
            const Vec3 before = rest_.row(edge.a) - rest_.row(edge.b);
            const Vec3 after = now.row(edge.a) - now.row(edge.b);
            const Mat3 product = edge.weight * after * before.transpose();
            turned[static_cast<std::size_t>(edge.a)] += product;
            turned[static_cast<std::size_t>(edge.b)] += product;
        }
        for (Mat3& m : turned) {
            const Eigen::JacobiSVD<Mat3> svd(m, Eigen::ComputeFullU | Eigen::ComputeFullV);
            const Mat3 u = svd.matrixU(), v = svd.matrixV();
            const double sign = (u * v.transpose()).determinant() < 0 ? -1.0 : 1.0;
            m = u * Vec3(1, 1, sign).asDiagonal() * v.transpose();
        }
        return turned;
    }

    bool agrees(const std::optional<ClosestPoint>& closest, const Vec3& normal, const Vec3& other) {
        return closest->distance <= options_.max_distance &&
               normal.dot(other) >= options_.min_normal_cos;
    }

    /// The vertices of least energy for the closest points of now.
    Points step(double square_stiffness) {
        const Eigen::Index count = rest_.rows();
        Entries entries;
        Points sums = Points::Zero(count, 3);
        const std::vector<Mat3> turned = rotations();
        for (const auto& [a, b, weight] : edges_) {
            const double w = square_stiffness * weight;
            entries.emplace_back(a, a, w);
            entries.emplace_back(b, b, w);
            entries.emplace_back(a, b, -w);
            entries.emplace_back(b, a, -w);
            const Mat3 mean =
                (turned[static_cast<std::size_t>(a)] + turned[static_cast<std::size_t>(b)]) / 2;
            const Vec3 pull = w * (mean * Vec3(rest_.row(a) - rest_.row(b)));
            sums.row(a) += pull;
            sums.row(b) -= pull;
        }
        for (int v = 0; v < count; ++v) {
            const int group = source_.group_of_vertex()[static_cast<std::size_t>(v)];
            const auto closest = target_.closest(source_.vertices().row(v), group);
            // Held weakly where it is otherwise, so that there is one solution in any case.
            const bool use =
                closest && agrees(closest,
                                  source_.normals().row(v),
                                  target_.normal_at(closest->face, closest->barycentric));
            const double weight = (use ? 1.0 : 1e-4) * std::max(areas_[v], 1e-9);
            entries.emplace_back(v, v, weight);
            sums.row(v) += weight * (use ? closest->point : Vec3(source_.vertices().row(v)));
        }
        for (int t = 0; t < target_.vertices().rows(); ++t) {
            const Vec3 place = target_.vertices().row(t);
            const int group = target_.group_of_vertex()[static_cast<std::size_t>(t)];
            const auto closest = source_.closest(place, group);
            if (!closest || !agrees(closest,
                                    target_.normals().row(t),
                                    source_.normal_at(closest->face, closest->barycentric))) {
                continue;
            }
            const auto& face = source_.faces()[static_cast<std::size_t>(closest->face)];
            for (int i = 0; i < 3; ++i) {
                const double weight = target_areas_[t] * closest->barycentric[i];
                const int a = face[static_cast<std::size_t>(i)];
                sums.row(a) += weight * place;
                for (int k = 0; k < 3; ++k) {
                    entries.emplace_back(
                        a, face[static_cast<std::size_t>(k)], weight * closest->barycentric[k]);
                }
            }
        }
        Sparse system(count, count);
        system.setFromTriplets(entries.begin(), entries.end());
        if (!analysed_) { // the pattern is that of the edges, always
            solver_.analyzePattern(system);
            analysed_ = true;
        }
        solver_.factorize(system);
        RIH_REQUIRE(solver_.info() == Eigen::Success,
                    "the surfaces are too unlike for one to be bent onto the other");
        return solver_.solve(MatX(sums));
    }

    GroupedSurface source_;
    const GroupedSurface& target_;
    const SurfaceFitOptions options_;
    Points rest_, now_; // [V, 3] at the start of the stage, after the last step
    VecX areas_, target_areas_;
    std::vector<Edge> edges_;
    Eigen::SimplicialLDLT<Sparse> solver_;
    bool analysed_ = false;
};

} // namespace

Points
fit_surface(GroupedSurface source, const GroupedSurface& target, const SurfaceFitOptions& options) {
    return Fit(std::move(source), target, options).run();
}

} // namespace rih
