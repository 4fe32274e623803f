// SPDX-License-Identifier: Apache-2.0
// Hand models: HAND.npz, MANO's .npz and .pkl, told apart by content.
#include "fuzz/target.h"
#include "renderih/hand/hand_io.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    load_hand(MemoryFile(bytes).path(), Side::Right);
}
