// SPDX-License-Identifier: Apache-2.0
// The head of an EXR file, read by our own few lines before OpenEXR sees the file: OpenEXR
// allocates what a header asks for, so what it asks for is checked first.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rih {

struct ExrHeader {
    int width = 0, height = 0;         // of the data window
    int min_x = 0, min_y = 0;          // its corner
    std::vector<std::string> channels; // names, in the file's order
};

/// Reads and checks the header of a single-part, flat EXR with scan lines or one-level tiles.
/// Throws UserError that names `what`.
ExrHeader check_exr_header(std::span<const std::uint8_t> bytes, const std::string& what);

} // namespace rih
