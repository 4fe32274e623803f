// SPDX-License-Identifier: Apache-2.0
// The authored data files of the pose sources: base/json_fields.h with the vectors that they hold.
#pragma once

#include "renderih/base/json_fields.h"
#include "renderih/math/types.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rih {

/// A value of a parsed file. The document must outlive it.
class JsonField : public JsonValue {
  public:
    JsonField(const OrderedJson& value, std::string source) : JsonValue(value, std::move(source)) {}
    explicit JsonField(JsonValue value) : JsonValue(std::move(value)) {}

    bool is_list() const { return is_array(); }
    JsonField at(const std::string& key) const { return JsonField(JsonValue::at(key)); }
    /// The elements of a list whose length is within [least, most].
    std::vector<JsonField> list(std::size_t least, std::size_t most) const;

    /// Text of 1 to 4096 bytes.
    std::string text() const { return JsonValue::text(4096, 1); }
    std::vector<double> numbers(std::size_t count, double low, double high) const;
    Vec3 vector(double low, double high) const;
    /// A vector of three that is not zero, made unit.
    Vec3 direction() const;
};

/// Parses a file of at most `max_bytes`. Throws UserError with the place of a syntax error.
OrderedJson read_json_file(const std::filesystem::path& path, std::uint64_t max_bytes);

} // namespace rih
