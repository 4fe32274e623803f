// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/rows.h"

#include "renderih/base/error.h"
#include "renderih/places/catalogue.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace rih {

namespace {

using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

constexpr std::array<NumberColumn, 25> kNumbers{
    {{"record", 0, [](const PageRow& r) { return static_cast<double>(r.record); }},
     {"pose", 0, [](const PageRow& r) { return static_cast<double>(r.pose); }},
     {"view", 0, [](const PageRow& r) { return static_cast<double>(r.view); }},
     {"width", 0, [](const PageRow& r) { return static_cast<double>(r.width); }},
     {"height", 0, [](const PageRow& r) { return static_cast<double>(r.height); }},
     {"mask_iou", 3, [](const PageRow& r) { return r.mask_iou; }},
     {"min_distance_mm", 2, [](const PageRow& r) { return r.min_distance_mm; }},
     {"contact_cm2", 2, [](const PageRow& r) { return r.contact_cm2; }},
     {"right_self_penetration_mm", 2, [](const PageRow& r) { return r.self_penetration_mm[0]; }},
     {"left_self_penetration_mm", 2, [](const PageRow& r) { return r.self_penetration_mm[1]; }},
     {"right_visible_joints", 0, [](const PageRow& r) { return r.visible_joints[0]; }},
     {"left_visible_joints", 0, [](const PageRow& r) { return r.visible_joints[1]; }},
     {"right_naturalness", 3, [](const PageRow& r) { return r.naturalness[0]; }},
     {"left_naturalness", 3, [](const PageRow& r) { return r.naturalness[1]; }},
     {"right_flexion_deg", 1, [](const PageRow& r) { return r.flexion_deg[0]; }},
     {"left_flexion_deg", 1, [](const PageRow& r) { return r.flexion_deg[1]; }},
     {"ita_deg", 1, [](const PageRow& r) { return r.ita_deg; }},
     {"monk", 0, [](const PageRow& r) { return static_cast<double>(r.monk); }},
     {"track", 0, [](const PageRow& r) { return static_cast<double>(r.track); }},
     {"azimuth_deg", 0, [](const PageRow& r) { return r.azimuth_deg; }},
     {"distance_m", 3, [](const PageRow& r) { return r.distance_m; }},
     {"exposure_ev", 1, [](const PageRow& r) { return r.exposure_ev; }},
     {"augmentation", 0, [](const PageRow& r) { return static_cast<double>(r.augmentation); }},
     {"attempts", 0, [](const PageRow& r) { return static_cast<double>(r.attempts); }},
     {"visible_joints", 0, [](const PageRow& r) {
          return r.visible_joints[0] + r.visible_joints[1];
      }}}};

constexpr std::array<WordColumn, 8> kWords{
    {{"split", [](const PageRow& r) { return Words{std::string(name_of(r.split))}; }},
     {"ita_class", [](const PageRow& r) { return Words{r.ita_class}; }},
     {"environment", [](const PageRow& r) { return Words{r.environment}; }},
     {"place", [](const PageRow& r) { return Words{r.place}; }},
     {"source", [](const PageRow& r) { return Words{r.source}; }},
     {"source_id", [](const PageRow& r) { return Words{r.source_id}; }},
     {"worn", [](const PageRow& r) { return r.worn; }},
     {"near", [](const PageRow& r) { return r.near; }}}};

Json rounded(double value, int decimals) {
    if (!std::isfinite(value)) {
        return nullptr;
    }
    if (decimals == 0) {
        return std::llround(value);
    }
    const double scale = std::pow(10.0, decimals);
    return std::round(value * scale) / scale;
}

Json words_json(const WordColumn& column, std::span<const PageRow> rows) {
    std::map<std::string, int> index;
    std::vector<Words> of_rows;
    of_rows.reserve(rows.size());
    bool always_one = true;
    for (const PageRow& row : rows) {
        of_rows.push_back(column.of(row));
        always_one = always_one && of_rows.back().size() == 1;
        for (const std::string& word : of_rows.back()) {
            index.emplace(word, 0);
        }
    }
    Json json;
    json["values"] = Json::array();
    for (auto& [word, number] : index) {
        number = static_cast<int>(json["values"].size());
        json["values"].push_back(word);
    }
    json["rows"] = Json::array();
    for (const Words& words : of_rows) {
        Json numbers = Json::array();
        for (const std::string& word : words) {
            numbers.push_back(index.at(word));
        }
        json["rows"].push_back(always_one ? numbers[0] : numbers);
    }
    return json;
}

} // namespace

