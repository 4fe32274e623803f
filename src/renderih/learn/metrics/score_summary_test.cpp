// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/metrics/score_summary.h"

#include "renderih/base/error.h"

#include <gmock/gmock.h>

#include <cmath>

namespace rih::learn {
namespace {

using testing::ElementsAre;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

PairScores of(double right, double left) {
    PairScores scores;
    scores.hands[0].mpjpe = scores.hands[0].pa_mpjpe = right;
    scores.hands[1].mpjpe = scores.hands[1].pa_mpjpe = left;
    return scores;
}

TEST(RunningMean, IsMeanAndSpread) {
    RunningMean mean;
    EXPECT_TRUE(std::isnan(mean.mean()));
    for (const double value : {2.0, 4.0, kNaN, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) {
        mean.add(value);
    }
    EXPECT_EQ(mean.count(), 8U);
    EXPECT_DOUBLE_EQ(mean.mean(), 5);
    EXPECT_DOUBLE_EQ(mean.deviation(), 2);
}

// Errors evenly over 0 .. 100 mm: half of them within 50 mm, and a quarter of the area.
TEST(Pck, OfEvenErrorsIsARamp) {
    PckCurve pck;
    EXPECT_TRUE(std::isnan(pck.auc()));
    for (int i = 0; i < 10'000; ++i) {
        pck.add((i + 0.5) * 1e-5);
    }
    const auto curve = pck.curve();
    EXPECT_EQ(curve.front(), 0);
    EXPECT_NEAR(curve[40], 0.2, 1e-9);
    EXPECT_NEAR(curve.back(), 0.5, 1e-9);
    EXPECT_NEAR(pck.auc(), 0.25, 1e-4);
}

TEST(Pck, OfPerfectionIsOne) {
    PckCurve pck;
    pck.add(0);
    EXPECT_DOUBLE_EQ(pck.auc(), 1);
    pck.add(10); // beyond every threshold
    EXPECT_DOUBLE_EQ(pck.auc(), 0.5);
}

// Each hand counts once: the mean over right and left.
TEST(Summary, IsInMillimetresOverHands) {
    ScoreSummary summary;
    summary.add(of(0.010, 0.020), kNaN, kNaN);
    summary.add(of(0.030, kNaN), kNaN, kNaN);
    const auto groups = summary.groups();
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].name, "all");
    EXPECT_EQ(groups[0].pictures, 2U);
    EXPECT_EQ(groups[0].hands, 3U);
    EXPECT_NEAR(groups[0].of(Measure::Mpjpe).mean(), 20, 1e-9);
    EXPECT_TRUE(std::isnan(groups[0].of(Measure::Mrrpe).mean()));
}

TEST(Summary, SortsByOcclusionAndTone) {
    ScoreSummary summary;
    const double third = 1.0 / 3;
    for (const auto& [iou, ita] : std::vector<std::pair<double, double>>{
             {0, -31}, {third - 1e-6, -30}, {third, 20}, {0.7, 40}, {1, 54}, {1, 55}}) {
        summary.add(of(0.001 * ita, 0.001 * ita), iou, ita);
    }
    std::vector<std::pair<std::string, std::uint64_t>> found;
    for (const GroupScores& group : summary.groups()) {
        found.emplace_back(group.name, group.pictures);
    }
    EXPECT_THAT(found,
                ElementsAre(std::pair("all", 6),
                            std::pair("mask_iou 0.00-0.33", 2),
                            std::pair("mask_iou 0.33-0.67", 1),
                            std::pair("mask_iou 0.67-1.00", 3),
                            std::pair("tone dark", 1),
                            std::pair("tone brown", 1),
                            std::pair("tone tan", 1),
                            std::pair("tone intermediate", 1),
                            std::pair("tone light", 1),
                            std::pair("tone very light", 1)));
    EXPECT_NEAR(summary.groups()[3].of(Measure::Mpjpe).mean(), (40 + 54 + 55) / 3.0, 1e-9);
}

TEST(Summary, RefusesEdgesThatDoNotAscend) {
    EXPECT_THROW(ScoreSummary({.mask_iou_edges = {0.5, 0.5}}), UserError);
    EXPECT_THROW(ScoreSummary({.mask_iou_edges = {0.0}}), UserError);
    EXPECT_THROW(ScoreSummary({.mask_iou_edges = {1.0}}), UserError);
    EXPECT_THROW(ScoreSummary({.mask_iou_edges = {kNaN}}), UserError);
}

} // namespace
} // namespace rih::learn
