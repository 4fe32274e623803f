// SPDX-License-Identifier: Apache-2.0
// InterHand2.6M's layout (its dataset.py): a pose is a capture of one frame, a view one of its
// cameras. Millimetres, x_cam = R (x - campos), pixels counted from the middle of the first; joints
// tip first, wrist last, right hand before left.
#include "renderih/exchange/export.h"
#include "renderih/exchange/text_file.h"
#include "renderih/hand/joint_order.h"

#include <algorithm>
#include <optional>

namespace rih {

namespace {

constexpr double kMillimetres = 1e3;
constexpr double kCornerFromPixel = 0.5;
constexpr int kJoints = 2 * kKeypointCount;
constexpr std::string_view kFrame = "0"; // a pose stands still

/// x, y, width, height around what is seen of both hands; none when nothing is.
std::optional<std::array<int, 4>> box_of_both(const Record& record) {
    std::optional<std::array<int, 4>> box; // corners at first
    for (const RecordHand& hand : record.hands) {
        if (hand.visible_pixels > 0) {
            const auto [x, y, width, height] = hand.bbox_px;
            const std::array<int, 4> one{x, y, x + width, y + height};
            box = box ? std::array{std::min((*box)[0], one[0]),
                                   std::min((*box)[1], one[1]),
                                   std::max((*box)[2], one[2]),
                                   std::max((*box)[3], one[3])}
                      : one;
        }
    }
    if (box) {
        (*box)[2] -= (*box)[0];
        (*box)[3] -= (*box)[1];
    }
    return box;
}

void write_vec3(JsonWriter& json, const Vec3& v) {
    json.begin_array();
    for (const double x : v) {
        json.value(x);
    }
    json.end_array();
}

/// [42][1]: every joint has its place.
void write_all_valid(JsonWriter& json) {
    json.key("joint_valid");
    json.begin_array();
    for (int j = 0; j < kJoints; ++j) {
        json.begin_array();
        json.value(1);
        json.end_array();
    }
    json.end_array();
}

std::string file_name_of(const Record& record, const std::string& extension) {
    return fmt::format("Capture{}/cam{}/image{}{}", record.pose, record.view, kFrame, extension);
}

std::string image_json(const Record& record, const std::string& extension) {
    JsonWriter json;
    json.begin_object();
    json.field("id", record.record);
    json.field("file_name", file_name_of(record, extension));
    json.field("width", record.camera.width);
    json.field("height", record.camera.height);
    json.field("capture", record.pose);
    json.field("subject", 0);
    json.field("seq_name", "renderih");
    json.field("camera", std::to_string(record.view));
    json.field("frame_idx", 0);
    json.end_object();
    return json.take();
}

std::string annotation_json(const Record& record, const std::array<int, 4>& box) {
    JsonWriter json;
    json.begin_object();
    json.field("id", record.record);
    json.field("image_id", record.record);
    json.array("bbox", box);
    write_all_valid(json);
    json.field("hand_type", "interacting");
    json.field("hand_type_valid", 1);
    json.end_object();
    return json.take();
}

/// "pose": {campos, camrot, focal, princpt: by camera} of all views of a pose.
std::string cameras_json(const std::vector<Record>& views) {
    JsonWriter json;
    json.begin_object();
    const auto each = [&](std::string_view name, const auto& write) {
        json.key(name);
        json.begin_object();
        for (const Record& record : views) {
            json.key(std::to_string(record.view));
            write(record.camera);
        }
        json.end_object();
    };
    each("campos", [&](const Camera& camera) {
        write_vec3(json, kMillimetres * camera.cam_from_world.inverse().translation);
    });
    each("camrot", [&](const Camera& camera) {
        json.begin_array();
        for (int row = 0; row < 3; ++row) {
            write_vec3(json, camera.cam_from_world.rotation.row(row));
        }
        json.end_array();
    });
    const auto pair = [&](double x, double y) {
        json.begin_array();
        json.value(x);
        json.value(y);
        json.end_array();
    };
    each("focal", [&](const Camera& camera) { pair(camera.intrinsics.fx, camera.intrinsics.fy); });
    each("princpt", [&](const Camera& camera) {
        pair(camera.intrinsics.cx - kCornerFromPixel, camera.intrinsics.cy - kCornerFromPixel);
    });
    json.end_object();
    return fmt::format("\"{}\":{}", views.front().pose, json.text());
}

std::string joints_json(const Record& record) {
    const Rigid3 world_from_cam = record.camera.cam_from_world.inverse();
    JsonWriter json;
    json.begin_object();
    json.key(kFrame);
    json.begin_object();
    json.key("world_coord");
    json.begin_array();
    for (const RecordHand& hand : record.hands) {
        for (const int k : kMano21OfInterHand21) {
            write_vec3(json,
                       kMillimetres *
                           (world_from_cam * hand.joints_in_cam[static_cast<std::size_t>(k)]));
        }
    }
    json.end_array();
    write_all_valid(json);
    json.field("hand_type", "interacting");
    json.field("hand_type_valid", true);
    json.end_object();
    json.end_object();
    return fmt::format("\"{}\":{}", record.pose, json.text());
}

/// NeuralAnnot's row: parameters of MANO relative to its mean pose (flat_hand_mean false).
std::string mano_json(const Record& record, const HandPair& hands) {
    JsonWriter json;
    json.begin_object();
    json.key(kFrame);
    json.begin_object();
    for (const Side side : kSides) {
        const auto i = static_cast<std::size_t>(index_of(side));
        const RecordHand& hand = record.hands[i];
        json.key(name_of(side));
        json.begin_object();
        json.key("pose");
        json.begin_array();
        for (int j = 0; j < kJointCount; ++j) {
            for (int c = 0; c < 3; ++c) {
                const double mean = j > 0 ? hands[side].hands_mean[3 * (j - 1) + c] : 0.0;
                json.value(hand.pose[static_cast<std::size_t>(j)][c] - mean);
            }
        }
        json.end_array();
        json.array("shape", hand.shape);
        json.key("trans");
        write_vec3(json, hand.translation);
        json.end_object();
    }
    json.end_object();
    json.end_object();
    return fmt::format("\"{}\":{}", record.pose, json.text());
}

} // namespace

ExportCounts export_interhand26m(const ExportSource& source, const std::filesystem::path& out) {
    ExportCounts counts;
    const bool is_mano =
        source.hands.hands[0].hands_mean.size() > 0 && source.hands.hands[1].hands_mean.size() > 0;
    for (const Split split : source.splits()) {
        const std::string name(name_of(split));
        const std::filesystem::path pictures = out / "images" / name,
                                    annotations = out / "annotations" / name;
        make_folder(annotations);
        const auto open = [&](const char* what) {
            return TextFile(annotations / fmt::format("InterHand2.6M_{}_{}.json", name, what));
        };
        TextFile data = open("data"), cameras = open("camera"), joints = open("joint_3d");
        std::optional<TextFile> mano;
        if (is_mano) {
            mano.emplace(open("MANO_NeuralAnnot"));
            mano->write("{");
        }
        cameras.write("{");
        joints.write("{");
        std::vector<Record> views;
        const auto finish_pose = [&] {
            if (views.empty()) {
                return;
            }
            cameras.element(cameras_json(views));
            joints.element(joints_json(views.front()));
            if (mano) {
                mano->element(mano_json(views.front(), source.hands));
            }
            views.clear();
        };
        data.write("{\"images\":[\n");
        data.begin_list();
        source.for_each_record(split, [&](const ShardReader& shard, const Record& record) {
            const std::filesystem::path picture =
                pictures / file_name_of(record, source.picture_extension());
            make_folder(picture.parent_path());
            write_file_atomically(picture, shard.member(record.record, source.rgb_member));
            data.element(image_json(record, source.picture_extension()));
            if (!views.empty() && views.front().pose != record.pose) {
                finish_pose();
            }
            views.push_back(record);
            ++counts.records;
        });
        finish_pose();
        data.write("],\n\"annotations\":[\n");
        data.begin_list();
        source.for_each_record(split, [&](const ShardReader&, const Record& record) {
            if (const auto box = box_of_both(record)) {
                data.element(annotation_json(record, *box));
            } else {
                counts.hands_left_out += 2;
            }
        });
        data.write("]}\n");
        data.close();
        for (TextFile* file : {&cameras, &joints, mano ? &*mano : nullptr}) {
            if (file != nullptr) {
                file->write("}\n");
                file->close();
            }
        }
    }
    return counts;
}

} // namespace rih
