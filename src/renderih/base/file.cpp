// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/file.h"

#include "renderih/base/atomic_file.h"
#include "renderih/base/error.h"
#include "renderih/base/write_all.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rih {

namespace fs = std::filesystem;

namespace {

template <typename Buffer>
Buffer read_whole(const fs::path& path, std::uint64_t max_bytes) {
    std::uint64_t size = 0;
    const FileDescriptor file = open_plain_file(path, size);
    RIH_REQUIRE(size <= max_bytes,
                "{}: has {} bytes, more than the {} that are read",
                path.string(),
                size,
                max_bytes);
    Buffer buffer(size, {});
    const std::span bytes(reinterpret_cast<std::uint8_t*>(buffer.data()), size);
    RIH_REQUIRE(read_some(file, bytes, path) == size,
                "{}: cannot read: it became shorter while being read",
                path.string());
    return buffer;
}

} // namespace

int FileDescriptor::close() {
    const int fd = std::exchange(fd_, -1);
    return fd >= 0 ? ::close(fd) : 0;
}

FileDescriptor open_plain_file(const fs::path& path, std::uint64_t& size) {
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    RIH_REQUIRE(file.get() >= 0, "{}: cannot open: {}", path.string(), std::strerror(errno));
    struct stat info{};
    const bool known = ::fstat(file.get(), &info) == 0;
    RIH_REQUIRE(known && S_ISREG(info.st_mode),
                "{}: is {}",
                path.string(),
                known && S_ISDIR(info.st_mode) ? "a folder, not a file" : "not a plain file");
    size = static_cast<std::uint64_t>(info.st_size);
    return file;
}

std::size_t
read_some(const FileDescriptor& file, std::span<std::uint8_t> buffer, const fs::path& path) {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t n = ::read(file.get(), buffer.data() + done, buffer.size() - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        RIH_REQUIRE(n >= 0, "{}: cannot read: {}", path.string(), std::strerror(errno));
        if (n == 0) {
            break;
        }
        done += static_cast<std::size_t>(n);
    }
    return done;
}

Bytes read_file(const fs::path& path, std::uint64_t max_bytes) {
    return read_whole<Bytes>(path, max_bytes);
}

std::string read_text_file(const fs::path& path, std::uint64_t max_bytes) {
    return read_whole<std::string>(path, max_bytes);
}

void write_file_atomically(const fs::path& path, std::span<const std::uint8_t> bytes) {
    AtomicFile atomic(path);
    FileDescriptor file(
        ::open(atomic.temporary().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) {
        atomic.fail("create");
    }
    if (!write_all(file, bytes)) {
        atomic.fail("write");
    }
    if (file.close() != 0) {
        atomic.fail("close");
    }
    atomic.commit();
}

void write_file_atomically(const fs::path& path, std::string_view text) {
    write_file_atomically(path, as_bytes(text));
}

void make_folder(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    RIH_REQUIRE(!error && fs::is_directory(path),
                "{}: cannot make the folder: {}",
                path.string(),
                error ? error.message() : "something else has that name");
}

void sync_folder(const fs::path& path) {
    const fs::path folder = path.empty() ? fs::path(".") : path;
    FileDescriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    RIH_REQUIRE(
        file.get() >= 0, "{}: cannot open the folder: {}", folder.string(), std::strerror(errno));
    // Some file systems cannot sync folders (EINVAL); there the rename is as safe as it gets.
    RIH_REQUIRE(::fsync(file.get()) == 0 || errno == EINVAL,
                "{}: cannot sync the folder: {}",
                folder.string(),
                std::strerror(errno));
}

} // namespace rih
