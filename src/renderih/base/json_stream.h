// SPDX-License-Identifier: Apache-2.0
// Large JSON files read as a stream: what is in memory is one element at a time, not the file, and
// no name, number or element can grow beyond its bound.
#pragma once

#include "renderih/base/json_fields.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rih {

/// Feeds a file of at most `max_bytes` to a handler of nlohmann's. Throws UserError when it cannot
/// be read, is larger, is no JSON, or holds a name, text or number of over 4096 bytes.
void sax_parse_file(const std::filesystem::path& path,
                    std::uint64_t max_bytes,
                    nlohmann::json_sax<nlohmann::json>& handler);

struct JsonStreamLimits {
    std::uint64_t max_file_bytes = std::uint64_t{4} << 30;
    std::size_t max_element_values = 10'000; ///< values in one element, itself and those inside
    int max_element_depth = 8;
};

/// The keys (or, in lists, the numbers as text) that lead to an element.
using JsonWay = std::vector<std::string>;

/// Calls `on_element` for each value that lies `depth` levels below the top, 1 or more, in the
/// file's order; values that end above are not looked at. A key given twice in an element is a
/// UserError, as is all that sax_parse_file() refuses and what lies beyond the limits.
void for_each_json_element(
    const std::filesystem::path& path,
    int depth,
    const JsonStreamLimits& limits,
    const std::function<void(const JsonWay& way, const JsonValue& element)>& on_element);

} // namespace rih
