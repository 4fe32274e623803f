// SPDX-License-Identifier: Apache-2.0
// numpy's archives; what was read comes back from the writer.
#include "renderih/base/npz.h"
#include "fuzz/target.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    constexpr NpzLimits kLimits{.max_file_bytes = 1 << 20,
                                .max_array_bytes = std::uint64_t{16} << 20,
                                .max_total_bytes = std::uint64_t{32} << 20,
                                .max_arrays = 64};
    const NpzArrays arrays = read_npz(bytes, "fuzz.npz", kLimits);
    std::map<std::string, NpyOutput> outputs;
    for (const auto& [name, array] : arrays) {
        const NpyType type =
            std::holds_alternative<std::vector<double>>(array.data)         ? NpyType::Float64
            : std::holds_alternative<std::vector<std::int64_t>>(array.data) ? NpyType::Int64
                                                                            : NpyType::Text;
        outputs[name] = {array, type};
    }
    if (outputs.empty()) {
        return; // an archive without arrays can be read; none is ever written
    }
    const Bytes first = encode_npz(outputs);
    // Numbers that are NaN equal nothing, so texts are compared: those of the archives.
    for (auto& [name, array] : read_npz(first, "again.npz", kLimits)) {
        outputs.at(name).array = array;
    }
    require_same(encode_npz(outputs) == first);
}
