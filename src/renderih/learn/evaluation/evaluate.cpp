// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/evaluation/evaluate.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/dataset/record.h"

#include <algorithm>

namespace rih::learn {

namespace {

/// A predicted hand in the mesh's own vertices and with joints.
ScoredHand scored(const PredictedHand& hand,
                  const HandMesh& mesh,
                  int model_vertices,
                  bool prefer_given_joints,
                  std::uint64_t key) {
    ScoredHand scored;
    scored.present = hand.present;
    if (!hand.present) {
        return scored;
    }
    if (hand.vertices.rows() > 0) {
        Points vertices = hand.vertices.cast<double>();
        if (vertices.rows() == model_vertices && model_vertices != mesh.vertex_count()) {
            vertices = Points(vertices(mesh.model_vertices, Eigen::all));
        }
        RIH_REQUIRE(vertices.rows() == mesh.vertex_count(),
                    "record {}: {} vertices are predicted, where the data set's hand has {} (or, "
                    "with its forearm, {})",
                    record_key(key),
                    vertices.rows(),
                    mesh.vertex_count(),
                    model_vertices);
        scored.vertices = std::move(vertices);
    }
    const bool given = hand.joints.rows() > 0;
    scored.joints = given && (prefer_given_joints || scored.vertices.rows() == 0)
                        ? Points(hand.joints.cast<double>())
                        : regressed_joints(mesh, scored.vertices);
    return scored;
}

} // namespace

Evaluator::Evaluator(std::vector<Protocol> protocols, const SummaryOptions& options)
    : protocols_(std::move(protocols)), summaries_(protocols_.size(), ScoreSummary(options)) {
    RIH_ASSERT(!protocols_.empty(), "an evaluation by no protocol");
}

Evaluator::Scores Evaluator::score(const PredictedPair& prediction,
                                   bool one_frame,
                                   const PictureLabels& labels,
                                   const HandPair& hands,
                                   const std::array<HandMesh, 2>& meshes) const {
    Scores scores;
    for (const Protocol& protocol : protocols_) {
        if (protocol.pairs_only && !(labels.hands[0].has_hand && labels.hands[1].has_hand)) {
            scores.emplace_back();
            continue;
        }
        ScoredPair predicted, target;
        std::array<JointMask, 2> valid{};
        for (std::size_t side = 0; side < 2; ++side) {
            const LabelHand& label = labels.hands[side];
            predicted[side] = scored(prediction.hands[side],
                                     meshes[side],
                                     hands.hands[side].vertex_count(),
                                     protocol.stored_joints,
                                     labels.key);
            target[side] = {label.has_hand,
                            protocol.stored_joints ? label.stored_joints_in_cam
                                                   : label.joints_in_cam,
                            label.vertices_in_cam};
            valid[side] = protocol.stored_joints ? label.stored_joint_valid : label.joint_valid;
        }
        scores.emplace_back(score_pair(predicted, target, valid, one_frame, protocol.scores));
    }
    return scores;
}

void Evaluator::add(const Scores& scores, double mask_iou, double ita_deg) {
    for (std::size_t p = 0; p < summaries_.size(); ++p) {
        if (scores[p]) {
            summaries_[p].add(*scores[p], mask_iou, ita_deg);
        }
    }
}

std::vector<ProtocolScores> Evaluator::results() const {
    std::vector<ProtocolScores> results;
    for (std::size_t p = 0; p < protocols_.size(); ++p) {
        results.push_back({protocols_[p], summaries_[p].groups()});
    }
    return results;
}

EvaluationReport evaluate(const RecordSource& source,
                          const PredictionSet& predictions,
                          const EvaluationOptions& options) {
    constexpr std::size_t kChunk = 256; // records in memory at once
    EvaluationReport report;
    report.records = source.size();
    report.predicted = predictions.pairs.size();
    std::vector<std::size_t> places;
    for (const PredictedPair& pair : predictions.pairs) {
        places.push_back(source.find(pair.key));
    }
    RIH_REQUIRE(options.partial || report.predicted == report.records,
                "{}: {} of the split's {} records have no prediction; --partial judges the others "
                "alone",
                source.dir().string(),
                report.records - report.predicted,
                report.records);
    Evaluator evaluator(options.protocols, options.summary);
    struct Judged {
        Evaluator::Scores scores;
        double mask_iou = 0, ita_deg = 0;
    };
    for (std::size_t first = 0; first < places.size(); first += kChunk) {
        std::vector<Judged> judged(std::min(kChunk, places.size() - first));
        parallel_for(judged.size(), options.threads, [&](std::size_t i) {
            const PictureLabels labels = source.labels(places[first + i]);
            judged[i] = {evaluator.score(predictions.pairs[first + i],
                                         predictions.one_frame,
                                         labels,
                                         source.hands(),
                                         source.meshes()),
                         labels.mask_iou,
                         labels.ita_deg};
        });
        for (const Judged& one : judged) { // in order: sums do not depend on threads
            evaluator.add(one.scores, one.mask_iou, one.ita_deg);
        }
    }
    report.protocols = evaluator.results();
    return report;
}

} // namespace rih::learn
