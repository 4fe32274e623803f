// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/repair.h"

#include "renderih/base/temp_folder.h"
#include "renderih/dataset/testing/test_dataset.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::SizeIs;

const PlanOptions kPlan = {.seed = 7, .poses = 20, .views = 2, .records_per_shard = 4};

class Repair : public testing::Test {
  protected:
    void SetUp() override {
        fill_dataset(folder_.path(), kPlan);
        whole_ = files_below(folder_.path());
    }
    std::vector<ShardId> repair() {
        return forget_damaged_shards(folder_.path(), check_integrity(folder_.path()));
    }
    void expect_healed() {
        fill_dataset(folder_.path(), kPlan);
        EXPECT_THAT(check_integrity(folder_.path()), IsEmpty());
        EXPECT_EQ(files_below(folder_.path()), whole_);
    }

    TempFolder folder_;
    std::map<std::string, Bytes> whole_;
};

TEST_F(Repair, AShardThatIsCutChangedOrGoneIsMadeAgainAndNoOther) {
    const fs::path changed = folder_.path() / "train/00001.tar";
    Bytes bytes = read_file(changed, 1 << 26);
    bytes[bytes.size() / 2] ^= 1;
    overwrite(changed, bytes);
    fs::resize_file(folder_.path() / "train/00003.idx.json", 20);
    fs::remove(folder_.path() / "val/00000.tar");
    EXPECT_THAT(repair(),
                testing::UnorderedElementsAre(
                    ShardId{Split::Train, 1}, ShardId{Split::Train, 3}, ShardId{Split::Val, 0}));
    EXPECT_THAT(read_manifest(folder_.path()),
                SizeIs(static_cast<std::size_t>(DatasetPlan(kPlan).shard_count() - 3)));
    expect_healed();
}

TEST_F(Repair, ALineOfTheManifestThatCannotBeReadIsMadeAgain) {
    std::string text = read_text_file(folder_.path() / "manifest.jsonl", 1 << 20);
    text[text.find('\n') + 3] = '?';
    overwrite(folder_.path() / "manifest.jsonl", text);
    EXPECT_THAT(repair(), IsEmpty()); // whose line it was nobody can tell
    expect_healed();
}

TEST_F(Repair, LeavesAWholeSetAsItIs) {
    const Bytes before = read_file(folder_.path() / "manifest.jsonl", 1 << 20);
    EXPECT_THAT(repair(), IsEmpty());
    EXPECT_EQ(read_file(folder_.path() / "manifest.jsonl", 1 << 20), before);
}

} // namespace
} // namespace rih
