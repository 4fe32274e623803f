// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/reader.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/dataset/testing/test_dataset.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

namespace rih {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const PlanOptions kPlan = {.seed = 7, .poses = 12, .views = 2, .records_per_shard = 6};

std::string error_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const UserError& error) {
        return error.what();
    }
    return "(no error)";
}

Bytes read_member(const fs::path& dir, const std::string& key, const std::string& name) {
    const DatasetReader reader(dir);
    const std::uint64_t record = record_of_key(key);
    return reader.open_shard(reader.plan().shard_of(record))->member(record, name);
}

void replace_in_file(const fs::path& path, const std::string& from, const std::string& to) {
    std::string text = read_text_file(path, 1 << 30);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    overwrite(path, text.replace(at, from.size(), to));
}

TEST(DatasetReader, ReadsEveryRecordAndMember) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan);
    const DatasetReader reader(folder.path());
    EXPECT_EQ(reader.record_count(), 24u);
    std::set<std::uint64_t> seen;
    reader.for_each_record([&](const ShardReader& shard, std::uint64_t number) {
        EXPECT_TRUE(seen.insert(number).second);
        EXPECT_EQ(to_json(shard.record(number)), to_json(make_test_record(reader.plan(), number)));
    });
    EXPECT_EQ(seen.size(), 24u);
    for (const std::uint64_t number : {23, 0, 11}) {
        const auto shard = reader.open_shard(reader.plan().shard_of(number));
        for (const Member& member : make_test_members(7, number)) {
            EXPECT_EQ(shard->member(number, member.name), member.bytes);
        }
    }
}

TEST(DatasetReader, ReadsAnUnfinishedSetAsFarAsItGoes) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan, {.part = 0, .parts = 2});
    const DatasetReader reader(folder.path());
    EXPECT_GT(reader.record_count(), 0u);
    EXPECT_LT(reader.record_count(), 24u);
    EXPECT_THAT(error_of([&] { reader.open_shard(reader.plan().shard(1)); }),
                HasSubstr("is not finished"));
}

// One bad row must not hide the shards of the others.
TEST(DatasetReader, ReadsPastABadRowWhenAsked) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan);
    replace_in_file(folder.path() / "manifest.jsonl", "train/00000", "train/00099");
    std::vector<std::string> problems;
    const DatasetReader reader(folder.path(),
                               [&](const std::string& problem) { problems.push_back(problem); });
    EXPECT_EQ(problems.size(), 1u);
    EXPECT_EQ(static_cast<int>(reader.shards().size()), reader.plan().shard_count() - 1);
}

TEST(DatasetReader, NamesWhatIsWrong) {
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan);
    const auto error_with = [&](const std::string& file,
                                const std::string& from,
                                const std::string& to,
                                const std::string& key) {
        const fs::path path = folder.path() / file;
        const Bytes original = read_file(path, 1 << 30);
        replace_in_file(path, from, to);
        const std::string message = error_of([&] { read_member(folder.path(), key, "seg.png"); });
        overwrite(path, original);
        return message;
    };
    const DatasetPlan plan(kPlan);
    const std::string key = record_key(plan.records_of({Split::Train, 0})[1]);
    const std::string idx = "train/00000.idx.json";
    const std::string text = read_text_file(folder.path() / idx, 1 << 20);
    // The member's place, from the index.
    const auto at = text.find("\"seg.png\":[", text.find(key)) + 11;
    const std::string place = text.substr(at, text.find(']', at) - at);
    EXPECT_THAT(error_with(idx, place, "9999990016,5", key), HasSubstr("lies outside the shard"));
    EXPECT_THAT(error_with(idx, place, "512,5", key), HasSubstr("overlaps"));
    EXPECT_THAT(error_with(idx, place, "-512,5", key), HasSubstr("seg.png[0]"));
    EXPECT_THAT(error_with(idx, place, place + "0", key), HasSubstr("overlaps"));
    const std::string one_more = place.substr(0, place.find(',') + 1) +
                                 std::to_string(std::stoi(place.substr(place.find(',') + 1)) + 1);
    EXPECT_THAT(error_with(idx, place, one_more, key), HasSubstr("the index says seg.png"));
    EXPECT_THAT(error_with(idx, "\"seg.png\"", "\"../../x\"", key),
                HasSubstr("a member's name that is none"));
    EXPECT_THAT(error_with(idx, "\"depth.png\"", "\"seg.png\"", key), HasSubstr("given twice"));
    EXPECT_THAT(error_with(idx, "\"" + key, "\"99" + key.substr(2), key),
                HasSubstr("out of order"));
    EXPECT_THAT(error_with("manifest.jsonl", "train/00000", "train/00099", key),
                HasSubstr("lists train/00099, which the plan does not have"));
    EXPECT_THAT(error_with("manifest.jsonl", "train/00000", "../../00000", key),
                HasSubstr("path: expected SPLIT/NNNNN.tar"));
    EXPECT_THAT(error_with("dataset.json", "\"views\": 2", "\"views\": 3", key),
                HasSubstr("counts: do not agree"));
    EXPECT_THAT(error_with("dataset.json", "\"schema\": 1", "\"schema\": 2", key),
                HasSubstr("schema: 2 is outside 1 .. 1"));
    EXPECT_THAT(error_of([&] { read_member(folder.path(), key, "x.png"); }),
                HasSubstr("has no member 'x.png'"));
    EXPECT_THAT(error_of([&] { DatasetReader(folder.path() / "nowhere"); }),
                HasSubstr("cannot open"));
    fs::resize_file(folder.path() / "train/00000.tar", 1000);
    EXPECT_THAT(error_of([&] { read_member(folder.path(), key, "seg.png"); }),
                HasSubstr("has 1000 bytes, although the manifest says"));
}

// A reader that knows nothing of ours: Python's tarfile, grouping as WebDataset does.
TEST(DatasetReader, ShardsOpenInPythonWithoutOurCode) {
    if (std::system("python3 -c 'import tarfile, json' 2>/dev/null") != 0) {
        GTEST_SKIP() << "there is no python3 here";
    }
    const TempFolder folder;
    fill_dataset(folder.path(), kPlan);
    const fs::path script = folder.path() / "read.py";
    std::ofstream(script) << R"(
import hashlib, json, sys, tarfile
base = sys.argv[1]
index = json.load(open(base + ".idx.json"))
rows = [json.loads(line) for line in open(base + ".jsonl")]
raw = open(base + ".tar", "rb").read()
groups = {}
with tarfile.open(base + ".tar") as tar:
    for member in tar:
        assert member.isreg() and member.mtime == 0 and member.uid == member.gid == 0, member
        assert member.mode == 0o644 and member.uname == member.gname == "", member
        key, name = member.name.split(".", 1)
        groups.setdefault(key, {})[name] = tar.extractfile(member).read()
        assert index[key][name] == [member.offset_data, member.size], member.name
assert list(groups) == sorted(groups) == sorted(index) == [row["key"] for row in rows]
for row in rows:
    group = groups[row["key"]]
    assert list(group) == ["json", "rgb.jpg", "seg.png", "depth.png", "amodal.png"], group.keys()
    record = json.loads(group["json"])
    assert record["key"] == row["key"] and record["schema"] == 1
    assert record["camera"]["fx"] == row["fx"]
    span = raw[row["offset"]:row["offset"] + row["bytes"]]
    assert hashlib.sha256(span).hexdigest() == row["record_sha256"]
)";
    const std::string command =
        "python3 " + script.string() + " " + (folder.path() / "train/00000").string();
    EXPECT_EQ(std::system(command.c_str()), 0);
}

} // namespace
} // namespace rih
