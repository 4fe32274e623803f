// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/asset_files.h"

#include "renderih/base/error.h"

namespace rih {

std::filesystem::path asset_file(const std::filesystem::path& assets, std::string_view name) {
    const std::filesystem::path built = assets / name;
    std::error_code error;
    if (std::filesystem::exists(built, error)) {
        return built;
    }
    const std::filesystem::path committed =
        (std::filesystem::absolute(assets, error) / ".." / ".." / "assets" / name)
            .lexically_normal();
    RIH_REQUIRE(std::filesystem::exists(committed, error),
                "asset {} is missing: neither {} nor {} exists; build the assets with 'make demo'",
                name,
                built.string(),
                committed.string());
    return committed;
}

} // namespace rih
