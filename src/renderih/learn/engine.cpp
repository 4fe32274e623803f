// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/engine.h"

#include "renderih/base/error.h"

#include <dlfcn.h>

#include <filesystem>

namespace rih::learn {

namespace {

constexpr const char* kLibrary = "librenderih_torch.so";

const Engine& open_engine() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    const std::filesystem::path library = program.parent_path() / kLibrary;
    RIH_REQUIRE(!error && std::filesystem::exists(library),
                "this program was built without libtorch ({} is missing): run tools/setup.sh "
                "--torch, then configure and build again",
                library.string());
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    RIH_REQUIRE(handle != nullptr, "{}: cannot be opened: {}", library.string(), ::dlerror());
    using Door = const Engine* (*)();
    const auto door = reinterpret_cast<Door>(::dlsym(handle, "renderih_learn_engine"));
    RIH_REQUIRE(door != nullptr, "{}: is not of this version; build it again", library.string());
    return *door(); // stays open as long as the program runs
}

} // namespace

const Engine& engine() {
    static const Engine& opened = open_engine();
    return opened;
}

} // namespace rih::learn
