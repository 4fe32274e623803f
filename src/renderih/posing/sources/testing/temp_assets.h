// SPDX-License-Identifier: Apache-2.0
// A temporary asset folder: the committed data, and no package takes but two.
#pragma once

#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"

#include <filesystem>
#include <fstream>

namespace rih {

/// Writes without the sync of write_file_atomically, for tests that write hundreds of files.
inline void write_plainly(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

class TempAssets {
  public:
    TempAssets() {
        make_folder(assets() / "poses");
        for (const char* name : {"hand_shapes.json", "arrangements.json"}) {
            std::filesystem::copy_file(std::filesystem::path(RIH_SOURCE_DIR) / "assets/poses" /
                                           name,
                                       assets() / "poses" / name);
        }
        write_file_atomically(assets() / "poses/packages.json", std::string_view(R"({"poses": [
            {"name": "flat", "source": "made-up", "licence": "CC0",
             "bend_deg": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0], "splay_deg": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},
            {"name": "curl", "source": "made-up", "licence": "CC0",
             "bend_deg": [50,60,300,50,60,30,50,60,30,50,60,30,10,20,20],
             "splay_deg": [0,0,0,0,0,0,0,0,0,0,0,0,20,0,0]}]})"));
    }
    std::filesystem::path assets() const { return folder_.path() / "assets"; }
    std::filesystem::path committed(const char* name) const { return assets() / name; }

  private:
    TempFolder folder_;
};

} // namespace rih
