// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/pickle_text.h"

#include <charconv>

namespace rih {

namespace {

template <typename Number, typename... Format>
std::optional<Number> whole_number(std::string_view text, Format... format) {
    Number value{};
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, format...);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

/// Takes `digits` hexadecimal digits from the front of `text`.
std::optional<std::uint32_t> take_hex(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) {
        return std::nullopt;
    }
    const auto value = whole_number<std::uint32_t>(text.substr(0, digits), 16);
    text.remove_prefix(digits);
    return value;
}

void append_utf8(Bytes& out, std::uint32_t code) {
    const auto push = [&](std::uint32_t byte) { out.push_back(static_cast<std::uint8_t>(byte)); };
    if (code < 0x80) {
        push(code);
    } else if (code < 0x800) {
        push(0xc0 | code >> 6), push(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        push(0xe0 | code >> 12), push(0x80 | (code >> 6 & 0x3f)), push(0x80 | (code & 0x3f));
    } else {
        push(0xf0 | code >> 18), push(0x80 | (code >> 12 & 0x3f));
        push(0x80 | (code >> 6 & 0x3f)), push(0x80 | (code & 0x3f));
    }
}

} // namespace

std::optional<Bytes> bytes_of_repr(std::string_view line) {
    if (line.size() < 2 || line.front() != line.back() ||
        (line.front() != '\'' && line.front() != '"')) {
        return std::nullopt;
    }
    std::string_view rest = line.substr(1, line.size() - 2);
    Bytes bytes;
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c != '\\') {
            bytes.push_back(static_cast<std::uint8_t>(c));
            continue;
        }
        if (rest.empty()) {
            return std::nullopt;
        }
        const char escape = rest.front();
        rest.remove_prefix(1);
        if (escape == 'x') {
            const auto value = take_hex(rest, 2);
            if (!value) {
                return std::nullopt;
            }
            bytes.push_back(static_cast<std::uint8_t>(*value));
            continue;
        }
        constexpr std::string_view kEscapes = "\\'\"nrt", kMeanings = "\\'\"\n\r\t";
        const auto found = kEscapes.find(escape);
        if (found == std::string_view::npos) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<std::uint8_t>(kMeanings[found]));
    }
    return bytes;
}

std::optional<Bytes> utf8_of_raw_unicode(std::string_view line) {
    Bytes bytes;
    while (!line.empty()) {
        const auto c = static_cast<std::uint8_t>(line.front());
        line.remove_prefix(1);
        const bool is_escape = c == '\\' && (line.starts_with('u') || line.starts_with('U'));
        if (!is_escape) {
            append_utf8(bytes, c);
            continue;
        }
        const std::size_t digits = line.front() == 'u' ? 4 : 8;
        line.remove_prefix(1);
        const auto code = take_hex(line, digits);
        if (!code || *code > 0x10ffff) {
            return std::nullopt;
        }
        append_utf8(bytes, *code);
    }
    return bytes;
}

std::optional<std::int64_t> integer_of_line(std::string_view line) {
    if (line.ends_with('L')) {
        line.remove_suffix(1);
    }
    return whole_number<std::int64_t>(line);
}

std::optional<double> float_of_line(std::string_view line) {
    return whole_number<double>(line, std::chars_format::general);
}

} // namespace rih
