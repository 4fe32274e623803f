// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/testing/mano_like.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/hand/testing/open_hand.h"

#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>
#include <set>

namespace rih {

namespace {

/// Edges collapsed onto one of their vertices, the flattest first (Garland and Heckbert 1997).
class Coarsener {
  public:
    explicit Coarsener(const HandModel& hand)
        : vertices_(hand.template_vertices), faces_(hand.faces),
          faces_of_(static_cast<std::size_t>(hand.vertex_count())),
          quadric_(faces_of_.size(), Eigen::Matrix4d::Zero()), stamp_(faces_of_.size(), 0),
          is_kept_(faces_of_.size(), false), is_border_(faces_of_.size(), false) {
        for (std::size_t f = 0; f < faces_.size(); ++f) {
            const Vec3 cross = normal(faces_[f], -1, -1);
            const Vec3 n = cross.normalized();
            const Vec3 on = vertices_.row(faces_[f][0]);
            const Vec4 plane(n.x(), n.y(), n.z(), -n.dot(on));
            for (const int v : faces_[f]) {
                faces_of_[at(v)].insert(static_cast<int>(f));
                quadric_[at(v)] += cross.norm() * plane * plane.transpose();
            }
        }
        for (const int tip : hand.tip_vertices) {
            is_kept_[at(tip)] = true;
        }
        for (const auto& loop : border_loops(faces_)) {
            for (const int v : loop) {
                is_border_[at(v)] = true;
            }
        }
    }

    void reduce_to(int count) {
        int left = static_cast<int>(faces_of_.size());
        for (int v = 0; v < left; ++v) {
            offer(v);
        }
        while (left > count && !offers_.empty()) {
            const Offer best = offers_.top();
            offers_.pop();
            if (best.stamp_from != stamp_[at(best.from)] || best.stamp_to != stamp_[at(best.to)] ||
                !may_collapse(best.from, best.to)) {
                continue;
            }
            collapse(best.from, best.to);
            --left;
        }
        RIH_ASSERT(left == count, "coarsened to {} vertices", left);
    }

    bool has(int v) const { return !faces_of_[at(v)].empty(); }
    Triangles faces() const {
        Triangles kept;
        std::copy_if(faces_.begin(), faces_.end(), std::back_inserter(kept), [](const auto& face) {
            return face[0] >= 0;
        });
        return kept;
    }

  private:
    struct Offer {
        double cost;
        int from, to, stamp_from, stamp_to;
        bool operator<(const Offer& other) const { // the cheapest on top
            return std::tie(other.cost, other.from, other.to) < std::tie(cost, from, to);
        }
    };

    static std::size_t at(int i) { return static_cast<std::size_t>(i); }

    /// With `from` moved to `to`.
    Vec3 normal(const std::array<int, 3>& face, int from, int to) const {
        const auto place = [&](int v) { return Vec3(vertices_.row(v == from ? to : v)); };
        const Vec3 a = place(face[0]);
        return (place(face[1]) - a).cross(place(face[2]) - a);
    }

    std::set<int> neighbours(int v) const {
        std::set<int> around;
        for (const int f : faces_of_[at(v)]) {
            around.insert(faces_[at(f)].begin(), faces_[at(f)].end());
        }
        around.erase(v);
        return around;
    }

    void offer(int from) {
        if (is_kept_[at(from)]) {
            return;
        }
        for (const int to : neighbours(from)) {
            const Vec4 place(vertices_(to, 0), vertices_(to, 1), vertices_(to, 2), 1);
            const double length = (vertices_.row(from) - vertices_.row(to)).norm();
            const double cost = place.dot(quadric_[at(from)] * place) + 0.01 * std::pow(length, 4);
            offers_.push({cost, from, to, stamp_[at(from)], stamp_[at(to)]});
        }
    }

    bool may_collapse(int from, int to) const {
        const std::set<int> a = neighbours(from), b = neighbours(to);
        std::vector<int> common;
        std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
        int sides = 0;
        for (const int f : faces_of_[at(from)]) {
            const auto& face = faces_[at(f)];
            if (std::count(face.begin(), face.end(), to) > 0) {
                ++sides;
                continue;
            }
            const Vec3 before = normal(face, -1, -1), after = normal(face, from, to);
            if (after.norm() < 1e-9 || before.dot(after) < 0.5 * before.norm() * after.norm()) {
                return false;
            }
        }
        return std::ssize(common) == sides && (!is_border_[at(from)] || sides == 1) && sides > 0;
    }

