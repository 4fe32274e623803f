// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/limb_section.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr int kWrist = 0, kIndexRoot = 5, kPinkyRoot = 17; // keypoints
constexpr int kSamples = 90;                               // of an outline's radius

Vec3 keypoint(const PosedSurface& hand, int k) {
    return hand.keypoints.row(k).transpose();
}

/// `along` given: the other axes from the line of the finger roots.
LimbFrame
frame_about(const PosedSurface& hand, const Vec3& origin, const Vec3& along, bool to_tip) {
    LimbFrame frame;
    frame.origin = origin;
    frame.along = along.normalized();
    const Vec3 roots = keypoint(hand, kIndexRoot) - keypoint(hand, kPinkyRoot);
    frame.across = (roots - roots.dot(frame.along) * frame.along).normalized();
    const bool mirrored = (hand.side == Side::Left) != !to_tip;
    frame.up = (mirrored ? -1.0 : 1.0) * frame.along.cross(frame.across);
    return frame;
}

double cross(const Vec2& a, const Vec2& b) {
    return a.x() * b.y() - a.y() * b.x();
}

} // namespace

LimbFrame finger_frame(const PosedSurface& hand, int from, int to) {
    const Vec3 origin = keypoint(hand, from);
    return frame_about(hand, origin, keypoint(hand, to) - origin, true);
}

LimbFrame forearm_frame(const PosedSurface& hand, double& length) {
    const Vec3 wrist = keypoint(hand, kWrist);
    const std::uint8_t forearm = forearm_part(hand.side);
    std::vector<std::uint8_t> of_forearm(static_cast<std::size_t>(hand.vertices.rows()), 0);
    for (std::size_t f = 0; f < hand.faces->size(); ++f) {
        if ((*hand.part_of_triangle)[f] == forearm) {
            for (const int v : (*hand.faces)[f]) {
                of_forearm[static_cast<std::size_t>(v)] = 1;
            }
        }
    }
    double farthest = 0;
    for (Eigen::Index v = 0; v < hand.vertices.rows(); ++v) {
        if (of_forearm[static_cast<std::size_t>(v)] != 0) {
            farthest = std::max(farthest, (hand.vertices.row(v).transpose() - wrist).norm());
        }
    }
    RIH_REQUIRE(farthest > 0, "the {} hand has no forearm to wear anything", name_of(hand.side));
    Vec3 sum = Vec3::Zero();
    double count = 0;
    for (Eigen::Index v = 0; v < hand.vertices.rows(); ++v) {
        const Vec3 vertex = hand.vertices.row(v).transpose();
        if (of_forearm[static_cast<std::size_t>(v)] != 0 &&
            (vertex - wrist).norm() > 0.7 * farthest) {
            sum += vertex;
            count += 1;
        }
    }
    const LimbFrame frame = frame_about(hand, wrist, sum / count - wrist, false);
    length = 0;
    for (Eigen::Index v = 0; v < hand.vertices.rows(); ++v) {
        if (of_forearm[static_cast<std::size_t>(v)] != 0) {
            length = std::max(length, (hand.vertices.row(v).transpose() - wrist).dot(frame.along));
        }
    }
    return frame;
}

LimbSurface::LimbSurface(const PosedSurface& hand,
                         const LimbFrame& frame,
                         const std::function<bool(std::uint8_t part)>& counts) {
    for (std::size_t f = 0; f < hand.faces->size(); ++f) {
        if (!counts((*hand.part_of_triangle)[f])) {
            continue;
        }
        std::array<Vec3, 3> corners;
        for (std::size_t k = 0; k < 3; ++k) {
            const Vec3 from = hand.vertices.row((*hand.faces)[f][k]).transpose() - frame.origin;
            corners[k] = {from.dot(frame.across), from.dot(frame.up), from.dot(frame.along)};
        }
        faces_.push_back(corners);
    }
}

Outline LimbSurface::between(double low, double high) const {
    Outline points;
    for (const std::array<Vec3, 3>& corner : faces_) {
        const auto [least, most] = std::minmax({corner[0].z(), corner[1].z(), corner[2].z()});
        if (most < low || least > high) {
            continue;
        }
        for (std::size_t k = 0; k < 3; ++k) {
            const Vec3 &a = corner[k], &b = corner[(k + 1) % 3];
            if (a.z() >= low && a.z() <= high) {
                points.emplace_back(a.head<2>());
            }
            for (const double plane : {low, high}) {
                if ((a.z() < plane) != (b.z() < plane)) {
                    const double t = (plane - a.z()) / (b.z() - a.z());
                    points.emplace_back((a + t * (b - a)).head<2>());
                }
            }
        }
    }
    return points;
}

