// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/evaluation/prediction_set.h"

#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/base/npz.h"
#include "renderih/dataset/record.h"
#include "renderih/hand/joint_order.h"

#include <algorithm>

#include <fmt/ranges.h>

namespace rih::learn {

namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{4} << 30;
constexpr std::size_t kMaxVertices = 100'000;

/// Sorts by key and checks what holds of every set.
void finish(PredictionSet& set, const std::string& what) {
    RIH_REQUIRE(!set.pairs.empty(), "{}: holds no predictions", what);
    std::ranges::sort(set.pairs, {}, &PredictedPair::key);
    const auto twice = std::ranges::adjacent_find(set.pairs, {}, &PredictedPair::key);
    RIH_REQUIRE(twice == set.pairs.end(),
                "{}: record {} is predicted twice",
                what,
                record_key(twice == set.pairs.end() ? 0 : twice->key));
    for (const PredictedPair& pair : set.pairs) {
        for (const PredictedHand& hand : pair.hands) {
            RIH_REQUIRE(!hand.present || (hand.joints.allFinite() && hand.vertices.allFinite()),
                        "{}: record {} has a coordinate that is not finite",
                        what,
                        record_key(pair.key));
        }
    }
}

std::vector<std::uint64_t> keys_of(const NpyArray& array, const std::string& what) {
    RIH_REQUIRE(array.shape.size() == 1, "{}: key must have one axis", what);
    std::vector<std::uint64_t> keys;
    if (const auto* texts = std::get_if<std::vector<std::string>>(&array.data)) {
        for (const std::string& text : *texts) {
            keys.push_back(record_of_key(text));
        }
        return keys;
    }
    for (const std::int64_t key : array.as_int()) {
        RIH_REQUIRE(key >= 0 && static_cast<std::uint64_t>(key) < kMaxRecords,
                    "{}: key {} is no record's number",
                    what,
                    key);
        keys.push_back(static_cast<std::uint64_t>(key));
    }
    return keys;
}

/// Points [N, 2, count, 3]; empty when there is no such array. `count` 0: any.
struct PointArray {
    std::size_t count = 0;
    std::vector<double> values;

    PredictedHand::Rows rows(std::size_t pair, std::size_t side) const {
        using Stored = Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>;
        const double* first = values.data() + (2 * pair + side) * count * 3;
        return Eigen::Map<const Stored>(first, static_cast<Eigen::Index>(count), 3).cast<float>();
    }
};

PointArray points_in(const NpzArrays& arrays,
                     const std::string& name,
                     std::size_t pairs,
                     std::size_t count,
                     const std::string& what) {
    const auto found = arrays.find(name);
    if (found == arrays.end()) {
        return {};
    }
    const std::vector<std::size_t>& shape = found->second.shape;
    const bool fits = shape.size() == 4 && shape[0] == pairs && shape[1] == 2 && shape[3] == 3 &&
                      (count == 0 ? shape[2] >= 1 && shape[2] <= kMaxVertices : shape[2] == count);
    RIH_REQUIRE(fits,
                "{}: {} has the shape [{}]; it must be [{}, 2, {}, 3]",
                what,
                name,
                fmt::join(shape, ", "),
                pairs,
                count == 0 ? "V" : std::to_string(count));
    return {shape[2], found->second.as_double()};
}

PredictedHand::Rows rows_of(const JsonValue& value, std::size_t least, std::size_t most) {
    const auto points = value.elements(least, most);
    PredictedHand::Rows rows(static_cast<Eigen::Index>(points.size()), 3);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto xyz = points[i].elements(3);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            rows(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(axis)) =
                static_cast<float>(xyz[axis].number());
        }
    }
    return rows;
}

PredictedHand hand_of(const JsonValue& value) {
    PredictedHand hand;
    if (value.json().is_null()) {
        return hand;
    }
    JsonObject fields(value);
    hand.present = true;
    if (fields.has("joints_in_cam")) {
        hand.joints = rows_of(fields.at("joints_in_cam"), kKeypointCount, kKeypointCount);
    }
    if (fields.has("vertices_in_cam")) {
        hand.vertices = rows_of(fields.at("vertices_in_cam"), 1, kMaxVertices);
    }
    if (hand.joints.rows() == 0 && hand.vertices.rows() == 0) {
        value.fail("has neither joints_in_cam nor vertices_in_cam");
    }
    fields.finish();
    return hand;
}

} // namespace

