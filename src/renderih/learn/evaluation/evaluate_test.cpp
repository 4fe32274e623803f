// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/evaluation/evaluate.h"

#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/base/temp_folder.h"
#include "renderih/learn/evaluation/mean_hand.h"
#include "renderih/learn/testing/hand_dataset.h"

#include <gmock/gmock.h>

#include <cmath>

namespace rih::learn {
namespace {

using testing::HasSubstr;

class Evaluating : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = new TempFolder;
        make_hand_dataset(folder_->path(), {.seed = 3, .poses = 30}, make_test_hand_pair());
    }
    static void TearDownTestSuite() { delete folder_; }

    static RecordSource source(Split split = Split::Train) {
        return {folder_->path(), make_test_hand_pair(), split};
    }
    static PredictionSet truth(const RecordSource& source) {
        PredictionSet set;
        for (std::size_t i = 0; i < source.size(); ++i) {
            const PictureLabels labels = source.labels(i);
            PredictedPair pair{labels.key, {}};
            for (std::size_t side = 0; side < 2; ++side) {
                pair.hands[side] = {true,
                                    labels.hands[side].stored_joints_in_cam.cast<float>(),
                                    labels.hands[side].vertices_in_cam.cast<float>()};
            }
            set.pairs.push_back(std::move(pair));
        }
        return set;
    }

    static TempFolder* folder_;
};
TempFolder* Evaluating::folder_ = nullptr;

std::string
complaint(const RecordSource& source, const PredictionSet& set, const EvaluationOptions& options) {
    try {
        evaluate(source, set, options);
    } catch (const UserError& error) {
        return error.what();
    }
    return "no complaint";
}

// The data set's own hands are perfect under every protocol, the measures of contact apart: those
// are the distances that the truth itself has.
TEST_F(Evaluating, TheTruthIsPerfect) {
    const RecordSource records = source();
    const EvaluationReport report = evaluate(records, truth(records), {.protocols = protocols()});
    ASSERT_EQ(report.protocols.size(), 5U);
    for (const ProtocolScores& scores : report.protocols) {
        const GroupScores& all = scores.groups[0];
        EXPECT_EQ(all.pictures, records.size());
        EXPECT_EQ(all.hands, 2 * records.size());
        EXPECT_EQ(all.missed_hands, 0U);
        for (const Measure measure : {Measure::Mpjpe,
                                      Measure::PaMpjpe,
                                      Measure::Smpjpe,
                                      Measure::Mpvpe,
                                      Measure::PaMpvpe,
                                      Measure::Mrrpe,
                                      Measure::Rrve}) {
            EXPECT_EQ(all.of(measure).count(),
                      (measure == Measure::Mrrpe || measure == Measure::Rrve ? 1 : 2) *
                          records.size());
            EXPECT_LT(all.of(measure).mean(), 1e-3)
                << scores.protocol.name << " " << name_of(measure);
        }
        EXPECT_NEAR(all.pck.auc(), 1, 1e-2);
    }
}

// Each protocol sees what it is for: a prediction of one and a half times the size.
TEST_F(Evaluating, ProtocolsDiffer) {
    const RecordSource records = source();
    PredictionSet set = truth(records);
    for (PredictedPair& pair : set.pairs) {
        for (PredictedHand& hand : pair.hands) {
            hand.joints *= 1.5F;
            hand.vertices *= 1.5F;
        }
    }
    const EvaluationReport report = evaluate(records, set, {.protocols = protocols()});
    const auto mpjpe = [&](std::size_t p) {
        return report.protocols[p].groups[0].of(Measure::Mpjpe).mean();
    };
    EXPECT_LT(mpjpe(0), 1e-3);
    EXPECT_GT(mpjpe(1), 10);
    EXPECT_GT(mpjpe(2), 1.2 * mpjpe(1)); // fingers are farther from the wrist
    EXPECT_NE(mpjpe(2), mpjpe(3));       // the mesh's joints are not the skeleton's
    EXPECT_EQ(mpjpe(3), mpjpe(4));       // every record has both hands
}

// Whole-model vertices, with the forearm, count as the hand's own.
TEST_F(Evaluating, TakesTheForearmAway) {
    const RecordSource records = source();
    PredictionSet set = truth(records);
    for (PredictedPair& pair : set.pairs) {
        for (std::size_t side = 0; side < 2; ++side) {
            const HandMesh& mesh = records.meshes()[side];
            const int whole = records.hands().hands[side].vertex_count();
            PredictedHand::Rows rows = PredictedHand::Rows::Constant(whole, 3, 99);
            rows(mesh.model_vertices, Eigen::all) = pair.hands[side].vertices;
            pair.hands[side].vertices = rows;
        }
    }
    const EvaluationReport report = evaluate(records, set, {.protocols = {protocols()[1]}});
    EXPECT_LT(report.protocols[0].groups[0].of(Measure::Mpvpe).mean(), 1e-3);
    set.pairs[2].hands[1].vertices.conservativeResize(7, 3);
    EXPECT_THAT(complaint(records, set, {.protocols = {protocols()[1]}}),
                HasSubstr("7 vertices are predicted"));
}

