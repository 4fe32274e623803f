// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/json_fields.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

/// What nlohmann::json says, without its "[json.exception...] ".
std::string plain_message(std::string_view message) {
    if (const auto end = message.find("] "); message.starts_with("[") && end != message.npos) {
        message.remove_prefix(end + 2);
    }
    return printable(message, 200);
}

constexpr std::size_t kLongestName = 64; // of a file's, in a message

} // namespace

OrderedJson parse_json(std::string_view text, const std::string& what, const JsonLimits& limits) {
    RIH_REQUIRE(text.size() <= limits.max_bytes,
                "{}: {} bytes of JSON, more than the {} that are read",
                what,
                text.size(),
                limits.max_bytes);
    using Json = OrderedJson;
    std::vector<std::set<std::string>> keys_of_open_objects;
    const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
        RIH_REQUIRE(
            depth < limits.max_depth, "{}: nested deeper than {} levels", what, limits.max_depth);
        switch (event) {
        case Json::parse_event_t::object_start:
            keys_of_open_objects.emplace_back();
            break;
        case Json::parse_event_t::object_end:
            keys_of_open_objects.pop_back();
            break;
        case Json::parse_event_t::key: {
            const auto& name = parsed.get_ref<const std::string&>();
            RIH_REQUIRE(keys_of_open_objects.back().insert(name).second,
                        "{}: the key '{}' is given twice",
                        what,
                        printable(name, kLongestName));
            RIH_REQUIRE(keys_of_open_objects.back().size() <= limits.max_keys,
                        "{}: an object of more than {} fields",
                        what,
                        limits.max_keys);
            break;
        }
        default:
            break;
        }
        return true;
    };
    try {
        return Json::parse(text.begin(), text.end(), check);
    } catch (const Json::exception& error) {
        throw_user_error("{}: not valid JSON: {}", what, plain_message(error.what()));
    }
}

void JsonValue::fail(const std::string& message) const {
    throw_user_error("{}: {}", where(), message);
}

std::string JsonValue::where() const {
    return source_ + ": " + (path_.empty() ? "the file" : path_);
}

bool JsonValue::has(const std::string& name) const {
    return json_->is_object() && json_->contains(name);
}

JsonValue JsonValue::at(const std::string& name) const {
    if (!json_->is_object()) {
        fail(fmt::format("expected an object, found {}", json_->type_name()));
    }
    const auto found = json_->find(name);
    std::string path = path_.empty() ? name : path_ + "." + name;
    if (found == json_->end()) {
        throw_user_error("{}: {}: is missing", source_, path);
    }
    return {*found, source_, std::move(path)};
}

double JsonValue::number(double low, double high) const {
    if (!json_->is_number()) {
        fail(fmt::format("expected a number, found {}", json_->type_name()));
    }
    const double x = json_->get<double>();
    if (!std::isfinite(x) || x < low || x > high) {
        fail(fmt::format("{} is outside {} .. {}", x, low, high));
    }
    return x;
}

std::int64_t JsonValue::integer(std::int64_t low, std::int64_t high) const {
    if (!json_->is_number_integer()) {
        fail(fmt::format("expected a whole number, found {}",
                         json_->is_number() ? "a fraction" : json_->type_name()));
    }
    if (json_->is_number_unsigned()) {
        const auto x = json_->get<std::uint64_t>();
        if (high < 0 || x > static_cast<std::uint64_t>(high) ||
            static_cast<std::int64_t>(x) < low) {
            fail(fmt::format("{} is outside {} .. {}", x, low, high));
        }
        return static_cast<std::int64_t>(x);
    }
    const auto x = json_->get<std::int64_t>();
    if (x < low || x > high) {
        fail(fmt::format("{} is outside {} .. {}", x, low, high));
    }
    return x;
}

std::uint64_t JsonValue::unsigned_integer(std::uint64_t high) const {
    if (!json_->is_number_unsigned()) {
        fail(fmt::format("expected a whole number from 0, found {}",
                         json_->is_number() ? "another number" : json_->type_name()));
    }
    const auto x = json_->get<std::uint64_t>();
    if (x > high) {
        fail(fmt::format("{} is above {}", x, high));
    }
    return x;
}

bool JsonValue::boolean() const {
    if (!json_->is_boolean()) {
        fail(fmt::format("expected true or false, found {}", json_->type_name()));
    }
    return json_->get<bool>();
}

std::string JsonValue::text(std::size_t max_size, std::size_t min_size) const {
    if (!json_->is_string()) {
        fail(fmt::format("expected text, found {}", json_->type_name()));
    }
    const auto& text = json_->get_ref<const std::string&>();
    if (text.size() < min_size || text.size() > max_size) {
        fail(fmt::format("text of {} bytes, expected {} .. {}", text.size(), min_size, max_size));
    }
    if (printable(text, max_size) != text) {
        fail("text with control characters");
    }
    return text;
}

std::string JsonValue::sha256() const {
    const std::string digits = text(64);
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (digits.size() != 64 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
        fail("expected the 64 hexadecimal digits of a sha256");
    }
    return digits;
}

std::vector<JsonValue> JsonValue::elements(std::size_t min_count, std::size_t max_count) const {
    if (!json_->is_array()) {
        fail(fmt::format("expected an array, found {}", json_->type_name()));
    }
    const std::size_t count = json_->size();
    if (count < min_count || count > max_count) {
        fail(min_count == max_count
                 ? fmt::format("{} elements, expected {}", count, min_count)
                 : fmt::format("{} elements, expected {} .. {}", count, min_count, max_count));
    }
    std::vector<JsonValue> result;
    result.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        result.emplace_back((*json_)[i], source_, fmt::format("{}[{}]", path_, i));
    }
    return result;
}

JsonObject::JsonObject(const JsonValue& value) : value_(value) {
    if (!value.json().is_object()) {
        value.fail(fmt::format("expected an object, found {}", value.json().type_name()));
    }
}

JsonValue JsonObject::at(const std::string& name) {
    asked_.insert(name);
    return value_.at(name);
}

std::vector<std::string> JsonObject::names(std::size_t max_count) {
    if (value_.json().size() > max_count) {
        value_.fail(fmt::format("{} fields, more than {}", value_.json().size(), max_count));
    }
    std::vector<std::string> result;
    for (const auto& item : value_.json().items()) {
        result.push_back(item.key());
        asked_.insert(item.key());
    }
    return result;
}

void JsonObject::finish() const {
    for (const auto& item : value_.json().items()) {
        if (!asked_.contains(item.key())) {
            value_.fail(fmt::format("unknown field '{}'", printable(item.key(), kLongestName)));
        }
    }
}

} // namespace rih
