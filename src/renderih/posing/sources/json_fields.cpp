// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/json_fields.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"

namespace rih {

std::vector<JsonField> JsonField::list(std::size_t least, std::size_t most) const {
    std::vector<JsonField> fields;
    for (JsonValue& element : elements(least, most)) {
        fields.emplace_back(std::move(element));
    }
    return fields;
}

std::vector<double> JsonField::numbers(std::size_t count, double low, double high) const {
    std::vector<double> result;
    for (const JsonValue& element : elements(count)) {
        result.push_back(element.number(low, high));
    }
    return result;
}

Vec3 JsonField::vector(double low, double high) const {
    const std::vector<double> v = numbers(3, low, high);
    return {v[0], v[1], v[2]};
}

Vec3 JsonField::direction() const {
    const Vec3 v = vector(-1e3, 1e3);
    if (v.norm() <= 1e-6) {
        fail("has no direction: it is zero");
    }
    return v.normalized();
}

OrderedJson read_json_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
    const std::string text = read_text_file(path, max_bytes);
    return parse_json(text, path.string(), {.max_bytes = static_cast<std::size_t>(max_bytes)});
}

} // namespace rih
