// SPDX-License-Identifier: Apache-2.0
// Statistics of finished pictures: those of a data set, whose labels also say how the hands are
// exposed, or of any folder.
#pragma once

#include "renderih/image/statistics.h"

#include <filesystem>
#include <vector>

namespace rih {

/// How the hands of one record are exposed, by the brightest channel of their pixels.
struct HandExposure {
    int hands = 0, dark = 0, bright = 0; ///< hands; with a median below 1 % and above 99 % of 255
    double burnt = 0;                    ///< part of all hand pixels above 99 %
};

struct MeasuredPictures {
    std::vector<ImageStatistics> statistics;
    std::vector<HandExposure> exposures; ///< of a data set; else empty
};

/// `data`: a data set, or a folder of .jpg and .png pictures. Throws UserError.
MeasuredPictures measure_pictures(const std::filesystem::path& data, int threads);

} // namespace rih