    void collapse(int from, int to) {
        for (const int f : std::set<int>(faces_of_[at(from)])) {
            auto& face = faces_[at(f)];
            if (std::count(face.begin(), face.end(), to) > 0) {
                for (const int v : std::array<int, 3>(face)) {
                    faces_of_[at(v)].erase(f);
                }
                face = {-1, -1, -1};
            } else {
                std::replace(face.begin(), face.end(), from, to);
                faces_of_[at(to)].insert(f);
            }
        }
        faces_of_[at(from)].clear();
        quadric_[at(to)] += quadric_[at(from)];
        const std::set<int> around = neighbours(to);
        for (const int v : around) {
            ++stamp_[at(v)];
        }
        ++stamp_[at(to)];
        offer(to);
        std::set<int> wider;
        for (const int v : around) {
            wider.insert(v);
            wider.merge(neighbours(v));
        }
        for (const int v : wider) {
            offer(v);
        }
    }

    const Points vertices_;
    Triangles faces_; // -1: gone
    std::vector<std::set<int>> faces_of_;
    std::vector<Eigen::Matrix4d> quadric_;
    std::vector<int> stamp_;
    std::vector<bool> is_kept_, is_border_;
    std::priority_queue<Offer> offers_;
};

Mat3 turn(double degrees, const Vec3& axis) {
    return Eigen::AngleAxisd(degrees * kDegree, axis).toRotationMatrix();
}

/// Another person's hand: `hand` at rest with its bones scaled and turned.
struct Changed {
    Points vertices, joints;
};
Changed change(const HandModel& hand, const ManoLikeOptions& options) {
    const Points joints = hand.joint_regressor * hand.template_vertices;
    const double side = hand.side == Side::Right ? 1 : -1;
    std::array<Mat3, kJointCount> linear, turned;
    Changed changed{Points::Zero(hand.vertex_count(), 3), Points(kJointCount, 3)};
    linear[0] = Mat3::Zero();
    linear[0](0, 0) = options.longer_palm;
    linear[0](1, 1) = options.thicker_palm;
    linear[0](2, 2) = options.wider_palm;
    turned[0] = Mat3::Identity();
    changed.joints.row(0) = joints.row(0);
    for (int j = 1; j < kJointCount; ++j) {
        const auto i = static_cast<std::size_t>(j), parent = static_cast<std::size_t>(kParents[j]);
        Mat3 own = Mat3::Identity();
        if (j == 1 || j == 7) {
            own = turn((j == 1 ? 1 : -1) * side * options.spread_deg, Vec3::UnitY());
        } else if (j == 13) {
            own = turn(side * options.thumb_deg, Vec3(0.3, 1, 0.2).normalized());
        }
        turned[i] = turned[parent] * own;
        const int tip = hand.tip_vertices[kTipOfFinger[finger_of_joint(j)]];
        const Vec3 along =
            (segment_of_joint(j) < 2 ? Vec3(joints.row(j + 1) - joints.row(j))
                                     : Vec3(hand.template_vertices.row(tip) - joints.row(j)))
                .normalized();
        linear[i] = turned[i] * (options.thicker_fingers * Mat3::Identity() +
                                 (options.longer_fingers - options.thicker_fingers) * along *
                                     along.transpose());
        changed.joints.row(j) =
            changed.joints.row(kParents[j]) +
            (linear[parent] * Vec3(joints.row(j) - joints.row(kParents[j]))).transpose();
    }
    for (int v = 0; v < hand.vertex_count(); ++v) {
        for (decltype(hand.skin_weights)::InnerIterator it(hand.skin_weights, v); it; ++it) {
            const Vec3 from = hand.template_vertices.row(v) - joints.row(it.col());
            changed.vertices.row(v) +=
                it.value() * (Vec3(changed.joints.row(it.col())) +
                              linear[static_cast<std::size_t>(it.col())] * from)
                                 .transpose();
        }
    }
    for (int v = 0; v < hand.vertex_count(); ++v) {
        constexpr double kWave = 2 * kPi / 0.04; // rad/m
        const Vec3 at = kWave * Vec3(hand.template_vertices.row(v));
        changed.vertices.row(v) +=
            1e-3 * options.uneven_mm *
            Vec3(std::sin(at.y() + at.z()), std::sin(at.x() + 1), std::sin(at.x() - at.y()))
                .transpose();
    }
    return changed;
}

/// The smallest weights of the nearest vertices with sum 1 and sum w x = the joint.
void set_regressor(HandModel& hand, const Points& joints) {
    constexpr int kNear = 24;
    hand.joint_regressor.resize(kJointCount, hand.vertex_count());
    std::vector<int> order(static_cast<std::size_t>(hand.vertex_count()));
    for (int j = 0; j < kJointCount; ++j) {
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
            return (hand.template_vertices.row(a) - joints.row(j)).squaredNorm() <
                   (hand.template_vertices.row(b) - joints.row(j)).squaredNorm();
        });
        std::sort(order.begin(), order.begin() + kNear);
        Eigen::Matrix<double, 4, kNear> conditions;
        for (int i = 0; i < kNear; ++i) {
            conditions.col(i)
                << hand.template_vertices.row(order[static_cast<std::size_t>(i)]).transpose(),
                1;
        }
        const Vec4 wanted(joints(j, 0), joints(j, 1), joints(j, 2), 1);
        const VecX weights = conditions.completeOrthogonalDecomposition().solve(wanted);
        for (int i = 0; i < kNear; ++i) {
            hand.joint_regressor.insert(j, order[static_cast<std::size_t>(i)]) = weights[i];
        }
    }
    hand.joint_regressor.makeCompressed();
}

} // namespace

