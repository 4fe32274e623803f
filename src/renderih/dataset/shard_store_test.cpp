// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/shard_store.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/base/temp_folder.h"
#include "renderih/dataset/shard_index.h"
#include "renderih/dataset/testing/test_dataset.h"

#include <gmock/gmock.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>

namespace rih {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const PlanOptions kPlan = {.seed = 7, .poses = 12, .views = 2, .records_per_shard = 6};

struct Crash {};

std::string error_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const UserError& error) {
        return error.what();
    }
    return "(no error)";
}

TEST(ShardStore, WritesTheFilesOfTheContract) {
    const TempFolder folder;
    const fs::path dir = folder.path() / "set";
    EXPECT_EQ(fill_dataset(dir, kPlan), 24);
    std::set<std::string> names;
    for (const auto& [name, bytes] : files_below(dir)) {
        names.insert(name);
    }
    const DatasetPlan plan(kPlan);
    std::set<std::string> expected = {
        "dataset.json", "README.md", "hands/right.npz", "hands/left.npz"};
    for (int s = 0; s < plan.shard_count(); ++s) {
        for (const char* ending : {".tar", ".idx.json", ".jsonl"}) {
            expected.insert(plan.shard(s).name() + ending);
        }
    }
    EXPECT_EQ(names, expected);
    EXPECT_FALSE(fs::exists(dir / ".partial"));

    const auto rows = read_manifest(dir);
    ASSERT_EQ(static_cast<int>(rows.size()), plan.shard_count());
    for (const ManifestRow& row : rows) {
        const fs::path tar = dir / (row.shard.name() + ".tar");
        EXPECT_EQ(row.sha256, sha256_of_file(tar));
        EXPECT_EQ(row.bytes, fs::file_size(tar));
        EXPECT_EQ(row.idx_sha256, sha256_of_file(dir / (row.shard.name() + ".idx.json")));
        EXPECT_EQ(row.jsonl_sha256, sha256_of_file(dir / (row.shard.name() + ".jsonl")));
        const auto records = plan.records_of(row.shard);
        EXPECT_EQ(row.first_record, records.front());
        EXPECT_EQ(row.last_record, records.back());
        EXPECT_EQ(row.records, records.size());
        EXPECT_EQ(row.seconds, 1.5);
    }
}

TEST(ShardStore, IndexAndRowsPointAtTheBytes) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan);
    const DatasetPlan plan(kPlan);
    const ShardId shard = plan.shard(0);
    const std::string base = (folder.path() / shard.name()).string();
    const Bytes tar = read_file(base + ".tar", 1 << 30);
    const auto entries =
        index_from_text(read_text_file(base + ".idx.json", kMaxIndexBytes), tar.size(), "index");
    ASSERT_EQ(entries.size(), plan.records_of(shard).size());
    for (const IndexEntry& entry : entries) {
        ASSERT_EQ(entry.members.size(), 5u);
        EXPECT_EQ(entry.members[0].name, "json");
        const auto expected = make_test_members(kPlan.seed, entry.record);
        for (std::size_t m = 0; m < 4; ++m) {
            const TarMember& member = entry.members[m + 1];
            EXPECT_EQ(member.name, expected[m].name);
            ASSERT_EQ(member.size, expected[m].bytes.size());
            EXPECT_TRUE(std::equal(expected[m].bytes.begin(),
                                   expected[m].bytes.end(),
                                   tar.begin() + static_cast<std::ptrdiff_t>(member.offset)));
        }
    }
    std::ifstream rows(base + ".jsonl");
    std::size_t count = 0;
    std::uint64_t end_of_last = 0;
    for (std::string row; std::getline(rows, row); ++count) {
        const RecordPlace place = place_from_row(row, "row");
        EXPECT_EQ(place.record, entries.at(count).record);
        EXPECT_EQ(place.offset, end_of_last);
        end_of_last = place.offset + place.bytes;
        EXPECT_EQ(place.sha256, sha256_hex(std::span(tar).subspan(place.offset, place.bytes)));
        EXPECT_THAT(row, HasSubstr("\"shard\":\"" + shard.name() + ".tar\""));
    }
    EXPECT_EQ(count, entries.size());
    EXPECT_EQ(end_of_last + kTarEnd, tar.size());
}

