// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/random_file.h"

#include "renderih/base/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rih {

RandomFile::RandomFile(std::filesystem::path path)
    : path_(std::move(path)), fd_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    RIH_REQUIRE(fd_ >= 0, "{}: cannot open: {}", path_.string(), std::strerror(errno));
    struct stat info{};
    if (::fstat(fd_, &info) != 0 || !S_ISREG(info.st_mode)) {
        ::close(fd_);
        throw_user_error("{}: is not a plain file", path_.string());
    }
    size_ = static_cast<std::uint64_t>(info.st_size);
}

RandomFile::~RandomFile() {
    ::close(fd_);
}

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
        const ssize_t n =
            ::pread(fd_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
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
