// SPDX-License-Identifier: Apache-2.0
// A value of a JSON document that knows its own name, so that each error can say which field.
#pragma once

#include "renderih/base/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace rih {

class JsonField {
  public:
    JsonField(const nlohmann::json& value, std::string name)
        : value_(&value), name_(std::move(name)) {}

    [[noreturn]] void fail(std::string_view expected) const {
        throw_user_error("{}: must be {}", name_, expected);
    }

    const std::string& name() const { return name_; }
    const nlohmann::json& value() const { return *value_; }

    bool has(const char* key) const { return value_->contains(key); }

    JsonField at(const char* key) const {
        expect_object();
        const auto found = value_->find(key);
        if (found == value_->end()) {
            throw_user_error("{}.{}: is missing", name_, key);
        }
        return {*found, name_ + "." + key};
    }

    JsonField at(std::size_t index) const {
        return {(*value_)[index], name_ + "[" + std::to_string(index) + "]"};
    }

    /// Refuses keys other than these.
    void expect_keys(std::initializer_list<std::string_view> known) const {
        expect_object();
        for (const auto& [key, ignored] : value_->items()) {
            if (std::find(known.begin(), known.end(), key) == known.end()) {
                throw_user_error("{}: has an unknown field '{}'", name_, printable(key));
            }
        }
    }

    void expect_object() const {
        if (!value_->is_object()) {
            fail("an object");
        }
    }

    void expect_array(std::size_t least, std::size_t most) const {
        if (!value_->is_array() || value_->size() < least || value_->size() > most) {
            fail(least == most ? fmt::format("an array of {}", least)
                               : fmt::format("an array of {} to {}", least, most));
        }
    }

    double number(double least, double most) const {
        if (!value_->is_number()) {
            fail(fmt::format("a number from {} to {}", least, most));
        }
        const double number = value_->get<double>();
        if (!(number >= least && number <= most)) {
            fail(fmt::format("a number from {} to {}", least, most));
        }
        return number;
    }

    int integer(int least, int most) const {
        const double number = this->number(least, most);
        if (number != std::floor(number)) {
            fail(fmt::format("a whole number from {} to {}", least, most));
        }
        return static_cast<int>(number);
    }

    template <std::size_t N>
    std::array<double, N> numbers(double least, double most) const {
        expect_array(N, N);
        std::array<double, N> values{};
        for (std::size_t i = 0; i < N; ++i) {
            values[i] = at(i).number(least, most);
        }
        return values;
    }

    bool boolean() const {
        if (!value_->is_boolean()) {
            fail("true or false");
        }
        return value_->get<bool>();
    }

    /// A text of 1 to 4096 bytes without control characters.
    std::string text() const {
        if (!value_->is_string()) {
            fail("a text");
        }
        const auto& text = value_->get_ref<const std::string&>();
        if (text.empty() || text.size() > 4096 || printable(text) != text) {
            fail("a text of 1 to 4096 bytes without control characters");
        }
        return text;
    }

    static std::string printable(std::string text) {
        for (char& c : text) {
            if (static_cast<unsigned char>(c) < ' ' || c == 127) {
                c = '?';
            }
        }
        return text;
    }

  private:
    const nlohmann::json* value_;
    std::string name_;
};

} // namespace rih
