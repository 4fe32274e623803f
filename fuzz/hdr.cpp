// SPDX-License-Identifier: Apache-2.0
// Environment maps as Radiance HDR.
#include "fuzz/target.h"
#include "renderih/image/codecs.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    decode_hdr(bytes, "fuzz.hdr");
}
