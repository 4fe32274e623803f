// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/item.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/learn/testing/hand_dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace rih::learn {
namespace {

class Items : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = new TempFolder;
        make_hand_dataset(folder_->path() / "set", {.seed = 3, .poses = 20}, make_test_hand_pair());
    }
    static void TearDownTestSuite() { delete folder_; }

    RecordSource source() const {
        return {folder_->path() / "set", make_test_hand_pair(), Split::Train};
    }

    static TempFolder* folder_;
};
TempFolder* Items::folder_ = nullptr;

/// The middle of what is bright in one channel, in continuous pixels; and how much there is.
std::pair<Vec2, double> bright_spot(const TrainingItem& item, int size, std::size_t channel) {
    Vec2 sum = Vec2::Zero();
    double weight = 0;
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            const auto at =
                (channel * static_cast<std::size_t>(size) + static_cast<std::size_t>(y)) *
                    static_cast<std::size_t>(size) +
                static_cast<std::size_t>(x);
            const double value = std::max(0.0, item.image[at] - 0.3);
            sum += value * Vec2(x + 0.5, y + 0.5);
            weight += value;
        }
    }
    return {sum / weight, weight};
}

Vec2 joint_px(const ItemHand& hand, std::size_t joint) {
    return {hand.joints_px[2 * joint], hand.joints_px[2 * joint + 1]};
}

/// Maps of a picture that shows nothing but a disk of one part at a pixel.
LabelImages disk(const Image8& picture, const Vec2& middle, std::uint8_t part, double depth_m) {
    LabelImages images{Image8(picture.width(), picture.height(), 1),
                       Image16(picture.width(), picture.height(), 1)};
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            if ((Vec2(x + 0.5, y + 0.5) - middle).norm() < 12) {
                images.parts.at(x, y) = part;
                images.depth.at(x, y) = static_cast<std::uint16_t>(std::lround(depth_m * 1e4));
            }
        }
    }
    return images;
}

// Whatever the augmentation, a coarse pixel tells the part and the depth of what lies there, of the
// other hand when the item is mirrored.
TEST_F(Items, MapsLieOnThePixels) {
    const RecordSource records = source();
    const int vertices = records.meshes()[0].vertex_count();
    constexpr std::size_t kJoint = 9;
    constexpr int kSize = 160, kMap = 16, kCell = kSize / kMap;
    int flipped = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Image8 picture = records.picture(i);
        PictureLabels labels = records.labels(i);
        const Vec3 x = labels.hands[0].joints_in_cam.row(kJoint);
        const Intrinsics& k = labels.intrinsics;
        labels.images =
            disk(picture, {k.fx * x.x() / x.z() + k.cx, k.fy * x.y() / x.z() + k.cy}, 3, x.z());
        const Augmentation augmentation = draw_augmentation({}, Rng(9, i, "items"));
        flipped += augmentation.flip ? 1 : 0;
        const TrainingItem item =
            make_item(picture, labels, vertices, {.size = kSize, .map_size = kMap}, augmentation);
        ASSERT_EQ(item.parts.size(), std::size_t{kMap * kMap});
        const Vec2 joint = joint_px(item.hands[augmentation.flip ? 1 : 0], kJoint);
        const auto cell = static_cast<std::size_t>(joint.y() / kCell) * kMap +
                          static_cast<std::size_t>(joint.x() / kCell);
        EXPECT_EQ(item.parts[cell], augmentation.flip ? 19 : 3) << i;
        EXPECT_NEAR(item.depth[cell], x.z(), 1e-4) << i;
        EXPECT_GT(std::ranges::count(item.parts, kNoPart), kMap * kMap / 2);
    }
    EXPECT_GT(flipped, 0);
    EXPECT_LT(flipped, static_cast<int>(records.size()));

    // Forearms change sides too, what is worn is no hand, and without maps nothing is known.
    PictureLabels labels = records.labels(0);
    const Image8 picture = records.picture(0);
    for (const auto& [part, plain, mirrored] :
         {std::array{33, 33, 34}, {34, 34, 33}, {17, 17, 1}, {36, 0, 0}}) {
        labels.images = disk(picture, {0, 0}, 0, 0);
        std::ranges::fill(labels.images->parts.values(), static_cast<std::uint8_t>(part));
        const auto middle_of = [&](bool flip) {
            return make_item(picture, labels, vertices, {.size = 64, .map_size = 1}, {.flip = flip})
                .parts[0];
        };
        EXPECT_EQ(middle_of(false), plain);
        EXPECT_EQ(middle_of(true), mirrored);
    }
    labels.images.reset();
    EXPECT_EQ(make_item(picture, labels, vertices, {.size = 64, .map_size = 1}, {}).parts[0],
              kUnknownPart);
}

