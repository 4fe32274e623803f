// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/card_features.h"

#include "renderih/base/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rih {

std::string card_features(std::string_view configuration_json) {
    const OrderedJson configuration = parse_json(configuration_json, "the configuration");
    const auto image_is = [&](const char* name, const OrderedJson& value) {
        return configuration.is_object() && configuration.contains("image") &&
               configuration["image"].is_object() && configuration["image"].contains(name) &&
               configuration["image"][name] == value;
    };
    constexpr std::array<const char*, 3> kFormats = {"jpg", "png", "webp"};
    const auto format = std::ranges::find_if(
        kFormats, [&](const char* name) { return image_is("rgb_format", name); });
    if (format == kFormats.end()) {
        return "";
    }
    std::string text = "dataset_info:\n  features:\n";
    const auto add = [&](std::string_view name, std::string_view type) {
        text += fmt::format("  - name: {}\n    dtype: {}\n", name, type);
    };
    add("__key__", "string");
    add("__url__", "string");
    add("json", "json");
    add(fmt::format("rgb.{}", *format), "image");
    for (const char* name : {"seg", "depth", "amodal"}) {
        add(fmt::format("{}.png", name), "image");
    }
    for (const char* name : {"normal", "albedo", "uv"}) {
        if (image_is(name, true)) {
            add(fmt::format("{}.png", name), "image");
        }
    }
    return text;
}

} // namespace rih
