// SPDX-License-Identifier: Apache-2.0
// One .npy array as bytes: its header, checked before anything is allocated, and its values. The
// containers (.npz) are npz.h's.
#pragma once

#include "renderih/base/npz.h"

namespace rih {

/// The largest header that is read; numpy's own are below 200 bytes.
inline constexpr std::size_t kMaxNpyHeaderBytes = 65536;

struct NpyHeader {
    char kind = 'f';           // f, i, u, b, U, S
    std::size_t item_size = 0; // bytes
    bool fortran_order = false;
    std::vector<std::size_t> shape{};
    std::size_t count = 0;          // elements
    std::size_t header_bytes = 0;   // where the values begin
    std::size_t total_bytes = 0;    // header and values
    std::uint64_t memory_bytes = 0; // of the decoded values
};

/// Fills kind and item_size from numpy's name of a type, for example "<f8". Throws UserError for
/// types that are not read.
void parse_npy_type(const std::string& descr, const std::string& name, NpyHeader& header);

/// Reads the header from the file's first bytes (the whole file, or at least
/// kMaxNpyHeaderBytes + 12 of them) and checks that the values in memory stay within
/// max_array_bytes. Throws UserError.
NpyHeader
parse_npy_header(std::span<const std::uint8_t> start, const std::string& name, const NpzLimits&);

/// The values of a file; throws UserError unless it has exactly header.total_bytes bytes.
NpyArray
decode_npy(const NpyHeader& header, std::span<const std::uint8_t> file, const std::string& name);

/// Appends the values as a file stores them; returns numpy's name of their type.
std::string append_npy_values(const NpyOutput& output, const std::string& name, Bytes& bytes);
/// What stands before the values.
Bytes npy_header(const std::string& descr, const std::vector<std::size_t>& shape);

/// The whole .npy file (format 1.0, or 2.0 for a long header).
Bytes encode_npy(const NpyOutput& output, const std::string& name);

} // namespace rih
