// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/evaluation/mean_hand.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/learn/metrics/hand_metrics.h"

#include <algorithm>

namespace rih::learn {

std::array<PredictedHand, 2> mean_hands(const RecordSource& training, int threads) {
    constexpr std::size_t kChunk = 256; // records in memory at once
    constexpr auto kRoot = static_cast<int>(RootJoint::MiddleMcp);
    std::array<Points, 2> sums;
    for (std::size_t side = 0; side < 2; ++side) {
        sums[side] = Points::Zero(training.meshes()[side].vertex_count(), 3);
    }
    Vec3 offset = Vec3::Zero(); // from the right root to the left one
    for (std::size_t first = 0; first < training.size(); first += kChunk) {
        std::vector<PictureLabels> labels(std::min(kChunk, training.size() - first));
        parallel_for(
            labels.size(), threads, [&](std::size_t i) { labels[i] = training.labels(first + i); });
        for (const PictureLabels& one : labels) { // in order: sums do not depend on threads
            std::array<Vec3, 2> roots;
            for (std::size_t side = 0; side < 2; ++side) {
                const LabelHand& hand = one.hands[side];
                RIH_REQUIRE(hand.has_vertices,
                            "{}: has hands without vertices; their mean is not known",
                            training.dir().string());
                roots[side] = hand.joints_in_cam.row(kRoot);
                sums[side] += relative_to(hand.vertices_in_cam, roots[side]);
            }
            offset += roots[1] - roots[0];
        }
    }
    const double count = static_cast<double>(training.size());
    std::array<PredictedHand, 2> hands;
    for (std::size_t side = 0; side < 2; ++side) {
        const Vec3 place = side == 0 ? Vec3(Vec3::Zero()) : Vec3(-offset / count);
        hands[side].present = true;
        hands[side].vertices = relative_to(sums[side] / count, place).cast<float>();
    }
    return hands;
}

PredictionSet predict_mean_hands(const std::array<PredictedHand, 2>& hands,
                                 const RecordSource& judged) {
    PredictionSet set;
    for (std::size_t i = 0; i < judged.size(); ++i) {
        set.pairs.push_back({judged.key(i), hands});
    }
    return set;
}

} // namespace rih::learn