TEST(ShardStore, TheBytesDependOnNoOrderThreadOrSharding) {
    const TempFolder a, b, c;
    fill_dataset(a.path(), kPlan);
    fill_dataset(b.path(), kPlan, {.threads = 3, .backwards = true});
    for (const int part : {2, 0, 1}) {
        fill_dataset(c.path(), kPlan, {.part = part, .parts = 3, .threads = 2});
    }
    EXPECT_EQ(files_below(a.path()), files_below(b.path()));
    EXPECT_EQ(files_below(a.path()), files_below(c.path()));
    EXPECT_EQ(read_manifest(a.path()).size(), read_manifest(c.path()).size());
}

// Ends a run at every point where a crash leaves another state, once for each time that the point
// is passed, and lets the next run go on: the same bytes come out and nothing finished is made
// again.
TEST(ShardStore, GoesOnAfterACrashAtAnyPoint) {
    const TempFolder whole;
    std::map<std::string, int> points;
    fill_dataset(whole.path(), kPlan, {.crash_point = [&](std::string_view point) {
                     ++points[std::string(point)];
                 }});
    EXPECT_EQ(points.size(), 9u);
    const auto expected = files_below(whole.path());
    for (const auto& [name, times] : points) {
        for (int time = 0; time < times; time += 3) {
            const TempFolder folder;
            int passed = 0, stored = 0;
            EXPECT_THROW(fill_dataset(folder.path(),
                                      kPlan,
                                      {.crash_point =
                                           [&](std::string_view point) {
                                               stored += point == "record stored";
                                               if (point == name && passed++ == time) {
                                                   throw Crash{};
                                               }
                                           }}),
                         Crash);
            EXPECT_EQ(fill_dataset(folder.path(), kPlan), 24 - stored) << name << " " << time;
            EXPECT_EQ(files_below(folder.path()), expected) << name << " " << time;
            EXPECT_EQ(read_manifest(folder.path()).size(), read_manifest(whole.path()).size());
        }
    }
}

/// Runs body in a process of its own; returns its wait status.
int status_of_process(const std::function<void()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        try {
            body();
            ::_exit(0);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
            ::_exit(1);
        }
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
}

// Unlike an exception, SIGKILL runs no destructor: locks, temporary files and half a shard stay.
TEST(ShardStore, GoesOnAfterSigkill) {
    const TempFolder whole, folder;
    fill_dataset(whole.path(), kPlan);
    int kills = 0;
    for (int survived = 3;; survived = (survived * 5 + 2) % 11) {
        int points = 0;
        const int status = status_of_process([&] {
            fill_dataset(folder.path(), kPlan, {.crash_point = [&](std::string_view) {
                             if (points++ == survived) {
                                 ::kill(::getpid(), SIGKILL);
                             }
                         }});
        });
        if (WIFEXITED(status)) {
            EXPECT_EQ(WEXITSTATUS(status), 0);
            break;
        }
        EXPECT_EQ(WTERMSIG(status), SIGKILL);
        ASSERT_LT(++kills, 100) << "the runs make no headway";
    }
    EXPECT_GT(kills, 3);
    EXPECT_EQ(files_below(folder.path()), files_below(whole.path()));
}

// A limit on the size of files stands for a full disk: single records fit, a shard does not.
TEST(ShardStore, AFullDiskLosesNothingThatIsFinished) {
    const TempFolder whole, folder;
    fill_dataset(whole.path(), kPlan);
    const int status = status_of_process([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{30000, 30000};
        RIH_ASSERT(::setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
        const std::string error = error_of([&] { fill_dataset(folder.path(), kPlan); });
        RIH_ASSERT(error.find("shard.tar: cannot write: File too large") != std::string::npos,
                   "{}",
                   error);
    });
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT_TRUE(read_manifest(folder.path()).empty());
    EXPECT_FALSE(fs::exists(folder.path() / "train/00000.tar"));
    EXPECT_EQ(fill_dataset(folder.path(), kPlan), 24 - 6) << "the first shard's records were there";
    EXPECT_EQ(files_below(folder.path()), files_below(whole.path()));
}

TEST(ShardStore, SeveralProcessesFillOneFolderAtTheSameTime) {
    const TempFolder whole, folder;
    fill_dataset(whole.path(), kPlan);
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            try {
                fill_dataset(folder.path(), kPlan, {.backwards = i % 2 == 1});
                ::_exit(0);
            } catch (const std::exception& error) {
                std::fprintf(stderr, "%s\n", error.what());
                ::_exit(1);
            }
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = -1;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    }
    EXPECT_EQ(files_below(folder.path()), files_below(whole.path()));
    EXPECT_EQ(read_manifest(folder.path()).size(), read_manifest(whole.path()).size());
}