LimbSurface forearm_surface(const PosedSurface& hand, const LimbFrame& frame) {
    constexpr int kThumbRoot = 14, kPalm = 15; // parts within a hand
    return {hand, frame, [&](std::uint8_t part) {
                return part == forearm_part(hand.side) ||
                       part == first_part(hand.side) + kThumbRoot ||
                       part == first_part(hand.side) + kPalm;
            }};
}

Outline convex_hull(Outline points) {
    // Andrew's monotone chain (1979).
    std::ranges::sort(points, [](const Vec2& a, const Vec2& b) {
        return a.x() < b.x() || (a.x() == b.x() && a.y() < b.y());
    });
    Outline hull;
    const auto extend = [&](const Vec2& p, std::size_t least) {
        while (hull.size() >= least + 2 &&
               !(cross(hull.back() - hull[hull.size() - 2], p - hull.back()) > 0)) {
            hull.pop_back();
        }
        hull.push_back(p);
    };
    for (const Vec2& p : points) {
        extend(p, 0);
    }
    const std::size_t lower = hull.size() > 0 ? hull.size() - 1 : 0;
    for (std::size_t i = points.size(); i-- > 0;) {
        extend(points[i], lower);
    }
    if (hull.size() > 1) {
        hull.pop_back();
    }
    return hull;
}

Vec2 centroid(const Outline& convex) {
    Vec2 sum = Vec2::Zero();
    double area = 0;
    for (std::size_t i = 1; i + 1 < convex.size(); ++i) {
        const double part = cross(convex[i] - convex[0], convex[i + 1] - convex[0]);
        sum += part * (convex[0] + convex[i] + convex[i + 1]) / 3;
        area += part;
    }
    return area > 0 ? Vec2(sum / area) : convex.empty() ? Vec2(0, 0) : convex[0];
}

double reach(const Outline& convex, const Vec2& centre, double angle) {
    const Vec2 direction(std::cos(angle), std::sin(angle));
    double farthest = 0;
    for (std::size_t i = 0; i < convex.size(); ++i) {
        const Vec2 a = convex[i] - centre, edge = convex[(i + 1) % convex.size()] - convex[i];
        const double slant = cross(direction, edge);
        if (slant > 0) { // the edge is passed outwards
            const double t = cross(a, edge) / slant, s = cross(a, direction) / slant;
            if (s >= -1e-9 && s <= 1 + 1e-9) {
                farthest = std::max(farthest, t);
            }
        }
    }
    return farthest;
}

double SmoothSection::radius(double angle) const {
    double sum = 0;
    for (std::size_t k = 0; k < cosine.size(); ++k) {
        const double turn = static_cast<double>(k) * angle;
        sum += cosine[k] * std::cos(turn) + sine[k] * std::sin(turn);
    }
    return sum;
}

Vec2 SmoothSection::at(double angle, double outward) const {
    return centre + (radius(angle) + outward) * Vec2(std::cos(angle), std::sin(angle));
}

SmoothSection smooth_section(const Outline& convex, int order, double gap) {
    RIH_REQUIRE(convex.size() >= 3, "there is no limb where something is worn");
    SmoothSection section;
    section.centre = centroid(convex);
    section.cosine.assign(static_cast<std::size_t>(order) + 1, 0);
    section.sine.assign(static_cast<std::size_t>(order) + 1, 0);
    for (int i = 0; i < kSamples; ++i) {
        const double angle = 2 * kPi * i / kSamples;
        const double r = reach(convex, section.centre, angle);
        for (int k = 0; k <= order; ++k) {
            const double weight = (k == 0 ? 1.0 : 2.0) / kSamples * r;
            section.cosine[static_cast<std::size_t>(k)] += weight * std::cos(k * angle);
            section.sine[static_cast<std::size_t>(k)] += weight * std::sin(k * angle);
        }
    }
    double beyond = -INFINITY;
    for (const Vec2& corner : convex) {
        const Vec2 from = corner - section.centre;
        beyond = std::max(beyond, from.norm() - section.radius(std::atan2(from.y(), from.x())));
    }
    section.cosine[0] += beyond + gap;
    return section;
}

} // namespace rih
