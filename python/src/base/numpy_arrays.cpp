// SPDX-License-Identifier: Apache-2.0
#include "base/numpy_arrays.h"

#include "renderih/base/error.h"

namespace rih::python {

namespace nb = nanobind;

namespace {

template <typename To, typename From>
nb::object converted(std::vector<From>& values, const std::vector<std::size_t>& shape) {
    if constexpr (std::is_same_v<To, From>) {
        return numpy_array(std::move(values), shape);
    } else {
        return numpy_array(std::vector<To>(values.begin(), values.end()), shape);
    }
}

nb::object numpy_array(NpyOutput& output) {
    NpyArray& array = output.array;
    if (output.type == NpyType::Text) {
        nb::list texts;
        for (const std::string& text : std::get<std::vector<std::string>>(array.data)) {
            texts.append(nb::str(text.data(), text.size()));
        }
        return texts;
    }
    return std::visit(
        [&](auto& values) -> nb::object {
            using From = typename std::decay_t<decltype(values)>::value_type;
            if constexpr (std::is_arithmetic_v<From>) {
                switch (output.type) {
                case NpyType::Float64:
                    return converted<double>(values, array.shape);
                case NpyType::Float32:
                    return converted<float>(values, array.shape);
                case NpyType::Int64:
                    return converted<std::int64_t>(values, array.shape);
                case NpyType::Int32:
                    return converted<std::int32_t>(values, array.shape);
                case NpyType::UInt8:
                    return converted<std::uint8_t>(values, array.shape);
                case NpyType::Text:
                    break;
                }
            }
            RIH_ASSERT(false, "an array whose type is not that of its values");
        },
        array.data);
}

} // namespace

nb::dict numpy_arrays(std::map<std::string, NpyOutput> arrays) {
    nb::dict result;
    for (auto& [name, output] : arrays) {
        result[name.c_str()] = numpy_array(output);
    }
    return result;
}

} // namespace rih::python
