// SPDX-License-Identifier: Apache-2.0
// How an evaluation is told: Markdown for people, JSON for programs.
#include "renderih/base/json_fields.h"
#include "renderih/base/table.h"
#include "renderih/learn/evaluation/evaluate.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace rih::learn {

namespace {

/// What columns are called; millimetres are said once.
constexpr std::array<const char*, kMeasures> kColumns{
    "MPJPE", "PA-MPJPE", "SMPJPE", "MPVPE", "PA-MPVPE", "MRRPE", "RRVE", "CDev"};

OrderedJson number(double value) {
    return std::isfinite(value) ? OrderedJson(value) : OrderedJson(nullptr);
}

OrderedJson json_of(const GroupScores& group) {
    OrderedJson json{{"group", group.name},
                     {"pictures", group.pictures},
                     {"hands", group.hands},
                     {"missed_hands", group.missed_hands}};
    for (std::size_t m = 0; m < kMeasures; ++m) {
        const RunningMean& mean = group.measures[m];
        json[std::string(name_of(static_cast<Measure>(m)))] = {
            {"mean", number(mean.mean())},
            {"deviation", number(mean.deviation())},
            {"count", mean.count()}};
    }
    json["auc"] = number(group.pck.auc());
    json["pck"] = OrderedJson::array();
    for (const double share : group.pck.curve()) {
        json["pck"].push_back(number(share));
    }
    return json;
}

} // namespace

std::string EvaluationReport::text() const {
    std::string text = fmt::format("{} of {} records, errors in mm\n", predicted, records);
    for (const ProtocolScores& scores : protocols) {
        text += fmt::format("\n{}: {}\n\n", scores.protocol.name, scores.protocol.summary);
        Table table{{"group", "pictures", "hands", "missed"}, {}};
        table.columns.insert(table.columns.end(), kColumns.begin(), kColumns.end());
        table.columns.emplace_back("AUC 0-50");
        for (const GroupScores& group : scores.groups) {
            std::vector<std::string> row{group.name,
                                         std::to_string(group.pictures),
                                         std::to_string(group.hands),
                                         std::to_string(group.missed_hands)};
            for (const RunningMean& mean : group.measures) {
                row.push_back(figure(mean.mean(), 2));
            }
            row.push_back(figure(group.pck.auc(), 3));
            table.rows.push_back(std::move(row));
        }
        text += table.markdown();
    }
    return text;
}

std::string EvaluationReport::json() const {
    OrderedJson json{{"records", records}, {"predicted", predicted}};
    json["pck_limit_mm"] = 1e3 * PckCurve::kPckLimitM;
    for (const ProtocolScores& scores : protocols) {
        OrderedJson& groups = json["protocols"][scores.protocol.name];
        for (const GroupScores& group : scores.groups) {
            groups.push_back(json_of(group));
        }
    }
    return json.dump();
}

} // namespace rih::learn
