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

/// One new vertex: scale x ((1 - rounded) x offset of its border vertex + rounded x offset on the
/// ellipse), besides its way along the arm.
struct Grown {
    Vec3 position;
    int border;     // index into the loop, -1 in the middle of the cap
    double follows; // share of the border vertex's own offset
    Vec3 round;     // m, the rest of the offset
    double forearm; // weight of joint 16
};

/// Rings from the border outwards; the last vertex is the middle of the cap.
class Loft {
  public:
    Loft(const HandModel& hand, Border border, const ForearmOptions& options);

    const std::vector<Grown>& vertices() const { return vertices_; }
    /// The 3 x 3 map that takes offsets across the arm to `values` (3 x n, one per border vertex)
    /// with the least squares.
    Mat3 linear_fit(const Eigen::Matrix3Xd& values) const;
    /// Faces over the file's vertices 0 .. first_new - 1 and the new ones.
    Triangles faces(int first_new) const;

  private:
    void find_ellipse();
    void add_ring(double distance, double scale);

    const std::vector<int> loop_;
    const bool is_reversed_;
    const ForearmOptions options_;
    Vec3 centre_, along_;
    std::vector<double> lead_; // m, of each border vertex before the centre's plane
    std::vector<Vec3> across_;
    std::vector<Vec3> round_;   // where each lies on an ellipse of the border's width and height
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
    find_ellipse();
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
    vertices_.push_back(
        {centre_ + (options_.length + 1.3 * bulge) * along_, -1, 0, Vec3::Zero(), 1});
}

/// A border is jagged and may double back; the arm is an ellipse. Each vertex goes to the angle of
/// its share of the border's length, turned so that all lie as near to their own angle as can be.
void Loft::find_ellipse() {
    const Vec3 up = std::abs(along_.y()) < 0.9 ? Vec3::UnitY() : Vec3::UnitZ();
    const Vec3 u = up.cross(along_).normalized(), v = along_.cross(u);
    double width2 = 0, height2 = 0, length = 0, twice_area = 0;
    std::vector<double> length_before;
    for (std::size_t i = 0; i < across_.size(); ++i) {
        const Vec3 x = across_[i], next = across_[(i + 1) % across_.size()];
        width2 += x.dot(u) * x.dot(u);
        height2 += x.dot(v) * x.dot(v);
        twice_area += x.cross(next).dot(along_);
        length_before.push_back(length);
        length += (next - x).norm();
    }
    const auto n = static_cast<double>(across_.size());
    const double a = std::sqrt(2 * width2 / n), b = std::sqrt(2 * height2 / n);
    const double turn = (twice_area > 0 ? 2 : -2) * kPi / length;
    double sum_cos = 0, sum_sin = 0; // of the angle of each vertex against its share of the length
    for (std::size_t i = 0; i < across_.size(); ++i) {
        const double own = std::atan2(across_[i].dot(v) / b, across_[i].dot(u) / a);
        sum_cos += std::cos(own - turn * length_before[i]);
        sum_sin += std::sin(own - turn * length_before[i]);
    }
    const double start = std::atan2(sum_sin, sum_cos);
    for (const double before : length_before) {
        const double angle = start + turn * before;
        round_.push_back(a * std::cos(angle) * u + b * std::sin(angle) * v);
    }
}

void Loft::add_ring(double distance, double scale) {
    const double rounded = smooth_step(distance / level_distance_);
    for (std::size_t i = 0; i < loop_.size(); ++i) {
        const Vec3 round = scale * rounded * round_[i];
        const double follows = scale * (1 - rounded);
        const double lead = (1 - std::min(distance / level_distance_, 1.0)) * lead_[i];
        vertices_.push_back({centre_ + (distance + lead) * along_ + follows * across_[i] + round,
                             static_cast<int>(i),
                             follows,
                             round,
                             smooth_step(distance / options_.blend)});
    }
    ++rings_;
}

Mat3 Loft::linear_fit(const Eigen::Matrix3Xd& values) const {
    // Nothing varies along the arm; that direction is filled up to make the matrix invertible.
    Mat3 covariance = along_ * along_.transpose();
    Mat3 products = Mat3::Zero();
    for (std::size_t i = 0; i < across_.size(); ++i) {
        covariance += across_[i] * across_[i].transpose();
        products += values.col(static_cast<Eigen::Index>(i)) * across_[i].transpose();
    }
    return products * covariance.inverse();
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

/// Shape directions of the new vertices: each border vertex's own near the wrist, farther out the
/// border's mean and what is linear in the place across the arm (width, height, shear).
void add_shape(HandModel& hand, const Loft& loft, const std::vector<int>& loop, int first_new) {
    const auto n = std::ssize(loop);
    for (Eigen::Index s = 0; s < hand.shape_dirs.cols(); ++s) {
        Eigen::Matrix3Xd moves(3, n);
        for (Eigen::Index i = 0; i < n; ++i) {
            moves.col(i) = hand.shape_dirs.block<3, 1>(3 * loop[static_cast<std::size_t>(i)], s);
        }
        const Vec3 mean = moves.rowwise().sum() / static_cast<double>(n);
        moves.colwise() -= mean;
        const Mat3 linear = loft.linear_fit(moves);
        for (int i = 0; i < std::ssize(loft.vertices()); ++i) {
            const Grown& grown = loft.vertices()[static_cast<std::size_t>(i)];
            Vec3 move = mean + linear * grown.round;
            if (grown.border >= 0) {
                move += grown.follows * moves.col(grown.border);
            }
            hand.shape_dirs.block<3, 1>(3 * (first_new + i), s) = move;
        }
    }
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
    add_shape(hand, loft, loop, old_count);
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
