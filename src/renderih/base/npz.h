// SPDX-License-Identifier: Apache-2.0
// numpy's .npy and .npz files: arrays by name, read with every size checked, written so that the
// same arrays always give the same bytes.
#pragma once

#include "renderih/base/file.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace rih {

/// One array in C order. Integers and booleans of any width become int64, floats become double;
/// text ('<U', or '|S' read as Latin-1) becomes one UTF-8 string an element.
struct NpyArray {
    std::vector<std::size_t> shape;
    std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> data;

    std::size_t size() const;
    /// The values as double (integers converted). Throws UserError for text.
    std::vector<double> as_double() const;
    /// The values as integers. Throws UserError for floats and text.
    std::vector<std::int64_t> as_int() const;
};

using NpzArrays = std::map<std::string, NpyArray>;

struct NpzLimits {
    std::uint64_t max_file_bytes = std::uint64_t{4} << 30;
    std::uint64_t max_array_bytes = std::uint64_t{4} << 30; ///< in memory, one array
    std::uint64_t max_total_bytes = std::uint64_t{8} << 30; ///< in memory, all arrays
    std::size_t max_arrays = 1000;
};

/// Reads every array of the file (stored or deflate); Fortran order is turned round. Throws
/// UserError for a missing, truncated, corrupt or oversized file; object arrays (pickles inside an
/// npz) are refused. Memory: the file, one array as its entry, and the arrays as they are kept
/// (one twice while its order is turned), all within limits.
NpzArrays read_npz(const std::filesystem::path& path, const NpzLimits& limits = {});
/// The same from a file's bytes; `where` names them in messages.
NpzArrays read_npz(std::span<const std::uint8_t> bytes,
                   const std::string& where,
                   const NpzLimits& limits = {});
NpyArray read_npy(std::span<const std::uint8_t> bytes,
                  const std::string& name,
                  const NpzLimits& limits = {});

/// How numbers are stored.
enum class NpyType { Float64, Float32, Int64, Int32, UInt8, Text };

struct NpyOutput {
    NpyArray array;
    NpyType type = NpyType::Float64;
};

/// The bytes of the file: entries in the map's order, no time stamps, deflate.
Bytes encode_npz(const std::map<std::string, NpyOutput>& arrays);
/// Writes them atomically.
void write_npz(const std::filesystem::path& path, const std::map<std::string, NpyOutput>& arrays);

} // namespace rih
