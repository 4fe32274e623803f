// SPDX-License-Identifier: Apache-2.0
// Poses files.
#include "fuzz/target.h"
#include "renderih/posing/pose_file.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    read_poses(MemoryFile(bytes).path());
}
