// SPDX-License-Identifier: Apache-2.0
// IntagHand's layout, as its loader and those built on it read it: 256 x 256 pictures around both
// hands, and a file each for parameters, masks, dense colours and heat maps. Beside it
// ori_handdict/, vertices and joints as numbers, as RenderIH's own release has them: hands that are
// not MANO's have nothing else. Pixels are counted from the middle of the first, metres.
#include "renderih/base/error.h"
#include "renderih/exchange/crop.h"
#include "renderih/exchange/export.h"
#include "renderih/exchange/hand_part.h"
#include "renderih/exchange/pickle_writer.h"
#include "renderih/hand/mano_components.h"
#include "renderih/image/codecs.h"
#include "renderih/math/rotation.h"
#include "renderih/pipeline/rasteriser.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace rih {

namespace {

constexpr int kSide = 256, kHeatMapSide = 64; // pixels
constexpr double kHeatMapSigma = 2;           // of its pixels
constexpr double kHandsPart = 0.8;            // of the crop that both hands take up
constexpr double kCornerFromPixel = 0.5;
constexpr int kJpegQuality = 95;
constexpr int kHeatMapsPerPicture = 3, kHeatMapPictures = kKeypointCount / kHeatMapsPerPicture;
constexpr std::array<Side, 2> kOrder{Side::Left, Side::Right};

/// OpenCV, which its loader reads with, has blue first.
enum Channel { kRed, kGreen, kBlue };

std::size_t at(Side side) {
    return static_cast<std::size_t>(index_of(side));
}

/// One picture: the square around both hands, and what is in it.
struct View {
    Camera camera;                  // of the crop; continuous pixels
    std::array<Points, 2> vertices; // in the camera's frame, m
    Square square;                  // of the record's picture
};

View view_of(const Record& record, const std::array<HandPart, 2>& parts) {
    View view;
    Vec2 low = Vec2::Constant(INFINITY), high = -low;
    for (const Side side : kSides) {
        view.vertices[at(side)] = parts[at(side)].in_cam(record);
        for (const auto& row : view.vertices[at(side)].rowwise()) {
            const Vec2 px = record.camera.project(row.transpose());
            low = low.cwiseMin(px);
            high = high.cwiseMax(px);
        }
    }
    const double side = (high - low).maxCoeff() / kHandsPart;
    const Vec2 corner = 0.5 * (low + high) - Vec2::Constant(0.5 * side);
    view.square = {corner.x(), corner.y(), side};
    const double scale = kSide / side;
    const Intrinsics& k = record.camera.intrinsics;
    view.camera = {
        kSide,
        kSide,
        {scale * k.fx, scale * k.fy, scale * (k.cx - corner.x()), scale * (k.cy - corner.y())},
        {}};
    return view;
}

void write_points(PickleWriter& out, const char* name, const Points& points) {
    out.key(name);
    out.array({static_cast<std::size_t>(points.rows()), 3},
              {points.data(), static_cast<std::size_t>(points.size())});
}

void write_pixels(PickleWriter& out, const char* name, const Points& in_cam, const Camera& camera) {
    std::vector<double> values;
    for (const auto& row : in_cam.rowwise()) {
        const Vec2 px = camera.project(row.transpose());
        values.push_back(px.x() - kCornerFromPixel);
        values.push_back(px.y() - kCornerFromPixel);
    }
    out.key(name);
    out.array({static_cast<std::size_t>(in_cam.rows()), 2}, values);
}

void write_matrix(PickleWriter& out,
                  const std::vector<std::size_t>& shape,
                  const Mat3& matrix,
                  NpyType type = NpyType::Float32) {
    const Eigen::Matrix<double, 3, 3, Eigen::RowMajor> rows = matrix;
    out.array(shape, {rows.data(), 9}, type);
}

Mat3 matrix_of(const Intrinsics& k) {
    Mat3 matrix = Mat3::Identity();
    matrix(0, 0) = k.fx;
    matrix(1, 1) = k.fy;
    matrix(0, 2) = k.cx - kCornerFromPixel;
    matrix(1, 2) = k.cy - kCornerFromPixel;
    return matrix;
}

Points joints_in_cam(const RecordHand& hand) {
    Points joints(kKeypointCount, 3);
    for (std::size_t k = 0; k < hand.joints_in_cam.size(); ++k) {
        joints.row(static_cast<Eigen::Index>(k)) = hand.joints_in_cam[k].transpose();
    }
    return joints;
}

class Exporter {
  public:
    explicit Exporter(const ExportSource& source)
        : source_(source),
          parts_{HandPart(source.hands[Side::Right]), HandPart(source.hands[Side::Left])} {
        if (has_mano_parameters(source.hands)) {
            const auto comma = source.hand.find(',');
            RIH_ASSERT(comma != std::string::npos, "MANO's hands come from two files");
            components_.emplace(std::array{mano_pose_components(source.hand.substr(0, comma)),
                                           mano_pose_components(source.hand.substr(comma + 1))});
        }
    }

