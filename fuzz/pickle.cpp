// SPDX-License-Identifier: Apache-2.0
// MANO's pickles as arrays.
#include "fuzz/target.h"
#include "renderih/hand/mano.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    mano_arrays_of_pickle(bytes, "fuzz.pkl");
}
