// SPDX-License-Identifier: Apache-2.0
// JSON from files that nobody vouches for: parsing bounded in size and nesting that refuses a key
// given twice, and typed access to an object's fields. Every failure is a UserError of one line
// that names the source and the field, as in "train/00000.tar 000000000003: hands.right.pose[2]".
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rih {

struct JsonLimits {
    std::size_t max_bytes = std::size_t{16} << 20; ///< a value in memory takes up to 10 x the text
    int max_depth = 16;
    std::size_t max_keys = 1000; ///< of one object
};

using OrderedJson = nlohmann::ordered_json;

/// Parses one JSON value. `what` names the source in messages.
OrderedJson
parse_json(std::string_view text, const std::string& what, const JsonLimits& limits = {});

/// A JSON value with the way to it.
class JsonValue {
  public:
    JsonValue(const OrderedJson& json, std::string source, std::string path = "")
        : json_(&json), source_(std::move(source)), path_(std::move(path)) {}

    double number(double low = -std::numeric_limits<double>::max(),
                  double high = std::numeric_limits<double>::max()) const;
    std::int64_t integer(std::int64_t low, std::int64_t high) const;
    std::uint64_t unsigned_integer(std::uint64_t high = ~std::uint64_t{0}) const;
    bool boolean() const;
    /// `min_size` to `max_size` bytes without control characters.
    std::string text(std::size_t max_size = 4096, std::size_t min_size = 0) const;
    /// 64 lower-case hexadecimal digits.
    std::string sha256() const;

    /// The elements of an array of `min_count` .. `max_count` elements.
    std::vector<JsonValue> elements(std::size_t min_count, std::size_t max_count) const;
    std::vector<JsonValue> elements(std::size_t count) const { return elements(count, count); }

    bool has(const std::string& name) const;
    bool is_array() const { return json_->is_array(); }
    /// The field of that name; a missing one is a UserError, and so is one of what is no object.
    JsonValue at(const std::string& name) const;

    const OrderedJson& json() const { return *json_; }
    const std::string& source() const { return source_; }
    const std::string& path() const { return path_; }
    /// "<source>: <path>", for messages.
    std::string where() const;

    /// Throws the UserError "<source>: <path>: <message>".
    [[noreturn]] void fail(const std::string& message) const;

  private:
    const OrderedJson* json_;
    std::string source_, path_;
};

/// An object whose fields are asked for one by one; `finish` refuses those that nobody asked for.
class JsonObject {
  public:
    explicit JsonObject(const JsonValue& value);

    bool has(const std::string& name) const { return value_.has(name); }
    /// The field of that name; a missing one is a UserError.
    JsonValue at(const std::string& name);
    JsonObject object(const std::string& name) { return JsonObject(at(name)); }
    /// Every name, in the file's order; they count as asked for.
    std::vector<std::string> names(std::size_t max_count);
    /// Throws UserError for a field that was not asked for.
    void finish() const;

  private:
    JsonValue value_;
    std::set<std::string> asked_;
};

} // namespace rih
