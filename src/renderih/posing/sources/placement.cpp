// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/placement.h"

#include "renderih/hand/anatomy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace rih {
namespace {

constexpr double kCell = 0.002; // m
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Window {
    Vec2 low;
    int columns = 0, rows = 0;
};

/// Two unit vectors that make a right-handed frame with `direction`.
std::array<Vec3, 2> plane_across(const Vec3& direction) {
    int smallest = 0;
    direction.cwiseAbs().minCoeff(&smallest);
    const Vec3 u = direction.cross(Vec3::Unit(smallest)).normalized();
    return {u, direction.cross(u)};
}

/// Vertices as (u, v, along direction). [V, 3]
Points project(const Points& vertices, const Vec3& direction) {
    const std::array<Vec3, 2> plane = plane_across(direction);
    Mat3 axes;
    axes << plane[0], plane[1], direction;
    return vertices * axes;
}

std::vector<char> faces_that_count(const HandModel& model, const std::vector<int>& ignore) {
    std::array<char, kPartsPerHand> part_counts{};
    for (int part = 0; part < kPartsPerHand; ++part) {
        const int joint = kJointOfPart[part];
        part_counts[static_cast<std::size_t>(part)] =
            joint == 0 ||
            std::find(ignore.begin(), ignore.end(), finger_of_joint(joint)) == ignore.end();
    }
    std::vector<char> counts(model.faces.size());
    for (std::size_t face = 0; face < counts.size(); ++face) {
        const int part = model.part_of_face[face] - first_part(model.side);
        counts[face] =
            part >= 0 && part < kPartsPerHand && part_counts[static_cast<std::size_t>(part)];
    }
    return counts;
}

/// The largest (sign +1) or smallest (-1) height in each cell that the faces cover, as sign *
/// height; -infinity where there is none.
std::vector<double> height_map(const Triangles& faces,
                               const std::vector<char>& counts,
                               const Points& projected,
                               const Window& window,
                               double sign) {
    std::vector<double> map(static_cast<std::size_t>(window.columns) * window.rows, -kInfinity);
    for (std::size_t face = 0; face < faces.size(); ++face) {
        if (!counts[face]) {
            continue;
        }
        std::array<Vec3, 3> p;
        for (int k = 0; k < 3; ++k) {
            p[k] = projected.row(faces[face][k]).transpose();
            p[k].head<2>() = (p[k].head<2>() - window.low) / kCell;
        }
        const double area = (p[1].x() - p[0].x()) * (p[2].y() - p[0].y()) -
                            (p[2].x() - p[0].x()) * (p[1].y() - p[0].y());
        // The outermost skin looks outwards: faces that turn away cannot be it.
        if (sign * area < 1e-12) {
            continue;
        }
        const double share = 1 / area;
        const auto low = [&](int axis, int count) {
            const double least = std::min({p[0][axis], p[1][axis], p[2][axis]});
            return static_cast<int>(std::clamp(std::ceil(least - 0.5), 0.0, double(count)));
        };
        const auto high = [&](int axis, int count) {
            const double most = std::max({p[0][axis], p[1][axis], p[2][axis]});
            return static_cast<int>(std::clamp(std::floor(most - 0.5), -1.0, count - 1.0));
        };
        const int first_x = low(0, window.columns), last_x = high(0, window.columns);
        const int last_y = high(1, window.rows);
        const double step1 = share * (p[2].y() - p[0].y()), step2 = share * (p[0].y() - p[1].y());
        for (int y = low(1, window.rows); y <= last_y; ++y) {
            const double cy = y + 0.5 - p[0].y();
            double* row = &map[static_cast<std::size_t>(y) * window.columns];
            for (int x = first_x; x <= last_x; ++x) {
                const double cx = x + 0.5 - p[0].x();
                const double w1 = step1 * cx - share * (p[2].x() - p[0].x()) * cy;
                const double w2 = step2 * cx + share * (p[1].x() - p[0].x()) * cy;
                const double w0 = 1 - w1 - w2;
                if (w0 < 0 || w1 < 0 || w2 < 0) {
                    continue;
                }
                const double height = w0 * p[0].z() + w1 * p[1].z() + w2 * p[2].z();
                row[x] = std::max(row[x], sign * height);
            }
        }
    }
    return map;
}

double distance_to_segment(const Vec3& p, const Vec3& a, const Vec3& b) {
    const Vec3 ab = b - a;
    const double t = std::clamp((p - a).dot(ab) / ab.squaredNorm(), 0.0, 1.0);
    return (p - a - t * ab).norm();
}

/// Closest approach of two segments (Ericson, Real-Time Collision Detection, 5.1.9).
double segment_distance(const Vec3& p1, const Vec3& q1, const Vec3& p2, const Vec3& q2) {
    const Vec3 d1 = q1 - p1, d2 = q2 - p2, r = p1 - p2;
    const double a = d1.squaredNorm(), e = d2.squaredNorm(), f = d2.dot(r);
    const double c = d1.dot(r), b = d1.dot(d2);
    const double denominator = a * e - b * b;
    double s = denominator > 1e-15 ? std::clamp((b * f - c * e) / denominator, 0.0, 1.0) : 0.0;
    double t = (b * s + f) / e;
    if (t < 0) {
        t = 0;
        s = std::clamp(-c / a, 0.0, 1.0);
    } else if (t > 1) {
        t = 1;
        s = std::clamp((b - c) / a, 0.0, 1.0);
    }
    return (p1 + s * d1 - p2 - t * d2).norm();
}

/// The pairs of capsules of two hands that can overlap at all when the second hand is moved by no
/// more than `most`.
class CapsulePairs {
  public:
    CapsulePairs(const std::vector<Capsule>& first,
                 const std::vector<Capsule>& second,
                 double most) {
        for (const Capsule& a : first) {
            for (const Capsule& b : second) {
                const double far =
                    a.radius + b.radius + 0.5 * ((a.b - a.a).norm() + (b.b - b.a).norm());
                const Vec3 between = 0.5 * (a.a + a.b - b.a - b.b);
                if (between.norm() <= far + most) {
                    pairs_.push_back({a, b, between, far * far, a.radius + b.radius});
                }
            }
        }
    }

