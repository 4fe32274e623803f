// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/json_writer.h"

#include "renderih/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace rih {

namespace {

/// Bytes of the UTF-8 character that `text` begins with; 0 when it is none (RFC 3629).
std::size_t utf8_size(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const auto is_tail = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
    const unsigned first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xc2 && first <= 0xdf && is_tail(1)) {
        return 2;
    }
    if (first >= 0xe0 && first <= 0xef && is_tail(1) && is_tail(2) &&
        !(first == 0xe0 && byte(1) < 0xa0) && !(first == 0xed && byte(1) > 0x9f)) {
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4 && is_tail(1) && is_tail(2) && is_tail(3) &&
        !(first == 0xf0 && byte(1) < 0x90) && !(first == 0xf4 && byte(1) > 0x8f)) {
        return 4;
    }
    return 0;
}

} // namespace

void JsonWriter::separate() {
    if (needs_comma_) {
        text_ += ',';
    }
    needs_comma_ = true;
}

void JsonWriter::open(char bracket) {
    separate();
    text_ += bracket;
    needs_comma_ = false;
}

void JsonWriter::close(char bracket) {
    text_ += bracket;
    needs_comma_ = true;
}

void JsonWriter::append_quoted(std::string_view text) {
    text_ += '"';
    while (!text.empty()) {
        const char c = text.front();
        const std::size_t size = utf8_size(text);
        if (size == 0) {
            text_ += '?';
        } else if (c == '"' || c == '\\') {
            text_ += '\\';
            text_ += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            text_ += text.substr(0, size);
        }
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    text_ += '"';
}

void JsonWriter::key(std::string_view name) {
    separate();
    append_quoted(name);
    text_ += ':';
    needs_comma_ = false;
    last_key_ = name;
}

void JsonWriter::value(double number) {
    RIH_ASSERT(std::isfinite(number), "'{}' would be written as {}", last_key_, number);
    separate();
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    const std::string_view written(digits, static_cast<std::size_t>(end - digits));
    text_ += written;
    if (written.find_first_of(".e") == std::string_view::npos) {
        text_ += ".0";
    }
}

void JsonWriter::value(std::int64_t number) {
    separate();
    text_ += fmt::format_int(number).str();
}

void JsonWriter::value(std::uint64_t number) {
    separate();
    text_ += fmt::format_int(number).str();
}

void JsonWriter::value(bool truth) {
    separate();
    text_ += truth ? "true" : "false";
}

void JsonWriter::null() {
    separate();
    text_ += "null";
}

void JsonWriter::value(std::string_view text) {
    separate();
    append_quoted(text);
}

} // namespace rih
