// SPDX-License-Identifier: Apache-2.0
// The two kinds of failure. A UserError is bad input: its message says what is wrong, where, and
// what to try, and the program ends with status 1. An InternalError is our own mistake: status 3.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace rih {

/// Text that came from elsewhere, fit for a terminal: control characters, newlines among them, and
/// what is no UTF-8 become '?'; beyond `max_bytes` it is cut and ends in "...".
std::string printable(std::string_view text, std::size_t max_bytes = 4096);

/// Its message is one printable line, whatever a file gave to it.
class UserError : public std::runtime_error {
  public:
    explicit UserError(std::string_view message) : std::runtime_error(printable(message)) {}
};

class InternalError : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

/// Throws a UserError with a formatted message.
template <typename... Args>
[[noreturn]] void throw_user_error(fmt::format_string<Args...> format, Args&&... args) {
    throw UserError(fmt::format(format, std::forward<Args>(args)...));
}

[[noreturn]] void throw_internal_error(const char* expression,
                                       const char* file,
                                       int line,
                                       const std::string& message);

} // namespace rih

/// Checks something that a user or a file can get wrong.
#define RIH_REQUIRE(condition, ...)                                                                \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ::rih::throw_user_error(__VA_ARGS__);                                                  \
        }                                                                                          \
    } while (false)

/// Checks something that only a mistake of ours can break; stays on in every build.
#define RIH_ASSERT(condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ::rih::throw_internal_error(#condition, __FILE__, __LINE__, fmt::format(__VA_ARGS__)); \
        }                                                                                          \
    } while (false)
