// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/dressed_hands.h"

#include "renderih/base/temp_folder.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/mano.h"
#include "renderih/hand/skin_transfer.h"
#include "renderih/hand/testing/mano_file.h"
#include "renderih/hand/testing/mano_like.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/pipeline/hand_surface.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace rih {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

// Plain skin is never given without a word.
TEST(DressedHands, WithoutTheOpenHandALineSaysSo) {
    HandPair hands = make_test_hand_pair();
    for (HandModel& hand : hands.hands) {
        hand.uv_faces.clear();
        hand.quad_uv.clear();
    }
    const TempFolder nothing;
    testing::internal::CaptureStderr();
    const HandPair same = dressed(hands, "a.pkl,b.pkl", nothing.path());
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, HasSubstr("plain"));
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
    EXPECT_EQ(hash_of(same[Side::Left]), hash_of(hands[Side::Left]));
    EXPECT_FALSE(has_skin_of_another(same[Side::Right]));
}

TEST(DressedHands, WithTexturesOfTheirOwnTheyStayAsTheyAre) {
    const HandPair hands = make_test_hand_pair();
    testing::internal::CaptureStderr();
    EXPECT_EQ(hash_of(dressed(hands, "a.npz,b.npz", {})[Side::Right]), hash_of(hands[Side::Right]));
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(DressedHands, MapsOfManosLayoutCoverTheHandAndItsNails) {
    const char* assets = std::getenv("RENDERIH_ASSETS");
    if (assets == nullptr || !fs::exists(fs::path(assets) / "hand" / "right.npz")) {
        GTEST_SKIP() << "the assets are not built (RENDERIH_ASSETS/hand/right.npz)";
    }
    const HandModel open = load_hand_pair("open", assets)[Side::Right];
    const HandModel hand = with_skin_of(
        open,
        hand_from_mano(mano_arrays_of_pickle(mano_pickle(make_mano_like(open).hand), "stand-in"),
                       Side::Right,
                       "stand-in"));
    constexpr int kHeight = 512;
    const auto of = [&](const HandModel& model) {
        const auto atlas = HandSurface(model, 2).skin_atlas(kHeight);
        const double texel = atlas->texel_mm() * atlas->texel_mm();
        std::array<double, kSkinFingers + 1> area{}; // mm^2 of all, and of each nail
        for (const SkinPlace& place : atlas->places) {
            area[0] += texel;
            if (place.nail > 0) {
                area[place.nail] += texel;
            }
        }
        return area;
    };
    const auto expected = of(open), found = of(hand);
    EXPECT_NEAR(found[0] / expected[0], 1, 0.25); // the forearms differ
    for (int finger = 1; finger <= kSkinFingers; ++finger) {
        EXPECT_NEAR(found[static_cast<std::size_t>(finger)] /
                        expected[static_cast<std::size_t>(finger)],
                    1.2, // fingers are longer by 8 % and thicker by 12
                    0.5)
            << finger;
    }
}

} // namespace
} // namespace rih
