// SPDX-License-Identifier: Apache-2.0
// FreiHAND's layout: 224 x 224 pictures of one right hand each; left hands are mirrored. Metres,
// pixels counted from the middle of the first, joints as ours (wrist, thumb .. pinky, base first).
#include "renderih/exchange/crop.h"
#include "renderih/exchange/export.h"
#include "renderih/exchange/text_file.h"
#include "renderih/hand/joint_order.h"
#include "renderih/hand/kinematics.h"
#include "renderih/image/codecs.h"

namespace rih {

namespace {

constexpr int kSide = 224;      // pixels
constexpr double kMargin = 1.5; // side of the crop over that of the keypoints' box
constexpr double kCornerFromPixel = 0.5;
constexpr int kJpegQuality = 95;
constexpr int kManoVertices = 778;
constexpr std::size_t kScaleFrom = 9, kScaleTo = 10; // the middle finger's first bone

template <typename Row>
void write_row(JsonWriter& json, const Row& row) {
    json.begin_array();
    for (Eigen::Index i = 0; i < row.size(); ++i) {
        json.value(row[i]);
    }
    json.end_array();
}

std::string points_json(const std::vector<Vec3>& points) {
    JsonWriter json;
    json.begin_array();
    for (const Vec3& p : points) {
        write_row(json, p);
    }
    json.end_array();
    return json.take();
}

std::string k_json(const Intrinsics& k) {
    Mat3 matrix = Mat3::Identity();
    matrix(0, 0) = k.fx;
    matrix(1, 1) = k.fy;
    matrix(0, 2) = k.cx - kCornerFromPixel;
    matrix(1, 2) = k.cy - kCornerFromPixel;
    JsonWriter json;
    json.begin_array();
    for (int row = 0; row < 3; ++row) {
        write_row(json, matrix.row(row));
    }
    json.end_array();
    return json.take();
}

/// MANO's own vertices, not those of the forearm that grows on them, in the camera's frame.
std::vector<Vec3> vertices_in_cam(const Record& record, Side side, const HandPair& hands) {
    const RecordHand& hand = record.hands[static_cast<std::size_t>(index_of(side))];
    HandPose pose;
    std::copy(hand.pose.begin(), hand.pose.end(), pose.axis_angle.begin());
    pose.axis_angle[kForearmJoint] = hand.forearm_rotation;
    const HandState state =
        pose_hand(shape_hand(hands[side], hand.shape), rotations_of(pose), hand.translation);
    std::vector<Vec3> vertices;
    for (int v = 0; v < kManoVertices; ++v) {
        vertices.emplace_back(record.camera.cam_from_world * Vec3(state.vertices.row(v)));
    }
    return vertices;
}

Vec3 mirrored(const Vec3& p, bool mirror) {
    return mirror ? Vec3(-p.x(), p.y(), p.z()) : p;
}

/// What one picture is of: the crop's square and its camera.
struct Crop {
    Square square;
    Intrinsics intrinsics; // of the crop, mirrored where the hand was
};

Crop crop_of(const Record& record, const RecordHand& hand, bool mirror) {
    Vec2 low = hand.joints_px[0], high = low;
    for (const Vec2& at : hand.joints_px) {
        low = low.cwiseMin(at);
        high = high.cwiseMax(at);
    }
    const Vec2 middle = 0.5 * (low + high);
    const double side = std::max(8.0, kMargin * (high - low).maxCoeff());
    const Square square{middle.x() - 0.5 * side, middle.y() - 0.5 * side, side};
    const double scale = kSide / side;
    const Intrinsics& k = record.camera.intrinsics;
    Intrinsics cropped{
        scale * k.fx, scale * k.fy, scale * (k.cx - square.left), scale * (k.cy - square.top)};
    if (mirror) {
        cropped.cx = kSide - cropped.cx;
    }
    return {square, cropped};
}

} // namespace

ExportCounts export_freihand(const ExportSource& source, const std::filesystem::path& out) {
    ExportCounts counts;
    const bool is_mano = source.hands.hands[0].vertex_count() >= kManoVertices &&
                         source.hands.hands[0].hands_mean.size() > 0;
    for (const Split split : source.splits()) {
        const std::string name = split == Split::Train ? "training"
                                 : split == Split::Val ? "validation"
                                                       : "evaluation";
        const std::filesystem::path pictures = out / name / "rgb";
        make_folder(pictures);
        const auto open = [&](const char* what) {
            TextFile file(out / fmt::format("{}_{}.json", name, what));
            file.write("[");
            return file;
        };
        std::vector<TextFile> files;
        enum { kK, kXyz, kScale, kSource, kVerts };
        for (const char* what : {"K", "xyz", "scale", "source"}) {
            files.push_back(open(what));
        }
        if (is_mano) {
            files.push_back(open("verts"));
        }
        std::uint64_t number = 0;
        source.for_each_record(split, [&](const ShardReader& shard, const Record& record) {
            const Image8 picture = source.picture(shard, record);
            ++counts.records;
            for (const Side side : kSides) {
                const auto i = static_cast<std::size_t>(index_of(side));
                const RecordHand& hand = record.hands[i];
                if (hand.visible_pixels == 0) {
                    ++counts.hands_left_out;
                    continue;
                }
                const bool mirror = side == Side::Left;
                const Crop crop = crop_of(record, hand, mirror);
                write_file_atomically(
                    pictures / fmt::format("{:08}.jpg", number),
                    encode_jpeg(cropped(picture, crop.square, kSide, mirror), kJpegQuality));
                std::vector<Vec3> joints;
                for (const Vec3& joint : hand.joints_in_cam) {
                    joints.push_back(mirrored(joint, mirror));
                }
                files[kK].element(k_json(crop.intrinsics));
                files[kXyz].element(points_json(joints));
                files[kScale].element(
                    fmt::format("{}", (joints[kScaleTo] - joints[kScaleFrom]).norm()));
                if (is_mano) {
                    std::vector<Vec3> vertices = vertices_in_cam(record, side, source.hands);
                    for (Vec3& vertex : vertices) {
                        vertex = mirrored(vertex, mirror);
                    }
                    files[kVerts].element(points_json(vertices));
                }
                files[kSource].element(
                    fmt::format("{{\"key\":\"{}\",\"hand\":\"{}\"}}", record.key(), name_of(side)));
                ++number;
            }
        });
        for (TextFile& file : files) {
            file.write("]\n");
            file.close();
        }
    }
    return counts;
}

} // namespace rih
