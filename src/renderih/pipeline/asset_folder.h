// SPDX-License-Identifier: Apache-2.0
// Where the built open assets lie, and what they are.
#pragma once

#include "renderih/dataset/description.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct AssetFolder {
    std::filesystem::path path;
    std::string sha256; ///< of assets.json, which holds the digest of every file
    std::vector<AssetLicence> licences;
};

/// Looks in `given` when it is not empty, else in $RENDERIH_ASSETS, else in ../assets beside the
/// program, and checks every file's digest (a few MB). Throws UserError that says how to build
/// what is missing or altered.
AssetFolder find_assets(const std::filesystem::path& given = {});

} // namespace rih
