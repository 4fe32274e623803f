// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/asset_folder.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/sha256.h"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <set>

namespace rih {

namespace fs = std::filesystem;

namespace {

fs::path beside_the_program() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path{} : program.parent_path().parent_path() / "assets";
}

} // namespace

std::vector<std::string> AssetFolder::in_folder(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& [name, file] : files) {
        if (name.starts_with(folder + "/")) {
            names.push_back(name);
        }
    }
    return names;
}

std::vector<AssetLicence> AssetFolder::licences_of(const std::string& folder) const {
    std::set<std::pair<std::string, std::string>> known; // source, licence
    for (const std::string& name : in_folder(folder)) {
        for (const std::string& source : files.at(name).sources) {
            known.emplace(source, files.at(name).licence);
        }
    }
    std::vector<AssetLicence> licences;
    for (const auto& [source, licence] : known) {
        licences.push_back({folder, licence, source});
    }
    return licences;
}

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
        for (const auto& [name, entry] : json.at("files").items()) {
            const fs::path file = folder.path / name;
            AssetFile& listed = folder.files[name];
            listed.sha256 = entry.at("sha256").get<std::string>();
            RIH_REQUIRE(sha256_of_file(file) == listed.sha256,
                        "{}: is not the file that {} lists; build it again with tools/setup.sh",
                        file.string(),
                        listing.string());
            listed.licence = entry.at("licence").get<std::string>();
            listed.sources = entry.at("sources").get<std::vector<std::string>>();
        }
    } catch (const nlohmann::json::exception& error) {
        throw_user_error("{}: is damaged ({}); build it again with tools/setup.sh",
                         listing.string(),
                         error.what());
    }
    return folder;
}

} // namespace rih
