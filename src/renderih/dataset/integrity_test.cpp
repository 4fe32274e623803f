// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/integrity.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/base/temp_folder.h"
#include "renderih/dataset/reader.h"
#include "renderih/dataset/shard_check.h"
#include "renderih/dataset/testing/test_dataset.h"

#include <gmock/gmock.h>

#include <fstream>

namespace rih {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const PlanOptions kPlan = {.seed = 7, .poses = 12, .views = 2, .records_per_shard = 6};

class Integrity : public testing::Test {
  protected:
    Integrity() { fill_dataset(dir_, kPlan); }

    std::vector<Finding> check() const { return check_integrity(dir_); }
    Bytes read(const std::string& file) const { return read_file(dir_ / file, 1 << 30); }
    void write(const std::string& file, std::span<const std::uint8_t> bytes) const {
        overwrite(dir_ / file, bytes);
    }
    void replace(const std::string& file, const std::string& from, const std::string& to) const {
        std::string text = read_text_file(dir_ / file, 1 << 30);
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        overwrite(dir_ / file, text.replace(at, from.size(), to));
    }

    TempFolder folder_;
    const fs::path dir_ = folder_.path();
    const DatasetPlan plan_{kPlan};
};

testing::Matcher<Finding>
finding(const std::string& file, const std::string& key, const std::string& what) {
    return AllOf(Field(&Finding::file, file),
                 Field(&Finding::key, key),
                 Field(&Finding::what, HasSubstr(what)));
}

TEST_F(Integrity, FindsNothingInWhatWasWritten) {
    const auto findings = check_integrity(dir_, 2);
    EXPECT_THAT(findings, IsEmpty()) << findings.front().text();
}

// As an archiver pads it: the bytes at the end are named, and no record is blamed.
TEST_F(Integrity, BlamesNoRecordForAnArchiveThatIsPadded) {
    ManifestRow row = read_manifest(dir_).front();
    const std::string file = row.shard.name() + ".tar";
    Bytes bytes = read(file);
    bytes.resize(bytes.size() + 9 * kTarEnd, 0);
    write(file, bytes);
    row.bytes = bytes.size();
    row.sha256 = sha256_hex(bytes);
    EXPECT_THAT(check_shard(dir_, plan_, row),
                ElementsAre(finding(file, "", "bytes outside of any record")));
}

// Whichever byte of the tar changes, the record that it belongs to is named, and no other.
TEST_F(Integrity, NamesTheRecordOfAnyChangedByte) {
    const ManifestRow row = read_manifest(dir_).front();
    const std::string file = row.shard.name() + ".tar";
    const Bytes original = read(file);
    const DatasetReader reader(dir_);
    const auto& entries = reader.open_shard(row.shard)->entries();
    for (std::size_t at = 3; at < original.size(); at += 149) {
        std::string key; // of the record to which the byte belongs
        for (const IndexEntry& entry : entries) {
            const std::uint64_t begin = entry.members.front().offset - kTarBlock;
            key = at >= begin ? record_key(entry.record) : key;
        }
        key = at >= original.size() - kTarEnd ? "" : key;
        Bytes changed = original;
        changed[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
        write(file, changed);
        const auto findings = check_shard(dir_, plan_, row);
        EXPECT_THAT(findings,
                    ElementsAre(finding(
                        file, key, key.empty() ? "bytes outside of any record" : "were changed")))
            << "byte " << at;
    }
}

TEST_F(Integrity, FindsAnyChangedByteOfTheIndexTheRowsAndTheManifestsDigests) {
    const ManifestRow row = read_manifest(dir_).front();
    for (const char* ending : {".idx.json", ".jsonl"}) {
        const std::string file = row.shard.name() + ending;
        const Bytes original = read(file);
        const std::size_t stride = original.size() / 90;
        for (std::size_t at = 0; at < original.size(); at += stride) {
            Bytes changed = original;
            changed[at] ^= static_cast<std::uint8_t>(1u << (at % 7));
            write(file, changed);
            const auto findings = check_shard(dir_, plan_, row);
            ASSERT_FALSE(findings.empty()) << file << " byte " << at;
            for (const Finding& each : findings) {
                EXPECT_EQ(each.file, file) << each.text();
            }
        }
        write(file, original);
    }
    for (std::string ManifestRow::* digest :
         {&ManifestRow::sha256, &ManifestRow::idx_sha256, &ManifestRow::jsonl_sha256}) {
        ManifestRow changed = row;
        (changed.*digest)[5] = (changed.*digest)[5] == '0' ? '1' : '0';
        EXPECT_THAT(check_shard(dir_, plan_, changed), SizeIs(1));
    }
}

TEST_F(Integrity, NamesTheRecordOfAChangedIndexLineOrRow) {
    const std::string key = record_key(plan_.records_of({Split::Train, 1})[2]);
    std::string text = read_text_file(dir_ / "train/00001.jsonl", 1 << 20);
    const auto at = text.find("\"melanin\":", text.find(key)) + 12;
    text[at] = text[at] == '5' ? '6' : '5';
    overwrite(dir_ / "train/00001.jsonl", text);
    EXPECT_THAT(check(), ElementsAre(finding("train/00001.jsonl", key, "not what the tar says")));
}

TEST_F(Integrity, FindsCutAndLongFiles) {
    const fs::path tar = dir_ / "train/00000.tar";
    const auto size = fs::file_size(tar);
    fs::resize_file(tar, size / 2);
    const auto findings = check();
    EXPECT_THAT(findings, Contains(finding("train/00000.tar", "", "although the manifest says")));
    EXPECT_THAT(findings,
                Contains(finding("train/00000.tar",
                                 record_key(plan_.records_of({Split::Train, 0}).back()),
                                 "is missing, or cut off")));
    fs::resize_file(tar, size + 512);
    EXPECT_THAT(check(), Contains(finding("train/00000.tar", "", "although the manifest says")));
}

TEST_F(Integrity, FindsMissingAndExtraFiles) {
    fs::remove(dir_ / "train/00000.tar");
    fs::remove(dir_ / "train/00001.idx.json");
    fs::remove(dir_ / "hands/left.npz");
    fs::remove(dir_ / "README.md");
    std::ofstream(dir_ / "val/00077.tar") << "stray";
    std::ofstream(dir_ / "notes.txt") << "a user's own";
    const auto findings = check();
    EXPECT_THAT(findings, Contains(finding("train/00000.tar", "", "cannot open")));
    EXPECT_THAT(findings, Contains(finding("train/00001.idx.json", "", "cannot open")));
    EXPECT_THAT(findings, Contains(finding("hands/left.npz", "", "cannot open")));
    EXPECT_THAT(findings, Contains(finding("README.md", "", "is missing")));
    EXPECT_THAT(findings, Contains(finding("val/00077.tar", "", "does not belong")));
    EXPECT_THAT(findings, SizeIs(5));
}

TEST_F(Integrity, FindsChangedFilesAndDatasetJson) {
    replace("dataset.json", "\"spp\": 16", "\"spp\": 17");
    write("hands/right.npz", Bytes{1, 2, 4});
    EXPECT_THAT(check(),
                testing::UnorderedElementsAre(finding("dataset.json", "", "was changed"),
                                              finding("hands/right.npz", "", "was changed")));
}

TEST_F(Integrity, FindsAnIncompleteSetAndABrokenManifest) {
    std::string text = read_text_file(dir_ / "manifest.jsonl", 1 << 20);
    const auto second = text.find('\n') + 1;
    const auto third = text.find('\n', second) + 1;
    const std::string first_row = text.substr(0, second);
    overwrite(dir_ / "manifest.jsonl", first_row + first_row + text.substr(third));
    const auto findings = check();
    EXPECT_THAT(findings, Contains(finding("manifest.jsonl", "", "is listed twice")));
    EXPECT_THAT(findings, Contains(finding("manifest.jsonl", "", "shards are finished")));
    EXPECT_THAT(findings, Contains(finding("train/00001.tar", "", "is not in the manifest")));
}

// Whoever rewrites a shard with all its digests still cannot move a pose into another split.
TEST_F(Integrity, FindsAPoseInTheWrongSplitBehindRightDigests) {
    const ShardId shard{Split::Train, 0};
    const auto records = plan_.records_of(shard);
    ManifestRow row = {.shard = shard,
                       .first_record = records.front(),
                       .last_record = records.back(),
                       .records = records.size()};
    const std::uint64_t stolen = plan_.records_of({Split::Test, 0}).front();
    Bytes tar;
    std::vector<std::string> index;
    std::string rows;
    for (const std::uint64_t number : records) {
        Record record = make_test_record(plan_, number);
        if (number == records[1]) {
            record.pose = plan_.pose_of(stolen);
        }
        auto members = make_test_members(7, number);
        const std::string json = to_json(record);
        members.insert(members.begin(), {"json", Bytes(json.begin(), json.end())});
        const Bytes range = tar_of_record(number, members);
        auto places = members_of_record(range, number, "test");
        for (TarMember& place : places) {
            place.offset += tar.size();
        }
        index.push_back(index_entry(places));
        rows +=
            shard_row(record, shard, {number, tar.size(), range.size(), sha256_hex(range)}) + "\n";
        tar.insert(tar.end(), range.begin(), range.end());
    }
    tar.resize(tar.size() + kTarEnd);
    write("train/00000.tar", tar);
    write("train/00000.idx.json", as_bytes(index_text(index)));
    write("train/00000.jsonl", as_bytes(rows));
    row.bytes = tar.size();
    row.sha256 = sha256_hex(tar);
    row.idx_sha256 = sha256_hex(index_text(index));
    row.jsonl_sha256 = sha256_hex(rows);
    EXPECT_THAT(check_shard(dir_, plan_, row),
                ElementsAre(finding("train/00000.tar", record_key(records[1]), "in two splits")));
}

TEST_F(Integrity, NeedsAReadableDatasetJson) {
    fs::remove(dir_ / "dataset.json");
    EXPECT_THROW(check(), UserError);
}

} // namespace
} // namespace rih
