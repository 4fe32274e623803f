// SPDX-License-Identifier: Apache-2.0
// Where the built open assets lie, and what they are.
#pragma once

#include "renderih/dataset/description.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rih {

struct AssetFile {
    std::string sha256, licence;
    std::vector<std::string> sources; ///< packages it was built from
};

struct AssetFolder {
    std::filesystem::path path;
    std::string sha256; ///< of assets.json, which holds the digest of every file
    std::map<std::string, AssetFile> files; ///< by name below `path`, as "hand/right.npz"

    /// The names of the files of a folder, sorted.
    std::vector<std::string> in_folder(const std::string& folder) const;
    /// One entry for each package and licence of a folder's files.
    std::vector<AssetLicence> licences_of(const std::string& folder) const;
};

/// Looks in `given` when it is not empty, else in $RENDERIH_ASSETS, else in ../assets beside the
/// program, and checks every file's digest (a few MB). Throws UserError that says how to build
/// what is missing or altered.
AssetFolder find_assets(const std::filesystem::path& given = {});

} // namespace rih
