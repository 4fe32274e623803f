// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/arrangements.h"

#include "renderih/base/error.h"
#include "renderih/posing/sources/json_fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace rih {
namespace {

constexpr std::uint64_t kMaxArrangementFileBytes = 4u << 20;
constexpr double kMillimetre = 1e-3;

std::array<double, 2> range(const JsonField& field, double low, double high, double unit) {
    const std::vector<double> v = field.numbers(2, low, high);
    RIH_REQUIRE(v[0] <= v[1], "{}: the range [{}, {}] is empty", field.where(), v[0], v[1]);
    return {v[0] * unit, v[1] * unit};
}

ArrangedHand read_hand(const JsonField& field) {
    ArrangedHand hand;
    for (const JsonField& name : field.at("shapes").list(1, 1000)) {
        hand.shapes.push_back(name.text());
    }
    hand.fingers = field.at("fingers").direction();
    const Vec3 palm = field.at("palm").direction();
    const Vec3 across = palm - palm.dot(hand.fingers) * hand.fingers;
    RIH_REQUIRE(
        across.norm() > 0.2, "{}: \"palm\" must not point along \"fingers\"", field.where());
    hand.palm = across.normalized();
    if (field.has("jitter_deg")) {
        hand.jitter = field.at("jitter_deg").vector(0, 180) * kDegree;
    }
    hand.wrist_flexion = {-45 * kDegree, 45 * kDegree};
    hand.wrist_deviation = {-12 * kDegree, 22 * kDegree};
    if (field.has("wrist_flexion_deg")) {
        hand.wrist_flexion = range(field.at("wrist_flexion_deg"), -90, 90, kDegree);
    }
    if (field.has("wrist_deviation_deg")) {
        hand.wrist_deviation = range(field.at("wrist_deviation_deg"), -45, 45, kDegree);
    }
    return hand;
}

Settle read_settle(const JsonField& field) {
    const std::string name = field.text();
    if (name == "slide") {
        return Settle::Slide;
    }
    if (name == "weave") {
        return Settle::Weave;
    }
    RIH_REQUIRE(name == "placed", "{} is \"{}\", not slide, weave or placed", field.where(), name);
    return Settle::Placed;
}

int read_finger(const JsonField& field) {
    constexpr std::array<const char*, 5> kNames{"index", "middle", "pinky", "ring", "thumb"};
    const auto found = std::find(kNames.begin(), kNames.end(), field.text());
    RIH_REQUIRE(found != kNames.end(), "{} names no finger", field.where());
    return static_cast<int>(found - kNames.begin());
}

std::vector<std::array<std::string, 2>> read_landmark_pairs(const JsonField& field,
                                                            std::size_t least) {
    std::vector<std::array<std::string, 2>> pairs;
    for (const JsonField& pair : field.list(least, 1000)) {
        const std::vector<JsonField> names = pair.list(2, 2);
        pairs.push_back({names[0].text(), names[1].text()});
    }
    return pairs;
}

Arrangement read_arrangement(const JsonField& field) {
    Arrangement result;
    result.name = field.at("name").text();
    result.description = field.at("description").text();
    result.hands = {read_hand(field.at("first")), read_hand(field.at("second"))};
    result.meets = read_landmark_pairs(field.at("meet"), 1);
    result.contacts = read_landmark_pairs(field.at("contacts"), 0);
    result.gap = range(field.at("gap_mm"), 0, 500, kMillimetre);
    result.settle = read_settle(field.at("settle"));
    if (result.settle == Settle::Slide) {
        result.approach = field.at("approach").direction();
    }
    if (result.settle == Settle::Weave) {
        result.search = field.at("search_mm").vector(0, 100) * kMillimetre;
    }
    if (field.has("weight")) {
        result.weight = field.at("weight").number(1e-3, 1e3);
    }
    if (field.has("same_shape")) {
        result.same_shape = field.at("same_shape").boolean();
    }
    if (field.has("variation")) {
        result.variation = field.at("variation").number(0, 5);
    }
    if (field.has("offset_mm")) {
        result.offset = field.at("offset_mm").vector(0, 200) * kMillimetre;
    }
    if (field.has("nominal_offset_mm")) {
        result.nominal_offset = field.at("nominal_offset_mm").vector(-200, 200) * kMillimetre;
    }
    if (field.has("turn_deg")) {
        result.turn = field.at("turn_deg").vector(0, 180) * kDegree;
    }
    if (field.has("body")) {
        result.body = field.at("body").direction();
    }
    if (field.has("slide_ignores")) {
        for (const JsonField& finger : field.at("slide_ignores").list(0, 5)) {
            result.slide_ignores.push_back(read_finger(finger));
        }
    }
    if (field.has("slide_overlap_mm")) {
        result.slide_overlap = field.at("slide_overlap_mm").number(0, 50) * kMillimetre;
    }
    return result;
}

} // namespace

std::vector<Arrangement> read_arrangements(const std::filesystem::path& path) {
    const auto document = read_json_file(path, kMaxArrangementFileBytes);
    const JsonField root(document, path.string());
    root.at("schema").number(1, 1);
    std::vector<Arrangement> arrangements;
    std::set<std::string> names;
    for (const JsonField& entry : root.at("arrangements").list(1, 1000)) {
        arrangements.push_back(read_arrangement(entry));
        RIH_REQUIRE(names.insert(arrangements.back().name).second,
                    "{}: the name \"{}\" occurs twice",
                    entry.where(),
                    arrangements.back().name);
    }
    return arrangements;
}

} // namespace rih
