// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/identity.h"

#include "renderih/hand/hand_io.h"
#include "renderih/hand/testing/test_hand.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace rih {
namespace {

/// Mean, deviation and correlation of lengths and breadths, m.
struct Spread {
    HandDimensions mean, sd;
    double correlation = 0;
};

Spread spread_of(const std::vector<HandDimensions>& hands) {
    Spread spread;
    const auto n = static_cast<double>(hands.size());
    for (const HandDimensions& hand : hands) {
        spread.mean.length += hand.length / n;
        spread.mean.breadth += hand.breadth / n;
    }
    double product = 0;
    for (const HandDimensions& hand : hands) {
        const double x = hand.length - spread.mean.length, y = hand.breadth - spread.mean.breadth;
        spread.sd.length += x * x / n;
        spread.sd.breadth += y * y / n;
        product += x * y / n;
    }
    spread.sd.length = std::sqrt(spread.sd.length);
    spread.sd.breadth = std::sqrt(spread.sd.breadth);
    spread.correlation = product / (spread.sd.length * spread.sd.breadth);
    return spread;
}

// Half the people are of each population: mean and variance of the mixture follow.
TEST(Identity, OpenHandsAreAsLongAndBroadAsThePopulation) {
    const char* assets = std::getenv("RENDERIH_ASSETS");
    if (assets == nullptr) {
        GTEST_SKIP() << "RENDERIH_ASSETS is not set";
    }
    const HandPair pair = load_hand_pair("open", assets);
    const IdentityDraw identity(pair.hands[0]);
    std::array<std::vector<HandDimensions>, 2> hands;
    for (std::uint64_t id = 0; id < 4000; ++id) {
        Rng rng(5, id, "identity");
        const auto shapes = identity.draw(1, rng);
        for (int h = 0; h < 2; ++h) {
            hands[h].push_back(identity.calipers().of_shape(shapes[h]));
        }
    }
    const auto women = hand_populations()[0], men = hand_populations()[1];
    const auto mixed = [](double a, double b, double sd_a, double sd_b) {
        return std::sqrt(0.5 * (sd_a * sd_a + sd_b * sd_b) + 0.25 * (b - a) * (b - a));
    };
    for (const auto& side : hands) {
        const Spread found = spread_of(side);
        EXPECT_NEAR(found.mean.length, 0.5 * (women.mean.length + men.mean.length), 0.6e-3);
        EXPECT_NEAR(found.mean.breadth, 0.5 * (women.mean.breadth + men.mean.breadth), 0.35e-3);
        EXPECT_NEAR(found.sd.length,
                    mixed(women.mean.length, men.mean.length, women.sd.length, men.sd.length),
                    0.5e-3);
        EXPECT_NEAR(found.sd.breadth,
                    mixed(women.mean.breadth, men.mean.breadth, women.sd.breadth, men.sd.breadth),
                    0.35e-3);
        // Higher than in either population alone: men's hands are longer and broader.
        EXPECT_NEAR(found.correlation, 0.75, 0.04);
    }
    double apart = 0;
    for (std::size_t i = 0; i < hands[0].size(); ++i) {
        apart += std::abs(hands[0][i].length - hands[1][i].length) / 4000;
    }
    EXPECT_GT(apart, 0.3e-3); // alike, not the same
    EXPECT_LT(apart, 2e-3);
}

TEST(Identity, NoDeviationIsTheMeanHandAndOtherModelsDrawNormalNumbers) {
    HandModel model = make_test_hand();
    model.meta_json = R"({"shape_names": ["a", "size"]})"; // no girth
    const IdentityDraw identity(model);
    Rng still(1, 0, "identity");
    for (const VecX& shape : identity.draw(0, still)) {
        ASSERT_EQ(shape.size(), model.shape_count());
        EXPECT_EQ(shape.norm(), 0);
    }
    double square = 0;
    constexpr int kPeople = 2000;
    for (std::uint64_t id = 0; id < kPeople; ++id) {
        Rng rng(1, id, "identity");
        square += identity.draw(2, rng)[0].squaredNorm();
    }
    EXPECT_NEAR(std::sqrt(square / (kPeople * model.shape_count())), 2 * 0.88, 0.05);
}

TEST(HandCalipers, MeasureWhatIsScaled) {
    const HandModel model = make_test_hand(); // its first direction is size
    const HandCalipers calipers(model);
    VecX shape = VecX::Zero(model.shape_count());
    const HandDimensions before = calipers.of_template();
    EXPECT_GT(before.length, 1.5 * before.breadth);
    shape[0] = 2;
    const HandDimensions after = calipers.of_shape(shape);
    EXPECT_GT(after.length, 1.01 * before.length);
    EXPECT_NEAR(after.length / before.length, after.breadth / before.breadth, 1e-9);
}

} // namespace
} // namespace rih
