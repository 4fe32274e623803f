// SPDX-License-Identifier: Apache-2.0
// Predictions of other programs, .npz or JSON.
#include "fuzz/target.h"
#include "renderih/learn/evaluation/prediction_set.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    learn::read_predictions(MemoryFile(bytes).path());
}
