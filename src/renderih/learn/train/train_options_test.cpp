// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/train_options.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rih::learn {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(TrainOptions, JsonHoldsEveryField) {
    TrainOptions options;
    options.net.features = {64, 32, 16};
    options.loss.smooth = 0.1;
    options.seed = 18446744073709551615u;
    options.schedule.decay = "cosine";
    const TrainOptions read = train_options_from_json(options.to_json(), "options");
    EXPECT_EQ(read.to_json(), options.to_json());
    EXPECT_EQ(read.net.features[1], 32);
    EXPECT_EQ(read.seed, options.seed);
    EXPECT_THROW(train_options_from_json("{\"seed\": 1}", "options"), UserError);
}

TEST(TrainOptions, ConfigsOfTheRepositoryAreReadable) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(RIH_SOURCE_DIR "/configs/train")) {
        TrainOptions options;
        read_toml(entry.path(), options);
        ++count;
    }
    EXPECT_GE(count, 4);
    TrainOptions released;
    read_toml(RIH_SOURCE_DIR "/configs/train/released.toml", released);
    EXPECT_EQ(released.loss.distance_3d, "smooth-l1");
    EXPECT_EQ(released.loss.edges_from_epoch, 50);
}

TEST(TrainOptions, NamesWhatIsWrongInAFile) {
    const TempFolder folder;
    const auto path = folder.path() / "a.toml";
    const auto complaint = [&](const std::string& text) {
        write_file_atomically(path, text);
        TrainOptions options;
        try {
            read_toml(path, options);
        } catch (const UserError& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    EXPECT_EQ(complaint("batch = 8\n[net]\nencoder = \"small\"\nimage_size = 128\n"), "none");
    EXPECT_THAT(complaint("bach = 8"), HasSubstr("no option \"bach\""));
    EXPECT_THAT(complaint("\"net.encoder\" = \"small\""), HasSubstr("no option \"'net.encoder'\""));
    EXPECT_THAT(complaint("[net]\nfeatures = [512, 256]"), HasSubstr("net.features"));
    EXPECT_THAT(complaint("[net]\nfeatures = [512, 512, 128]"), HasSubstr("half"));
    EXPECT_THAT(complaint("batch = -1"), HasSubstr("batch"));
    EXPECT_THAT(complaint("batch = 1\n[net]\ndense_features = 8\n"), HasSubstr("2 or more"));
    EXPECT_THAT(complaint("[loss]\nparts = 1\n"), HasSubstr("net.dense_features"));
    EXPECT_THAT(complaint("batch = 0"), HasSubstr("1 .. 65536"));
    EXPECT_THAT(complaint("[net]\nencoder = \"vit\""), HasSubstr("resnet50 or small"));
    EXPECT_THAT(complaint("[loss]\nvertices_3d = nan"), HasSubstr("loss.vertices_3d"));
    EXPECT_THAT(complaint("batch = = 8"), HasSubstr("a.toml:1: "));
    EXPECT_THAT(complaint("[net]\ndropout = 1.0"), HasSubstr("net.dropout"));
}

} // namespace
} // namespace rih::learn