    /// Sum of the squared overlap depths, m^2.
    double overlap(const Vec3& shift) const {
        double sum = 0;
        for (const Pair& pair : pairs_) {
            if ((pair.between - shift).squaredNorm() > pair.far_squared) {
                continue;
            }
            const double depth = pair.reach - segment_distance(pair.first.a,
                                                               pair.first.b,
                                                               pair.second.a + shift,
                                                               pair.second.b + shift);
            sum += depth > 0 ? depth * depth : 0.0;
        }
        return sum;
    }

  private:
    struct Pair {
        Capsule first, second;
        Vec3 between; // of the middles, first less second
        double far_squared, reach;
    };
    std::vector<Pair> pairs_;
};

/// The ends of the bones: 15 finger bones (joint order), then four metacarpals.
std::vector<Capsule> bones(const HandModel& model, const Points& joints, const Points& vertices) {
    std::vector<Capsule> result;
    for (int j = 1; j < kJointCount; ++j) {
        const int tip = model.tip_vertices[kTipOfFinger[finger_of_joint(j)]];
        const Vec3 a = joints.row(j).transpose();
        const Vec3 b = segment_of_joint(j) < 2 ? Vec3(joints.row(j + 1).transpose())
                                               : Vec3(vertices.row(tip).transpose());
        result.push_back({a, b, 0});
    }
    const Vec3 wrist = joints.row(0).transpose();
    for (const int root : {1, 4, 7, 10}) {
        const Vec3 b = joints.row(root).transpose();
        result.push_back({wrist + 0.25 * (b - wrist), b, 0});
    }
    return result;
}

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
}

} // namespace

std::optional<double> slide_to_touch(const ShapedHand& first,
                                     const Points& first_vertices,
                                     const ShapedHand& second,
                                     const Points& second_vertices,
                                     const Vec3& direction,
                                     const std::vector<int>& ignore) {
    const Points p1 = project(first_vertices, direction);
    const Points p2 = project(second_vertices, direction);
    const Vec2 low =
        p1.leftCols<2>().colwise().minCoeff().cwiseMax(p2.leftCols<2>().colwise().minCoeff());
    const Vec2 high =
        p1.leftCols<2>().colwise().maxCoeff().cwiseMin(p2.leftCols<2>().colwise().maxCoeff());
    if ((high.array() <= low.array()).any()) {
        return std::nullopt;
    }
    constexpr int kMaxCells = 1000; // 2 m: more than any two hands
    const Window window{
        low,
        std::min(kMaxCells, static_cast<int>(std::ceil((high.x() - low.x()) / kCell))),
        std::min(kMaxCells, static_cast<int>(std::ceil((high.y() - low.y()) / kCell)))};
    const std::vector<double> top =
        height_map(first.model->faces, faces_that_count(*first.model, ignore), p1, window, 1.0);
    const std::vector<double> bottom =
        height_map(second.model->faces, faces_that_count(*second.model, ignore), p2, window, -1.0);
    double shift = -kInfinity;
    for (std::size_t cell = 0; cell < top.size(); ++cell) {
        shift = std::max(shift, top[cell] + bottom[cell]);
    }
    return std::isfinite(shift) ? std::optional(shift) : std::nullopt;
}

