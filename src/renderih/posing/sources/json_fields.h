// SPDX-License-Identifier: Apache-2.0
// Small data files in JSON, read with every field's presence, type, size and range checked; each
// failure is a UserError of one line that names the file and the field.
#pragma once

#include "renderih/math/types.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rih {

/// A value of a parsed file together with where it stands, for messages. Cheap to copy; the
/// document must outlive it.
class JsonField {
  public:
    JsonField(const nlohmann::json& value, std::string where)
        : value_(&value), where_(std::move(where)) {}

    bool has(const std::string& key) const;
    bool is_list() const;
    JsonField at(const std::string& key) const;
    /// The elements of a list whose length is within [least, most].
    std::vector<JsonField> list(std::size_t least, std::size_t most) const;

    /// Text of 1 to 4096 bytes.
    std::string text() const;
    bool boolean() const;
    /// A finite number within [low, high].
    double number(double low, double high) const;
    std::vector<double> numbers(std::size_t count, double low, double high) const;
    Vec3 vector(double low, double high) const;
    /// A vector of three that is not zero, made unit.
    Vec3 direction() const;

    const std::string& where() const { return where_; }

  private:
    const nlohmann::json* value_;
    std::string where_;
};

/// Parses a file of at most `max_bytes`. Throws UserError with the place of a syntax error.
nlohmann::json read_json_file(const std::filesystem::path& path, std::uint64_t max_bytes);

} // namespace rih
