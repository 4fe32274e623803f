// SPDX-License-Identifier: Apache-2.0
// Where data files lie: in the asset folder, whether they were built or copied there from the
// repository's assets/ by tools/assets/build_assets.py.
#pragma once

#include <filesystem>
#include <string_view>

namespace rih {

/// ASSETS/name. Throws UserError when there is no such file.
std::filesystem::path asset_file(const std::filesystem::path& assets, std::string_view name);

} // namespace rih