    void write(const Record& record,
               const Image8& picture,
               const std::filesystem::path& folder,
               std::uint64_t number) const {
        const View view = view_of(record, parts_);
        const std::string name = std::to_string(number);
        write_file_atomically(
            folder / "img" / (name + ".jpg"),
            encode_jpeg(cropped(picture, view.square, kSide, false), kJpegQuality));
        write_file_atomically(folder / "anno" / (name + ".pkl"), annotation(record, view, number));
        write_file_atomically(folder / "ori_handdict" / (name + ".npy"), hand_dict(record, view));
        write_masks(view, folder, name);
        for (const Side side : kSides) {
            write_heat_maps(record.hands[at(side)], view, folder, name, side);
        }
    }

  private:
    Bytes annotation(const Record& record, const View& view, std::uint64_t number) const {
        PickleWriter out;
        out.begin_dict();
        out.key("inter_idx"), out.value(static_cast<std::int64_t>(number));
        out.key("image");
        out.begin_dict();
        out.key("file_name"), out.value(record.key() + source_.picture_extension());
        out.key("width"), out.value(std::int64_t{record.camera.width});
        out.key("height"), out.value(std::int64_t{record.camera.height});
        out.end_dict();
        out.key("annotation");
        out.begin_dict();
        out.key("hand_type"), out.value(std::string_view("interacting"));
        out.key("hand_type_valid"), out.value(std::int64_t{1});
        out.end_dict();
        out.key("mano_params");
        if (components_) {
            out.begin_dict();
            for (const Side side : kOrder) {
                out.key(name_of(side));
                write_parameters(out, record.hands[at(side)], side);
            }
            out.end_dict();
        } else {
            out.none();
        }
        out.key("camera");
        out.begin_dict();
        out.key("R"), write_matrix(out, {3, 3}, record.camera.cam_from_world.rotation);
        out.key("t"), out.array({3}, {record.camera.cam_from_world.translation.data(), 3});
        out.key("camera");
        write_matrix(out, {3, 3}, matrix_of(view.camera.intrinsics), NpyType::Float64);
        out.end_dict();
        out.end_dict();
        return out.take();
    }

    /// Coefficients of MANO's principal directions that give the pose again, all 45 of them.
    VecX pose_coefficients(const RecordHand& hand, Side side) const {
        VecX pose(3 * kFingerJointCount);
        for (int j = 0; j < kFingerJointCount; ++j) {
            pose.segment<3>(3 * j) = hand.pose[static_cast<std::size_t>(j + 1)];
        }
        const VecX from_mean = pose - source_.hands[side].hands_mean;
        return (*components_)[at(side)].transpose().fullPivLu().solve(from_mean);
    }

    void write_parameters(PickleWriter& out, const RecordHand& hand, Side side) const {
        const VecX pose = pose_coefficients(hand, side);
        out.begin_dict();
        out.key("R"), write_matrix(out, {1, 3, 3}, rotation_from_axis_angle(hand.pose[0]));
        out.key("pose"), out.array({1, 45}, {pose.data(), 45});
        out.key("shape");
        out.array({1, static_cast<std::size_t>(hand.shape.size())},
                  {hand.shape.data(), static_cast<std::size_t>(hand.shape.size())});
        out.key("trans"), out.array({1, 3}, {hand.translation.data(), 3});
        out.end_dict();
    }

    Bytes hand_dict(const Record& record, const View& view) const {
        PickleWriter out;
        out.begin_object_array();
        out.begin_dict();
        for (const Side side : kOrder) {
            const RecordHand& hand = record.hands[at(side)];
            const Points joints = joints_in_cam(hand);
            out.key(name_of(side));
            out.begin_dict();
            out.key("hms"), out.begin_list(), out.end_list();
            write_points(out, "verts3d", view.vertices[at(side)]);
            write_points(out, "joints3d", joints);
            write_pixels(out, "verts2d", view.vertices[at(side)], view.camera);
            write_pixels(out, "joints2d", joints, view.camera);
            out.key("R");
            write_matrix(out,
                         {3, 3},
                         record.camera.cam_from_world.rotation *
                             rotation_from_axis_angle(hand.pose[0]));
            out.key("pose");
            if (components_) {
                const VecX pose = pose_coefficients(hand, side);
                out.array({45}, {pose.data(), 45});
            } else {
                out.none(); // coefficients of MANO's
            }
            out.key("shape");
            out.array({static_cast<std::size_t>(hand.shape.size())},
                      {hand.shape.data(), static_cast<std::size_t>(hand.shape.size())});
            out.key("camera");
            write_matrix(out, {3, 3}, matrix_of(view.camera.intrinsics), NpyType::Float64);
            out.end_dict();
        }
        out.end_dict();
        out.end_object_array();
        return npy_of_object(out.take());
    }

