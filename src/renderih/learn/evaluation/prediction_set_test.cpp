// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/evaluation/prediction_set.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"

#include <gmock/gmock.h>

#include <cmath>

namespace rih::learn {
namespace {

using testing::HasSubstr;

PredictionSet some_predictions() {
    PredictionSet set;
    set.one_frame = false;
    for (const std::uint64_t key : {3U, 8U}) {
        PredictedPair pair{key, {}};
        for (std::size_t side = 0; side < 2; ++side) {
            if (key == 8 && side == 0) {
                continue; // no right hand
            }
            const auto base = static_cast<float>(key * 10 + side);
            pair.hands[side].present = true;
            pair.hands[side].joints = PredictedHand::Rows::Constant(21, 3, base + 0.25F);
            pair.hands[side].vertices = PredictedHand::Rows::Constant(5, 3, base + 0.5F);
        }
        set.pairs.push_back(pair);
    }
    return set;
}

void expect_equal(const PredictionSet& a, const PredictionSet& b) {
    EXPECT_EQ(a.one_frame, b.one_frame);
    ASSERT_EQ(a.pairs.size(), b.pairs.size());
    for (std::size_t i = 0; i < a.pairs.size(); ++i) {
        EXPECT_EQ(a.pairs[i].key, b.pairs[i].key);
        for (std::size_t side = 0; side < 2; ++side) {
            const PredictedHand &x = a.pairs[i].hands[side], &y = b.pairs[i].hands[side];
            EXPECT_EQ(x.present, y.present);
            EXPECT_EQ(x.joints, y.joints);
            EXPECT_EQ(x.vertices, y.vertices);
        }
    }
}

TEST(Predictions, RoundTripThroughNpz) {
    const TempFolder folder;
    const PredictionSet set = some_predictions();
    write_predictions(folder.path() / "p.npz", set);
    expect_equal(read_predictions(folder.path() / "p.npz"), set);
}

std::string rows(int count, double value) {
    std::string text = "[";
    for (int i = 0; i < count; ++i) {
        text += fmt::format("{}[{}, {}, {}]", i > 0 ? ", " : "", value, value, value);
    }
    return text + "]";
}

std::string some_json() {
    return fmt::format(
        R"({{"one_frame": false, "predictions": [
 {{"key": "000000000008", "right": null, "left": {{"joints_in_cam": {}, "vertices_in_cam": {}}}}},
 {{"key": "000000000003", "right": {{"joints_in_cam": {}, "vertices_in_cam": {}}},
   "left": {{"joints_in_cam": {}, "vertices_in_cam": {}}}}}]}})",
        rows(21, 81.25),
        rows(5, 81.5),
        rows(21, 30.25),
        rows(5, 30.5),
        rows(21, 31.25),
        rows(5, 31.5));
}

TEST(Predictions, InJsonAreTheSame) {
    expect_equal(predictions_from_json(some_json(), "p.json"), some_predictions());
}

std::map<std::string, NpyOutput> some_arrays() {
    std::map<std::string, NpyOutput> arrays;
    arrays["key"] = {{{2}, std::vector<std::string>{"000000000003", "000000000008"}},
                     NpyType::Text};
    arrays["vertices_in_cam"] = {{{2, 2, 5, 3}, std::vector<double>(60, 0.5)}, NpyType::Float64};
    return arrays;
}

std::string complaint_of_npz(const std::map<std::string, NpyOutput>& arrays) {
    try {
        predictions_from_npz(encode_npz(arrays), "p.npz");
    } catch (const UserError& error) {
        return error.what();
    }
    return "no complaint";
}

TEST(Predictions, NeedOnlyKeysAndPoints) {
    const PredictionSet set = predictions_from_npz(encode_npz(some_arrays()), "p.npz");
    EXPECT_TRUE(set.one_frame);
    ASSERT_EQ(set.pairs.size(), 2U);
    EXPECT_EQ(set.pairs[1].key, 8U);
    EXPECT_TRUE(set.pairs[0].hands[0].present);
    EXPECT_EQ(set.pairs[0].hands[0].joints.rows(), 0);
}

TEST(Predictions, NameWhatIsWrongInAnNpz) {
    auto arrays = some_arrays();
    arrays["vertices"] = arrays["vertices_in_cam"];
    EXPECT_THAT(complaint_of_npz(arrays), HasSubstr("has an array 'vertices'"));
    arrays = some_arrays();
    arrays.erase("vertices_in_cam");
    EXPECT_THAT(complaint_of_npz(arrays), HasSubstr("neither joints_in_cam nor vertices_in_cam"));
    arrays = some_arrays();
    arrays["vertices_in_cam"].array.shape = {2, 2, 3, 5};
    EXPECT_THAT(complaint_of_npz(arrays), HasSubstr("shape [2, 2, 3, 5]; it must be [2, 2, V, 3]"));
    arrays = some_arrays();
    arrays["joints_in_cam"] = {{{2, 2, 16, 3}, std::vector<double>(192)}, NpyType::Float32};
    EXPECT_THAT(complaint_of_npz(arrays), HasSubstr("it must be [2, 2, 21, 3]"));
    arrays = some_arrays();
    std::get<std::vector<double>>(arrays["vertices_in_cam"].array.data)[7] = std::nan("");
    EXPECT_THAT(complaint_of_npz(arrays), HasSubstr("record 000000000003 has a coordinate"));
    arrays = some_arrays();
    arrays["key"] = {{{2}, std::vector<std::int64_t>{4, 4}}, NpyType::Int64};
    EXPECT_THAT(complaint_of_npz(arrays), HasSubstr("000000000004 is predicted twice"));
    arrays["key"] = {{{2}, std::vector<std::int64_t>{-4, 4}}, NpyType::Int64};
    EXPECT_THAT(complaint_of_npz(arrays), HasSubstr("key -4"));
    arrays = some_arrays();
    arrays["hand_present"] = {{{4}, std::vector<std::int64_t>(4, 1)}, NpyType::UInt8};
    EXPECT_THAT(complaint_of_npz(arrays), HasSubstr("hand_present must have the shape [2, 2]"));
}

TEST(Predictions, NameWhatIsWrongInJson) {
    const auto complaint = [](const std::string& text) {
        try {
            predictions_from_json(text, "p.json");
        } catch (const UserError& error) {
            return std::string(error.what());
        }
        return std::string("no complaint");
    };
    EXPECT_THAT(complaint(R"({"predictions": []})"), HasSubstr("predictions"));
    EXPECT_THAT(complaint(R"({"predictions": [{"key": "8"}]})"), HasSubstr("key"));
    EXPECT_THAT(complaint(R"({"predictions": [{"key": "000000000008", "right": {}}]})"),
                HasSubstr("predictions[0].right: has neither"));
    EXPECT_THAT(
        complaint(
            R"({"predictions": [{"key": "000000000008", "right": {"joints_in_cam": [[1]]}}]})"),
        HasSubstr("joints_in_cam"));
}

TEST(Predictions, SurviveDamage) {
    const Bytes npz = encode_npz(some_arrays());
    const std::string json = some_json();
    int refused = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        try {
            predictions_from_npz(mutate(npz, i), "p.npz");
        } catch (const UserError&) {
            ++refused;
        }
        const Bytes damaged = mutate(as_bytes(json), i);
        try {
            predictions_from_json({reinterpret_cast<const char*>(damaged.data()), damaged.size()},
                                  "p.json");
        } catch (const UserError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 800);
}

} // namespace
} // namespace rih::learn
