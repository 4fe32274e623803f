// SPDX-License-Identifier: Apache-2.0
// A thousand and more damaged copies of each file of a data set: each is read, or refused with a
// UserError of one line. Anything else (a crash, another exception, what the sanitizers see) fails.
#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/dataset/integrity.h"
#include "renderih/dataset/reader.h"
#include "renderih/dataset/shard_check.h"
#include "renderih/dataset/testing/test_dataset.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

const PlanOptions kPlan = {.seed = 7, .poses = 10, .views = 1, .records_per_shard = 4};
constexpr std::uint64_t kMutations = 1200;

/// Runs `read` and demands that it returns or throws a UserError of one line; counts the refusals.
template <typename Read>
int count_refused(Read read) {
    try {
        read();
        return 0;
    } catch (const UserError& error) {
        EXPECT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos)
            << error.what();
        return 1;
    }
}

class Mutation : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = new TempFolder;
        fill_dataset(folder_->path(), kPlan);
    }
    static void TearDownTestSuite() {
        delete folder_;
        folder_ = nullptr;
    }

    void read_everything() const {
        const DatasetReader reader(folder_->path());
        reader.for_each_record([](const ShardReader& shard, std::uint64_t record) {
            shard.record(record);
            for (const IndexEntry& entry : shard.entries()) {
                for (const TarMember& member : entry.members) {
                    if (entry.record == record) {
                        shard.member(record, member.name);
                    }
                }
            }
        });
    }

    /// Damages one file in every way, reading the whole set each time, then puts it back.
    void damage(const std::string& file, int least_refused) const {
        const auto path = folder_->path() / file;
        const Bytes original = read_file(path, 1 << 30);
        int refused = 0;
        for (std::uint64_t i = 0; i < kMutations; ++i) {
            overwrite(path, mutate(original, i));
            refused += count_refused([&] { read_everything(); });
            if (i % 8 == 0) {
                count_refused([&] { check_integrity(folder_->path()); });
            }
        }
        overwrite(path, original);
        EXPECT_GE(refused, least_refused);
        EXPECT_EQ(count_refused([&] { read_everything(); }), 0);
    }

    static TempFolder* folder_;
};

TempFolder* Mutation::folder_ = nullptr;

TEST_F(Mutation, DatasetJson) {
    damage("dataset.json", 300);
}
TEST_F(Mutation, Manifest) {
    damage("manifest.jsonl", 300);
}
TEST_F(Mutation, Index) {
    damage("train/00000.idx.json", 600);
}
TEST_F(Mutation, Tar) {
    damage("train/00000.tar", 600);
}

TEST_F(Mutation, Rows) {
    const std::string text = read_text_file(folder_->path() / "train/00000.jsonl", 1 << 20);
    const std::string row = text.substr(0, text.find('\n'));
    int refused = 0;
    for (std::uint64_t i = 0; i < kMutations; ++i) {
        const Bytes bytes = mutate(as_bytes(row), i);
        refused += count_refused([&] {
            place_from_row({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "row");
        });
    }
    EXPECT_GE(refused, 300);
    const auto path = folder_->path() / "train/00000.jsonl";
    const ManifestRow manifest_row = [&] {
        for (const ManifestRow& each : read_manifest(folder_->path())) {
            if (each.shard == ShardId{Split::Train, 0}) {
                return each;
            }
        }
        return ManifestRow{};
    }();
    const DatasetPlan plan(kPlan);
    for (std::uint64_t i = 0; i < kMutations; ++i) {
        const Bytes bytes = mutate(as_bytes(text), i);
        if (i % 8 == 0) {
            overwrite(path, bytes);
            const bool is_same = std::ranges::equal(bytes, as_bytes(text));
            EXPECT_EQ(check_shard(folder_->path(), plan, manifest_row).empty(), is_same);
        }
    }
    overwrite(path, text);
}

TEST_F(Mutation, RecordJson) {
    const std::string json = to_json(make_test_record(DatasetPlan(kPlan), 3));
    int refused = 0;
    for (std::uint64_t i = 0; i < 4 * kMutations; ++i) {
        const Bytes bytes = mutate(as_bytes(json), i);
        refused += count_refused([&] {
            const Record record = record_from_json(
                {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "record");
            EXPECT_FALSE(to_json(record).empty()); // what is read can be written
        });
    }
    EXPECT_GE(refused, 1000);
}

} // namespace
} // namespace rih
