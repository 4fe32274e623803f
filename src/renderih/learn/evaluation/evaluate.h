// SPDX-License-Identifier: Apache-2.0
// Judges predictions against the labels of a data set's split, by one protocol or several.
#pragma once

#include "renderih/learn/data/record_source.h"
#include "renderih/learn/evaluation/prediction_set.h"
#include "renderih/learn/evaluation/protocol.h"
#include "renderih/learn/metrics/score_summary.h"

#include <optional>

namespace rih::learn {

struct ProtocolScores {
    Protocol protocol;
    std::vector<GroupScores> groups; ///< "all" first
};

struct EvaluationReport {
    std::uint64_t records = 0;   ///< of the split
    std::uint64_t predicted = 0; ///< of them have a prediction
    std::vector<ProtocolScores> protocols;

    std::string text() const; ///< Markdown tables
    std::string json() const; ///< one object, the PCK curves in it
};

/// Adds up scores, picture by picture, under several protocols.
class Evaluator {
  public:
    explicit Evaluator(std::vector<Protocol> protocols, const SummaryOptions& options = {});

    using Scores = std::vector<std::optional<PairScores>>; // by protocol; none: does not count
    /// What one prediction scores; any thread may call. Vertices are those of `meshes` or of whole
    /// `hands`; throws UserError for others.
    Scores score(const PredictedPair& prediction,
                 bool one_frame,
                 const PictureLabels& labels,
                 const HandPair& hands,
                 const std::array<HandMesh, 2>& meshes) const;
    /// In a fixed order, so that sums come out the same.
    void add(const Scores& scores, double mask_iou, double ita_deg);

    std::vector<ProtocolScores> results() const;

  private:
    std::vector<Protocol> protocols_;
    std::vector<ScoreSummary> summaries_;
};

struct EvaluationOptions {
    std::vector<Protocol> protocols;
    SummaryOptions summary = {};
    /// Records of the split that have no prediction are an error, else left out.
    bool partial = false;
    int threads = 0; ///< 0: every core
};

/// Throws UserError when a prediction is of no record of the split, or is missing.
EvaluationReport evaluate(const RecordSource& source,
                          const PredictionSet& predictions,
                          const EvaluationOptions& options);

} // namespace rih::learn