std::string place_of_environment(const std::string& name) {
    for (const std::string_view start : {"room-", "outdoor-"}) {
        if (name.size() == start.size() + 4 && name.starts_with(start)) {
            int number = -1;
            const auto [end, error] =
                std::from_chars(name.data() + start.size(), name.data() + name.size(), number);
            if (error == std::errc{} && end == name.data() + name.size() && number >= 0) {
                const PlaceDescription place = describe_place(number);
                return place.name == name ? place.kind : "other";
            }
        }
    }
    return name.empty() ? "unknown" : "captured map";
}

PageRow row_of(const Record& record) {
    PageRow row;
    row.record = record.record;
    row.pose = record.pose;
    row.view = record.view;
    row.split = record.split;
    row.width = record.camera.width;
    row.height = record.camera.height;
    row.mask_iou = record.interaction.mask_iou;
    row.min_distance_mm = 1e3 * record.interaction.min_distance_m;
    row.contact_cm2 = record.interaction.contact_area_mm2 / 100;
    for (std::size_t i = 0; i < 2; ++i) {
        const RecordHand& hand = record.hands[i];
        row.self_penetration_mm[i] = 1e3 * record.interaction.self_penetration_depth_m[i];
        row.visible_joints[i] = static_cast<double>(std::ranges::count(hand.joint_visible, true));
        row.naturalness[i] = record.provenance.naturalness[i];
        row.flexion_deg[i] = hand.forearm_flexion_deg;
    }
    row.ita_deg = record.appearance.ita_deg;
    row.ita_class = record.appearance.ita_class;
    row.monk = record.appearance.monk;
    row.environment = record.appearance.environment;
    row.place = place_of_environment(row.environment);
    row.track = record.track;
    row.azimuth_deg = record.azimuth_deg;
    row.distance_m = record.distance_m;
    row.exposure_ev = record.appearance.exposure_ev;
    row.augmentation = record.provenance.augmentation;
    row.attempts = record.provenance.attempts;
    row.source = record.provenance.source;
    row.source_id = record.provenance.source_id;
    for (const RecordThing& thing : record.appearance.things) {
        (thing.hand == "none" ? row.near : row.worn).push_back(thing.kind);
    }
    for (Words* kinds : {&row.worn, &row.near}) {
        std::ranges::sort(*kinds);
        const auto again = std::ranges::unique(*kinds);
        kinds->erase(again.begin(), again.end());
    }
    return row;
}

std::span<const NumberColumn> number_columns() {
    return kNumbers;
}

const NumberColumn& number_column(std::string_view name) {
    const auto found = std::ranges::find(kNumbers, name, &NumberColumn::name);
    RIH_ASSERT(found != kNumbers.end(), "the page has no column of numbers '{}'", name);
    return *found;
}

std::span<const WordColumn> word_columns() {
    return kWords;
}

const WordColumn& word_column(std::string_view name) {
    const auto found = std::ranges::find(kWords, name, &WordColumn::name);
    RIH_ASSERT(found != kWords.end(), "the page has no column of words '{}'", name);
    return *found;
}

Json columns_json(std::span<const PageRow> rows) {
    Json json;
    for (const NumberColumn& column : kNumbers) {
        Json& numbers = json[std::string(column.name)] = Json::array();
        for (const PageRow& row : rows) {
            numbers.push_back(rounded(column.of(row), column.decimals));
        }
    }
    for (const WordColumn& column : kWords) {
        json[std::string(column.name)] = words_json(column, rows);
    }
    return json;
}

} // namespace rih
