// SPDX-License-Identifier: Apache-2.0
// `renderih places`: fills the folder of generated environments, and draws previews of them.
#pragma once

#include "renderih/image/image.h"
#include "renderih/pipeline/asset_folder.h"

#include <filesystem>
#include <functional>
#include <string>

namespace rih {

struct MakePlacesOptions {
    std::filesystem::path out;      ///< empty: where `generate` looks
    std::filesystem::path previews; ///< empty: none
    int first = 0, count = 10;
    int threads = 0; ///< 0: every core

    /// Throws UserError naming the field and its range.
    void validate() const;
};

/// Makes what is not there yet; `tell` gets a line a place.
void make_places(const MakePlacesOptions& options,
                 const AssetFolder& assets,
                 const std::function<void(const std::string&)>& tell);

/// A lat-long map as a picture of 1024 x 512, exposed by its middle tones.
Image8 preview_of(const ImageF& radiance);

} // namespace rih
