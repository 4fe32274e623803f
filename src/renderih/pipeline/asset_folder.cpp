// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/asset_folder.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/sha256.h"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <map>

namespace rih {

namespace fs = std::filesystem;

namespace {

fs::path beside_the_program() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path{} : program.parent_path().parent_path() / "assets";
}

} // namespace

AssetFolder find_assets(const fs::path& given) {
    const char* variable = std::getenv("RENDERIH_ASSETS");
    AssetFolder folder;
    folder.path = !given.empty()        ? given
                  : variable != nullptr ? fs::path(variable)
                                        : beside_the_program();
    const fs::path listing = folder.path / "assets.json";
    RIH_REQUIRE(
        fs::is_regular_file(listing),
        "{}: there are no assets here; build them with tools/setup.sh, or name their folder "
        "with --assets or RENDERIH_ASSETS",
        folder.path.string());
    const std::string text = read_text_file(listing, 1 << 20);
    folder.sha256 = sha256_hex(text);
    try {
        const auto json = nlohmann::json::parse(text);
        std::map<std::pair<std::string, std::string>, std::string>
            folders; // (source, licence) -> what
        for (const auto& [name, entry] : json.at("files").items()) {
            const fs::path file = folder.path / name;
            RIH_REQUIRE(sha256_of_file(file) == entry.at("sha256").get<std::string>(),
                        "{}: is not the file that {} lists; build it again with tools/setup.sh",
                        file.string(),
                        listing.string());
            const auto licence = entry.at("licence").get<std::string>();
            for (const auto& source : entry.at("sources")) {
                folders[{source.get<std::string>(), licence}] = fs::path(name).begin()->string();
            }
        }
        for (const auto& [key, what] : folders) {
            folder.licences.push_back({what, key.second, key.first});
        }
    } catch (const nlohmann::json::exception& error) {
        throw_user_error("{}: is damaged ({}); build it again with tools/setup.sh",
                         listing.string(),
                         error.what());
    }
    return folder;
}

} // namespace rih
