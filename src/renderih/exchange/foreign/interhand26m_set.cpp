// SPDX-License-Identifier: Apache-2.0
// InterHand2.6M v1.0 (Moon et al. 2020): images/SPLIT and four files in annotations/SPLIT. Poses of
// cameras and joints in millimetres with X_cam = R (X - campos); MANO's translations in metres.
// Joints tip first, wrist last, right hand before left. The files reach a gigabyte and are read as
// streams: in memory are some hundred bytes a picture and a kilobyte a frame.
#include "renderih/base/error.h"
#include "renderih/base/json_stream.h"
#include "renderih/exchange/foreign/foreign_labels.h"
#include "renderih/exchange/foreign/foreign_set.h"

#include <algorithm>
#include <bitset>
#include <optional>
#include <unordered_map>

namespace rih {

namespace {

namespace fs = std::filesystem;

constexpr double kMetres = 1e-3; // of a millimetre
constexpr double kFarthestMm = kFarthest / kMetres;
constexpr int kJoints = 2 * kKeypointCount;
constexpr std::size_t kMaxPictures = 10'000'000, kMaxFrames = 4'000'000;

using Valid = std::bitset<kJoints>;

struct Picture {
    std::string file_name, frame, camera; // frame: "capture/frame_idx", camera: "capture/camera"
    int width = 0, height = 0;
    std::optional<Valid> valid; // of its annotation
};

struct FrameJoints {
    std::array<Eigen::Vector3f, kJoints> world_mm;
    Valid valid;
};

struct CameraPose {
    std::optional<Vec3> position_mm;
    std::optional<Mat3> rotation;
    std::optional<Vec2> focal, principal;
};

using FrameMano = std::array<std::optional<ManoParameters>, 2>;

template <std::size_t Count>
std::array<double, Count> numbers(const JsonValue& value, double limit) {
    std::array<double, Count> result{};
    const auto elements = value.elements(Count);
    for (std::size_t i = 0; i < Count; ++i) {
        result[i] = elements[i].number(-limit, limit);
    }
    return result;
}

/// Some releases have [42], some [42][1].
Valid valid_joints(const JsonValue& value) {
    Valid valid;
    const auto elements = value.elements(kJoints);
    for (std::size_t j = 0; j < kJoints; ++j) {
        const JsonValue flag = elements[j].is_array() ? elements[j].elements(1)[0] : elements[j];
        valid[j] = flag.number(0, 1) != 0;
    }
    return valid;
}

/// Numbers and texts both name captures, cameras and frames.
std::string name_of_value(const JsonValue& value) {
    return value.json().is_string() ? value.text(64, 1)
                                    : std::to_string(value.integer(0, std::int64_t{1} << 50));
}

class InterHand26M : public ForeignSet {
  public:
    explicit InterHand26M(const ForeignOptions& options) : mano_(options.mano) {
        const std::string split(name_of(options.split));
        pictures_folder_ = options.folder / "images" / split;
        const fs::path folder = options.folder / "annotations" / split;
        const auto file = [&](const char* what) {
            return folder / fmt::format("InterHand2.6M_{}_{}.json", split, what);
        };
        for (const char* what : {"data", "camera", "joint_3d"}) {
            RIH_REQUIRE(fs::is_regular_file(file(what)),
                        "{}: is missing; SRC is the folder that holds images/ and annotations/",
                        file(what).string());
            note_digest(file(what));
        }
        read_data(file("data"));
        read_cameras(file("camera"));
        read_joints(file("joint_3d"));
        const fs::path mano_file = file("MANO_NeuralAnnot");
        if (mano_ != nullptr) {
            RIH_REQUIRE(fs::is_regular_file(mano_file),
                        "{}: is missing; without it give no --mano",
                        mano_file.string());
            note_digest(mano_file);
            read_mano(mano_file);
        }
        choose(file("data").string());
    }

    std::uint64_t size() const override { return pictures_.size(); }
    fs::path picture(std::uint64_t number) const override {
        return pictures_folder_ / pictures_[number].file_name; // choose() has seen that it is below
    }
    std::string name(std::uint64_t number) const override { return pictures_[number].file_name; }

