// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/write_all.h"

#include <unistd.h>

#include <cerrno>

namespace rih {

bool write_all(const FileDescriptor& file, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(file.get(), bytes.data(), bytes.size());
        if (n < 0 && errno != EINTR) {
            return false;
        }
        bytes = bytes.subspan(n < 0 ? 0 : static_cast<std::size_t>(n));
    }
    return true;
}

} // namespace rih