PredictionSet predictions_from_npz(std::span<const std::uint8_t> bytes, const std::string& what) {
    const NpzArrays arrays = read_npz(bytes, what, {.max_file_bytes = kMaxFileBytes});
    for (const auto& [name, array] : arrays) {
        static const std::vector<std::string> kNames{
            "key", "joints_in_cam", "vertices_in_cam", "hand_present", "one_frame"};
        RIH_REQUIRE(std::ranges::find(kNames, name) != kNames.end(),
                    "{}: has an array '{}'; it may have {}",
                    what,
                    printable(name, 64),
                    fmt::join(kNames, ", "));
    }
    RIH_REQUIRE(arrays.contains("key"), "{}: has no array 'key'", what);
    const std::vector<std::uint64_t> keys = keys_of(arrays.at("key"), what);
    const std::size_t count = keys.size();
    const PointArray joints = points_in(arrays, "joints_in_cam", count, kKeypointCount, what);
    const PointArray vertices = points_in(arrays, "vertices_in_cam", count, 0, what);
    RIH_REQUIRE(joints.count > 0 || vertices.count > 0,
                "{}: has neither joints_in_cam nor vertices_in_cam",
                what);
    std::vector<std::int64_t> present(2 * count, 1);
    if (const auto found = arrays.find("hand_present"); found != arrays.end()) {
        RIH_REQUIRE((found->second.shape == std::vector<std::size_t>{count, 2}),
                    "{}: hand_present must have the shape [{}, 2]",
                    what,
                    count);
        present = found->second.as_int();
    }
    PredictionSet set;
    if (const auto found = arrays.find("one_frame"); found != arrays.end()) {
        RIH_REQUIRE(found->second.size() == 1, "{}: one_frame must be one number", what);
        set.one_frame = found->second.as_int()[0] != 0;
    }
    for (std::size_t i = 0; i < count; ++i) {
        PredictedPair pair{keys[i], {}};
        for (std::size_t side = 0; side < 2; ++side) {
            PredictedHand& hand = pair.hands[side];
            hand.present = present[2 * i + side] != 0;
            if (hand.present) {
                hand.joints = joints.rows(i, side);
                hand.vertices = vertices.rows(i, side);
            }
        }
        set.pairs.push_back(std::move(pair));
    }
    finish(set, what);
    return set;
}

PredictionSet predictions_from_json(std::string_view text, const std::string& what) {
    constexpr JsonLimits kLimits{.max_bytes = std::size_t{256} << 20, .max_depth = 8};
    constexpr std::size_t kMaxPairs = 1'000'000;
    const OrderedJson document = parse_json(text, what, kLimits);
    JsonObject fields(JsonValue(document, what));
    PredictionSet set;
    if (fields.has("one_frame")) {
        set.one_frame = fields.at("one_frame").boolean();
    }
    for (const JsonValue& value : fields.at("predictions").elements(1, kMaxPairs)) {
        JsonObject of_pair(value);
        PredictedPair pair{record_of_key(of_pair.at("key").text(12, 12)), {}};
        for (const Side side : kSides) {
            const std::string name(name_of(side));
            if (of_pair.has(name)) {
                pair.hands[static_cast<std::size_t>(index_of(side))] = hand_of(of_pair.at(name));
            }
        }
        of_pair.finish();
        set.pairs.push_back(std::move(pair));
    }
    fields.finish();
    finish(set, what);
    return set;
}

PredictionSet read_predictions(const std::filesystem::path& path) {
    const Bytes bytes = read_file(path, kMaxFileBytes);
    const bool is_zip = bytes.size() >= 2 && bytes[0] == 'P' && bytes[1] == 'K';
    return is_zip ? predictions_from_npz(bytes, path.string())
                  : predictions_from_json(
                        {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
}

void write_predictions(const std::filesystem::path& path, const PredictionSet& set) {
    std::vector<std::int64_t> keys, present;
    Eigen::Index joints = 0, vertices = 0;
    for (const PredictedPair& pair : set.pairs) {
        for (const PredictedHand& hand : pair.hands) {
            joints = std::max(joints, hand.joints.rows());
            vertices = std::max(vertices, hand.vertices.rows());
        }
    }
    std::vector<double> joint_values, vertex_values;
    const auto append = [](std::vector<double>& to, const PredictedHand::Rows& rows, auto count) {
        RIH_ASSERT(rows.rows() == count || rows.rows() == 0, "{} of {} points", rows.rows(), count);
        to.insert(to.end(), rows.data(), rows.data() + rows.size());
        to.resize(to.size() + static_cast<std::size_t>((count - rows.rows()) * 3));
    };
    for (const PredictedPair& pair : set.pairs) {
        keys.push_back(static_cast<std::int64_t>(pair.key));
        for (const PredictedHand& hand : pair.hands) {
            present.push_back(hand.present ? 1 : 0);
            append(joint_values, hand.joints, joints);
            append(vertex_values, hand.vertices, vertices);
        }
    }
    const std::size_t count = keys.size();
    std::map<std::string, NpyOutput> arrays;
    arrays["key"] = {{{count}, std::move(keys)}, NpyType::Int64};
    arrays["hand_present"] = {{{count, 2}, std::move(present)}, NpyType::UInt8};
    arrays["one_frame"] = {{{1}, std::vector<std::int64_t>{set.one_frame ? 1 : 0}}, NpyType::UInt8};
    if (joints > 0) {
        arrays["joints_in_cam"] = {
            {{count, 2, static_cast<std::size_t>(joints), 3}, std::move(joint_values)},
            NpyType::Float32};
    }
    if (vertices > 0) {
        arrays["vertices_in_cam"] = {
            {{count, 2, static_cast<std::size_t>(vertices), 3}, std::move(vertex_values)},
            NpyType::Float32};
    }
    write_npz(path, arrays);
}

} // namespace rih::learn
