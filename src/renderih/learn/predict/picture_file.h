// SPDX-License-Identifier: Apache-2.0
// A picture of a user: JPEG, PNG or WebP, told apart by content.
#pragma once

#include "renderih/image/image.h"

#include <filesystem>

namespace rih::learn {

/// 3 channels. Throws UserError for what cannot be read.
Image8 read_picture(const std::filesystem::path& path);

} // namespace rih::learn
