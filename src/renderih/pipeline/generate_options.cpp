// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/generate_options.h"

#include "renderih/base/option_fields.h"
#include "renderih/image/sensor/sensor.h"
#include "renderih/places/catalogue.h"
#include "renderih/scene/lens.h"
#include "renderih/scene/skin/skin_identity.h"
#include "renderih/scene/surface_maps.h"
#include "renderih/things/worn_draw.h"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace rih {

namespace {

/// Calls field(name, reference) for every option; JSON and TOML are both written from this list.
template <typename Options, typename Field>
void for_each_field(Options& o, Field&& field) {
    field("seed", o.seed);
    field("poses", o.poses);
    field("views", o.views);
    field("hand", o.hand);
    field("split_fractions", o.split_fractions);
    field("records_per_shard", o.records_per_shard);

    auto& image = o.image;
    field("image.width", image.width);
    field("image.height", image.height);
    field("image.spp", image.spp);
    field("image.rgb_format", image.rgb_format);
    field("image.quality", image.quality);
    field("image.normal", image.normal);
    field("image.albedo", image.albedo);
    field("image.uv", image.uv);
    field("image.denoise", image.denoise);
    field("image.places", image.places);
    field("image.sensor", image.sensor);
    field("image.first_person", image.first_person);
    field("image.truncation", image.truncation);
    field("image.motion_probability", image.motion_probability);
    field("image.subdivision_levels", image.subdivision_levels);
    field("image.skin", image.skin);
    field("image.skin_map_height", image.skin_map_height);
    field("image.sleeve", image.sleeve);
    field("image.ring", image.ring);
    field("image.bracelet", image.bracelet);
    field("image.watch", image.watch);
    field("image.table", image.table);
    field("image.wall", image.wall);
    field("image.subsurface", image.subsurface);

    visit_posing_options(o.posing, [&](const char* name, auto& value) {
        field(std::string("posing.") + name, value);
    });
}

/// "a.b.c" as a JSON pointer.
nlohmann::ordered_json::json_pointer pointer_of(std::string name) {
    for (char& c : name) {
        c = c == '.' ? '/' : c;
    }
    return nlohmann::ordered_json::json_pointer("/" + name);
}

template <typename T>
void require_range(const char* name, T value, T low, T high) {
    RIH_REQUIRE(value >= low && value <= high,
                "{} is {}; it must lie in {} .. {}",
                name,
                value,
                low,
                high); // NaN fails both comparisons
}

} // namespace

void GenerateOptions::validate() const {
    const DatasetPlan plan(plan_options()); // has the ranges of its own fields
    require_range("image.width", image.width, 16, 8192);
    require_range("image.height", image.height, 16, 8192);
    require_range("image.spp", image.spp, 1, 1'000'000);
    require_range("image.places", image.places, 0, kMaxPlaces);
    require_range("image.quality[1]", image.quality[1], 1, 100);
    require_range("image.quality[0]", image.quality[0], 1, image.quality[1]);
    require_range("image.first_person", image.first_person, 0.0, 1.0);
    require_range("image.truncation", image.truncation, 0.0, 1.0);
    require_range("image.motion_probability", image.motion_probability, 0.0, 1.0);
    require_range("image.sleeve", image.sleeve, 0.0, 1.0);
    require_range("image.ring", image.ring, 0.0, 1.0);
    require_range("image.bracelet", image.bracelet, 0.0, 1.0);
    require_range("image.watch", image.watch, 0.0, 1.0);
    require_range("image.table", image.table, 0.0, 1.0);
    require_range("image.wall", image.wall, 0.0, 1.0 - image.table);
    RIH_REQUIRE(image.sensor == "camera" || image.sensor == "none",
                "image.sensor is \"{}\"; it must be camera or none",
                image.sensor);
    require_range("image.subdivision_levels", image.subdivision_levels, 0, 2);
    RIH_REQUIRE(image.rgb_format == "jpg" || image.rgb_format == "png" ||
                    image.rgb_format == "webp",
                "image.rgb_format is \"{}\"; it must be jpg, png or webp",
                image.rgb_format);
    RIH_REQUIRE(image.subsurface == "walk" || image.subsurface == "profile",
                "image.subsurface is \"{}\"; it must be walk or profile",
                image.subsurface);
    const auto choices = skin_choices();
    RIH_REQUIRE(std::ranges::find(choices, image.skin) != choices.end(),
                "image.skin is \"{}\"; it must be one of {}",
                image.skin,
                fmt::join(choices, ", "));
    require_range("image.skin_map_height", image.skin_map_height, 64, 8192);
    RIH_REQUIRE(image.skin_map_height % kMapSideStep == 0,
                "image.skin_map_height is {}; it must be a multiple of {}",
                image.skin_map_height,
                kMapSideStep);
    posing.validate();
}

PlanOptions GenerateOptions::plan_options() const {
    return {seed, poses, views, split_fractions, records_per_shard};
}

std::string GenerateOptions::to_json() const {
    nlohmann::ordered_json json;
    for_each_field(
        *this, [&](const std::string& name, const auto& value) { json[pointer_of(name)] = value; });
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

GenerateOptions options_from_json(std::string_view json, const std::string& what) {
    const OrderedJson document = parse_json(json, what);
    GenerateOptions options;
    for_each_field(options, [&](const std::string& name, auto& value) {
        const auto pointer = pointer_of(name);
        RIH_REQUIRE(document.contains(pointer), "{}: configuration has no {}", what, name);
        assign_option(JsonValue(document.at(pointer), what + ": " + name), value);
    });
    RIH_REQUIRE(OrderedJson::parse(options.to_json()) == document,
                "{}: configuration holds options that this version does not know",
                what);
    return options;
}

void read_toml(const std::filesystem::path& path, GenerateOptions& options) {
    read_option_file(
        path, "docs/configuration.md", [&](const auto& field) { for_each_field(options, field); });
}

SensorOptions sensor_options(const ImageOptions& image) {
    SensorOptions options;
    options.enabled = image.sensor == "camera";
    options.min_quality = image.quality[0];
    options.max_quality = image.quality[1];
    return options;
}

LensOptions lens_options(const ImageOptions& image) {
    LensOptions options;
    options.motion_probability = image.motion_probability;
    return options;
}

WornOptions worn_options(const ImageOptions& image) {
    return {image.sleeve, image.ring, image.bracelet, image.watch};
}

void set_size(const std::string& text, ImageOptions& image) {
    const auto cross = text.find('x');
    const auto number = [&](std::string_view part) {
        int value = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        return error == std::errc{} && end == part.data() + part.size() ? value : -1;
    };
    const std::string_view view = text;
    const int width = cross == std::string::npos ? -1 : number(view.substr(0, cross));
    const int height = cross == std::string::npos ? -1 : number(view.substr(cross + 1));
    RIH_REQUIRE(
        width > 0 && height > 0, "size \"{}\" is not WIDTHxHEIGHT, for example 512x334", text);
    image.width = width;
    image.height = height;
}

} // namespace rih
