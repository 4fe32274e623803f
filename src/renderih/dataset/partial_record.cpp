// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/partial_record.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/dataset/tar.h"

#include <algorithm>

namespace rih {

namespace {

std::string footer_of(std::span<const std::uint8_t> range, const std::string& configuration) {
    std::string footer =
        fmt::format("renderih partial record 1\nsha256 {}\nconfiguration_sha256 {}\nbytes {}\n",
                    sha256_hex(range),
                    configuration,
                    range.size());
    RIH_ASSERT(footer.size() <= kTarBlock, "a footer of {} bytes", footer.size());
    footer.resize(kTarBlock, '\n');
    return footer;
}

} // namespace

void write_partial_record(const std::filesystem::path& path,
                          std::span<const std::uint8_t> range,
                          const std::string& configuration_sha256) {
    Bytes file(range.begin(), range.end());
    file.resize(range.size() + kTarEnd, 0);
    const std::string footer = footer_of(range, configuration_sha256);
    file.insert(file.end(), footer.begin(), footer.end());
    write_file_atomically(path, file);
}

std::optional<Bytes> read_partial_record(const std::filesystem::path& path,
                                         const std::string& configuration_sha256) {
    if (!std::filesystem::exists(path)) {
        return std::nullopt;
    }
    Bytes file;
    try {
        file = read_file(path, kMaxRecordBytes + kTarEnd + kTarBlock);
    } catch (const UserError&) {
        return std::nullopt; // whatever lies there is not ours: the record is made again
    }
    if (file.size() <= kTarEnd + kTarBlock) {
        return std::nullopt;
    }
    const auto range = std::span(file).first(file.size() - kTarEnd - kTarBlock);
    const auto footer = std::span(file).last(kTarBlock);
    if (!std::ranges::equal(footer, as_bytes(footer_of(range, configuration_sha256)))) {
        return std::nullopt;
    }
    file.resize(range.size());
    return file;
}

} // namespace rih
