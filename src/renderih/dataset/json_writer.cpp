// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/json_writer.h"

#include "renderih/base/error.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace rih {

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
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            text_ += '\\';
            text_ += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            text_ += c;
        }
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

void JsonWriter::value(std::string_view text) {
    separate();
    append_quoted(text);
}

void JsonWriter::raw(std::string_view json) {
    separate();
    text_ += json;
}

} // namespace rih
