// SPDX-License-Identifier: Apache-2.0
// The way back from damage: a shard that is out of the manifest is made again by the command that
// began the data set, to the bytes that it had.
#pragma once

#include "renderih/dataset/integrity.h"

#include <filesystem>
#include <vector>

namespace rih {

/// Takes the shards that `findings` are about out of the manifest of `dir`, and lines of it that
/// cannot be read; returns those shards. Throws UserError when the manifest cannot be written.
std::vector<ShardId> forget_damaged_shards(const std::filesystem::path& dir,
                                           const std::vector<Finding>& findings);

} // namespace rih
