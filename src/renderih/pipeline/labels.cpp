// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/labels.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>

namespace rih {

Image16 depth_to_16bit(const ImageF& depth_z) {
    Image16 out(depth_z.width(), depth_z.height(), 1);
    std::transform(
        depth_z.values().begin(), depth_z.values().end(), out.values().begin(), [](float metres) {
            return static_cast<std::uint16_t>(
                std::clamp(std::lround(double{metres} * 1e4), 0L, 65535L));
        });
    return out;
}

Image8 normal_to_8bit(const ImageF& normal) {
    Image8 out(normal.width(), normal.height(), 3);
    for (int y = 0; y < out.height(); ++y) {
        for (int x = 0; x < out.width(); ++x) {
            const bool surface =
                normal.at(x, y, 0) != 0 || normal.at(x, y, 1) != 0 || normal.at(x, y, 2) != 0;
            for (int c = 0; surface && c < 3; ++c) {
                out.at(x, y, c) = static_cast<std::uint8_t>(
                    std::clamp(std::lround(128 + 127 * normal.at(x, y, c)), 1L, 255L));
            }
        }
    }
    return out;
}

Image16 uv_to_16bit(const ImageF& uv, const Image8& part) {
    Image16 out(uv.width(), uv.height(), 3);
    for (int y = 0; y < out.height(); ++y) {
        for (int x = 0; x < out.width(); ++x) {
            for (int c = 0; c < 2; ++c) {
                out.at(x, y, c) = static_cast<std::uint16_t>(
                    std::clamp(std::lround(65535 * uv.at(x, y, c)), 0L, 65535L));
            }
            out.at(x, y, 2) = part.at(x, y) != 0 ? 65535 : 0;
        }
    }
    return out;
}

MaskNumbers mask_numbers(const Image8& part, const Image8& amodal) {
    RIH_ASSERT(part.width() == amodal.width() && part.height() == amodal.height(),
               "label images of different sizes");
    MaskNumbers numbers;
    long both = 0, either = 0;
    for (int hand = 0; hand < 2; ++hand) {
        const int first = 1 + 16 * hand, bit = 1 << hand;
        int left = part.width(), top = part.height(), right = -1, bottom = -1;
        for (int y = 0; y < part.height(); ++y) {
            for (int x = 0; x < part.width(); ++x) {
                numbers.amodal_pixels[hand] += (amodal.at(x, y) & bit) != 0;
                if (part.at(x, y) >= first && part.at(x, y) < first + 16) {
                    ++numbers.visible_pixels[hand];
                    left = std::min(left, x);
                    right = std::max(right, x);
                    top = std::min(top, y);
                    bottom = std::max(bottom, y);
                }
            }
        }
        if (right >= 0) {
            numbers.bbox_px[hand] = {left, top, right - left + 1, bottom - top + 1};
        }
    }
    for (const std::uint8_t bits : amodal.values()) {
        both += bits == 3;
        either += bits != 0;
    }
    numbers.mask_iou = either > 0 ? static_cast<double>(both) / static_cast<double>(either) : 0;
    return numbers;
}

} // namespace rih
