// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/loader.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/learn/testing/hand_dataset.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>

namespace rih::learn {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

class Loading : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = new TempFolder;
        const HandPair hands = make_test_hand_pair();
        make_hand_dataset(folder_->path() / "one", {.seed = 3, .poses = 20}, hands);
        make_hand_dataset(folder_->path() / "two", {.seed = 4, .poses = 10, .views = 2}, hands);
    }
    static void TearDownTestSuite() { delete folder_; }

    static DataSource set(const std::string& name, double weight = 0) {
        return {folder_->path() / name, make_test_hand_pair(), weight};
    }
    static std::unique_ptr<BatchSource> open(const LoaderOptions& options) {
        return open_loader({set("one", 1), set("two", 3)}, options);
    }
    static LoaderOptions small() {
        return {.batch = 4, .crop = {.size = 32, .map_size = 8}, .seed = 7, .threads = 1};
    }

    static TempFolder* folder_;
};
TempFolder* Loading::folder_ = nullptr;

void expect_equal(const TrainingBatch& a, const TrainingBatch& b) {
    EXPECT_EQ(a.shape.batch, b.shape.batch);
    EXPECT_EQ(a.images, b.images);
    EXPECT_EQ(a.parts, b.parts);
    EXPECT_EQ(a.depth, b.depth);
    EXPECT_EQ(a.keys, b.keys);
    EXPECT_EQ(a.sources, b.sources);
    EXPECT_EQ(a.intrinsics, b.intrinsics);
    EXPECT_EQ(a.mask_iou, b.mask_iou);
    EXPECT_EQ(a.ita_deg, b.ita_deg);
    for (std::size_t side = 0; side < 2; ++side) {
        EXPECT_EQ(a.hands[side].vertices_in_cam, b.hands[side].vertices_in_cam);
        EXPECT_EQ(a.hands[side].joints_in_cam, b.hands[side].joints_in_cam);
        EXPECT_EQ(a.hands[side].vertices_px, b.hands[side].vertices_px);
        EXPECT_EQ(a.hands[side].joints_px, b.hands[side].joints_px);
        EXPECT_EQ(a.hands[side].joint_valid, b.hands[side].joint_valid);
    }
}

TEST_F(Loading, DoesNotDependOnThreadsNorOnHowFarItWorksAhead) {
    LoaderOptions many = small();
    many.threads = 3;
    many.batches_ahead = 7;
    const auto a = open(small()), b = open(many);
    for (std::uint64_t n = 0; n < 2 * a->batches_per_epoch() + 1; ++n) {
        expect_equal(a->next(), b->next());
    }
}

// A run that goes on from batch n sees what it would have seen.
TEST_F(Loading, GoesOnFromAnyBatch) {
    const auto whole = open(small());
    std::vector<TrainingBatch> batches;
    for (int n = 0; n < 12; ++n) {
        batches.push_back(whole->next());
    }
    const auto resumed = open(small());
    for (const std::uint64_t n : {9U, 3U, 11U}) {
        resumed->seek(n);
        expect_equal(resumed->next(), batches[n]);
    }
    whole->seek(0);
    expect_equal(whole->next(), batches[0]);
}

TEST_F(Loading, DrawsAnewEachTimeAnItemIsSeen) {
    LoaderOptions options = small();
    options.batch = 1;
    const auto loader = open_loader({set("one")}, options);
    std::map<std::uint64_t, std::set<std::vector<float>>> seen; // images, by key
    const std::uint64_t epochs = 3;
    for (std::uint64_t n = 0; n < epochs * loader->batches_per_epoch(); ++n) {
        const TrainingBatch batch = loader->next();
        EXPECT_TRUE(seen[batch.keys[0]].insert(batch.images).second);
    }
    EXPECT_EQ(seen.size(), loader->batches_per_epoch());
    for (const auto& [key, images] : seen) {
        EXPECT_EQ(images.size(), epochs) << key;
    }
}

// A fingertip's coarse pixel is its part, read from the record's own label images.
TEST_F(Loading, MapsAreThoseOfTheRecords) {
    LoaderOptions options = small();
    options.augment = false;
    const auto loader = open(options);
    ASSERT_EQ(loader->shape().map_size, 8);
    const TrainingBatch batch = loader->next();
    ASSERT_EQ(batch.parts.size(), 4U * 64);
    int compared = 0;
    for (std::size_t row = 0; row < 4; ++row) {
        for (std::size_t side = 0; side < 2; ++side) {
            const std::size_t tip = row * kJoints + kMiddleTip;
            const BatchHand& hand = batch.hands[side];
            const auto column = static_cast<std::size_t>(hand.joints_px[2 * tip] / 4);
            const auto line = static_cast<std::size_t>(hand.joints_px[2 * tip + 1] / 4);
            const std::size_t cell = row * 64 + line * 8 + column;
            if (batch.parts[cell] > 0) { // the other tip may lie before it, the middle beside it
                ++compared;
                EXPECT_NEAR(batch.depth[cell], 0.5, 0.3);
            }
        }
        const auto begin = batch.parts.begin() + static_cast<std::ptrdiff_t>(64 * row);
        for (auto part = begin; part != begin + 64; ++part) {
            EXPECT_THAT(*part, testing::AnyOf(0, 7, 23));
        }
    }
    EXPECT_GE(compared, 4);
}

TEST_F(Loading, MixesSourcesByWeight) {
    LoaderOptions options = small();
    options.epoch_items = 40;
    const auto loader = open(options);
    ASSERT_EQ(loader->batches_per_epoch(), 10U);
    int of_second = 0;
    for (int n = 0; n < 10; ++n) {
        for (const int source : loader->next().sources) {
            of_second += source;
        }
    }
    EXPECT_EQ(of_second, 30);
}

