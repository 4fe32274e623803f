// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/atomic_file.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rih {

AtomicFile::AtomicFile(std::filesystem::path path)
    : path_(std::move(path)), temporary_(path_.string() + ".tmp." + std::to_string(::getpid())) {
    struct stat present{};
    RIH_REQUIRE(::stat(path_.c_str(), &present) != 0 || S_ISREG(present.st_mode),
                "{}: is {} and would be replaced by a file; name another place",
                path_.string(),
                S_ISDIR(present.st_mode) ? "a folder" : "a device, a pipe or a socket");
}

AtomicFile::~AtomicFile() {
    if (!committed_) {
        ::unlink(temporary_.c_str());
    }
}

void AtomicFile::commit() {
    FileDescriptor file(::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0 || ::fsync(file.get()) != 0) {
        fail("sync");
    }
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
        fail("rename its temporary file");
    }
    committed_ = true;
    sync_folder(path_.parent_path());
}

void AtomicFile::fail(const char* what) const {
    throw_user_error("{}: cannot {}: {}", path_.string(), what, std::strerror(errno));
}

} // namespace rih
