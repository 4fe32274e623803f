// SPDX-License-Identifier: Apache-2.0
// A shard's index.
#include "fuzz/target.h"
#include "renderih/dataset/shard_index.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    constexpr std::uint64_t kTarBytes = std::uint64_t{1} << 40;
    for (const IndexEntry& entry : index_from_text(as_text(bytes), kTarBytes, "fuzz.idx.json")) {
        for (const TarMember& member : entry.members) {
            require_same(member.offset <= kTarBytes && member.size <= kTarBytes - member.offset);
        }
    }
}