// One per cent of a small set may be fewer records than a batch.
TEST_F(Loading, FillsABatchFromFewRecords) {
    LoaderOptions options = small();
    options.batch = 50;
    const auto loader = open_loader({set("one")}, options);
    EXPECT_EQ(loader->batches_per_epoch(), 1U);
    const TrainingBatch batch = loader->next();
    const RecordSource records(folder_->path() / "one", make_test_hand_pair(), Split::Train);
    EXPECT_EQ(std::set(batch.keys.begin(), batch.keys.end()).size(), records.size());
}

// An evaluation sees every record of the split once, in order and as it is, in whatever batches.
TEST_F(Loading, ForEvaluationShowsEachRecordOnce) {
    LoaderOptions options = small();
    options.shuffle = options.augment = false;
    const RecordSource records(folder_->path() / "one", make_test_hand_pair(), Split::Train);
    ASSERT_NE(records.size() % 4, 0U);
    const auto loader = open_loader({set("one")}, options);
    std::vector<std::uint64_t> keys, expected;
    for (std::uint64_t n = 0; n < loader->batches_per_epoch(); ++n) {
        const TrainingBatch batch = loader->next();
        ASSERT_EQ(batch.images.size(), static_cast<std::size_t>(batch.shape.batch) * 3 * 32 * 32);
        keys.insert(keys.end(), batch.keys.begin(), batch.keys.end());
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        expected.push_back(records.key(i));
    }
    EXPECT_THAT(keys, ElementsAreArray(expected));
    EXPECT_EQ(loader->next().keys[0], expected[0]); // and begins again
}

TEST_F(Loading, GivesTheLabelsOfTheItems) {
    LoaderOptions options = small();
    options.shuffle = options.augment = false;
    options.batch = 2;
    const auto loader = open_loader({set("two")}, options);
    const TrainingBatch batch = loader->next();
    const RecordSource records(folder_->path() / "two", make_test_hand_pair(), Split::Train);
    const PictureLabels labels = records.labels(1);
    EXPECT_FLOAT_EQ(batch.mask_iou[1], static_cast<float>(labels.mask_iou));
    EXPECT_FLOAT_EQ(batch.ita_deg[1], static_cast<float>(labels.ita_deg));
    const auto vertices = static_cast<std::size_t>(batch.shape.vertices);
    for (std::size_t side = 0; side < 2; ++side) {
        const float* second = batch.hands[side].vertices_in_cam.data() + 3 * vertices;
        const Points& expected = labels.hands[side].vertices_in_cam;
        for (Eigen::Index i = 0; i < expected.size(); ++i) {
            ASSERT_FLOAT_EQ(second[i], static_cast<float>(expected.data()[i]));
        }
    }
}

// What comes before the damage is still handed out; then one line names file and record, each time.
TEST_F(Loading, NamesADamagedRecord) {
    const TempFolder damaged;
    std::filesystem::copy(
        folder_->path() / "one", damaged.path() / "one", std::filesystem::copy_options::recursive);
    const RecordSource records(damaged.path() / "one", make_test_hand_pair(), Split::Train);
    const DatasetReader reader(damaged.path() / "one");
    const std::uint64_t broken = records.key(records.size() - 1);
    const auto shard = reader.open_shard(reader.plan().shard_of(broken));
    for (const TarMember& member : shard->entry(broken).members) {
        if (member.name == "rgb.jpg") {
            const auto path = damaged.path() / "one" / (shard->shard().name() + ".tar");
            std::fstream tar(path, std::ios::in | std::ios::out | std::ios::binary);
            tar.seekp(static_cast<std::streamoff>(member.offset));
            tar << "no picture at all";
        }
    }
    LoaderOptions options = small();
    options.shuffle = options.augment = false;
    options.batch = 1;
    const auto loader = open_loader({{damaged.path() / "one", make_test_hand_pair()}}, options);
    for (std::size_t n = 0; n + 1 < records.size(); ++n) {
        EXPECT_EQ(loader->next().keys[0], records.key(n));
    }
    for (int again = 0; again < 2; ++again) {
        try {
            loader->next();
            FAIL();
        } catch (const UserError& error) {
            EXPECT_THAT(error.what(), HasSubstr(record_key(broken)));
            EXPECT_THAT(error.what(), HasSubstr(".tar"));
        }
    }
}

TEST_F(Loading, NamesWhatItCannotDo) {
    const auto complaint = [](std::vector<DataSource> sources, const LoaderOptions& options) {
        try {
            open_loader(std::move(sources), options);
        } catch (const UserError& error) {
            return std::string(error.what());
        }
        return std::string("no complaint");
    };
    LoaderOptions options = small();
    options.epoch_items = 3;
    EXPECT_THAT(complaint({set("one")}, options),
                HasSubstr("3 items is smaller than a batch of 4"));
    options = small();
    options.crop.size = 8;
    EXPECT_THAT(complaint({set("one")}, options), HasSubstr("image_size is 8"));
    DataSource part = set("one");
    part.fraction = 0;
    EXPECT_THAT(complaint({part}, small()), HasSubstr("fraction of its poses is 0"));
    EXPECT_THAT(complaint({set("none")}, small()), HasSubstr("none"));
    DataSource other = set("two");
    for (HandModel& hand : other.hands.hands) {
        std::swap(hand.faces.front(), hand.faces.back());
    }
    EXPECT_THAT(complaint({set("one"), other}, small()), HasSubstr("another mesh"));
}

} // namespace
} // namespace rih::learn
