// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/predict/prediction_files.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"
#include "renderih/image/codecs.h"
#include "renderih/learn/predict/overlay.h"
#include "renderih/learn/predict/picture_file.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace rih::learn {
namespace {

PicturedPrediction prediction() {
    PicturedPrediction result;
    result.image = "a.png";
    for (std::size_t hand = 0; hand < 2; ++hand) {
        PicturedHand& to = result.hands[hand];
        to.vertices = Points::Random(3, 3);
        to.vertices_px.resize(3, 2);
        to.vertices_px << 0, 0, 8, 0, 0, 8;
        to.joints = Points::Constant(21, 3, hand == 0 ? 0.0 : 0.25);
        to.joints_px = Points2::Constant(21, 2, 1.5);
        to.faces = {{0, 1, 2}};
    }
    return result;
}

TEST(PredictionFiles, JsonSaysWhereTheHandsAre) {
    PicturedPrediction hands = prediction();
    const auto json = nlohmann::json::parse(prediction_json(hands));
    EXPECT_EQ(json["left_from_right_middle_mcp"][2], 0.25);
    EXPECT_EQ(json["hands"]["right"]["joints_px"][20][1], 1.5);
    EXPECT_EQ(json["unit"], "m");
    hands.bone_length_m = 0.095;
    EXPECT_EQ(nlohmann::json::parse(prediction_json(hands))["unit"],
              "hands of wrist-to-middle-MCP length 0.095 m");
}

TEST(PredictionFiles, AreWrittenBesideEachOther) {
    const TempFolder folder;
    write_prediction(folder.path() / "a.b", prediction(), Image8(8, 8, 3, 20));
    for (const char* name :
         {"a.b.json", "a.b.glb", "a.b.right.obj", "a.b.left.obj", "a.b.overlay.png"}) {
        EXPECT_TRUE(std::filesystem::exists(folder.path() / name)) << name;
    }
    const Image8 overlay = read_picture(folder.path() / "a.b.overlay.png");
    EXPECT_NE(overlay.at(1, 1), 20);
    EXPECT_EQ(overlay.at(7, 7), 20);
    const std::string obj = read_text_file(folder.path() / "a.b.left.obj", 1000);
    EXPECT_TRUE(obj.ends_with("f 1 2 3\n"));
}

TEST(PictureFile, IsToldByItsContent) {
    const TempFolder folder;
    const auto path = folder.path() / "picture";
    const Image8 colour(4, 3, 3, 60), grey(4, 3, 1, 60);
    for (const Bytes& bytes : {encode_png(colour),
                               encode_png(grey),
                               encode_jpeg(colour, 95),
                               encode_webp(colour, 100)}) {
        write_file_atomically(path, bytes);
        const Image8 read = read_picture(path);
        EXPECT_EQ(read.channels(), 3);
        EXPECT_EQ(read.width(), 4);
        EXPECT_NEAR(read.at(3, 2, 2), 60, 2);
    }
    write_file_atomically(path, "GIF89a");
    EXPECT_THROW(read_picture(path), UserError);
}

} // namespace
} // namespace rih::learn
