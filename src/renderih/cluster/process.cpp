// SPDX-License-Identifier: Apache-2.0
#include "renderih/cluster/process.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace rih {

namespace {

struct Pipe {
    FileDescriptor reading, writing;
};

Pipe make_pipe() {
    int ends[2] = {-1, -1};
    RIH_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0, "cannot make a pipe: {}", std::strerror(errno));
    return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// What a child does before it becomes another program.
class FileActions {
  public:
    FileActions() { RIH_REQUIRE(::posix_spawn_file_actions_init(&actions_) == 0, "out of memory"); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;

    void read_nothing() {
        require(
            ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0));
    }
    void become(int fd, const FileDescriptor& file) {
        require(::posix_spawn_file_actions_adddup2(&actions_, file.get(), fd));
    }
    const posix_spawn_file_actions_t* get() const { return &actions_; }

  private:
    static void require(int error) {
        RIH_REQUIRE(error == 0, "cannot start a program: {}", std::strerror(error));
    }
    posix_spawn_file_actions_t actions_{};
};

/// Reads both pipes to their ends, whichever has something.
void collect(const Pipe& out, const Pipe& err, ProcessResult& result) {
    std::array<pollfd, 2> waiting{{{out.reading.get(), POLLIN, 0}, {err.reading.get(), POLLIN, 0}}};
    const std::array<std::string*, 2> texts{&result.output, &result.errors};
    int open = 2;
    while (open > 0) {
        if (::poll(waiting.data(), waiting.size(), -1) < 0) {
            RIH_REQUIRE(errno == EINTR, "cannot wait for a program: {}", std::strerror(errno));
            continue;
        }
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            if (waiting[i].revents == 0) {
                continue;
            }
            std::array<char, 65536> buffer;
            const ssize_t n = ::read(waiting[i].fd, buffer.data(), buffer.size());
            if (n < 0 && errno == EINTR) {
                continue;
            }
            if (n <= 0) {
                waiting[i].fd = -1; // poll leaves it out
                --open;
                continue;
            }
            const std::size_t room = kMaxProcessOutput - texts[i]->size();
            texts[i]->append(buffer.data(), std::min(room, static_cast<std::size_t>(n)));
        }
    }
}

} // namespace

ProcessResult run_process(const std::vector<std::string>& arguments) {
    RIH_ASSERT(!arguments.empty(), "no program to run");
    Pipe out = make_pipe(), err = make_pipe();
    FileActions actions;
    actions.read_nothing();
    actions.become(STDOUT_FILENO, out.writing);
    actions.become(STDERR_FILENO, err.writing);
    std::vector<std::string> copies = arguments; // argv is not const
    std::vector<char*> argv;
    for (std::string& argument : copies) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    pid_t child = -1;
    const int error = ::posix_spawnp(&child, argv[0], actions.get(), nullptr, argv.data(), environ);
    RIH_REQUIRE(error != ENOENT, "{}: there is no such program in PATH", arguments[0]);
    RIH_REQUIRE(error == 0, "{}: cannot be started: {}", arguments[0], std::strerror(error));
    out.writing.close();
    err.writing.close();
    ProcessResult result;
    collect(out, err, result);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        RIH_REQUIRE(errno == EINTR, "{}: was lost: {}", arguments[0], std::strerror(errno));
    }
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

} // namespace rih
