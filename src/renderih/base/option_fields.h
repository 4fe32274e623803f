// SPDX-License-Identifier: Apache-2.0
// Plain structs of options, read from TOML files and from the JSON that we write of them. A struct
// has a function that calls field(name, reference) for every option; "a.b" is option b of table a.
// Options are booleans, whole numbers of 0 or more, numbers, texts and lists of these.
#pragma once

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/json_fields.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace rih {

inline constexpr std::size_t kMaxTomlBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxOptionElements = 10'000; ///< of a list

/// Throws UserError with the line. `what` names the file.
inline toml::table parse_toml(std::string_view text, const std::string& what) {
    try {
        return toml::parse(text, what);
    } catch (const toml::parse_error& error) {
        throw_user_error("{}:{}: {}", what, error.source().begin.line, error.description());
    }
}

/// Throws UserError where the node's type is not the option's. `where` names file and option.
template <typename T>
void assign_option(const toml::node& node, const std::string& where, T& value) {
    const auto need = [&](bool holds, const char* expected) {
        RIH_REQUIRE(holds, "{}: must be {}", where, expected);
    };
    if constexpr (std::is_same_v<T, bool>) {
        need(node.is_boolean(), "true or false");
        value = *node.value<bool>();
    } else if constexpr (std::is_integral_v<T>) {
        const auto read = node.is_integer() ? node.value<std::int64_t>() : std::nullopt;
        need(read && *read >= 0 &&
                 static_cast<std::uint64_t>(*read) <= std::uint64_t{std::numeric_limits<T>::max()},
             "a whole number, 0 or more");
        value = static_cast<T>(*read);
    } else if constexpr (std::is_floating_point_v<T>) {
        need(node.is_number(), "a number");
        value = *node.value<double>();
    } else if constexpr (std::is_same_v<T, std::string>) {
        need(node.is_string(), "a text");
        value = *node.value<std::string>();
    } else {
        const toml::array* list = node.as_array();
        need(list != nullptr, "a list");
        if constexpr (requires { value.resize(0); }) {
            RIH_REQUIRE(list->size() <= kMaxOptionElements, "{}: has too many elements", where);
            value.resize(list->size());
        }
        RIH_REQUIRE(list->size() == value.size(),
                    "{}: must have {} elements, not {}",
                    where,
                    value.size(),
                    list->size());
        for (std::size_t i = 0; i < value.size(); ++i) {
            assign_option(*list->get(i), fmt::format("{}[{}]", where, i), value[i]);
        }
    }
}

/// Throws UserError where the value's type is not the option's.
template <typename T>
void assign_option(const JsonValue& json, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        value = json.boolean();
    } else if constexpr (std::is_integral_v<T>) {
        value = static_cast<T>(
            json.unsigned_integer(static_cast<std::uint64_t>(std::numeric_limits<T>::max())));
    } else if constexpr (std::is_floating_point_v<T>) {
        value = json.number();
    } else if constexpr (std::is_same_v<T, std::string>) {
        value = json.text();
    } else {
        const std::vector<JsonValue> elements = json.elements(0, kMaxOptionElements);
        if constexpr (requires { value.resize(0); }) {
            value.resize(elements.size());
        }
        if (elements.size() != value.size()) {
            json.fail(fmt::format("must have {} elements", value.size()));
        }
        for (std::size_t i = 0; i < elements.size(); ++i) {
            assign_option(elements[i], value[i]);
        }
    }
}

/// Adds "a.b" for every option b of table a. A key with a dot in it is put in quotes: it is no
/// option's name.
inline void collect_option_names(const toml::table& table,
                                 const std::string& prefix,
                                 std::set<std::string>& names) {
    for (const auto& [key, node] : table) {
        const std::string_view own = key.str();
        const bool has_dot = own.find('.') != std::string_view::npos;
        const std::string name = prefix + (has_dot ? fmt::format("'{}'", own) : std::string(own));
        if (const toml::table* inner = node.as_table()) {
            collect_option_names(*inner, name + ".", names);
        } else {
            names.insert(name);
        }
    }
}

/// Overwrites the options that the file names; for_each_field(field) calls field(name, reference)
/// for all there are, which `documentation` lists. Throws UserError for a file that is missing or
/// malformed, for unknown names and for values of the wrong type.
template <typename ForEachField>
void read_option_file(const std::filesystem::path& path,
                      const std::string& documentation,
                      ForEachField&& for_each_field) {
    const toml::table table = parse_toml(read_text_file(path, kMaxTomlBytes), path.string());
    std::set<std::string> unknown;
    collect_option_names(table, "", unknown);
    for_each_field([&](const std::string& name, auto& value) {
        if (unknown.erase(name) > 0) {
            assign_option(
                *table.at_path(name).node(), fmt::format("{}: {}", path.string(), name), value);
        }
    });
    RIH_REQUIRE(unknown.empty(),
                "{}: there is no option \"{}\" ({} lists all)",
                path.string(),
                *unknown.begin(),
                documentation);
}

} // namespace rih
