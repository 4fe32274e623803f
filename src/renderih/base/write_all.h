// SPDX-License-Identifier: Apache-2.0
// Writes all of some bytes, however the kernel cuts them into pieces.
#pragma once

#include "renderih/base/file.h"

namespace rih {

/// Goes on after an interruption and where only a part was written. False, with errno set, when a
/// write fails.
bool write_all(const FileDescriptor& file, std::span<const std::uint8_t> bytes);

} // namespace rih
