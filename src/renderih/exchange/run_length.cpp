// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/run_length.h"

namespace rih {

std::vector<std::uint32_t>
run_lengths(int width, int height, const std::function<bool(int x, int y)>& is_set) {
    std::vector<std::uint32_t> runs{0};
    bool value = false;
    for (int x = 0; x < width; ++x) {
        for (int y = 0; y < height; ++y) {
            if (is_set(x, y) != value) {
                runs.push_back(0);
                value = !value;
            }
            ++runs.back();
        }
    }
    return runs;
}

std::string coco_text(const std::vector<std::uint32_t>& runs) {
    std::string text;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::int64_t rest = runs[i];
        if (i > 2) {
            rest -= runs[i - 2];
        }
        bool more = true;
        while (more) {
            std::int64_t bits = rest & 31;
            rest >>= 5; // keeps the sign
            more = (bits & 16) != 0 ? rest != -1 : rest != 0;
            if (more) {
                bits |= 32;
            }
            text.push_back(static_cast<char>('0' + bits));
        }
    }
    return text;
}

} // namespace rih
