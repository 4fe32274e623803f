// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/posing/sources/pose_source.h"
#include "renderih/posing/sources/testing/temp_assets.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(SourceSpec, WeightFollowsTheLastEqualsSign) {
    EXPECT_EQ(parse_source_spec("open").spec, "open");
    EXPECT_EQ(parse_source_spec("open").weight, 1);
    EXPECT_EQ(parse_source_spec("open=0.7").spec, "open");
    EXPECT_EQ(parse_source_spec("open=0.7").weight, 0.7);
    EXPECT_EQ(parse_source_spec("a=b.npz=2e-1").spec, "a=b.npz");
    EXPECT_EQ(parse_source_spec("a=b.npz=2e-1").weight, 0.2);
    EXPECT_EQ(parse_source_spec("a=b.npz").spec, "a=b.npz");
    EXPECT_EQ(parse_source_spec("run=3/p.npz").spec, "run=3/p.npz");
    for (const char* wrong : {"open=0", "open=-1", "open=nan", "open=inf", "open=1e999", "=3"}) {
        EXPECT_THROW(parse_source_spec(wrong), UserError) << wrong;
    }
}

/// A poses file of one pair whose wrists are `distance` apart.
std::string write_pair(const std::filesystem::path& path, const HandPair& hands, double distance) {
    const auto shapes = static_cast<std::size_t>(hands.hands[0].shape_count());
    std::vector<double> pose(2 * 16 * 3, 0.0), translation(6, 0.0);
    translation[3] = distance;
    write_npz(
        path,
        {{"pose", {{{1, 2, 16, 3}, pose}, NpyType::Float64}},
         {"translation", {{{1, 2, 3}, translation}, NpyType::Float64}},
         {"shape", {{{1, 2, shapes}, std::vector<double>(2 * shapes, 0.0)}, NpyType::Float64}}});
    return path.string();
}

TEST(MixedSource, DrawsByWeight) {
    const TempFolder folder;
    const HandPair hands = make_test_hand_pair();
    const std::array<ShapedHand, 2> shaped{
        shape_hand(hands.hands[0], VecX::Zero(hands.hands[0].shape_count())),
        shape_hand(hands.hands[1], VecX::Zero(hands.hands[1].shape_count()))};
    const std::string a = write_pair(folder.path() / "a.npz", hands, 0.1);
    const std::string b = write_pair(folder.path() / "b.npz", hands, 0.2);
    const auto mixed = make_mixed_source({a + "=3", b}, folder.path(), hands);
    EXPECT_EQ(mixed->size(), 2u);
    int first = 0;
    constexpr int kDraws = 2000;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        Rng rng(1, i, "mix");
        const PoseSeed seed = mixed->draw(shaped, rng);
        first += (seed.translation[1] - seed.translation[0]).norm() < 0.15;
    }
    EXPECT_NEAR(first, 0.75 * kDraws, 80); // four standard deviations

    // Weights count as shares of their sum, and other shares make other draws.
    EXPECT_EQ(mixed->fingerprint(),
              make_mixed_source({a + "=6", b + "=2"}, folder.path(), hands)->fingerprint());
    EXPECT_NE(mixed->fingerprint(), make_mixed_source({a, b}, folder.path(), hands)->fingerprint());

    // Single hands weigh as their source does.
    const std::vector<HandShape> shapes = mixed->hand_shapes(hands);
    ASSERT_EQ(shapes.size(), 4u);
    EXPECT_DOUBLE_EQ(shapes[0].weight, 3 * shapes[2].weight);
    EXPECT_EQ(make_mixed_source({a}, folder.path(), hands)->hand_shapes(hands)[0].weight, 1);
    EXPECT_THROW(make_mixed_source({}, folder.path(), hands), UserError);
    EXPECT_THROW(make_mixed_source({a, a + "=2"}, folder.path(), hands), UserError);
}

} // namespace
} // namespace rih