std::vector<Capsule> hand_capsules(const ShapedHand& hand, const HandState& state) {
    const HandModel& model = *hand.model;
    const std::vector<Capsule> rest = bones(model, hand.rest_joints, hand.rest_vertices);
    std::vector<std::vector<double>> distances(rest.size());
    for (std::size_t face = 0; face < model.faces.size(); ++face) {
        if (model.part_of_face[face] == forearm_part(model.side)) {
            continue;
        }
        const int joint = kJointOfPart[model.part_of_face[face] - first_part(model.side)];
        const Vec3 centre = (hand.rest_vertices.row(model.faces[face][0]) +
                             hand.rest_vertices.row(model.faces[face][1]) +
                             hand.rest_vertices.row(model.faces[face][2]))
                                .transpose() /
                            3.0;
        // A face of the palm counts for its nearest metacarpal.
        std::size_t bone = static_cast<std::size_t>(joint - 1);
        if (joint == 0) {
            bone = 15;
            for (std::size_t k = 16; k < rest.size(); ++k) {
                if (distance_to_segment(centre, rest[k].a, rest[k].b) <
                    distance_to_segment(centre, rest[bone].a, rest[bone].b)) {
                    bone = k;
                }
            }
        }
        distances[bone].push_back(distance_to_segment(centre, rest[bone].a, rest[bone].b));
    }
    std::vector<Capsule> capsules = bones(model, state.joints, state.vertices);
    for (std::size_t k = 0; k < capsules.size(); ++k) {
        capsules[k].radius = distances[k].empty() ? 0.008 : median(distances[k]);
        if (k < 15 && segment_of_joint(static_cast<int>(k) + 1) == 2) {
            // The tip lies on the skin: the round end must not stand out beyond it.
            const Vec3 back = capsules[k].a - capsules[k].b;
            capsules[k].b += std::min(capsules[k].radius, 0.5 * back.norm()) * back.normalized();
        }
    }
    return capsules;
}

double capsule_overlap(const std::vector<Capsule>& first,
                       const std::vector<Capsule>& second,
                       const Vec3& shift) {
    return CapsulePairs(first, second, shift.norm()).overlap(shift);
}

Vec3 weave_shift(const std::vector<Capsule>& first,
                 const std::vector<Capsule>& second,
                 const Mat3& axes,
                 const Vec3& search) {
    constexpr double kStay = 0.01; // of a squared metre of shift against a squared metre of overlap
    const CapsulePairs pairs(first, second, search.norm());
    const auto cost = [&](const Vec3& shift) {
        return pairs.overlap(axes * shift) + kStay * shift.squaredNorm();
    };
    // A grid of 3 mm, then ever smaller steps; `shift` counts along `axes`.
    constexpr double kStep = 0.003;
    Eigen::Vector3i count;
    for (int axis = 0; axis < 3; ++axis) {
        count[axis] = static_cast<int>(search[axis] / kStep);
    }
    Vec3 best = Vec3::Zero();
    double least = cost(best);
    const auto consider = [&](const Vec3& shift) {
        const double value = cost(shift);
        if (value < least) {
            least = value;
            best = shift;
            return true;
        }
        return false;
    };
    for (int i = -count[0]; i <= count[0]; ++i) {
        for (int j = -count[1]; j <= count[1]; ++j) {
            for (int k = -count[2]; k <= count[2]; ++k) {
                consider(kStep * Vec3(i, j, k));
            }
        }
    }
    for (double step = 0.5 * kStep; step > 1e-4;) {
        bool better = false;
        for (int axis = 0; axis < 3; ++axis) {
            for (const double sign : {-1.0, 1.0}) {
                const Vec3 shift = best + sign * step * Vec3::Unit(axis);
                if (std::abs(shift[axis]) <= search[axis]) {
                    better = consider(shift) || better;
                }
            }
        }
        step *= better ? 1.0 : 0.5;
    }
    return axes * best;
}

} // namespace rih
