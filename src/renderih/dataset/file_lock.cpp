// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/file_lock.h"

#include "renderih/base/error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace rih {

std::optional<FileLock> FileLock::lock(const std::filesystem::path& path, int operation) {
    for (int attempt = 0;; ++attempt) {
        // Whoever finishes a data set removes the folder, at any moment between these two calls.
        std::error_code ignored;
        std::filesystem::create_directories(path.parent_path(), ignored);
        FileDescriptor held(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
        if (held.get() < 0 && errno == ENOENT && attempt < 100) {
            continue;
        }
        RIH_REQUIRE(
            held.get() >= 0, "{}: cannot make the lock file: {}", path.string(), strerror(errno));
        while (::flock(held.get(), operation) != 0) {
            if (errno == EWOULDBLOCK) {
                return std::nullopt;
            }
            RIH_REQUIRE(errno == EINTR,
                        "{}: cannot lock: {} (does this file system support flock?)",
                        path.string(),
                        strerror(errno));
        }
        // The holder before us may have removed the file: then the name is another file by now.
        struct stat ours{}, named{};
        if (::fstat(held.get(), &ours) == 0 && ::stat(path.c_str(), &named) == 0 &&
            ours.st_ino == named.st_ino && ours.st_dev == named.st_dev) {
            return FileLock(std::move(held));
        }
    }
}

FileLock FileLock::wait(const std::filesystem::path& path) {
    return *lock(path, LOCK_EX);
}

std::optional<FileLock> FileLock::attempt(const std::filesystem::path& path) {
    return lock(path, LOCK_EX | LOCK_NB);
}

} // namespace rih
