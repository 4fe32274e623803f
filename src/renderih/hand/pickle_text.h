// SPDX-License-Identifier: Apache-2.0
// Texts and numbers as the oldest pickles (protocol 0) write them: on a line of ASCII, with
// escapes.
#pragma once

#include "renderih/base/file.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace rih {

/// Bytes of Python 2's repr(): in single or double quotes, with \\ \' \" \n \r \t \xHH. None when
/// it is anything else.
std::optional<Bytes> bytes_of_repr(std::string_view line);

/// UTF-8 of Python's raw-unicode-escape: Latin-1 with \uXXXX and \UXXXXXXXX. None when it is
/// anything else.
std::optional<Bytes> utf8_of_raw_unicode(std::string_view line);

/// "-12", or "-12L" of a long; none when it is anything else or beyond 64 bits.
std::optional<std::int64_t> integer_of_line(std::string_view line);
std::optional<double> float_of_line(std::string_view line);

} // namespace rih
