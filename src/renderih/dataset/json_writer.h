// SPDX-License-Identifier: Apache-2.0
// Writes compact JSON in the order of the calls, so that the same values are always the same bytes.
// Doubles get the shortest digits that read back as the same double; an integral one keeps ".0", so
// that a column has one type in every row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rih {

class JsonWriter {
  public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    void key(std::string_view name);

    /// Throws InternalError for NaN and infinity, which JSON cannot say; `key()` names the place.
    void value(double number);
    void value(std::int64_t number);
    void value(std::uint64_t number);
    void value(int number) { value(std::int64_t{number}); }
    void value(bool truth);
    void null();
    /// Bytes that are no UTF-8 become question marks.
    void value(std::string_view text);
    void value(const char* text) { value(std::string_view(text)); }

    template <typename T>
    void field(std::string_view name, const T& x) {
        key(name);
        value(x);
    }

    template <typename Range>
    void array(std::string_view name, const Range& range) {
        key(name);
        begin_array();
        for (const auto& x : range) {
            value(x);
        }
        end_array();
    }

    const std::string& text() const { return text_; }
    std::string take() { return std::move(text_); }

  private:
    void separate();
    void open(char bracket);
    void close(char bracket);
    void append_quoted(std::string_view text);

    std::string text_;
    std::string last_key_;
    bool needs_comma_ = false;
};

} // namespace rih
