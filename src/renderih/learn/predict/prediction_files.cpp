// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/predict/prediction_files.h"

#include "renderih/base/file.h"
#include "renderih/dataset/json_writer.h"
#include "renderih/image/codecs.h"
#include "renderih/learn/net/hand_names.h"
#include "renderih/learn/predict/hand_glb.h"
#include "renderih/learn/predict/overlay.h"

#include <fmt/format.h>

#include <iterator>

namespace rih::learn {

namespace {

template <typename Rows>
void write_rows(JsonWriter& json, std::string_view name, const Rows& rows) {
    json.key(name);
    json.begin_array();
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        json.begin_array();
        for (Eigen::Index c = 0; c < rows.cols(); ++c) {
            json.value(double{rows(i, c)});
        }
        json.end_array();
    }
    json.end_array();
}

} // namespace

std::string prediction_json(const PicturedPrediction& prediction) {
    constexpr Eigen::Index kMiddleMcp = 9;
    JsonWriter json;
    json.begin_object();
    json.field("image", prediction.image);
    json.field("checkpoint_sha256", prediction.checkpoint);
    json.field(
        "unit",
        prediction.bone_length_m > 0
            ? fmt::format("hands of wrist-to-middle-MCP length {} m", prediction.bone_length_m)
            : "m");
    json.field("frame", "camera axes, origin at the left middle MCP joint");
    json.field("joint_order", "mano21");
    const Eigen::RowVector3d offset =
        prediction.hands[1].joints.row(kMiddleMcp) - prediction.hands[0].joints.row(kMiddleMcp);
    json.array("left_from_right_middle_mcp", std::array{offset.x(), offset.y(), offset.z()});
    json.key("hands");
    json.begin_object();
    for (std::size_t hand = 0; hand < 2; ++hand) {
        json.key(kHandNames[hand]);
        json.begin_object();
        write_rows(json, "joints", prediction.hands[hand].joints);
        write_rows(json, "joints_px", prediction.hands[hand].joints_px);
        json.end_object();
    }
    json.end_object();
    json.end_object();
    return json.take() + "\n";
}

std::string hand_obj(const PicturedHand& hand) {
    std::string text;
    const auto out = std::back_inserter(text);
    for (Eigen::Index v = 0; v < hand.vertices.rows(); ++v) {
        fmt::format_to(out,
                       "v {:.6f} {:.6f} {:.6f}\n",
                       hand.vertices(v, 0),
                       hand.vertices(v, 1),
                       hand.vertices(v, 2));
    }
    for (const std::array<int, 3>& face : hand.faces) {
        fmt::format_to(out, "f {} {} {}\n", face[0] + 1, face[1] + 1, face[2] + 1);
    }
    return text;
}

void write_prediction(const std::filesystem::path& stem,
                      const PicturedPrediction& prediction,
                      const Image8& picture) {
    Image8 overlay = picture;
    std::array<OverlayHand, 2> drawn;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const PicturedHand& from = prediction.hands[hand];
        drawn[hand] = {from.vertices_px, from.vertices, &from.faces, kHandColours[hand]};
        write_file_atomically(stem.string() + "." + kHandNames[hand] + ".obj", hand_obj(from));
    }
    write_file_atomically(stem.string() + ".glb", hands_glb(prediction));
    draw_hands(overlay, drawn);
    write_file_atomically(stem.string() + ".overlay.png", encode_png(overlay));
    write_file_atomically(stem.string() + ".json", prediction_json(prediction));
}

} // namespace rih::learn
