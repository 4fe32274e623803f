// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/natural_variation.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

using Vec5 = Eigen::Matrix<double, 5, 1>;
using Mat5 = Eigen::Matrix<double, 5, 5>;

constexpr int kIndex = 0, kMiddle = 1, kLittle = 2, kRing = 3, kThumb = 4;

const Mat5& correlation_root() {
    static const Mat5 root = finger_correlations().llt().matrixL();
    return root;
}

/// The shares of a finger's own drive and of each joint's own motion; squares sum to 1.
constexpr double kDriveRoot = 0.8, kOwnRoot = 0.6;
constexpr double kDriveMiddle = 0.9, kOwnMiddle = 0.436;
constexpr double kEndFollows = 2.0 / 3.0, kOwnEnd = 0.25;
constexpr double kThumbShare = 0.7; // the thumb's joints move less than the fingers'

/// How a common fanning of the fingers opens each root, and what a root has of its own.
constexpr std::array<double, 5> kFan{0.5, 0.1, -0.6, -0.3, 0.4};
constexpr double kOwnSplay = 0.2;

/// Splay of a finger less its neighbour's when both are straight and touch, radians.
constexpr double kTouchIndexMiddle = -3 * kDegree, kTouchMiddleRing = -4 * kDegree,
                 kTouchRingLittle = -6 * kDegree;

/// Opens the angle between two roots to what the skins need. `near_thumb` is the finger nearer to
/// the thumb; the other one takes `share` of the turn.
void keep_apart(FingerAngles& varied,
                const FingerAngles& shape,
                int near_thumb,
                int near_little,
                double touching,
                double share) {
    JointAngles& a = varied[static_cast<std::size_t>(3 * near_thumb)];
    JointAngles& b = varied[static_cast<std::size_t>(3 * near_little)];
    const JointAngles& shape_a = shape[static_cast<std::size_t>(3 * near_thumb)];
    const JointAngles& shape_b = shape[static_cast<std::size_t>(3 * near_little)];
    constexpr double kAlike = 30 * kDegree; // bent further apart, they pass each other
    if (std::abs(a.bend - b.bend) > kAlike) {
        return;
    }
    const double least = std::min(touching, shape_a.splay - shape_b.splay);
    const double lacking = least - (a.splay - b.splay);
    if (lacking > 0) {
        a.splay += (1 - share) * lacking;
        b.splay -= share * lacking;
    }
}

} // namespace

const Eigen::Matrix<double, 5, 5>& finger_correlations() {
    static const Mat5 correlations = [] {
        Mat5 c = Mat5::Identity();
        const auto set = [&](int a, int b, double value) { c(a, b) = c(b, a) = value; };
        set(kIndex, kMiddle, 0.55);
        set(kIndex, kRing, 0.4);
        set(kIndex, kLittle, 0.3);
        set(kMiddle, kRing, 0.75);
        set(kMiddle, kLittle, 0.6);
        set(kRing, kLittle, 0.85);
        set(kThumb, kIndex, 0.3);
        set(kThumb, kMiddle, 0.2);
        set(kThumb, kRing, 0.15);
        set(kThumb, kLittle, 0.15);
        return c;
    }();
    return correlations;
}

double splay_freedom(double bend) {
    constexpr double kClosed = 70 * kDegree, kLeft = 0.2;
    return 1 - (1 - kLeft) * std::clamp(bend / kClosed, 0.0, 1.0);
}

FingerAngles
vary_naturally(const FingerAngles& angles, const ShapeFreedom& freedom, double scale, Rng& rng) {
    // All numbers are drawn for every finger, so that the count of draws is plain.
    Vec5 independent;
    std::array<std::array<double, 4>, 5> own; // root, middle, end, splay
    for (int finger = 0; finger < 5; ++finger) {
        independent[finger] = rng.truncated_normal(2);
        for (double& value : own[static_cast<std::size_t>(finger)]) {
            value = rng.truncated_normal(2);
        }
    }
    const double fan = rng.truncated_normal(2);
    const Vec5 drives = (correlation_root() * independent).cwiseMax(-2).cwiseMin(2);

    FingerAngles varied = angles;
    for (std::size_t finger = 0; finger < 5; ++finger) {
        // Fingers of a group do what the first of them does.
        std::size_t leader = 0;
        while (freedom.group[leader] != freedom.group[finger]) {
            ++leader;
        }
        bool thumb_too = false, alone = true;
        for (std::size_t other = 0; other < 5; ++other) {
            const bool same = freedom.group[other] == freedom.group[finger];
            alone = alone && (!same || other == finger);
            thumb_too = thumb_too || (same && other == static_cast<std::size_t>(kThumb));
        }
        const bool is_thumb = finger == static_cast<std::size_t>(kThumb);
        // A thumb that touches fingers meets them from the other side and would run into them.
        const double share = is_thumb ? kThumbShare * (alone ? 1.0 : 0.3) : 1.0;
        const double most = scale * freedom.loose[finger];
        const double sd = 0.5 * share * most;
        const double drive = drives[static_cast<Eigen::Index>(leader)];
        const auto& mine = own[leader];
        const auto bounded = [&](double change) { return std::clamp(change, -most, most); };

        const double root = sd * (kDriveRoot * drive + kOwnRoot * mine[0]);
        const double middle = sd * (kDriveMiddle * drive + kOwnMiddle * mine[1]);
        const double end = kEndFollows * middle + kOwnEnd * sd * mine[2];
        JointAngles* joints = &varied[3 * finger];
        joints[0].bend += bounded(root);
        joints[1].bend += bounded(middle);
        joints[2].bend += bounded(end);

        if (is_thumb) {
            joints[0].splay += sd * (kFan[finger] * fan + kOwnSplay * mine[3]);
            continue;
        }
        // A bent root spreads less; one that opens does not fan out by itself.
        const double before = splay_freedom(angles[3 * finger].bend);
        const double after = splay_freedom(joints[0].bend);
        joints[0].splay *= std::min(1.0, after / before);
        joints[0].splay += after * sd *
                           (kFan[alone ? finger : leader] * fan + kOwnSplay * mine[3]) *
                           (thumb_too ? 0.3 : 1.0);
    }
    varied = clamp_to_limits(varied);
    // The outer fingers make room for the inner two.
    keep_apart(varied, angles, kMiddle, kRing, kTouchMiddleRing, 0.5);
    keep_apart(varied, angles, kIndex, kMiddle, kTouchIndexMiddle, 0);
    keep_apart(varied, angles, kRing, kLittle, kTouchRingLittle, 1);
    return clamp_to_limits(varied);
}

FingerAngles vary_naturally(const FingerAngles& angles, double scale, Rng& rng) {
    return vary_naturally(angles, ShapeFreedom{}, scale, rng);
}

} // namespace rih
