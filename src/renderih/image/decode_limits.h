// SPDX-License-Identifier: Apache-2.0
// What a decoder may allocate on the word of a header: 64 MiB, and beyond it 2,000 bytes for each
// byte of the file (deflate reaches 1,032 : 1). A file of a kilobyte cannot ask for a gigabyte.
#pragma once

#include <cstdint>
#include <string>

namespace rih {

inline constexpr std::uint64_t kDecodeAllowance = 64ull << 20; // bytes
inline constexpr std::uint64_t kDecodeRatio = 2000;

/// Throws UserError, naming `what`, when a side is outside 1..kMaxImageSide or the decoded picture
/// is larger than the allowance for a file of `file_bytes`.
void check_decoded_size(std::int64_t width,
                        std::int64_t height,
                        std::uint64_t bytes_per_pixel,
                        std::uint64_t file_bytes,
                        const std::string& what);

} // namespace rih