    /// Which hand a pixel shows, and where on it: the hands alone, without what else is in the
    /// picture.
    void write_masks(const View& view,
                     const std::filesystem::path& folder,
                     const std::string& name) const {
        std::vector<RasterMesh> meshes;
        for (const Side side : kSides) {
            meshes.push_back(
                {index_of(side), view.vertices[at(side)], parts_[at(side)].faces(), {}});
        }
        const RasterImages drawn = rasterise(view.camera, meshes);
        Image8 mask(kSide, kSide, 3), dense(kSide, kSide, 3);
        for (int y = 0; y < kSide; ++y) {
            for (int x = 0; x < kSide; ++x) {
                const int mesh = drawn.mesh.at(x, y);
                if (mesh < 0) {
                    continue;
                }
                const auto hand = static_cast<std::size_t>(mesh);
                mask.at(x, y, mesh == index_of(Side::Right) ? kGreen : kRed) = 255;
                const auto& face =
                    parts_[hand].faces()[static_cast<std::size_t>(drawn.face.at(x, y))];
                Vec3 colour = Vec3::Zero();
                for (int corner = 0; corner < 3; ++corner) {
                    colour +=
                        drawn.barycentric.at(x, y, corner) *
                        colours_[hand].row(face[static_cast<std::size_t>(corner)]).transpose();
                }
                for (int axis = 0; axis < 3; ++axis) {
                    dense.at(x, y, kBlue - axis) =
                        static_cast<std::uint8_t>(std::lround(255 * colour[axis]));
                }
            }
        }
        write_file_atomically(folder / "mask" / (name + ".jpg"), encode_jpeg(mask, kJpegQuality));
        write_file_atomically(folder / "dense" / (name + ".jpg"), encode_jpeg(dense, kJpegQuality));
    }

    static void write_heat_maps(const RecordHand& hand,
                                const View& view,
                                const std::filesystem::path& folder,
                                const std::string& name,
                                Side side) {
        for (int picture = 0; picture < kHeatMapPictures; ++picture) {
            Image8 image(kHeatMapSide, kHeatMapSide, 3);
            for (int channel = 0; channel < kHeatMapsPerPicture; ++channel) {
                const auto k = static_cast<std::size_t>(kHeatMapsPerPicture * picture + channel);
                const Vec2 px = view.camera.project(hand.joints_in_cam[k]);
                const Vec2 peak =
                    (px - Vec2::Constant(kCornerFromPixel)) * (double{kHeatMapSide} / kSide);
                for (int y = 0; y < kHeatMapSide; ++y) {
                    for (int x = 0; x < kHeatMapSide; ++x) {
                        const double square = (Vec2(x, y) - peak).squaredNorm();
                        const double value =
                            std::exp(-square / (2 * kHeatMapSigma * kHeatMapSigma));
                        image.at(x, y, kBlue - channel) =
                            static_cast<std::uint8_t>(std::lround(255 * value));
                    }
                }
            }
            write_file_atomically(folder / "hms" /
                                      fmt::format("{}_{}_{}.jpg", name, picture, name_of(side)),
                                  encode_jpeg(image, kJpegQuality));
        }
    }

    /// Places in the rest pose, as colours from 0 to 1.
    static Points colours_of(const HandPart& part) {
        Points places = part.at_rest();
        const Eigen::RowVector3d low = places.colwise().minCoeff(),
                                 size = places.colwise().maxCoeff() - low;
        return (places.rowwise() - low).array().rowwise() / size.array();
    }

    const ExportSource& source_;
    std::array<HandPart, 2> parts_; // right, left
    std::array<Points, 2> colours_{colours_of(parts_[0]), colours_of(parts_[1])};
    std::optional<std::array<MatX, 2>> components_; // of MANO's files
};

} // namespace

ExportCounts export_intaghand(const ExportSource& source, const std::filesystem::path& out) {
    ExportCounts counts;
    const Exporter exporter(source);
    for (const Split split : source.splits()) {
        const std::filesystem::path folder = out / name_of(split);
        for (const char* name : {"img", "anno", "ori_handdict", "mask", "dense", "hms"}) {
            make_folder(folder / name);
        }
        std::uint64_t number = 0;
        source.for_each_record(split, [&](const ShardReader& shard, const Record& record) {
            exporter.write(record, source.picture(shard, record), folder, number++);
        });
        counts.records += number;
    }
    return counts;
}

} // namespace rih
