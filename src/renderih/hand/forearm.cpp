// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/forearm.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace rih {

namespace {

using Sparse = Eigen::SparseMatrix<double, Eigen::RowMajor>;

double smooth_step(double t) {
    const double x = std::clamp(t, 0.0, 1.0);
    return x * x * (3 - 2 * x);
}

/// The 17th joint: nobody's yet, located at the wrist.
void add_forearm_joint(HandModel& hand) {
    hand.skin_weights.conservativeResize(hand.skin_weights.rows(), kJointCountWithForearm);
    Sparse regressor(kJointCountWithForearm, hand.joint_regressor.cols());
    std::vector<Eigen::Triplet<double>> entries;
    for (Eigen::Index j = 0; j < kJointCount; ++j) {
        for (Sparse::InnerIterator it(hand.joint_regressor, j); it; ++it) {
            entries.emplace_back(j, it.col(), it.value());
            if (j == 0) {
                entries.emplace_back(kForearmJoint, it.col(), it.value());
            }
        }
    }
    regressor.setFromTriplets(entries.begin(), entries.end());
    hand.joint_regressor = std::move(regressor);
}

/// The loop from its lowest vertex towards the lower of that one's neighbours, so that a mirrored
/// hand, whose loop runs the other way round, gets the mirrored forearm vertex by vertex.
struct Border {
    std::vector<int> loop;
    bool is_reversed = false; // it now runs against the faces' own edges
};
Border canonical_border(std::vector<int> loop) {
    std::rotate(loop.begin(), std::min_element(loop.begin(), loop.end()), loop.end());
    const bool reverse = loop.back() < loop[1];
    if (reverse) {
        std::reverse(loop.begin() + 1, loop.end());
    }
    return {std::move(loop), reverse};
}

/// One new vertex: where it is, which border vertex it follows and how far out along the arm.
struct Grown {
    Vec3 position;
    int border;     // index into the loop
    double scale;   // of the border's shape, about its centre
    double forearm; // weight of joint 16
};

/// Rings from the border outwards; the last vertex is the middle of the cap.
class Loft {
  public:
    Loft(const HandModel& hand, Border border, const ForearmOptions& options);

    const std::vector<Grown>& vertices() const { return vertices_; }
    /// Faces over the file's vertices 0 .. first_new - 1 and the new ones.
    Triangles faces(int first_new) const;

  private:
    void add_ring(double distance, double scale);

    const std::vector<int> loop_;
    const bool is_reversed_;
    const ForearmOptions options_;
    Vec3 centre_, along_;
    std::vector<double> lead_; // m, of each border vertex before the centre's plane
    std::vector<Vec3> across_;
    double level_distance_ = 0; // m, from where on rings are flat
    int rings_ = 0;
    std::vector<Grown> vertices_;
};

Loft::Loft(const HandModel& hand, Border border, const ForearmOptions& options)
    : loop_(std::move(border.loop)), is_reversed_(border.is_reversed), options_(options),
      centre_(Vec3::Zero()) {
    const Points joints = hand.joint_regressor * hand.template_vertices;
    const auto n = static_cast<double>(loop_.size());
    for (const int v : loop_) {
        centre_ += hand.template_vertices.row(v).transpose() / n;
    }
    const Vec3 knuckles =
        (joints.row(1) + joints.row(4) + joints.row(7) + joints.row(10)).transpose() / 4;
    along_ = (centre_ - knuckles).normalized();
    RIH_REQUIRE(along_.allFinite() && std::abs(along_.norm() - 1) < 1e-6,
                "hand model \"{}\": its wrist lies between its knuckles",
                hand.name);
    double perimeter = 0;
    for (std::size_t i = 0; i < loop_.size(); ++i) {
        const Vec3 offset = hand.template_vertices.row(loop_[i]).transpose() - centre_;
        const Vec3 next = hand.template_vertices.row(loop_[(i + 1) % loop_.size()]).transpose();
        perimeter += (next - centre_ - offset).norm();
        lead_.push_back(offset.dot(along_));
        across_.push_back(offset - lead_.back() * along_);
        level_distance_ = std::max(level_distance_, 2 * std::abs(lead_.back()));
    }
    level_distance_ = std::max(level_distance_, 0.15 * options_.length);
    // Ring distance about the border's own edges, somewhat longer.
    constexpr double kMinRings = 4, kMaxRings = 60;
    const double rings =
        std::clamp(std::ceil(options_.length / (1.4 * perimeter / n)), kMinRings, kMaxRings);
    for (int ring = 1; ring <= static_cast<int>(rings); ++ring) {
        const double t = ring / rings;
        add_ring(t * options_.length, 1 + (options_.widening - 1) * smooth_step(t));
    }
    // A flat lens as a cap: one narrower ring and the middle.
    const double bulge = 0.03 * options_.length;
    add_ring(options_.length + bulge, 0.6 * options_.widening);
    vertices_.push_back({centre_ + (options_.length + 1.3 * bulge) * along_, -1, 0, 1});
}

void Loft::add_ring(double distance, double scale) {
    const double levelled = std::min(distance / level_distance_, 1.0);
    for (std::size_t i = 0; i < loop_.size(); ++i) {
        vertices_.push_back(
            {centre_ + (distance + (1 - levelled) * lead_[i]) * along_ + scale * across_[i],
             static_cast<int>(i),
             scale,
             smooth_step(distance / options_.blend)});
    }
    ++rings_;
}

Triangles Loft::faces(int first_new) const {
    const int n = static_cast<int>(loop_.size());
    const auto at = [&](int ring, int i) {
        return ring == 0 ? loop_[i % n] : first_new + (ring - 1) * n + i % n;
    };
    const int middle = first_new + static_cast<int>(vertices_.size()) - 1;
    Triangles faces;
    for (int i = 0; i < n; ++i) { // the loop runs along the hand's own edges, so we run against it
        for (int ring = 0; ring < rings_; ++ring) {
            faces.push_back({at(ring, i + 1), at(ring, i), at(ring + 1, i)});
            faces.push_back({at(ring, i + 1), at(ring + 1, i), at(ring + 1, i + 1)});
        }
        faces.push_back({at(rings_, i + 1), at(rings_, i), middle});
    }
    for (auto& face : faces) {
        if (is_reversed_) {
            std::swap(face[1], face[2]);
        }
    }
    return faces;
}

} // namespace

