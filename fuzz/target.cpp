// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.h"

#include "renderih/base/error.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

namespace rih {

void require_same(bool is_same) {
    if (!is_same) {
        std::abort();
    }
}

MemoryFile::MemoryFile(std::span<const std::uint8_t> bytes)
    : file_(::memfd_create("fuzz", MFD_CLOEXEC)),
      path_("/proc/self/fd/" + std::to_string(file_.get())) {
    if (file_.get() < 0 ||
        ::write(file_.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
        std::abort();
    }
}

} // namespace rih

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        rih::fuzz_one({data, size});
    } catch (const rih::UserError& error) {
        rih::require_same(std::string_view(error.what()).find('\n') == std::string_view::npos);
    }
    return 0;
}
