// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/child_process.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace rih {

namespace {

class FileActions {
  public:
    FileActions() { posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t* get() { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_;
};

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        RIH_ASSERT(errno == EINTR, "waitpid: {}", std::strerror(errno));
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

ChildResult run_child(const std::filesystem::path& program,
                      const std::vector<std::string>& arguments,
                      std::size_t max_output) {
    const std::string name = program.string();
    std::array<int, 2> ends{};
    RIH_REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0, "{}: {}", name, std::strerror(errno));
    const FileDescriptor from_child(ends[0]);
    FileDescriptor to_us(ends[1]);
    FileActions actions;
    posix_spawn_file_actions_adddup2(actions.get(), to_us.get(), STDOUT_FILENO);
    std::vector<char*> argv{const_cast<char*>(name.c_str())};
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    pid_t child = 0;
    const int error =
        posix_spawn(&child, name.c_str(), actions.get(), nullptr, argv.data(), environ);
    RIH_REQUIRE(error == 0, "{}: cannot be started: {}", name, std::strerror(error));
    to_us.close();

    ChildResult result;
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t count = read(from_child.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            break;
        }
        result.output.append(buffer.data(), static_cast<std::size_t>(count));
        if (result.output.size() > max_output) {
            kill(child, SIGTERM);
            wait_for(child);
            throw_user_error("{}: wrote more than {} bytes", name, max_output);
        }
    }
    result.status = wait_for(child);
    return result;
}

std::filesystem::path this_program() {
    return std::filesystem::read_symlink("/proc/self/exe");
}

} // namespace rih
