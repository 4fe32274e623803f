// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/contact_frequency.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/math/rotation.h"
#include "renderih/posing/anchors.h"

#include <gtest/gtest.h>

#include <fstream>

namespace rih {
namespace {

/// Flat hands palm to palm; every third pair is out of reach.
class PalmToPalm : public PoseSource {
  public:
    PoseSeed draw(const std::array<ShapedHand, 2>&, Rng& rng) const override {
        PoseSeed seed;
        seed.world_from_hand[1] = rotation_about(0, kPi) * rotation_about(1, kPi);
        const double apart = rng.uniform_index(3) == 0 ? 0.5 : -0.024;
        seed.translation[1] = Vec3(0, apart, 0);
        return seed;
    }
    std::vector<HandShape> hand_shapes(const HandPair&) const override { return {}; }
    std::string fingerprint() const override { return "palms"; }
    std::size_t size() const override { return 1; }
};

ContactCounts count(std::uint64_t pairs, int threads) {
    const HandPair hands = make_test_hand_pair();
    return count_contacts(
        hands, PalmToPalm(), {.pairs = pairs, .threads = threads, .shape_sd = 0, .step = {}});
}

TEST(ContactFrequency, CountsWhereHandsTouch) {
    const HandModel hand = make_test_hand(Side::Right);
    const ContactCounts counts = count(60, 2);
    const VecX frequency = counts.frequency();
    EXPECT_EQ(counts.hands, count(60, 1).hands);
    // A palm touches in the two thirds of pairs that meet, or never.
    EXPECT_GT(frequency.maxCoeff(), 0.4);
    EXPECT_LT(frequency.maxCoeff(), 0.9);
    const std::vector<bool> of_hand = hand_vertices(hand);
    double palm = 0, back = 0;
    for (int v = 0; v < hand.vertex_count(); ++v) {
        if (!of_hand[v]) {
            EXPECT_EQ(frequency[v], 0) << "a forearm vertex counts";
        }
        (hand.template_vertices(v, 1) < 0 ? palm : back) += frequency[v];
    }
    EXPECT_GT(palm, 5 * back + 1);
}

TEST(ContactFrequency, FileRoundTripAndDamage) {
    const TempFolder folder;
    const auto path = folder.path() / "counts.npz";
    ContactCounts counts = count(12, 1);
    counts.source = "palms";
    counts.save(path);
    const ContactCounts read = ContactCounts::load(path);
    EXPECT_EQ(read.hands, counts.hands);
    EXPECT_EQ(read.pairs, 12u);
    EXPECT_EQ(read.source, "palms");
    EXPECT_EQ(read.topology, counts.topology);
    const Bytes original = read_file(path, 1 << 20);
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const Bytes damaged = mutate(original, i);
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(damaged.data()),
                   static_cast<std::streamsize>(damaged.size()));
        try {
            ContactCounts::load(path);
        } catch (const UserError&) {
            continue;
        }
    }
}

TEST(ContactFrequency, AFileOfAnotherMeshIsRefused) {
    const TempFolder folder;
    const auto path = folder.path() / "counts.npz";
    count(3, 1).save(path);
    HandModel hand = make_test_hand(Side::Right);
    EXPECT_EQ(contact_frequency(hand, path, {}).size(), hand.vertex_count());
    std::swap(hand.faces[0], hand.faces[1]);
    EXPECT_THROW(contact_frequency(hand, path, {}), UserError);
}

TEST(ContactFrequency, IsCarriedToTheSamePlacesOfAnotherMesh) {
    const HandModel hand = make_test_hand(Side::Right);
    const VecX frequency = count(6, 1).frequency();
    EXPECT_EQ(carry_frequency(hand, frequency, hand), frequency);
    // A larger hand elsewhere with its vertices in another order.
    HandModel other = hand;
    const int n = hand.vertex_count();
    for (int v = 0; v < n; ++v) {
        other.template_vertices.row(n - 1 - v) = 1.2 * hand.template_vertices.row(v).array() + 0.3;
    }
    const Eigen::PermutationMatrix<Eigen::Dynamic> turned(VecX::LinSpaced(n, n - 1, 0).cast<int>());
    other.skin_weights = turned * hand.skin_weights;
    other.joint_regressor = hand.joint_regressor * turned.transpose();
    for (auto& face : other.faces) {
        for (int& vertex : face) {
            vertex = n - 1 - vertex;
        }
    }
    for (int& tip : other.tip_vertices) {
        tip = n - 1 - tip;
    }
    other.shape_dirs.setZero();
    const VecX carried = carry_frequency(hand, frequency, other);
    for (int v = 0; v < n; ++v) {
        EXPECT_EQ(carried[n - 1 - v], frequency[v]) << v;
    }
}

TEST(ContactFrequency, TheCommittedCountsAreOfTheOpenHand) {
    const char* assets = std::getenv("RENDERIH_ASSETS");
    if (assets == nullptr ||
        !std::filesystem::exists(std::filesystem::path(assets) / "hand" / "right.npz")) {
        GTEST_SKIP() << "no built assets (RENDERIH_ASSETS)";
    }
    const HandModel hand = load_hand_pair("open", assets).hands[0];
    const ContactCounts counts =
        ContactCounts::load(std::filesystem::path(RIH_SOURCE_DIR) / "assets/anchors/open.npz");
    ASSERT_EQ(counts.topology, topology_of(hand));
    EXPECT_GE(counts.pairs, 5000u);
    const VecX frequency = counts.frequency();
    EXPECT_EQ(contact_frequency(hand, {}, assets), frequency);
    EXPECT_EQ(make_anchors(hand, frequency).vertices.size(), std::size_t{kAnchorCount});
    // Fingertips touch more than the middle of the back of the hand.
    double tips = 0, back = 0;
    int back_count = 0;
    for (const int tip : hand.tip_vertices) {
        tips += frequency[tip] / kTipCount;
    }
    for (int v = 0; v < hand.vertex_count(); ++v) {
        if (hand.palm_of_vertex[v] < 0.1 && hand_vertices(hand)[v]) {
            back += frequency[v];
            ++back_count;
        }
    }
    EXPECT_GT(tips, back / back_count);
}

} // namespace
} // namespace rih