ManoLikeHand make_mano_like(const HandModel& source, const ManoLikeOptions& options) {
    const HandModel open = without_forearm(source);
    const Changed changed = change(open, options);
    Coarsener coarsener(open);
    coarsener.reduce_to(options.vertex_count);

    ManoLikeHand made;
    HandModel& hand = made.hand;
    hand.side = open.side;
    hand.name = "like MANO";
    hand.meta_json = "{}";
    hand.faces = coarsener.faces();
    std::vector<int> new_of_open(static_cast<std::size_t>(open.vertex_count()), -1);
    std::vector<int> open_of_new;
    for (int v = 0; v < open.vertex_count(); ++v) {
        if (coarsener.has(v)) {
            new_of_open[static_cast<std::size_t>(v)] = static_cast<int>(open_of_new.size());
            open_of_new.push_back(v);
        }
    }
    for (auto& face : hand.faces) {
        for (int& v : face) {
            v = new_of_open[static_cast<std::size_t>(v)];
        }
    }
    const int count = options.vertex_count;
    hand.template_vertices.resize(count, 3);
    hand.shape_dirs.resize(3 * count, open.shape_dirs.cols());
    hand.pose_dirs.resize(3 * count, open.pose_dirs.cols());
    hand.skin_weights.resize(count, kJointCount);
    for (int v = 0; v < count; ++v) {
        const int old = open_of_new[static_cast<std::size_t>(v)];
        hand.template_vertices.row(v) = changed.vertices.row(old);
        hand.shape_dirs.middleRows<3>(3 * v) = open.shape_dirs.middleRows<3>(3 * old);
        hand.pose_dirs.middleRows<3>(3 * v) = open.pose_dirs.middleRows<3>(3 * old);
        for (decltype(open.skin_weights)::InnerIterator it(open.skin_weights, old); it; ++it) {
            hand.skin_weights.insert(v, it.col()) = it.value();
        }
    }
    hand.skin_weights.makeCompressed();
    for (int i = 0; i < kTipCount; ++i) {
        hand.tip_vertices[static_cast<std::size_t>(i)] =
            new_of_open[static_cast<std::size_t>(open.tip_vertices[static_cast<std::size_t>(i)])];
    }
    // Of the vertices that have stayed: without_forearm() keeps the order of the source's.
    std::vector<int> source_of_open;
    std::vector<bool> has_hand_face(static_cast<std::size_t>(source.vertex_count()), false);
    for (std::size_t f = 0; f < source.faces.size(); ++f) {
        for (const int v : source.faces[f]) {
            if (source.part_of_face[f] != forearm_part(source.side)) {
                has_hand_face[static_cast<std::size_t>(v)] = true;
            }
        }
    }
    for (int v = 0; v < source.vertex_count(); ++v) {
        if (has_hand_face[static_cast<std::size_t>(v)]) {
            source_of_open.push_back(v);
        }
    }
    for (const int v : open_of_new) {
        made.source_vertex.push_back(source_of_open[static_cast<std::size_t>(v)]);
    }
    // Models do not agree on where in the flesh a joint lies.
    Points joints = changed.joints;
    Rng rng(11, 0, "mano_like");
    for (double& x : joints.reshaped<Eigen::RowMajor>()) {
        x += 1e-3 * options.joint_off_mm * rng.truncated_normal(2);
    }
    set_regressor(hand, joints);
    // Needed by writers of files; readers of MANO's layout find their own.
    hand.part_of_face.assign(hand.faces.size(), first_part(hand.side));
    hand.nail_of_face.assign(hand.faces.size(), 0);
    hand.palm_of_vertex = VecX::Zero(count);
    return made;
}

} // namespace rih
