// SPDX-License-Identifier: Apache-2.0
// Damaged copies of a file for the tests of readers: mutation `index` of the same bytes is always
// the same, and about a third each are flipped bits, cut ends, and overwritten or repeated runs.
#pragma once

#include "renderih/base/file.h"
#include "renderih/base/rng.h"

#include <algorithm>
#include <span>

namespace rih {

/// A damaged copy of `original` (which must not be empty). Half of the damage falls on the first
/// 512 bytes, where headers live.
inline Bytes mutate(std::span<const std::uint8_t> original, std::uint64_t index) {
    Rng rng(0x6d757461, index, "mutate");
    Bytes bytes(original.begin(), original.end());
    const auto place = [&] {
        const std::size_t size =
            rng.uniform() < 0.5 ? std::min<std::size_t>(bytes.size(), 512) : bytes.size();
        return rng.uniform_index(static_cast<std::uint32_t>(size));
    };
    switch (rng.uniform_index(3)) {
    case 0: {
        const std::uint32_t flips = 1 + rng.uniform_index(8);
        for (std::uint32_t i = 0; i < flips; ++i) {
            bytes[place()] ^= static_cast<std::uint8_t>(1u << rng.uniform_index(8));
        }
        break;
    }
    case 1:
        bytes.resize(place());
        break;
    default: {
        constexpr std::uint8_t kNasty[] = {0x00, 0xff, 0x7f, 0x80, 0x01, ' ', '-', '9', '\n', '/'};
        const std::size_t begin = place();
        const std::size_t size =
            std::min<std::size_t>(1 + rng.uniform_index(8), bytes.size() - begin);
        if (rng.uniform() < 0.7) {
            const std::uint8_t value = kNasty[rng.uniform_index(std::size(kNasty))];
            std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(begin), size, value);
        } else {
            const Bytes run(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                            bytes.begin() + static_cast<std::ptrdiff_t>(begin + size));
            bytes.insert(
                bytes.begin() + static_cast<std::ptrdiff_t>(begin), run.begin(), run.end());
        }
    }
    }
    return bytes;
}

} // namespace rih
