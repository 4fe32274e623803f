// SPDX-License-Identifier: Apache-2.0
// A finished record of an unfinished shard, as a file of its own: the record's tar range, an end of
// archive (so that any tar program opens it), and one footer block with the digest of the range and
// of the configuration. A run that goes on takes the file only when both agree.
#pragma once

#include "renderih/base/file.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace rih {

void write_partial_record(const std::filesystem::path& path,
                          std::span<const std::uint8_t> range,
                          const std::string& configuration_sha256);

/// The record's range; empty when there is no such file, when it is damaged, or when another
/// configuration made it.
std::optional<Bytes> read_partial_record(const std::filesystem::path& path,
                                         const std::string& configuration_sha256);

} // namespace rih
