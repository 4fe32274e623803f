// SPDX-License-Identifier: Apache-2.0
// Label images and pictures as PNG; what was read comes back from the writer.
#include "fuzz/target.h"
#include "renderih/base/error.h"
#include "renderih/image/codecs.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    try {
        const Image8 image = decode_png8(bytes, "fuzz.png");
        require_same(decode_png8(encode_png(image), "again.png") == image);
    } catch (const UserError&) {
        // Then it may have 16 bits.
    }
    const Image16 image = decode_png16(bytes, "fuzz.png");
    require_same(decode_png16(encode_png(image), "again.png") == image);
}