HandModel with_forearm(HandModel hand, const ForearmOptions& options) {
    const auto loops = border_loops(hand.faces);
    if (loops.empty()) {
        add_forearm_joint(hand);
        return hand;
    }
    const std::set<int> distinct(loops.front().begin(), loops.front().end());
    RIH_REQUIRE(loops.size() == 1 && distinct.size() >= 3 &&
                    distinct.size() == loops.front().size(),
                "hand model \"{}\": its surface has {} borders; expected one simple loop, at the "
                "wrist",
                hand.name,
                loops.size());
    const Border border = canonical_border(loops.front());
    const std::vector<int>& loop = border.loop;
    const Loft loft(hand, border, options);
    const int old_count = hand.vertex_count();
    const auto added = static_cast<int>(loft.vertices().size());
    const int count = old_count + added;

    add_forearm_joint(hand);
    hand.template_vertices.conservativeResize(count, 3);
    hand.shape_dirs.conservativeResize(3 * count, hand.shape_dirs.cols());
    hand.joint_regressor.conservativeResize(kJointCountWithForearm, count);
    if (hand.pose_dirs.cols() > 0) {
        hand.pose_dirs.conservativeResize(3 * count, hand.pose_dirs.cols());
        hand.pose_dirs.bottomRows(3 * added).setZero();
    }
    const auto shape_of = [&](int vertex) { return hand.shape_dirs.middleRows<3>(3 * vertex); };
    MatX mean_shape = MatX::Zero(3, hand.shape_dirs.cols());
    for (const int v : loop) {
        mean_shape += shape_of(v) / static_cast<double>(loop.size());
    }
    std::vector<Eigen::Triplet<double>> weights;
    for (Eigen::Index v = 0; v < old_count; ++v) {
        for (Sparse::InnerIterator it(hand.skin_weights, v); it; ++it) {
            weights.emplace_back(v, it.col(), it.value());
        }
    }
    for (int i = 0; i < added; ++i) {
        const Grown& grown = loft.vertices()[static_cast<std::size_t>(i)];
        const int v = old_count + i;
        hand.template_vertices.row(v) = grown.position.transpose();
        MatX shape = mean_shape;
        if (grown.border >= 0) {
            shape +=
                grown.scale * (shape_of(loop[static_cast<std::size_t>(grown.border)]) - mean_shape);
        }
        shape_of(v) = shape;
        if (grown.forearm < 1) {
            weights.emplace_back(v, 0, 1 - grown.forearm);
        }
        weights.emplace_back(v, kForearmJoint, grown.forearm);
    }
    hand.skin_weights.resize(count, kJointCountWithForearm);
    hand.skin_weights.setFromTriplets(weights.begin(), weights.end());

    const Triangles faces = loft.faces(old_count);
    hand.faces.insert(hand.faces.end(), faces.begin(), faces.end());
    hand.part_of_face.resize(hand.faces.size(), forearm_part(hand.side));
    hand.nail_of_face.resize(hand.faces.size(), 0);
    hand.palm_of_vertex.conservativeResize(count);
    hand.palm_of_vertex.tail(added).setConstant(0.5);
    hand.quads.clear();
    hand.quad_uv.clear();
    hand.part_of_quad.clear();
    hand.nail_of_quad.clear();
    hand.uv.resize(0, 2);
    hand.uv_faces.clear();
    return hand;
}

} // namespace rih