TEST(ShardStore, MakesADamagedOrForeignPartialRecordAnew) {
    const TempFolder whole, folder;
    fill_dataset(whole.path(), kPlan);
    int stored = 0;
    EXPECT_THROW(fill_dataset(folder.path(),
                              kPlan,
                              {.crash_point =
                                   [&](std::string_view point) {
                                       if (point == "record stored" && ++stored == 5) {
                                           throw Crash{};
                                       }
                                   }}),
                 Crash);
    std::vector<fs::path> partial;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path() / ".partial")) {
        if (entry.path().extension() == ".tar") {
            partial.push_back(entry.path());
        }
    }
    ASSERT_EQ(partial.size(), 5u);
    // One byte flipped in the data; one cut short; one with another configuration's footer.
    Bytes bytes = read_file(partial[0], 1 << 20);
    bytes[bytes.size() / 2] ^= 1;
    overwrite(partial[0], bytes);
    bytes = read_file(partial[1], 1 << 20);
    bytes.resize(bytes.size() - 1);
    overwrite(partial[1], bytes);
    std::string text = read_text_file(partial[2], 1 << 20);
    const auto at = text.rfind("configuration_sha256 ") + 21;
    text[at] = text[at] == '0' ? '1' : '0';
    overwrite(partial[2], text);
    EXPECT_EQ(fill_dataset(folder.path(), kPlan), 24 - 2);
    EXPECT_EQ(files_below(folder.path()), files_below(whole.path()));
}

TEST(ShardStore, IgnoresAndRepairsATornManifestLine) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan, {.part = 0, .parts = 2});
    const auto before = read_manifest(folder.path());
    std::ofstream(folder.path() / "manifest.jsonl", std::ios::app) << "{\"path\":\"train/000";
    EXPECT_EQ(read_manifest(folder.path()).size(), before.size());
    fill_dataset(folder.path(), kPlan);
    EXPECT_EQ(static_cast<int>(read_manifest(folder.path()).size()),
              DatasetPlan(kPlan).shard_count());
}

TEST(ShardStore, AFinishedSetIsLeftAsItIs) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan);
    const auto times = [&] {
        std::map<std::string, fs::file_time_type> result;
        for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
            if (entry.is_regular_file()) {
                result[entry.path().string()] = entry.last_write_time();
            }
        }
        return result;
    };
    const auto before = times();
    const ShardStore store(folder.path(), make_test_description(kPlan), test_files());
    EXPECT_TRUE(store.pending().empty());
    EXPECT_EQ(store.claim(store.plan().shard(0)), nullptr);
    EXPECT_EQ(fill_dataset(folder.path(), kPlan), 0);
    EXPECT_EQ(times(), before);
    EXPECT_FALSE(fs::exists(folder.path() / ".partial"));
}

TEST(ShardStore, RefusesOtherSettingsAndSaysWhich) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan, {.part = 0, .parts = 3});
    const auto open = [&](const DatasetDescription& description) {
        return error_of([&] { ShardStore(folder.path(), description, test_files()); });
    };
    DatasetDescription other = make_test_description(kPlan);
    EXPECT_EQ(open(other), "(no error)");
    other.plan.seed = 8;
    EXPECT_THAT(open(other), HasSubstr("seed is 7 there and 8 now"));
    other = make_test_description(kPlan);
    other.plan.views = 3;
    EXPECT_THAT(open(other), HasSubstr("counts.views is 2 there and 3 now"));
    other = make_test_description(kPlan);
    other.configuration_json = R"({"size": [512, 334], "spp": 16, "rgb": {"quality": 90}})";
    EXPECT_THAT(open(other), HasSubstr("configuration.rgb.quality is 95 there and 90 now"));
    other = make_test_description(kPlan);
    other.assets["hand"] = std::string(64, 'e');
    EXPECT_THAT(open(other), HasSubstr("assets.hand is"));
    other = make_test_description(kPlan);
    other.generator_sha256 = std::string(64, 'f');
    EXPECT_THAT(open(other), HasSubstr("generator.sha256 is"));
    other = make_test_description(kPlan);
    other.generator_libraries["glibc"] = "2.41";
    EXPECT_THAT(open(other), HasSubstr("generator.libraries.glibc is \"2.36\" there"));
    EXPECT_THAT(error_of([&] {
                    ShardStore(folder.path(),
                               make_test_description(kPlan),
                               {{"hands/right.npz", Bytes{9}}, {"hands/left.npz", Bytes{4, 5}}});
                }),
                HasSubstr("files.hands/right.npz is"));
}

