// SPDX-License-Identifier: Apache-2.0
// Loaded with LD_PRELOAD before the C library, counts every call that changes a file below
// $RIH_FAULT_ROOT and lets the n-th of them go wrong, so that a test can try each moment of a run
// of the program as it is shipped. $RIH_FAULT is KIND:N:
//   before, after  the process dies (SIGKILL) before or after call N;  torn  half-way into it
//   stop           it stops (SIGSTOP) before call N
//   short, EINTR, EIO   call N alone writes half, is interrupted, fails
//   ENOSPC, EROFS  from call N on, the disk is full or read-only
// $RIH_FAULT_LOG gets a line "N CALL PATH RESULT" for each call that came back.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

char root[PATH_MAX], kind[16];
std::size_t root_size = 0;
long fault_at = 0;
int log_fd = -1;
std::atomic<long> count{0};

[[gnu::constructor]] void read_settings() {
    const char* folder = std::getenv("RIH_FAULT_ROOT");
    if (folder == nullptr) {
        return;
    }
    std::snprintf(root, sizeof root, "%s", folder);
    if (const char* fault = std::getenv("RIH_FAULT")) {
        if (std::sscanf(fault, "%15[^:]:%ld", kind, &fault_at) != 2) {
            std::abort(); // a test that asks for no fault must not pass
        }
    }
    if (const char* path = std::getenv("RIH_FAULT_LOG")) {
        log_fd = static_cast<int>(
            ::syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    }
    root_size = std::strlen(root); // last: from here on calls count
}

template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool is(const char* name) {
    return std::strcmp(kind, name) == 0;
}

bool is_below_root(const char* path) {
    return root_size != 0 && path != nullptr && std::strncmp(path, root, root_size) == 0 &&
           (path[root_size] == '/' || path[root_size] == '\0');
}

/// The path of an open file; false when it is not below the root.
bool path_of(int fd, char* path) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t size = root_size == 0 ? -1 : ::readlink(link, path, PATH_MAX - 1);
    path[size < 0 ? 0 : size] = '\0';
    return is_below_root(path);
}

/// `path` as seen from folder `dir_fd`; false when it is not below the root.
bool path_at(int dir_fd, const char* path, char* whole) {
    if (dir_fd == AT_FDCWD || path[0] == '/') {
        std::snprintf(whole, PATH_MAX, "%s", path);
        return is_below_root(whole);
    }
    if (!path_of(dir_fd, whole)) {
        return false;
    }
    const std::size_t size = std::strlen(whole);
    std::snprintf(whole + size, PATH_MAX - size, "/%s", path);
    return true;
}

/// What a full disk refuses: whatever needs room.
bool needs_room(const char* call) {
    return std::strcmp(call, "open-new") == 0 || std::strcmp(call, "write") == 0 ||
           std::strcmp(call, "mkdir") == 0 || std::strcmp(call, "copy") == 0 ||
           std::strcmp(call, "link") == 0;
}

/// What a file system that became read-only refuses.
bool changes_disk(const char* call) {
    return std::strcmp(call, "close") != 0 && std::strcmp(call, "fsync") != 0;
}

bool is_write(const char* call) {
    return std::strcmp(call, "write") == 0;
}

[[noreturn]] void die() {
    ::syscall(SYS_kill, ::getpid(), SIGKILL);
    for (;;) {
        ::pause();
    }
}

/// Counts a call and does to it what is asked for. `run(half)` makes the call; with `half` it
/// writes half of what it should.
template <typename Run>
auto counted(const char* call, const char* path, Run run) -> decltype(run(false)) {
    using Result = decltype(run(false));
    const long number = ++count;
    const bool here = number == fault_at, from_here = fault_at != 0 && number >= fault_at;
    const auto fail = [](int error) {
        errno = error;
        return static_cast<Result>(-1);
    };
    Result result{};
    if (here && is("before")) {
        die();
    } else if (here && is("torn") && is_write(call)) {
        run(true);
        die();
    } else if (here && is("short") && is_write(call)) {
        result = run(true);
    } else if (here && is("EINTR") && is_write(call)) {
        result = fail(EINTR);
    } else if (here && is("EIO")) {
        if (std::strcmp(call, "close") == 0) {
            run(false); // the descriptor is gone all the same
        }
        result = fail(EIO);
    } else if (from_here && is("ENOSPC") && needs_room(call)) {
        result = fail(ENOSPC);
    } else if (from_here && is("EROFS") && changes_disk(call)) {
        result = fail(EROFS);
    } else {
        if (here && is("stop")) {
            ::syscall(SYS_kill, ::getpid(), SIGSTOP);
        }
        result = run(false);
    }
    const int error = errno;
    if (log_fd >= 0) {
        char line[PATH_MAX + 64];
        const int size = std::snprintf(
            line, sizeof line, "%ld %s %s %ld\n", number, call, path, static_cast<long>(result));
        ::syscall(SYS_write, log_fd, line, size);
    }
    if (here && (is("after") || is("torn"))) {
        die();
    }
    errno = error;
    return result;
}

bool is_for_writing(int flags) {
    return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}

