// SPDX-License-Identifier: Apache-2.0
// A record's labels.
#include "renderih/dataset/record.h"
#include "fuzz/target.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    const Record record = record_from_json(as_text(bytes), "fuzz.json");
    const std::string text = to_json(record);
    require_same(to_json(record_from_json(text, "again")) == text);
    flat_row_json(record);
}
