// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/own_file.h"

#include "renderih/base/atomic_file.h"

namespace rih {

void remove_temporary_files(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().filename().string().find(".tmp.") != std::string::npos) {
            std::filesystem::remove(entry.path());
        }
    }
}

void write_own_file(const std::filesystem::path& path, const Bytes& bytes) {
    make_folder(path.parent_path());
    remove_temporary_files(path.parent_path());
    write_file_atomically(path, bytes);
}

void write_own_file(const std::filesystem::path& path, std::string_view text) {
    write_own_file(path, Bytes(text.begin(), text.end()));
}

} // namespace rih
