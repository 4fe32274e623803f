// SPDX-License-Identifier: Apache-2.0
// A record's pictures as the page shows them: small enough to be many, labels without loss.
#pragma once

#include "renderih/image/image.h"

namespace rih {

/// Both sides divided by the same factor, such that neither is above `max_side`: each pixel the
/// mean over its rectangle. The picture itself when it is small enough. 8 bits as they are (sRGB).
Image8 shrunk(const Image8& picture, int max_side);

/// The label images of a record; those that it does not have are empty.
struct LabelPictures {
    Image8 seg = {};    ///< part numbers
    Image16 depth = {}; ///< 0.1 mm, 0 = none
    Image8 amodal = {}; ///< bits
};

/// Of green: more would double the size of the picture for what no eye sees.
inline constexpr int kDepthLevels = 127;

/// Red: seg. Green: depth, kDepthLevels nearest .. 1 farthest, 0 none. Blue: amodal.
struct LabelChannels {
    Image8 picture;
    double near_m = 0, far_m = 0; ///< of green kDepthLevels and 1; 0 when there is no depth
};

/// Shrunk like the picture, by the pixel at the middle of each rectangle. Throws UserError when the
/// images are not all of one size, or when there are none.
LabelChannels label_channels(const LabelPictures& labels, int max_side);

} // namespace rih
