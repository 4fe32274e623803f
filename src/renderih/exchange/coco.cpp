// SPDX-License-Identifier: Apache-2.0
// COCO's keypoint layout: each hand an annotation with its box, mask and 21 keypoints. COCO counts
// keypoints from the middle of the first pixel and boxes from its corner.
#include "renderih/exchange/export.h"
#include "renderih/exchange/run_length.h"
#include "renderih/exchange/text_file.h"
#include "renderih/hand/joint_order.h"
#include "renderih/image/codecs.h"

namespace rih {

namespace {

constexpr std::array<std::string_view, kKeypointCount> kNames{
    "wrist",  "thumb1", "thumb2",  "thumb3",  "thumb4",  "index1",  "index2",
    "index3", "index4", "middle1", "middle2", "middle3", "middle4", "ring1",
    "ring2",  "ring3",  "ring4",   "pinky1",  "pinky2",  "pinky3",  "pinky4"};
constexpr double kCornerFromPixel = 0.5;

enum CocoVisibility { kNotLabelled = 0, kHidden = 1, kSeen = 2 };

std::string image_json(const Record& record, const std::string& file_name) {
    JsonWriter json;
    json.begin_object();
    json.field("id", record.record);
    json.field("file_name", file_name);
    json.field("width", record.camera.width);
    json.field("height", record.camera.height);
    json.field("license", 1);
    json.end_object();
    return json.take();
}

std::string annotation_json(const Record& record, int hand, const Image8& parts) {
    const RecordHand& labels = record.hands[static_cast<std::size_t>(hand)];
    const int first = first_part(kSides[static_cast<std::size_t>(hand)]);
    JsonWriter json;
    json.begin_object();
    json.field("id", 2 * record.record + static_cast<std::uint64_t>(hand) + 1);
    json.field("image_id", record.record);
    json.field("category_id", hand + 1);
    json.field("iscrowd", 0);
    json.field("area", labels.visible_pixels);
    json.array("bbox", labels.bbox_px);
    json.key("segmentation");
    json.begin_object();
    json.array("size", std::array{parts.height(), parts.width()});
    json.field("counts", coco_text(run_lengths(parts.width(), parts.height(), [&](int x, int y) {
                   const int part = parts.at(x, y);
                   return part >= first && part < first + kPartsPerHand;
               })));
    json.end_object();
    int labelled = 0;
    json.key("keypoints");
    json.begin_array();
    for (std::size_t k = 0; k < kKeypointCount; ++k) {
        const Vec2& at = labels.joints_px[k];
        const bool in_picture = labels.joint_occluded_by[k] != OccludedBy::Frame;
        labelled += in_picture ? 1 : 0;
        json.value(in_picture ? at.x() - kCornerFromPixel : 0.0);
        json.value(in_picture ? at.y() - kCornerFromPixel : 0.0);
        json.value(!in_picture ? kNotLabelled : labels.joint_visible[k] ? kSeen : kHidden);
    }
    json.end_array();
    json.field("num_keypoints", labelled);
    json.end_object();
    return json.take();
}

std::string categories_json() {
    JsonWriter json;
    json.begin_array();
    for (const Side side : kSides) {
        json.begin_object();
        json.field("id", index_of(side) + 1);
        json.field("name", std::string(name_of(side)) + "_hand");
        json.field("supercategory", "hand");
        json.array("keypoints", kNames);
        json.key("skeleton"); // counted from 1
        json.begin_array();
        for (int k = 1; k < kKeypointCount; ++k) {
            json.begin_array();
            json.value(k % 4 == 1 ? 1 : k);
            json.value(k + 1);
            json.end_array();
        }
        json.end_array();
        json.end_object();
    }
    json.end_array();
    return json.take();
}

} // namespace

ExportCounts export_coco(const ExportSource& source, const std::filesystem::path& out) {
    ExportCounts counts;
    make_folder(out / "annotations");
    for (const Split split : source.splits()) {
        const std::string name(name_of(split));
        make_folder(out / name);
        TextFile file(out / "annotations" / ("hands_" + name + ".json"));
        file.write("{\"info\":{\"description\":\"two hands, made by renderih\"},\n\"licenses\":"
                   "[{\"id\":1,\"name\":\"see README.md of the data set\",\"url\":\"\"}],\n"
                   "\"categories\":" +
                   categories_json() + ",\n\"images\":[\n");
        file.begin_list();
        source.for_each_record(split, [&](const ShardReader& shard, const Record& record) {
            const std::string picture = record.key() + source.picture_extension();
            write_file_atomically(out / name / picture,
                                  shard.member(record.record, source.rgb_member));
            file.element(image_json(record, picture));
            ++counts.records;
        });
        file.write("],\n\"annotations\":[\n");
        file.begin_list();
        source.for_each_record(split, [&](const ShardReader& shard, const Record& record) {
            const Image8 parts =
                decode_png8(shard.member(record.record, "seg.png"), record.key() + ".seg.png");
            for (int hand = 0; hand < 2; ++hand) {
                // A box and a mask of nothing break loaders.
                if (record.hands[static_cast<std::size_t>(hand)].visible_pixels == 0) {
                    ++counts.hands_left_out;
                    continue;
                }
                file.element(annotation_json(record, hand, parts));
            }
        });
        file.write("]}\n");
        file.close();
    }
    return counts;
}

} // namespace rih
