// SPDX-License-Identifier: Apache-2.0
// Where data files lie. Built data is in the asset folder; data that is committed (hand shapes,
// arrangements, the discriminator's weights) may have been copied there too, else it is found in
// the repository: the asset folder is REPOSITORY/build/assets, the data REPOSITORY/assets.
#pragma once

#include <filesystem>
#include <string_view>

namespace rih {

/// The first of ASSETS/name and ASSETS/../../assets/name that exists. Throws UserError naming both.
std::filesystem::path asset_file(const std::filesystem::path& assets, std::string_view name);

} // namespace rih
