// SPDX-License-Identifier: Apache-2.0
// SHA-256 (OpenSSL's), as lower-case hexadecimal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rih {

/// A digest over several pieces.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::span<const std::uint8_t> bytes);
    /// The digest of everything so far; call once.
    std::string finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string sha256_hex(std::span<const std::uint8_t> bytes);
std::string sha256_hex(std::string_view text);

/// Streams the file, whatever its size. Throws UserError when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

} // namespace rih
