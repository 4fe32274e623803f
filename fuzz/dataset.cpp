// SPDX-License-Identifier: Apache-2.0
// dataset.json.
#include "fuzz/target.h"
#include "renderih/dataset/description.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    is_unchanged_dataset_json(as_text(bytes));
    const DatasetDescription description = dataset_from_json(as_text(bytes), "dataset.json");
    const std::string text = dataset_json(description);
    require_same(dataset_json(dataset_from_json(text, "again")) == text);
    dataset_card(description);
}
