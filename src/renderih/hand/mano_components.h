// SPDX-License-Identifier: Apache-2.0
// The principal directions of poses in a MANO file (hands_components), which the hand model does
// not need and formats of others do: a pose is mean + coefficients x directions.
#pragma once

#include "renderih/math/types.h"

#include <filesystem>

namespace rih {

/// [45, 45], a direction a row. Throws UserError when the file has none or they are not
/// independent.
MatX mano_pose_components(const std::filesystem::path& path);

} // namespace rih
