// SPDX-License-Identifier: Apache-2.0
// How much of the space of relative wrist poses the released pairs cover: where the left hand's
// palm and fingers point and where its wrist is, seen from the right hand.
#include "renderih/base/file.h"
#include "renderih/base/svg.h"
#include "renderih/study/study_context.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace rih {

namespace {

constexpr int kBands = 10, kSectors = 20; // equal-area cells of the sphere
constexpr double kCell = 0.05;            // m

/// Columns: fingers, towards the thumb's side, palm or back; the same on both hands but for the
/// mirror, which turns the last.
Mat3 hand_axes(const HandState& state) {
    const Vec3 fingers = (state.joints.row(4) - state.joints.row(0)).transpose().normalized();
    const Vec3 across = (state.joints.row(1) - state.joints.row(7)).transpose();
    Mat3 axes;
    axes.col(0) = fingers;
    axes.col(1) = (across - across.dot(fingers) * fingers).normalized();
    axes.col(2) = axes.col(0).cross(axes.col(1));
    return axes;
}

struct Relative {
    Vec3 palm, fingers, wrist; // of the left hand in the right hand's axes; wrist in m
    bool released = false;
};

int sphere_cell(const Vec3& direction) {
    const int band = std::clamp(static_cast<int>((direction.z() + 1) / 2 * kBands), 0, kBands - 1);
    const double turn = std::atan2(direction.y(), direction.x()) / (2 * kPi) + 0.5;
    return band * kSectors + std::clamp(static_cast<int>(turn * kSectors), 0, kSectors - 1);
}

void draw_map(Svg& svg,
              double left,
              const std::string& title,
              const std::vector<Vec3>& directions) {
    constexpr double kWidth = 300, kHeight = 150, kTop = 30;
    svg.text(left, 20, title, 12);
    svg.rect(left, kTop, kWidth, kHeight, "#f2f2f2");
    for (const Vec3& d : directions) {
        const double turn = std::atan2(d.y(), d.x()) / (2 * kPi) + 0.5;
        svg.dot(left + kWidth * turn, kTop + kHeight * (1 - d.z()) / 2, 1.2, kOptimisedColour);
    }
}

} // namespace

std::string study_wrists(const StudyContext& context) {
    std::vector<Relative> all = map_traces<Relative>(
        context, context.posing(), "wrists", context.count(), [](const PoseTrace& trace) {
            const PairState state = pose_pair(trace.rig, trace.optimised);
            const Mat3 right = hand_axes(state.hands[0]), left = hand_axes(state.hands[1]);
            Relative relative;
            relative.palm = -(right.transpose() * left.col(2)); // both palms, or both backs
            relative.fingers = right.transpose() * left.col(0);
            relative.wrist =
                right.transpose() *
                (state.hands[1].joints.row(0) - state.hands[0].joints.row(0)).transpose();
            relative.released = trace.failure.empty();
            return relative;
        });
    std::erase_if(all, [](const Relative& one) { return !one.released; });

    Table table{{"released pairs",
                 "cells of palm directions, of 200",
                 "of finger directions, of 200",
                 "5 cm cells of wrist places",
                 "distinct in all three"},
                {}};
    std::set<int> palms, fingers;
    std::set<std::array<int, 3>> places;
    std::set<std::array<int, 5>> together;
    std::vector<double> distances;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Relative& one = all[i];
        const std::array<int, 3> place{static_cast<int>(std::floor(one.wrist.x() / kCell)),
                                       static_cast<int>(std::floor(one.wrist.y() / kCell)),
                                       static_cast<int>(std::floor(one.wrist.z() / kCell))};
        const int palm = sphere_cell(one.palm), finger = sphere_cell(one.fingers);
        palms.insert(palm);
        fingers.insert(finger);
        places.insert(place);
        together.insert({palm, finger, place[0], place[1], place[2]});
        distances.push_back(one.wrist.norm());
        const std::size_t done = i + 1;
        const bool doubling = (done & (done - 1)) == 0 && done >= 16;
        if (doubling || done == all.size()) {
            table.rows.push_back({std::to_string(done),
                                  std::to_string(palms.size()),
                                  std::to_string(fingers.size()),
                                  std::to_string(places.size()),
                                  std::to_string(together.size())});
        }
    }

    Svg svg(640, 200);
    std::vector<Vec3> palm_directions, finger_directions;
    constexpr std::size_t kMostDots = 1000; // keeps the picture small
    for (std::size_t i = 0; i < std::min(all.size(), kMostDots); ++i) {
        palm_directions.push_back(all[i].palm);
        finger_directions.push_back(all[i].fingers);
    }
    draw_map(svg, 10, "left palm, from the right hand (equal area)", palm_directions);
    draw_map(svg, 330, "left fingers, from the right hand", finger_directions);
    write_file_atomically(context.file("wrists.svg"), std::string_view(svg.str()));
    return write_table(context, "wrists", table) +
           fmt::format("\nWrists are {} mm apart (5 %), {} mm (median), {} mm (95 %).\n\n"
                       "![Relative wrist poses](wrists.svg)\n",
                       figure(1e3 * quantile_of(distances, 0.05), 0),
                       figure(1e3 * median_of(distances), 0),
                       figure(1e3 * quantile_of(distances, 0.95), 0));
}

} // namespace rih
