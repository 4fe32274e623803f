// SPDX-License-Identifier: Apache-2.0
// The pickle of a picture of H2O-3D.
#include "fuzz/target.h"
#include "renderih/exchange/foreign/h2o3d_meta.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    h2o3d_meta(bytes, "fuzz.pkl");
}
