// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/optimise.h"

#include "renderih/posing/testing_pair.h"

#include <gtest/gtest.h>

#include <map>

namespace rih {
namespace {

using testing_pair::place;
using testing_pair::TestPair;

using History = std::vector<std::map<std::string, double>>;

PairParameters run(const TestPair& pair, const PosingOptions& options, History& history) {
    return optimise_pair(pair.context,
                         options,
                         pair.rig,
                         pair.parameters,
                         [&](int, double energy, const auto& values) {
                             std::map<std::string, double> row(values.begin(), values.end());
                             row["energy"] = energy;
                             history.push_back(row);
                         });
}

TEST(Optimise, SeparatesOverlappingHandsAndEndsInsideTable2) {
    TestPair pair;
    Rng rng(1, 0, "optimise");
    place(pair, 0.023, 0.3, rng);
    History history;
    const PairParameters result = run(pair, {}, history);
    ASSERT_EQ(history.size(), 215u);
    EXPECT_GT(history.front()["penetration"], 0.01);
    EXPECT_LT(history.back()["penetration"], 0.02 * history.front()["penetration"]);
    for (const FingerAngles& angles : result.angles) {
        EXPECT_LE(max_limit_excess(angles), 0);
    }
}

TEST(Optimise, AttractionMakesContact) {
    // With attraction the anchors close in; without it nothing moves them.
    TestPair pair;
    Rng rng(2, 0, "optimise attraction");
    place(pair, 0.055, 0, rng);
    const auto nearest = [&](const PairParameters& parameters) {
        const PairState state = pose_pair(pair.rig, parameters);
        double least = 1;
        for (const int a : pair.context.anchors.vertices) {
            for (const int b : pair.context.anchors.vertices) {
                least = std::min(
                    least,
                    (state.hands[0].vertices.row(a) - state.hands[1].vertices.row(b)).norm());
            }
        }
        return least;
    };
    const double before = nearest(pair.parameters);
    ASSERT_GT(before, 0.002);
    ASSERT_LT(before, 0.02);
    PosingOptions options;
    options.without = {"self", "penetration"};
    History history;
    EXPECT_LT(nearest(run(pair, options, history)), 0.5 * before);
    options.without.push_back("attraction");
    History other;
    EXPECT_NEAR(nearest(run(pair, options, other)), before, 1e-6);
    EXPECT_EQ(other.front().count("attraction"), 0u);
}

TEST(Optimise, IsTheSameTwice) {
    TestPair pair;
    Rng rng(3, 0, "optimise twice");
    place(pair, 0.012, 0.1, rng);
    PosingOptions options;
    options.iterations = 30;
    History history;
    const VecX first = to_variables(run(pair, options, history), 1);
    const VecX second = to_variables(run(pair, options, history), 1);
    EXPECT_EQ(first, second);
}

TEST(Optimise, NoIterationsOnlyClamp) {
    TestPair pair;
    Rng rng(4, 0, "optimise none");
    place(pair, 0.012, 0.5, rng);
    PosingOptions options;
    options.iterations = 0;
    History history;
    const PairParameters result = run(pair, options, history);
    EXPECT_TRUE(history.empty());
    EXPECT_EQ(result.translation[1], pair.parameters.translation[1]);
    EXPECT_LE(max_limit_excess(result.angles[0]), 0);
}

} // namespace
} // namespace rih
