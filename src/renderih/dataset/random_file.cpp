// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/random_file.h"

#include "renderih/base/error.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rih {

RandomFile::RandomFile(std::filesystem::path path)
    : path_(std::move(path)), file_(open_plain_file(path_, size_)) {}

Bytes RandomFile::read(std::uint64_t offset, std::uint64_t size) const {
    RIH_REQUIRE(offset <= size_ && size <= size_ - offset,
                "{}: {} bytes at {} lie beyond its {} bytes",
                path_.string(),
                size,
                offset,
                size_);
    Bytes bytes(size);
    std::uint64_t done = 0;
    while (done < size) {
        const ssize_t n = ::pread(
            file_.get(), bytes.data() + done, size - done, static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        RIH_REQUIRE(n > 0,
                    "{}: cannot read: {}",
                    path_.string(),
                    n < 0 ? std::strerror(errno) : "it became shorter while being read");
        done += static_cast<std::uint64_t>(n);
    }
    return bytes;
}

} // namespace rih
