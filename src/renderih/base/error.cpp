// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"

#include <string_view>

namespace rih {

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
