// SPDX-License-Identifier: Apache-2.0
// From label images in memory to those of a record, and the numbers read off them.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/image/image.h"

namespace rih {

/// depth_z in metres to units of 0.1 mm; 0 stays "nothing", more than 6.5535 m is clamped.
Image16 depth_to_16bit(const ImageF& depth_z);

/// [-1, 1] normals to 8 bit: 0 -> 128, 1 -> 255; no surface -> 0, 0, 0.
Image8 normal_to_8bit(const ImageF& normal);

/// [0, 1] to 16 bit (uv has two channels; the third is 65535 where there is a surface).
Image16 uv_to_16bit(const ImageF& uv, const Image8& part);

struct MaskNumbers {
    std::array<std::array<int, 4>, 2> bbox_px{}; ///< x, y, width, height; of the visible hand
    std::array<int, 2> visible_pixels{}, amodal_pixels{};
    double mask_iou = 0; ///< of the amodal masks; 0 when both are empty
};

/// `part` numbers the parts of docs/conventions.md; bit 0 (right) and 1 (left) of `amodal`.
MaskNumbers mask_numbers(const Image8& part, const Image8& amodal);

} // namespace rih