    Record labels(std::uint64_t number, int width, int height) const override {
        const Picture& picture = pictures_[number];
        RIH_REQUIRE(width == picture.width && height == picture.height,
                    "{}: is {} x {} pixels, although its annotation says {} x {}",
                    picture.file_name,
                    width,
                    height,
                    picture.width,
                    picture.height);
        Record record = unlabelled_record();
        record.camera = camera_of(picture);
        const FrameJoints& frame = joints_.at(picture.frame);
        for (const Side side : kSides) {
            const auto i = static_cast<std::size_t>(index_of(side));
            for (std::size_t j = 0; j < kKeypointCount; ++j) {
                const std::size_t of_both = i * kKeypointCount + j;
                if (!frame.valid[of_both]) {
                    continue;
                }
                const auto k = static_cast<std::size_t>(kMano21OfInterHand21[j]);
                const Vec3 in_world = kMetres * frame.world_mm[of_both].cast<double>();
                set_joint(
                    record, side, k, record.camera.cam_from_world * in_world, picture.file_name);
                if (!(*picture.valid)[of_both]) { // the picture does not show it
                    record.hands[i].joint_2d_valid[k] = false;
                }
            }
            if (const auto found = parameters_.find(picture.frame);
                found != parameters_.end() && found->second[i]) {
                set_mano(record.hands[i],
                         *found->second[i],
                         PoseZero::MeanHand,
                         (*mano_)[side],
                         picture.frame);
            }
        }
        return record;
    }

  private:
    static constexpr JsonStreamLimits kLimits{};

    void read_data(const fs::path& path) {
        std::unordered_map<std::int64_t, std::size_t> of_id;
        for_each_json_element(path, 2, kLimits, [&](const JsonWay& way, const JsonValue& value) {
            constexpr std::int64_t kMaxId = std::int64_t{1} << 50;
            if (way[0] == "images") {
                RIH_REQUIRE(pictures_.size() < kMaxPictures,
                            "{}: more than {} images",
                            path.string(),
                            kMaxPictures);
                Picture picture;
                picture.file_name = value.at("file_name").text(1024, 1);
                const std::string capture = name_of_value(value.at("capture"));
                picture.frame = capture + "/" + name_of_value(value.at("frame_idx"));
                picture.camera = capture + "/" + name_of_value(value.at("camera"));
                picture.width = static_cast<int>(value.at("width").integer(1, 16384));
                picture.height = static_cast<int>(value.at("height").integer(1, 16384));
                const bool is_new =
                    of_id.emplace(value.at("id").integer(0, kMaxId), pictures_.size()).second;
                if (!is_new) {
                    value.at("id").fail("is that of another image too");
                }
                pictures_.push_back(std::move(picture));
            } else if (way[0] == "annotations") {
                // The lists may come in either order, so an annotation waits for its image.
                const bool is_new = annotations_
                                        .emplace(value.at("image_id").integer(0, kMaxId),
                                                 valid_joints(value.at("joint_valid")))
                                        .second;
                if (!is_new) {
                    value.at("image_id").fail("has two annotations");
                }
            }
        });
        for (const auto& [id, valid] : annotations_) {
            const auto found = of_id.find(id);
            RIH_REQUIRE(found != of_id.end(),
                        "{}: an annotation of image {}, which is not in the file",
                        path.string(),
                        id);
            pictures_[found->second].valid = valid;
        }
        annotations_.clear();
    }

    void read_cameras(const fs::path& path) {
        for_each_json_element(path, 3, kLimits, [&](const JsonWay& way, const JsonValue& value) {
            CameraPose& camera = cameras_[way[0] + "/" + way[2]];
            if (way[1] == "campos") {
                camera.position_mm = Vec3(numbers<3>(value, kFarthestMm).data());
            } else if (way[1] == "camrot") {
                const auto rows = value.elements(3);
                Mat3 rotation;
                for (int row = 0; row < 3; ++row) {
                    rotation.row(row) =
                        Vec3(numbers<3>(rows[static_cast<std::size_t>(row)], 2).data()).transpose();
                }
                camera.rotation = nearest_rotation(rotation, value.where());
            } else if (way[1] == "focal") {
                const auto elements = value.elements(2);
                camera.focal = Vec2(elements[0].number(1, 1e6), elements[1].number(1, 1e6));
            } else if (way[1] == "princpt") {
                camera.principal = Vec2(numbers<2>(value, 1e6).data());
            }
            RIH_REQUIRE(cameras_.size() < kMaxFrames, "{}: too many cameras", path.string());
        });
    }

