// SPDX-License-Identifier: Apache-2.0
// SCENE.json, with two files beside it that it may name.
#include "fuzz/target.h"
#include "renderih/base/temp_folder.h"
#include "renderih/image/codecs.h"
#include "renderih/scene/scene_file.h"

namespace {

std::filesystem::path folder_with_files() {
    static const rih::TempFolder folder;
    rih::write_file_atomically(folder.path() / "a.obj",
                               "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\n"
                               "f 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n");
    rih::write_exr(folder.path() / "e.exr", rih::ImageF(8, 4, 3, 0.5f), {"R", "G", "B"});
    return folder.path();
}

} // namespace

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    static const std::filesystem::path folder = folder_with_files();
    parse_scene(as_text(bytes), folder, "fuzz.json");
}
