// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/merge.h"

#include "renderih/base/temp_folder.h"
#include "renderih/dataset/card.h"
#include "renderih/dataset/integrity.h"
#include "renderih/dataset/status.h"
#include "renderih/dataset/testing/test_dataset.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

const PlanOptions kPlan = {.seed = 7, .poses = 20, .views = 2, .records_per_shard = 4};

/// Every byte but the manifest, whose rows come in another order and with other seconds.
std::map<std::string, Bytes> data_of(const fs::path& dir) {
    std::map<std::string, Bytes> files = files_below(dir);
    files.erase("manifest.jsonl");
    return files;
}

std::string error_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const UserError& error) {
        return error.what();
    }
    return "(no error)";
}

TEST(Merge, GivesTheBytesOfOneRun) {
    const TempFolder folder;
    const fs::path whole = folder.path() / "whole", out = folder.path() / "out";
    fill_dataset(whole, kPlan);
    EXPECT_TRUE(complete_card(whole)); // as generate does
    std::vector<fs::path> parts;
    for (int part = 0; part < 3; ++part) {
        parts.push_back(folder.path() / std::to_string(part));
        fill_dataset(parts.back(), kPlan, {.part = part, .parts = 3});
    }
    const int shards = DatasetPlan(kPlan).shard_count();
    // Two first; the third comes later, and all of them again.
    const MergeSummary first = merge_datasets({parts[0], parts[1]}, out);
    EXPECT_GT(first.missing, 0);
    EXPECT_EQ(first.merged + first.missing, shards);
    EXPECT_FALSE(dataset_status(out).is_finished());
    EXPECT_EQ(dataset_status(out).total().shards_done, first.merged);
    const MergeSummary second = merge_datasets(parts, out);
    EXPECT_EQ(second.merged, first.missing);
    EXPECT_EQ(second.present, first.merged);
    EXPECT_EQ(second.missing, 0);
    EXPECT_EQ(data_of(out), data_of(whole));
    EXPECT_THAT(check_integrity(out), IsEmpty());
    EXPECT_TRUE(dataset_status(out).is_finished());
}

TEST(Merge, HardLinksShareTheBytesAndOutliveThePart) {
    const TempFolder folder;
    const fs::path whole = folder.path() / "whole", part = folder.path() / "part",
                   out = folder.path() / "out";
    fill_dataset(whole, kPlan);
    EXPECT_TRUE(complete_card(whole));
    fill_dataset(part, kPlan);
    const std::string tar = read_manifest(part).front().shard.name() + ".tar";
    merge_datasets({part}, out, {.hard_links = true});
    EXPECT_TRUE(fs::equivalent(part / tar, out / tar));
    fs::remove_all(part);
    EXPECT_EQ(data_of(out), data_of(whole));
    // Without being asked, a merge shares nothing.
    const fs::path copied = folder.path() / "copied";
    merge_datasets({out}, copied);
    EXPECT_FALSE(fs::equivalent(out / tar, copied / tar));
}

// A merge that was killed after the files were in place, and before the manifest's row, meets its
// own links.
TEST(Merge, GoesOnWhereItsLinksAlreadyAre) {
    const TempFolder folder;
    const fs::path whole = folder.path() / "whole", part = folder.path() / "part",
                   out = folder.path() / "out";
    fill_dataset(whole, kPlan);
    EXPECT_TRUE(complete_card(whole));
    fill_dataset(part, kPlan);
    merge_datasets({part}, out, {.hard_links = true});
    fs::remove(out / "manifest.jsonl");
    EXPECT_EQ(merge_datasets({part}, out, {.hard_links = true}).missing, 0);
    EXPECT_EQ(data_of(out), data_of(whole));
    EXPECT_THAT(check_integrity(out), IsEmpty());
}

TEST(Merge, RefusesWhatIsNotTheSameOrDamaged) {
    const TempFolder folder;
    const fs::path a = folder.path() / "a", b = folder.path() / "b", out = folder.path() / "out";
    fill_dataset(a, kPlan, {.part = 0, .parts = 2});
    PlanOptions other = kPlan;
    other.seed = 8;
    fill_dataset(b, other, {.part = 1, .parts = 2});
    EXPECT_THAT(error_of([&] { merge_datasets({a, b}, out); }), HasSubstr("seed"));
    EXPECT_FALSE(fs::exists(out));
    EXPECT_THAT(error_of([&] { merge_datasets({a}, a); }), HasSubstr("itself"));

    const fs::path tar = a / (read_manifest(a).front().shard.name() + ".tar");
    Bytes bytes = read_file(tar, 1 << 26);
    bytes[700] ^= 1;
    overwrite(tar, bytes);
    EXPECT_THAT(error_of([&] { merge_datasets({a}, out); }), HasSubstr(tar.string()));
    EXPECT_EQ(dataset_status(out).total().shards_done, 0);
    bytes[700] ^= 1;
    overwrite(tar, bytes);
    EXPECT_GT(merge_datasets({a}, out).merged, 0);
    for (const Finding& finding : check_integrity(out)) { // what is there is right
        EXPECT_TRUE(finding.what.find("not in the manifest") != std::string::npos ||
                    finding.what.find("shards are finished") != std::string::npos)
            << finding.text();
    }
}

// Records of a shard that is not whole yet are counted as waiting, once.
TEST(Status, CountsWhatWaits) {
    const TempFolder folder;
    const fs::path dir = folder.path() / "set";
    struct Crash {};
    int stored = 0;
    try {
        fill_dataset(dir, kPlan, {.crash_point = [&](std::string_view point) {
                         if (point == "record stored" && ++stored == 7) {
                             throw Crash{};
                         }
                     }});
    } catch (const Crash&) {
    }
    const DatasetStatus status = dataset_status(dir);
    EXPECT_EQ(status.total().records_done, 4);
    EXPECT_EQ(status.records_waiting, 3);
    EXPECT_THAT(status.text(dir), HasSubstr("7 of 40 records"));
    EXPECT_THAT(status.json(), HasSubstr("\"records_waiting\":3"));
}

} // namespace
} // namespace rih
