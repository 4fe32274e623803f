// SPDX-License-Identifier: Apache-2.0
// Configuration files; options that pass come back from their JSON.
#include "fuzz/target.h"
#include "renderih/pipeline/generate_options.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    GenerateOptions options;
    read_toml(MemoryFile(bytes).path(), options);
    options.validate();
    const std::string text = options.to_json();
    require_same(options_from_json(text, "again").to_json() == text);
}