TEST_F(Evaluating, DoesNotDependOnThreads) {
    const RecordSource records = source();
    PredictionSet set = truth(records);
    for (std::size_t i = 0; i < set.pairs.size(); ++i) {
        set.pairs[i].hands[i % 2].vertices.row(static_cast<Eigen::Index>(i)) *= 1.01F;
    }
    EvaluationOptions options{.protocols = protocols(), .threads = 1};
    const std::string one = evaluate(records, set, options).json();
    options.threads = 3;
    EXPECT_EQ(evaluate(records, set, options).json(), one);
}

// Leaving out the hard pictures is no way to a better figure.
TEST_F(Evaluating, DemandsEveryRecord) {
    const RecordSource records = source();
    PredictionSet set = truth(records);
    set.pairs.erase(set.pairs.begin());
    EvaluationOptions options{.protocols = {protocols()[0]}};
    EXPECT_THAT(complaint(records, set, options), HasSubstr("1 of the split's"));
    options.partial = true;
    EXPECT_EQ(evaluate(records, set, options).predicted, records.size() - 1);
    set.pairs[0].key = 999'999;
    EXPECT_THAT(complaint(records, set, options), HasSubstr("no record 000000999999"));
}

TEST_F(Evaluating, CountsAHandThatIsMissing) {
    const RecordSource records = source();
    PredictionSet set = truth(records);
    set.pairs[0].hands[0] = {};
    const auto report = evaluate(records, set, {.protocols = {protocols()[1]}});
    EXPECT_EQ(report.protocols[0].groups[0].missed_hands, 1U);
    EXPECT_EQ(report.protocols[0].groups[0].hands, 2 * records.size() - 1);
}

// Its mean joint error is the mean distance of joints from their mean, computed here once more.
TEST_F(Evaluating, MeanHandsAreTheMean) {
    const RecordSource records = source();
    const auto hands = mean_hands(records);
    std::array<Points, 2> mean;
    Vec3 offset = Vec3::Zero();
    for (std::size_t side = 0; side < 2; ++side) {
        mean[side] = Points::Zero(records.meshes()[side].vertex_count(), 3);
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        const PictureLabels labels = records.labels(i);
        for (std::size_t side = 0; side < 2; ++side) {
            const LabelHand& hand = labels.hands[side];
            mean[side] += (hand.vertices_in_cam.rowwise() - hand.joints_in_cam.row(9)) /
                          static_cast<double>(records.size());
        }
        offset +=
            Vec3(labels.hands[1].joints_in_cam.row(9) - labels.hands[0].joints_in_cam.row(9)) /
            static_cast<double>(records.size());
    }
    EXPECT_TRUE(hands[0].vertices.cast<double>().isApprox(mean[0], 1e-5));
    EXPECT_TRUE(hands[1].vertices.cast<double>().isApprox(
        Points(mean[1].rowwise() + offset.transpose()), 1e-5));
    const RecordSource judged = source(Split::Val);
    const auto report =
        evaluate(judged, predict_mean_hands(hands, judged), {.protocols = {protocols()[1]}});
    EXPECT_GT(report.protocols[0].groups[0].of(Measure::Mpjpe).mean(), 10);
    EXPECT_EQ(report.predicted, judged.size());
}

TEST_F(Evaluating, TellsItsFigures) {
    const RecordSource records = source();
    PredictionSet set = truth(records);
    for (PredictedPair& pair : set.pairs) {
        pair.hands[1].joints.row(4).array() += 0.021F / std::sqrt(3.0F);
        pair.hands[1].vertices.resize(0, 3);
    }
    const auto report = evaluate(records, set, {.protocols = {protocol_of_name("P5")}});
    const OrderedJson json = parse_json(report.json(), "report");
    const OrderedJson& all = json["protocols"]["P5"][0];
    EXPECT_EQ(json["predicted"], records.size());
    EXPECT_EQ(all["group"], "all");
    EXPECT_NEAR(all["mpjpe_mm"]["mean"].get<double>(), 0.5, 1e-3);
    EXPECT_EQ(all["mpjpe_mm"]["count"], 2 * records.size());
    EXPECT_EQ(all["mpvpe_mm"]["count"], records.size());
    EXPECT_TRUE(all["rrve_mm"]["mean"].is_null());
    EXPECT_EQ(all["pck"].size(), 101U);
    const std::string text = report.text();
    EXPECT_THAT(text, HasSubstr("P5: wrist"));
    EXPECT_THAT(text, HasSubstr("| group | pictures | hands | missed | MPJPE | PA-MPJPE |"));
    EXPECT_THAT(text, HasSubstr("| 0.50 |"));
}

TEST(Protocols, AreNamed) {
    EXPECT_TRUE(protocol_of_name("P1").scores.bone_scaled);
    EXPECT_FALSE(protocol_of_name("P2").scores.bone_scaled);
    EXPECT_EQ(protocol_of_name("P3").scores.root, RootJoint::Wrist);
    EXPECT_THROW(protocol_of_name("P6"), UserError);
}

} // namespace
} // namespace rih::learn
