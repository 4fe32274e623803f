// SPDX-License-Identifier: Apache-2.0
// Wavefront OBJ; what was read comes back from the writer.
#include "renderih/scene/obj.h"
#include "fuzz/target.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    const std::string text = obj_text(parse_obj(as_text(bytes), "fuzz.obj"));
    require_same(obj_text(parse_obj(text, "again.obj")) == text);
}
