// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"

#include <string_view>

namespace rih {

namespace {

/// The bytes of the UTF-8 character at the start of `text`; 0 when there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) {
            return 0;
        }
    }
    return length;
}

} // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
    std::string result;
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const auto first = static_cast<unsigned char>(text[0]);
        // U+0080 .. U+009F are control characters too.
        const bool is_control =
            first < ' ' || first == 127 ||
            (first == 0xc2 && length == 2 && static_cast<unsigned char>(text[1]) < 0xa0);
        const std::string_view shown =
            length == 0 || is_control ? std::string_view("?") : text.substr(0, length);
        if (result.size() + shown.size() > max_bytes) {
            return result + "...";
        }
        result += shown;
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

void throw_internal_error(const char* expression,
                          const char* file,
                          int line,
                          const std::string& message) {
    std::string_view name = file;
    if (const auto slash = name.rfind('/'); slash != std::string_view::npos) {
        name.remove_prefix(slash + 1);
    }
    throw InternalError(fmt::format("{} ({} failed at {}:{})", message, expression, name, line));
}

} // namespace rih
