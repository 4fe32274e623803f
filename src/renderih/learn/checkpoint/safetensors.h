// SPDX-License-Identifier: Apache-2.0
// Named arrays in the safetensors format: eight bytes of header length, a JSON header, raw values.
// Python's `safetensors` reads what this writes and the other way round; nothing in such a file can
// run code. A reader of ours takes hostile bytes: every extent is checked before it is used.
#pragma once

#include "renderih/base/file.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace rih::learn {

enum class TensorType { F32, F64, F16, Bf16, I64, I32, U8 };
std::size_t bytes_of(TensorType type);
std::string_view name_of(TensorType type); // as in the file: "F32"

struct TensorView {
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::uint8_t> bytes; // row-major, little endian
};

/// Values of a file in memory.
class Safetensors {
  public:
    /// Throws UserError naming `what` and what is wrong.
    static Safetensors parse(Bytes bytes, const std::string& what);
    /// Reads at most `max_bytes`.
    static Safetensors read(const std::filesystem::path& path,
                            std::uint64_t max_bytes = std::uint64_t{8} << 30);

    const std::map<std::string, TensorView>& tensors() const { return tensors_; }
    const std::map<std::string, std::string>& metadata() const { return metadata_; }
    const std::string& what() const { return what_; }

    /// Throw UserError when there is none of that name.
    const TensorView& tensor(const std::string& name) const;
    const std::string& metadata(const std::string& name) const;

  private:
    std::string what_;
    Bytes bytes_;
    std::map<std::string, TensorView> tensors_;
    std::map<std::string, std::string> metadata_;
};

/// Writes the file whole or not at all. Arrays follow each other in the order of their names, those
/// of wide types first, so that each is aligned. Throws UserError when the place cannot be written.
void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata);

} // namespace rih::learn
