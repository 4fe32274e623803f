// SPDX-License-Identifier: Apache-2.0
// The files of a data set beside its shards: dataset.json, the card, the hands. All under the data
// set's lock (dataset_lock_path): then a temporary file is what a killed process left.
#pragma once

#include "renderih/base/file.h"

#include <filesystem>
#include <string_view>

namespace rih {

void remove_temporary_files(const std::filesystem::path& folder);

/// Writes one of them, in a folder that holds no others, and tidies up there.
void write_own_file(const std::filesystem::path& path, const Bytes& bytes);
void write_own_file(const std::filesystem::path& path, std::string_view text);

} // namespace rih
