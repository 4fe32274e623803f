// SPDX-License-Identifier: Apache-2.0
// FreiHAND's layout: 224 x 224 pictures of one right hand each; left hands are mirrored. Metres,
// pixels counted from the middle of the first, joints as ours (wrist, thumb .. pinky, base first).
#include "renderih/exchange/crop.h"
#include "renderih/exchange/export.h"
#include "renderih/exchange/hand_part.h"
#include "renderih/exchange/text_file.h"
#include "renderih/hand/joint_order.h"
#include "renderih/hand/kinematics.h"
#include "renderih/image/codecs.h"
#include "renderih/math/rotation.h"

#include <algorithm>
#include <optional>

namespace rih {

namespace {

constexpr int kSide = 224;      // pixels
constexpr double kMargin = 1.5; // side of the crop over that of the keypoints' box
constexpr double kCornerFromPixel = 0.5;
constexpr int kJpegQuality = 95;
constexpr int kManoShape = 10;               // coefficients
constexpr double kManoFits = 1e-4;           // m, of the vertices that the format's reader makes
constexpr int kScaleFrom = 9, kScaleTo = 10; // the middle finger's first bone
constexpr int kRoot = 9;                     // of MANO's parameters: the middle finger's root

template <typename Row>
void write_row(JsonWriter& json, const Row& row) {
    json.begin_array();
    for (Eigen::Index i = 0; i < row.size(); ++i) {
        json.value(row[i]);
    }
    json.end_array();
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

Points mirrored(Points points, bool mirror) {
    if (mirror) {
        points.col(0) *= -1;
    }
    return points;
}

std::string points_json(const Points& points) {
    JsonWriter json;
    json.begin_array();
    for (const auto& row : points.rowwise()) {
        write_row(json, row);
    }
    json.end_array();
    return json.take();
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

/// MANO's parameters as its reader takes them: pose [48] in the camera's frame relative to the mean
/// hand, shape [10], the place of the middle finger's root in the picture, and focal length over
/// its depth. None when the right hand's model, which the format knows alone, does not give these
/// vertices: a left hand's mirror image is another hand where the two models are.
std::optional<std::string> mano_json(const Record& record,
                                     Side side,
                                     const HandModel& right,
                                     const Points& vertices,
                                     const Intrinsics& k) {
    const RecordHand& labels = record.hands[static_cast<std::size_t>(index_of(side))];
    HandPose pose;
    pose.axis_angle[0] = axis_angle_from_rotation(record.camera.cam_from_world.rotation *
                                                  rotation_from_axis_angle(labels.pose[0]));
    std::copy(labels.pose.begin() + 1, labels.pose.end(), pose.axis_angle.begin() + 1);
    pose.shape = labels.shape.head(std::min<Eigen::Index>(labels.shape.size(), kManoShape));
    if (side == Side::Left) {
        pose = mirror(pose);
    }
    // Its reader poses the model and moves it so that the root, taken off the mesh, comes to lie
    // where these numbers say.
    const HandPart part(right);
    if (vertices.rows() != std::ssize(part.vertices())) {
        return std::nullopt;
    }
    const Points readers = part.posed(pose);
    const Eigen::RowVector3d root = part.regressed_keypoints(vertices, "").row(kRoot),
                             readers_root = part.regressed_keypoints(readers, "").row(kRoot);
    const Points off = (readers.rowwise() + (root - readers_root)) - vertices;
    if (!(off.rowwise().norm().maxCoeff() <= kManoFits)) {
        return std::nullopt;
    }
    const double scale = 0.5 * (k.fx + k.fy) / root.z();
    JsonWriter json;
    json.begin_array();
    json.begin_array();
    for (int j = 0; j < kJointCount; ++j) {
        for (int c = 0; c < 3; ++c) {
            const double mean = j > 0 ? right.hands_mean[3 * (j - 1) + c] : 0.0;
            json.value(pose.axis_angle[static_cast<std::size_t>(j)][c] - mean);
        }
    }
    for (int i = 0; i < kManoShape; ++i) {
        json.value(i < pose.shape.size() ? pose.shape[i] : 0.0);
    }
    json.value(k.cx - kCornerFromPixel + scale * root.x());
    json.value(k.cy - kCornerFromPixel + scale * root.y()); // as its reader undoes it
    json.value(scale);
    json.end_array();
    json.end_array();
    return json.take();
}

Points joints_in_cam(const RecordHand& hand) {
    Points joints(kKeypointCount, 3);
    for (std::size_t k = 0; k < hand.joints_in_cam.size(); ++k) {
        joints.row(static_cast<Eigen::Index>(k)) = hand.joints_in_cam[k].transpose();
    }
    return joints;
}

} // namespace

ExportCounts export_freihand(const ExportSource& source, const std::filesystem::path& out) {
    ExportCounts counts;
    const bool is_mano = has_mano_parameters(source.hands);
    const std::array<HandPart, 2> parts{HandPart(source.hands[Side::Right]),
                                        HandPart(source.hands[Side::Left])};
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
        enum { kK, kXyz, kScale, kSource, kVerts, kMano };
        for (const char* what : {"K", "xyz", "scale", "source"}) {
            files.push_back(open(what));
        }
        if (is_mano) {
            files.push_back(open("verts"));
            files.push_back(open("mano"));
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
                const Points joints = mirrored(joints_in_cam(hand), mirror);
                files[kK].element(k_json(crop.intrinsics));
                files[kXyz].element(points_json(joints));
                files[kScale].element(
                    fmt::format("{}", (joints.row(kScaleTo) - joints.row(kScaleFrom)).norm()));
                if (is_mano) {
                    const Points vertices = mirrored(parts[i].in_cam(record), mirror);
                    files[kVerts].element(points_json(vertices));
                    const auto mano = mano_json(
                        record, side, source.hands[Side::Right], vertices, crop.intrinsics);
                    counts.hands_without_mano += mano ? 0 : 1;
                    files[kMano].element(mano.value_or("null"));
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
