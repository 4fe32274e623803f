// SPDX-License-Identifier: Apache-2.0
// A PLY file's vertices.
#include "renderih/exchange/foreign/ply.h"
#include "fuzz/target.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    ply_vertices(bytes, "fuzz.ply");
}
