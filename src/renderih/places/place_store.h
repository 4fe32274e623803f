// SPDX-License-Identifier: Apache-2.0
// Places of the catalogue on disk: made once, read ever after. What is handed out is what the file
// holds, so that light is the same whether it was there or had to be made. A file that is damaged,
// or that another build of the program made, is made again in its place.
#pragma once

#include "renderih/places/catalogue.h"
#include "renderih/scene/scene.h"

#include <filesystem>
#include <string>

namespace rih {

class PlaceStore {
  public:
    /// `maker` names the program's build: whatever decides a place's bytes. The folder is made when
    /// a place is; several processes may share it.
    PlaceStore(std::filesystem::path folder,
               std::string maker,
               const PlaceRendering& rendering = {});

    /// The place as an environment whose mean luminance is kPlaceLuminance, with a map to sample
    /// its light by. Throws UserError when the folder cannot be written, and says what to try.
    Environment place(int index) const;

    /// Whether the file is there and right.
    bool has(int index) const;

    std::filesystem::path file_of(int index) const;

  private:
    std::filesystem::path folder_;
    std::string maker_;
    PlaceRendering rendering_;
};

/// Of stored places; absolute light does not matter to a camera that meters.
inline constexpr double kPlaceLuminance = 0.4;

} // namespace rih