int open_counted(int dir_fd, const char* path, int flags, mode_t mode) {
    static const auto real = next<int(int, const char*, int, ...)>("openat");
    char whole[PATH_MAX];
    if (!is_for_writing(flags) || !path_at(dir_fd, path, whole)) {
        return real(dir_fd, path, flags, mode);
    }
    struct stat present{};
    const bool is_new = (flags & O_CREAT) != 0 && ::stat(whole, &present) != 0;
    return counted(
        is_new ? "open-new" : "open", whole, [&](bool) { return real(dir_fd, path, flags, mode); });
}

mode_t mode_of(int flags, va_list arguments) {
    return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

} // namespace

#define RIH_OPEN(NAME)                                                                             \
    int NAME(const char* path, int flags, ...) {                                                   \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        const mode_t mode = mode_of(flags, arguments);                                             \
        va_end(arguments);                                                                         \
        return open_counted(AT_FDCWD, path, flags, mode);                                          \
    }
#define RIH_OPENAT(NAME)                                                                           \
    int NAME(int dir_fd, const char* path, int flags, ...) {                                       \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        const mode_t mode = mode_of(flags, arguments);                                             \
        va_end(arguments);                                                                         \
        return open_counted(dir_fd, path, flags, mode);                                            \
    }
/// A call on an open file.
#define RIH_ON_FILE(NAME, CALL, PARAMETERS, ARGUMENTS)                                             \
    int NAME PARAMETERS {                                                                          \
        static const auto real = next<int PARAMETERS>(#NAME);                                      \
        char path[PATH_MAX];                                                                       \
        if (!path_of(fd, path)) {                                                                  \
            return real ARGUMENTS;                                                                 \
        }                                                                                          \
        return counted(CALL, path, [&](bool) { return real ARGUMENTS; });                          \
    }
/// A call on a path.
#define RIH_ON_PATH(NAME, CALL, FOLDER, PARAMETERS, ARGUMENTS)                                     \
    int NAME PARAMETERS {                                                                          \
        static const auto real = next<int PARAMETERS>(#NAME);                                      \
        char whole[PATH_MAX];                                                                      \
        if (!path_at(FOLDER, path, whole)) {                                                       \
            return real ARGUMENTS;                                                                 \
        }                                                                                          \
        return counted(CALL, whole, [&](bool) { return real ARGUMENTS; });                         \
    }

extern "C" {

RIH_OPEN(open)
RIH_OPEN(open64)
RIH_OPENAT(openat)
RIH_OPENAT(openat64)

ssize_t write(int fd, const void* data, std::size_t size) {
    static const auto real = next<ssize_t(int, const void*, std::size_t)>("write");
    char path[PATH_MAX];
    if (!path_of(fd, path)) {
        return real(fd, data, size);
    }
    return counted(
        "write", path, [&](bool half) { return real(fd, data, half ? size / 2 : size); });
}

// Of the C++ library's streams; a first half is the first piece alone.
ssize_t writev(int fd, const iovec* pieces, int piece_count) {
    static const auto real = next<ssize_t(int, const iovec*, int)>("writev");
    char path[PATH_MAX];
    if (!path_of(fd, path)) {
        return real(fd, pieces, piece_count);
    }
    return counted(
        "write", path, [&](bool half) { return real(fd, pieces, half ? 1 : piece_count); });
}

ssize_t sendfile(int fd, int from, off_t* offset, std::size_t size) {
    static const auto real = next<ssize_t(int, int, off_t*, std::size_t)>("sendfile");
    char path[PATH_MAX];
    if (!path_of(fd, path)) {
        return real(fd, from, offset, size);
    }
    return counted(
        "write", path, [&](bool half) { return real(fd, from, offset, half ? size / 2 : size); });
}

RIH_ON_FILE(fsync, "fsync", (int fd), (fd))
RIH_ON_FILE(fdatasync, "fsync", (int fd), (fd))
RIH_ON_FILE(ftruncate, "truncate", (int fd, off_t size), (fd, size))
RIH_ON_FILE(ftruncate64, "truncate", (int fd, off64_t size), (fd, size))
RIH_ON_FILE(fchmod, "chmod", (int fd, mode_t mode), (fd, mode))

int close(int fd) {
    static const auto real = next<int(int)>("close");
    char path[PATH_MAX];
    // What was only read cannot fail to be kept.
    const int flags = root_size == 0 ? -1 : ::fcntl(fd, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || !path_of(fd, path)) {
        return real(fd);
    }
    return counted("close", path, [&](bool) { return real(fd); });
}

RIH_ON_PATH(mkdir, "mkdir", AT_FDCWD, (const char* path, mode_t mode), (path, mode))
RIH_ON_PATH(unlink, "unlink", AT_FDCWD, (const char* path), (path))
RIH_ON_PATH(remove, "unlink", AT_FDCWD, (const char* path), (path))
RIH_ON_PATH(rmdir, "unlink", AT_FDCWD, (const char* path), (path))
RIH_ON_PATH(
    unlinkat, "unlink", dir_fd, (int dir_fd, const char* path, int flags), (dir_fd, path, flags))
RIH_ON_PATH(rename, "rename", AT_FDCWD, (const char* from, const char* path), (from, path))
RIH_ON_PATH(link, "link", AT_FDCWD, (const char* from, const char* path), (from, path))
RIH_ON_PATH(symlink, "link", AT_FDCWD, (const char* from, const char* path), (from, path))

} // extern "C"
