// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/asset_files.h"

#include "renderih/base/error.h"

namespace rih {

std::filesystem::path asset_file(const std::filesystem::path& assets, std::string_view name) {
    std::filesystem::path file = assets / name;
    std::error_code error;
    RIH_REQUIRE(std::filesystem::is_regular_file(file, error),
                "{}: this asset is missing; build the assets with tools/setup.sh",
                file.string());
    return file;
}

} // namespace rih
