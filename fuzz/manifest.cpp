// SPDX-License-Identifier: Apache-2.0
// A row of the manifest, or of a shard's rows.
#include "renderih/dataset/manifest.h"
#include "fuzz/target.h"
#include "renderih/base/error.h"
#include "renderih/dataset/shard_index.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    try {
        place_from_row(as_text(bytes), "fuzz.jsonl");
    } catch (const UserError&) {
        // Then it may be the manifest's.
    }
    const std::string text = to_json(manifest_row_from_json(as_text(bytes), "manifest.jsonl"));
    require_same(to_json(manifest_row_from_json(text, "again")) == text);
}