TEST(ShardStore, RefusesAFolderWithSomethingElseInIt) {
    const TempFolder folder;
    std::ofstream(folder.path() / "thesis.tex") << "years of work";
    EXPECT_THAT(error_of([&] { ShardStore(folder.path(), make_test_description(kPlan)); }),
                HasSubstr("holds 'thesis.tex' and no data set"));
    EXPECT_FALSE(fs::exists(folder.path() / "dataset.json"));
    EXPECT_FALSE(fs::exists(folder.path() / ".partial"));
    EXPECT_THAT(
        error_of([&] { ShardStore(folder.path() / "thesis.tex", make_test_description(kPlan)); }),
        HasSubstr("is no folder"));
}

TEST(ShardStore, TwoWritersNeverShareAShard) {
    const TempFolder folder;
    const ShardStore one(folder.path(), make_test_description(kPlan), test_files());
    const ShardStore two(folder.path(), make_test_description(kPlan), test_files());
    const ShardId shard = one.plan().shard(1);
    auto writer = one.claim(shard);
    ASSERT_NE(writer, nullptr);
    EXPECT_EQ(two.claim(shard), nullptr);
    EXPECT_NE(two.claim(one.plan().shard(0)), nullptr);
    writer.reset();
    EXPECT_NE(two.claim(shard), nullptr);
}

TEST(ShardStore, SaysWhenAFinishedShardIsMissing) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan);
    fs::remove(folder.path() / "train/00000.tar");
    EXPECT_THAT(error_of([&] { fill_dataset(folder.path(), kPlan); }),
                HasSubstr("train/00000.tar: is missing, although the manifest"));
}

TEST(ShardStore, WritesItsOwnFilesAgainAndRefusesChangedOnes) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan);
    const fs::path hand = folder.path() / "hands/left.npz";
    const Bytes written = read_file(hand, 100);
    fs::remove(hand);
    const auto open = [&] {
        return ShardStore(folder.path(), make_test_description(kPlan), test_files());
    };
    EXPECT_EQ(open().restored_files(), std::vector<std::string>{"hands/left.npz"});
    EXPECT_EQ(read_file(hand, 100), written);
    EXPECT_TRUE(open().restored_files().empty());
    overwrite(hand, std::string_view("x"));
    EXPECT_THAT(error_of(open), HasSubstr("hands/left.npz: was changed"));
}

TEST(ShardStore, SaysWhenAFileBesideAShardIsMissing) {
    for (const char* ending : {".idx.json", ".jsonl"}) {
        const TempFolder folder;
        fill_dataset(folder.path(), kPlan);
        fs::remove(folder.path() / (std::string("train/00000") + ending));
        EXPECT_THAT(error_of([&] { fill_dataset(folder.path(), kPlan); }),
                    HasSubstr(std::string("train/00000") + ending + ": is missing"));
    }
}

TEST(ShardStore, RefusesRecordsThatAreNotThePlans) {
    const TempFolder folder;
    const ShardStore store(folder.path(), make_test_description(kPlan), test_files());
    const auto writer = store.claim(store.plan().shard(0));
    const std::uint64_t number = writer->records().front();
    const Record good = make_test_record(store.plan(), number);
    auto members = make_test_members(7, number);
    Record bad = good;
    bad.view += 1;
    EXPECT_THROW(writer->put_record(bad, members), InternalError);
    bad = good;
    bad.split = Split::Test;
    EXPECT_THROW(writer->put_record(bad, members), InternalError);
    bad = make_test_record(store.plan(), store.plan().records_of(store.plan().shard(1)).front());
    EXPECT_THROW(writer->put_record(bad, members), InternalError);
    members.pop_back();
    EXPECT_THROW(writer->put_record(good, members), InternalError) << "amodal.png is missing";
    EXPECT_THROW(writer->finish(0), InternalError);
}

} // namespace
} // namespace rih