// Whatever the augmentation, the dot drawn on a fingertip is where the label says, on the hand that
// the label says, and every point projects through the item's own camera onto its own pixels.
TEST_F(Items, LabelsLieOnThePixels) {
    const RecordSource records = source();
    const int vertices = records.meshes()[0].vertex_count();
    constexpr int kSize = 160;
    int flipped = 0, compared = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Augmentation augmentation =
            draw_augmentation({.channel_gain = 0, .offset = 0}, Rng(9, i, "items"));
        flipped += augmentation.flip ? 1 : 0;
        const TrainingItem item = make_item(records.picture(i),
                                            records.labels(i),
                                            vertices,
                                            {.size = kSize, .fill = 0.6},
                                            augmentation);
        const auto [fx, fy, cx, cy] = item.intrinsics;
        for (std::size_t side = 0; side < 2; ++side) {
            const ItemHand& hand = item.hands[side];
            ASSERT_TRUE(hand.has_hand && hand.has_vertices);
            for (std::size_t v = 0; v < static_cast<std::size_t>(vertices); ++v) {
                const float* x = &hand.vertices_in_cam[3 * v];
                ASSERT_NEAR(fx * x[0] / x[2] + cx, hand.vertices_px[2 * v], 1e-2);
                ASSERT_NEAR(fy * x[1] / x[2] + cy, hand.vertices_px[2 * v + 1], 1e-2);
            }
            for (std::size_t j = 0; j < kJoints; ++j) {
                const float* x = &hand.joints_in_cam[3 * j];
                ASSERT_NEAR(fx * x[0] / x[2] + cx, hand.joints_px[2 * j], 1e-2);
                ASSERT_NEAR(fy * x[1] / x[2] + cy, hand.joints_px[2 * j + 1], 1e-2);
                EXPECT_EQ(hand.joint_valid[j], 1);
            }
            // Red is the right hand's dot, and the left one's once the item is mirrored.
            const std::size_t channel = augmentation.flip ? 1 - side : side;
            const auto [spot, weight] = bright_spot(item, kSize, channel);
            if (weight > 3) { // else the dot is outside the picture
                EXPECT_LT((spot - joint_px(hand, kMiddleTip)).norm(), 0.5) << i << " " << side;
                ++compared;
            }
        }
    }
    EXPECT_GT(flipped, 2);
    EXPECT_GT(compared, 20);
}

// A mirrored item's right hand has the shape of the left one's mirror image: the same bone lengths,
// and the labels of the tips are where that hand's tip vertices are.
TEST_F(Items, FlipSwapsTheHands) {
    const RecordSource records = source();
    const int vertices = records.meshes()[0].vertex_count();
    const PictureLabels labels = records.labels(0);
    const Image8 picture = records.picture(0);
    const TrainingItem plain = make_item(picture, labels, vertices, {.size = 64}, {});
    const TrainingItem flipped = make_item(picture, labels, vertices, {.size = 64}, {.flip = true});
    for (std::size_t side = 0; side < 2; ++side) {
        const ItemHand& from = plain.hands[1 - side];
        const ItemHand& to = flipped.hands[side];
        for (std::size_t v = 0; v < from.vertices_in_cam.size(); v += 3) {
            ASSERT_EQ(to.vertices_in_cam[v], -from.vertices_in_cam[v]);
            ASSERT_EQ(to.vertices_in_cam[v + 1], from.vertices_in_cam[v + 1]);
            ASSERT_EQ(to.vertices_in_cam[v + 2], from.vertices_in_cam[v + 2]);
        }
        for (std::size_t v = 0; v < from.vertices_px.size(); v += 2) {
            ASSERT_NEAR(to.vertices_px[v], 64 - from.vertices_px[v], 1e-4);
            ASSERT_NEAR(to.vertices_px[v + 1], from.vertices_px[v + 1], 1e-4);
        }
    }
    // The picture is mirrored with them.
    for (std::size_t row = 0; row < 3 * 64; ++row) {
        for (std::size_t x = 0; x < 64; ++x) {
            ASSERT_NEAR(flipped.image[64 * row + x], plain.image[64 * row + 63 - x], 1e-4);
        }
    }
}

TEST_F(Items, JointsAreThoseOfTheMesh) {
    const RecordSource records = source();
    const PictureLabels labels = records.labels(1);
    for (std::size_t side = 0; side < 2; ++side) {
        const LabelHand& hand = labels.hands[side];
        const HandMesh& mesh = records.meshes()[side];
        EXPECT_TRUE(regressed_joints(mesh, hand.vertices_in_cam).isApprox(hand.joints_in_cam));
        // The record's own joints are the skeleton's: near, and the tips are the same vertices.
        const VecX apart = (hand.joints_in_cam - hand.stored_joints_in_cam).rowwise().norm();
        EXPECT_LT(apart.maxCoeff(), 0.02);
        for (const int tip : {4, 8, 12, 16, 20}) {
            EXPECT_LT(apart[tip], 1e-6);
        }
    }
}

