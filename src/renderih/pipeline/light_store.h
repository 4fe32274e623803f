// SPDX-License-Identifier: Apache-2.0
// The environments that records draw from: the packaged maps and the generated places. A few of
// their tables stay in memory, however many there are.
#pragma once

#include "renderih/base/shared_cache.h"
#include "renderih/pipeline/asset_folder.h"
#include "renderih/places/place_store.h"

#include <memory>
#include <string>
#include <vector>

namespace rih {

class EnvironmentTable;

/// The names that records draw from, in order: those of the packaged maps' files, then `places`
/// generated ones.
std::vector<std::string> environment_names(const std::vector<std::string>& files, int places);

/// $RENDERIH_PLACES, else the folder `places` beside the assets'.
std::filesystem::path places_folder(const AssetFolder& assets);

/// Thread-safe.
class LightStore {
  public:
    /// `maker` as PlaceStore's; `threads` >= 1 ask for tables at a time. Throws UserError when
    /// there is nothing to draw from.
    LightStore(const AssetFolder& assets, int places, std::string maker, int threads);

    const std::vector<std::string>& names() const { return names_; }

    /// An environment as plain data: its map, fine enough to be seen behind the hands.
    Environment environment(int index) const;
    /// The same, ready to light a scene.
    std::shared_ptr<const EnvironmentTable> table(int index) const;

  private:
    std::vector<std::filesystem::path> files_; // of the packaged maps
    std::vector<std::string> names_;
    PlaceStore places_;
    mutable SharedCache<int, Environment> loaded_; // of the packaged maps, a few 100 KiB each
    mutable SharedCache<int, EnvironmentTable> tables_;
};

} // namespace rih
