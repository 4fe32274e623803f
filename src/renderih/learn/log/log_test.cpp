// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/learn/log/csv_log.h"
#include "renderih/learn/log/event_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace rih::learn {
namespace {

TEST(EventFile, CheckSumsAreCastagnolis) {
    EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283u);
    EXPECT_EQ(crc32c(Bytes(32, 0)), 0x8a9136aau); // RFC 3720, B.4
    EXPECT_EQ(crc32c(Bytes(32, 0xff)), 0x62a8ab43u);
}

/// Splits a file into messages, checking lengths and sums.
std::vector<std::string> messages_of(const Bytes& bytes) {
    std::vector<std::string> messages;
    for (std::size_t at = 0; at < bytes.size();) {
        std::uint64_t size = 0;
        std::memcpy(&size, bytes.data() + at, 8);
        const std::span message = std::span(bytes).subspan(at + 12, size);
        const Bytes whole = event_record(message);
        EXPECT_TRUE(std::equal(whole.begin(), whole.end(), bytes.begin() + std::ptrdiff_t(at)));
        messages.emplace_back(message.begin(), message.end());
        at += whole.size();
    }
    return messages;
}

TEST(EventFile, HoldsScalarsAndPictures) {
    const TempFolder folder;
    {
        EventFile file(folder.path(), 7);
        file.scalars(300, {{"loss", 0.5}});
        file.image(300, "hands", 2, 3, as_bytes("png"));
    }
    const auto entry = std::filesystem::directory_iterator(folder.path())->path();
    EXPECT_NE(entry.filename().string().find("tfevents"), std::string::npos);
    const std::vector<std::string> messages = messages_of(read_file(entry, 1 << 20));
    ASSERT_EQ(messages.size(), 4u);
    // Each begins with the field 1 (double) and the field 2 (varint): 300 is ac 02.
    EXPECT_EQ(messages[0].substr(9),
              std::string("\x10\x00\x1a\x0d"
                          "brain.Event:2",
                          17));
    EXPECT_EQ(messages[1].substr(9), std::string("\x10\x07\x3a\x02\x08\x01", 6));
    EXPECT_EQ(messages[2].substr(9),
              std::string("\x10\xac\x02\x2a\x0d\x0a\x0b\x0a\x04", 9) + "loss" +
                  std::string("\x15\x00\x00\x00\x3f", 5));
    EXPECT_EQ(messages[3].substr(9),
              std::string("\x10\xac\x02\x2a\x16\x0a\x14\x0a\x05", 9) + "hands" +
                  std::string("\x22\x0b\x08\x03\x10\x02\x18\x03\x22\x03", 10) + "png");
}

TEST(CsvLog, ForgetsWhatTheCheckpointDoesNotKnow) {
    const TempFolder folder;
    const auto path = folder.path() / "loss.csv";
    {
        CsvLog log(path, {"step", "loss"}, 0);
        log.row(10, {CsvLog::cell(0.1)});
        log.row(20, {CsvLog::cell(std::numeric_limits<double>::quiet_NaN())});
        log.row(30, {CsvLog::cell(3)});
    }
    CsvLog log(path, {"step", "loss"}, 20);
    log.row(40, {CsvLog::cell(4e-9)});
    EXPECT_EQ(read_text_file(path, 1000), "step,loss\n10,0.1\n20,\n40,4e-09\n");
    EXPECT_THROW(CsvLog(path, {"step", "other"}, 20), UserError);
    CsvLog(path, {"step", "other"}, 0);
    EXPECT_EQ(read_text_file(path, 1000), "step,other\n");
}

} // namespace
} // namespace rih::learn