TEST_F(Items, AHandThatIsNotLabelledIsMasked) {
    const RecordSource records = source();
    PictureLabels labels = records.labels(0);
    labels.hands[0] = {};
    labels.hands[1].joint_valid[5] = false;
    labels.hands[1].joints_in_cam.row(5).setZero();
    const int vertices = records.meshes()[0].vertex_count();
    const TrainingItem item = make_item(records.picture(0), labels, vertices, {.size = 64}, {});
    EXPECT_FALSE(item.hands[0].has_hand);
    EXPECT_FALSE(item.hands[0].has_vertices);
    EXPECT_EQ(item.hands[0].vertices_in_cam,
              std::vector<float>(3 * static_cast<std::size_t>(vertices)));
    EXPECT_EQ(item.hands[0].joint_valid[0], 0);
    EXPECT_TRUE(item.hands[1].has_hand);
    EXPECT_EQ(item.hands[1].joint_valid[5], 0);
    EXPECT_EQ(joint_px(item.hands[1], 5), Vec2(0, 0));
    EXPECT_EQ(item.hands[1].joint_valid[6], 1);
    labels.hands[1] = {};
    EXPECT_THROW(make_item(records.picture(0), labels, vertices, {.size = 64}, {}), UserError);
}

// Of another's data set: one hand has joints alone, some of them unknown, the other is not
// labelled.
TEST_F(Items, ConvertedRecordsSayWhatTheyLack) {
    const TempFolder folder;
    const HandPair hands = make_test_hand_pair();
    const PlanOptions plan{.seed = 3, .poses = 1, .split_fractions = {1, 0, 0}};
    DatasetDescription description = make_test_description(plan);
    description.configuration_json = R"({"converted": {"from": "somewhere"}})";
    const ShardStore store(folder.path() / "set", description, test_files());
    const auto writer = store.claim(store.pending().at(0));
    const Record whole = make_hand_record(store.plan(), hands, 0);
    Record record = unlabelled_record();
    record.seed = whole.seed;
    record.split = whole.split;
    record.camera = whole.camera;
    record.data_source = "somewhere";
    record.source_index = "0";
    RecordHand& right = record.hands[0];
    right.is_labelled = true;
    right.joint_3d_valid = right.joint_2d_valid = kEveryJoint;
    right.joint_3d_valid[4] = false;
    right.joints_in_cam = whole.hands[0].joints_in_cam;
    right.joints_px = whole.hands[0].joints_px;
    right.joints_in_cam[4] = Vec3::Zero();
    writer->put_record(record, {{"rgb.jpg", encode_jpeg(picture_of(whole), 95)}});
    writer->finish(1);

    const RecordSource records(folder.path() / "set", hands, Split::Train);
    const PictureLabels labels = records.labels(0);
    EXPECT_FALSE(labels.hands[1].has_hand);
    EXPECT_TRUE(std::isnan(labels.mask_iou));
    const LabelHand& hand = labels.hands[0];
    EXPECT_TRUE(hand.has_hand);
    EXPECT_FALSE(hand.has_vertices);
    EXPECT_FALSE(hand.joint_valid[4]);
    EXPECT_TRUE(hand.joint_valid[5]);
    EXPECT_EQ(Vec3(hand.joints_in_cam.row(5)), whole.hands[0].joints_in_cam[5]);
    const int vertices = records.meshes()[0].vertex_count();
    const TrainingItem item = make_item(records.picture(0), labels, vertices, {.size = 64}, {});
    EXPECT_TRUE(item.hands[0].has_hand);
    EXPECT_FALSE(item.hands[0].has_vertices);
    EXPECT_EQ(item.hands[0].joint_valid[4], 0);
    EXPECT_FALSE(item.hands[1].has_hand);
}

TEST_F(Items, FractionsAreNestedAndKeepViewsTogether) {
    const TempFolder folder;
    make_hand_dataset(folder.path() / "views",
                      {.seed = 4, .poses = 40, .views = 2, .split_fractions = {1, 0, 0}},
                      make_test_hand_pair());
    std::set<std::uint64_t> smaller;
    for (const double fraction : {0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 1.0}) {
        const RecordSource part(
            folder.path() / "views", make_test_hand_pair(), Split::Train, fraction);
        std::set<std::uint64_t> keys;
        for (std::size_t i = 0; i < part.size(); ++i) {
            keys.insert(part.key(i));
        }
        EXPECT_EQ(keys.size(), 2 * static_cast<std::size_t>(std::ceil(fraction * 40))) << fraction;
        EXPECT_TRUE(std::ranges::includes(keys, smaller)) << fraction;
        for (const std::uint64_t key : keys) {
            EXPECT_TRUE(keys.contains(key ^ 1)) << "a view without the other";
        }
        smaller = keys;
    }
}

TEST(Meshes, OfUnlikeHandsAreRefused) {
    const HandPair hands = make_test_hand_pair();
    EXPECT_NO_THROW(require_mirrored(hand_meshes(hands), "set"));
    const HandMesh right = hand_mesh(hands[Side::Right]);
    EXPECT_THROW(require_mirrored({right, right}, "set"), UserError); // not mirrored
    HandMesh renumbered = hand_mesh(hands[Side::Left]);
    renumbered.template_vertices = renumbered.template_vertices.colwise().reverse().eval();
    EXPECT_THROW(require_mirrored({right, renumbered}, "set"), UserError);
}

} // namespace
} // namespace rih::learn