    void read_joints(const fs::path& path) {
        for_each_json_element(path, 2, kLimits, [&](const JsonWay& way, const JsonValue& value) {
            RIH_REQUIRE(joints_.size() < kMaxFrames, "{}: too many frames", path.string());
            FrameJoints& frame = joints_[way[0] + "/" + way[1]];
            frame.valid = valid_joints(value.at("joint_valid"));
            const auto places = value.at("world_coord").elements(kJoints);
            for (std::size_t j = 0; j < kJoints; ++j) {
                frame.world_mm[j] = Vec3(numbers<3>(places[j], kFarthestMm).data()).cast<float>();
            }
        });
    }

    void read_mano(const fs::path& path) {
        for_each_json_element(path, 2, kLimits, [&](const JsonWay& way, const JsonValue& value) {
            RIH_REQUIRE(parameters_.size() < kMaxFrames, "{}: too many frames", path.string());
            FrameMano& frame = parameters_[way[0] + "/" + way[1]];
            for (const Side side : kSides) {
                const JsonValue hand = value.at(std::string(name_of(side)));
                if (hand.json().is_null()) {
                    continue;
                }
                ManoParameters parameters;
                parameters.pose = numbers<48>(hand.at("pose"), 1e3);
                parameters.shape = numbers<10>(hand.at("shape"), 1e3);
                parameters.translation = Vec3(numbers<3>(hand.at("trans"), kFarthest).data());
                frame[static_cast<std::size_t>(index_of(side))] = parameters;
            }
        });
    }

    /// Keeps the pictures of which something is known.
    void choose(const std::string& where) {
        std::erase_if(pictures_, [&](const Picture& picture) {
            const char* reason = why_left_out(picture);
            if (reason != nullptr) {
                ++left_out_[reason];
            }
            return reason != nullptr;
        });
        for (const Picture& picture : pictures_) {
            path_below(pictures_folder_, picture.file_name, where);
            const auto camera = cameras_.find(picture.camera);
            RIH_REQUIRE(camera != cameras_.end() && camera->second.position_mm &&
                            camera->second.rotation && camera->second.focal &&
                            camera->second.principal,
                        "{}: {} is of camera \"{}\", which the camera file does not give whole",
                        where,
                        printable(picture.file_name, 100),
                        printable(picture.camera, 100));
        }
    }

    const char* why_left_out(const Picture& picture) const {
        const auto joints = joints_.find(picture.frame);
        const auto mano = parameters_.find(picture.frame);
        if (!picture.valid) {
            return "without annotation";
        }
        if (joints == joints_.end()) {
            return "without joints of its frame";
        }
        const bool has_mano = mano != parameters_.end() && (mano->second[0] || mano->second[1]);
        return joints->second.valid.none() && !has_mano ? "without a labelled hand" : nullptr;
    }

    Camera camera_of(const Picture& picture) const {
        const CameraPose& pose = cameras_.at(picture.camera);
        Camera camera;
        camera.width = picture.width;
        camera.height = picture.height;
        camera.intrinsics = {pose.focal->x(),
                             pose.focal->y(),
                             pose.principal->x() + kCornerFromPixel,
                             pose.principal->y() + kCornerFromPixel};
        camera.cam_from_world.rotation = *pose.rotation;
        camera.cam_from_world.translation = -kMetres * (*pose.rotation * *pose.position_mm);
        return camera;
    }

    const HandPair* mano_;
    fs::path pictures_folder_;
    std::vector<Picture> pictures_;
    std::unordered_map<std::int64_t, Valid> annotations_; // while the file is read
    std::unordered_map<std::string, CameraPose> cameras_;
    std::unordered_map<std::string, FrameJoints> joints_;
    std::unordered_map<std::string, FrameMano> parameters_;
};

} // namespace

std::unique_ptr<ForeignSet> open_interhand26m(const ForeignOptions& options) {
    return std::make_unique<InterHand26M>(options);
}

} // namespace rih
