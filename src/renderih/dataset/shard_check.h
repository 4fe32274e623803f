// SPDX-License-Identifier: Apache-2.0
// The integrity of one shard; part of integrity.h.
#pragma once

#include "renderih/dataset/integrity.h"
#include "renderih/dataset/manifest.h"

namespace rih {

std::vector<Finding>
check_shard(const std::filesystem::path& dir, const DatasetPlan& plan, const ManifestRow& row);

} // namespace rih
