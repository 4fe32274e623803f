// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/decode_limits.h"

#include "renderih/base/error.h"
#include "renderih/image/codecs.h"

namespace rih {

void check_decoded_size(std::int64_t width,
                        std::int64_t height,
                        std::uint64_t bytes_per_pixel,
                        std::uint64_t file_bytes,
                        const std::string& what) {
    RIH_REQUIRE(width >= 1 && height >= 1 && width <= kMaxImageSide && height <= kMaxImageSide,
                "{}: the picture is {} x {} pixels; each side must be 1 to {}",
                what,
                width,
                height,
                kMaxImageSide);
    const std::uint64_t decoded =
        static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height) * bytes_per_pixel;
    RIH_REQUIRE(decoded <= kDecodeAllowance + kDecodeRatio * file_bytes,
                "{}: the header announces {} x {} pixels ({} bytes), too many for a file of {} "
                "bytes; the file is damaged or cut short",
                what,
                width,
                height,
                decoded,
                file_bytes);
}

} // namespace rih
