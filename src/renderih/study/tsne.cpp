// SPDX-License-Identifier: Apache-2.0
// Figure 9: the same draws raw, augmented and released, as points that tools/studies/draw_tsne.py
// embeds and draws. A pair is its 42 keypoints in the right wrist's frame.
#include "renderih/base/npz.h"
#include "renderih/study/study_context.h"

namespace rih {

namespace {

using Keypoints = std::vector<double>; // [42 x 3] m

Keypoints keypoints(const HandPair& hands, const PairRig& rig, const PairParameters& parameters) {
    const PairState state = pose_pair(rig, parameters);
    const Mat3& world_from_right = rig.world_from_hand[0];
    const Vec3 wrist = state.hands[0].joints.row(0);
    Keypoints points;
    for (int h = 0; h < 2; ++h) {
        const Points in_world = keypoints_mano21(hands.hands[h], state.hands[h]);
        for (Eigen::Index k = 0; k < in_world.rows(); ++k) {
            const Vec3 local = world_from_right.transpose() * (Vec3(in_world.row(k)) - wrist);
            points.insert(points.end(), {local.x(), local.y(), local.z()});
        }
    }
    return points;
}

} // namespace

std::string study_tsne(const StudyContext& context) {
    struct One {
        Keypoints raw, augmented, optimised;
        bool released = false;
    };
    const std::vector<One> all = map_traces<One>(
        context, context.posing(), "tsne", context.count(), [&](const PoseTrace& trace) {
            return One{keypoints(context.hands, trace.rig, trace.raw),
                       keypoints(context.hands, trace.rig, trace.augmented),
                       keypoints(context.hands, trace.rig, trace.optimised),
                       trace.failure.empty()};
        });
    std::vector<double> points;
    std::vector<std::int64_t> kinds; // 0 raw, 1 augmented, 2 released
    const auto add = [&](const Keypoints& one, int kind) {
        points.insert(points.end(), one.begin(), one.end());
        kinds.push_back(kind);
    };
    for (const One& one : all) {
        add(one.raw, 0);
        add(one.augmented, 1);
        if (one.released) {
            add(one.optimised, 2);
        }
    }
    const std::size_t n = kinds.size();
    write_npz(context.file("tsne.npz"),
              {{"keypoints", {{{n, 2 * kKeypointCount, 3}, std::move(points)}, NpyType::Float32}},
               {"kind", {{{n}, std::move(kinds)}, NpyType::Int32}}});
    return fmt::format("{} points in tsne.npz (raw, augmented, released); draw them with "
                       "`python tools/studies/draw_tsne.py tsne.npz --out tsne.png`\n",
                       n);
}

} // namespace rih
