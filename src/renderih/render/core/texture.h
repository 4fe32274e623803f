// SPDX-License-Identifier: Apache-2.0
// A colour map looked up bilinearly. Both coordinates wrap; v = 0 is the picture's lower edge, as
// in OBJ files.
#pragma once

#include "renderih/math/vec.h"

#include <cmath>
#include <cstdint>

namespace rih {

struct TextureView {
    const float* rgb = nullptr; ///< [height, width, 3] linear, row 0 on top; null: no texture
    int width = 0, height = 0;

    RIH_HD Vec3f at(Vec2f uv) const {
        const float x = (uv.x - std::floor(uv.x)) * static_cast<float>(width) - 0.5f;
        const float y = (1 - (uv.y - std::floor(uv.y))) * static_cast<float>(height) - 0.5f;
        const float x0 = std::floor(x), y0 = std::floor(y);
        const float fx = x - x0, fy = y - y0;
        const int column = static_cast<int>(x0), row = static_cast<int>(y0); // -1 .. size
        return (1 - fy) * ((1 - fx) * texel(column, row) + fx * texel(column + 1, row)) +
               fy * ((1 - fx) * texel(column, row + 1) + fx * texel(column + 1, row + 1));
    }

    RIH_HD Vec3f texel(int x, int y) const {
        x = (x + width) % width;
        y = (y + height) % height;
        const float* value = rgb + 3 * (static_cast<std::int64_t>(y) * width + x);
        return {value[0], value[1], value[2]};
    }
};

} // namespace rih
