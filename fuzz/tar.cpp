// SPDX-License-Identifier: Apache-2.0
// A record's range of a shard; members that lie in it make the same range again.
#include "renderih/dataset/tar.h"
#include "fuzz/target.h"

#include <algorithm>

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    constexpr std::uint64_t kRecord = 3;
    std::vector<Member> members;
    for (const TarMember& member : members_of_record(bytes, kRecord, "fuzz.tar")) {
        const auto data = bytes.subspan(member.offset, member.size); // checked by the sanitizer
        members.push_back({member.name, Bytes(data.begin(), data.end())});
    }
    const Bytes again = tar_of_record(kRecord, members);
    require_same(members_of_record(again, kRecord, "again.tar").size() == members.size());
}
