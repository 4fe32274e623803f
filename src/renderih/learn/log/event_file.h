// SPDX-License-Identifier: Apache-2.0
// A log that TensorBoard reads: records of protobuf messages, each with its length and CRC-32C. The
// few fields that are used are written by hand (tensorflow/core/util/event.proto).
#pragma once

#include "renderih/base/file.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace rih::learn {

/// CRC-32C (Castagnoli).
std::uint32_t crc32c(std::span<const std::uint8_t> bytes);

/// A record of the file: length, its masked check sum, the bytes, theirs.
Bytes event_record(std::span<const std::uint8_t> message);

class EventFile {
  public:
    /// A new file in `folder`, named by the clock as TensorBoard asks for; `first_step` tells it
    /// that a resumed run begins anew there. Throws UserError.
    EventFile(const std::filesystem::path& folder, std::uint64_t first_step);

    void scalars(std::uint64_t step, const std::vector<std::pair<std::string, double>>& values);
    /// An encoded PNG or JPEG.
    void image(std::uint64_t step,
               const std::string& name,
               int width,
               int height,
               std::span<const std::uint8_t> encoded);

  private:
    void write(std::uint64_t step, unsigned field, std::span<const std::uint8_t> content);
    std::filesystem::path path_;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

} // namespace rih::learn
