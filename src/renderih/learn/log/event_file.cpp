// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/log/event_file.h"

#include "renderih/base/error.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace rih::learn {

namespace {

// Numbers of fields in event.proto and summary.proto.
constexpr unsigned kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7;
constexpr unsigned kValue = 1, kTag = 1, kSimpleValue = 2, kImage = 4;
constexpr unsigned kHeight = 1, kWidth = 2, kColours = 3, kEncoded = 4;
constexpr unsigned kStatus = 1;
constexpr std::uint64_t kStart = 1;
// Wire types.
constexpr unsigned kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5;

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1) ^ ((value & 1) ? 0x82f63b78u : 0u);
        }
        table[i] = value;
    }
    return table;
}
constexpr std::array<std::uint32_t, 256> kTable = make_table();

/// A protobuf message that grows field by field.
class Message {
  public:
    void varint(unsigned field, std::uint64_t value) {
        append_varint(field << 3 | kVarint);
        append_varint(value);
    }
    void fixed(unsigned field, double value) {
        append_varint(field << 3 | kFixed64);
        append(&value, sizeof value);
    }
    void fixed(unsigned field, float value) {
        append_varint(field << 3 | kFixed32);
        append(&value, sizeof value);
    }
    void bytes(unsigned field, std::span<const std::uint8_t> content) {
        append_varint(field << 3 | kBytes);
        append_varint(content.size());
        bytes_.insert(bytes_.end(), content.begin(), content.end());
    }
    void message(unsigned field, const Message& inner) { bytes(field, inner.bytes_); }
    std::span<const std::uint8_t> content() const { return bytes_; }

  private:
    void append(const void* from, std::size_t count) {
        const auto* first = static_cast<const std::uint8_t*>(from);
        bytes_.insert(bytes_.end(), first, first + count);
    }
    void append_varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) {
            bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
        }
        bytes_.push_back(static_cast<std::uint8_t>(value));
    }
    Bytes bytes_;
};

std::uint32_t masked_crc(std::span<const std::uint8_t> bytes) {
    const std::uint32_t crc = crc32c(bytes);
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace

std::uint32_t crc32c(std::span<const std::uint8_t> bytes) {
    std::uint32_t crc = ~0u;
    for (const std::uint8_t byte : bytes) {
        crc = (crc >> 8) ^ kTable[(crc ^ byte) & 0xff];
    }
    return ~crc;
}

Bytes event_record(std::span<const std::uint8_t> message) {
    const std::uint64_t size = message.size();
    Bytes record(16 + message.size());
    std::memcpy(record.data(), &size, 8);
    const std::uint32_t size_crc = masked_crc(std::span(record).first(8));
    std::memcpy(record.data() + 8, &size_crc, 4);
    std::copy(message.begin(), message.end(), record.begin() + 12);
    const std::uint32_t crc = masked_crc(message);
    std::memcpy(record.data() + 12 + message.size(), &crc, 4);
    return record;
}

EventFile::EventFile(const std::filesystem::path& folder, std::uint64_t first_step)
    : path_(folder / fmt::format("events.out.tfevents.{:.6f}.renderih", seconds_now())),
      file_(std::fopen(path_.c_str(), "wb"), std::fclose) {
    RIH_REQUIRE(file_ != nullptr, "{}: cannot write: {}", path_.string(), std::strerror(errno));
    write(0, kFileVersion, as_bytes("brain.Event:2"));
    if (first_step > 0) {
        Message session;
        session.varint(kStatus, kStart);
        write(first_step, kSessionLog, session.content());
    }
}

void EventFile::scalars(std::uint64_t step,
                        const std::vector<std::pair<std::string, double>>& values) {
    Message summary;
    for (const auto& [name, number] : values) {
        Message value;
        value.bytes(kTag, as_bytes(name));
        value.fixed(kSimpleValue, static_cast<float>(number));
        summary.message(kValue, value);
    }
    write(step, kSummary, summary.content());
}

void EventFile::image(std::uint64_t step,
                      const std::string& name,
                      int width,
                      int height,
                      std::span<const std::uint8_t> encoded) {
    Message image, value, summary;
    image.varint(kHeight, static_cast<std::uint64_t>(height));
    image.varint(kWidth, static_cast<std::uint64_t>(width));
    image.varint(kColours, 3);
    image.bytes(kEncoded, encoded);
    value.bytes(kTag, as_bytes(name));
    value.message(kImage, image);
    summary.message(kValue, value);
    write(step, kSummary, summary.content());
}

void EventFile::write(std::uint64_t step, unsigned field, std::span<const std::uint8_t> content) {
    Message event;
    event.fixed(kWallTime, seconds_now());
    event.varint(kStep, step);
    event.bytes(field, content);
    const Bytes record = event_record(event.content());
    // Flushed at once, so that a board beside the run follows it.
    RIH_REQUIRE(std::fwrite(record.data(), 1, record.size(), file_.get()) == record.size() &&
                    std::fflush(file_.get()) == 0,
                "{}: cannot write: {}",
                path_.string(),
                std::strerror(errno));
}

} // namespace rih::learn
