// SPDX-License-Identifier: Apache-2.0
// Tzionas et al.'s Hands in Action (IJCV 2016) in the layout that InterWild made of it: HIC.json, a
// COCO file, and below the same folder the pictures and, a hand each, meshes of MANO's as PLY, in
// the camera's frame in metres. The set names no joints in space: they follow from the meshes with
// the hands of --mano. Without them there are the 28 joints labelled by hand in the picture.
#include "renderih/base/error.h"
#include "renderih/base/json_stream.h"
#include "renderih/exchange/foreign/foreign_labels.h"
#include "renderih/exchange/foreign/foreign_set.h"
#include "renderih/exchange/foreign/ply.h"
#include "renderih/exchange/hand_part.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace rih {

namespace {

namespace fs = std::filesystem;

// One sensor took every picture.
constexpr int kWidth = 640, kHeight = 480;
constexpr Intrinsics kIntrinsics{525, 525, 319.5 + kCornerFromPixel, 239.5 + kCornerFromPixel};
constexpr std::uint64_t kMaxMeshBytes = std::uint64_t{64} << 20;
constexpr std::size_t kMaxPictures = 1'000'000;

/// mano21 keypoints of the 14 joints of each hand: pinky, ring, middle, index from the base, thumb
/// from its second. The left hand's index is listed from its end.
constexpr std::size_t kLabelledJoints = 14;
constexpr std::array<std::array<std::size_t, kLabelledJoints>, 2> kKeypoints{
    {{17, 18, 19, 13, 14, 15, 9, 10, 11, 5, 6, 7, 2, 3},
     {17, 18, 19, 13, 14, 15, 9, 10, 11, 7, 6, 5, 2, 3}}};

struct Joint2d {
    Vec2 px = Vec2::Zero(); // ours: continuous
    bool valid = false;
};

struct Picture {
    std::string file_name;
    std::array<std::string, 2> mesh; // empty: none
    std::array<std::array<Joint2d, kLabelledJoints>, 2> joints;

    bool has_joints(std::size_t hand) const {
        return std::ranges::any_of(joints[hand], &Joint2d::valid);
    }
};

class Hic : public ForeignSet {
  public:
    explicit Hic(const ForeignOptions& options) : folder_(options.folder) {
        if (options.mano != nullptr) {
            hands_.emplace(std::array{HandPart((*options.mano)[Side::Right]),
                                      HandPart((*options.mano)[Side::Left])});
        }
        const fs::path file = folder_ / "HIC.json";
        RIH_REQUIRE(fs::is_regular_file(file),
                    "{}: is missing; SRC is the folder that holds it, the pictures and the meshes",
                    file.string());
        note_digest(file);
        std::unordered_map<std::int64_t, std::string> images;
        std::vector<std::pair<std::int64_t, Picture>> annotations;
        for_each_json_element(file, 2, {}, [&](const JsonWay& way, const JsonValue& value) {
            constexpr std::int64_t kMaxId = std::int64_t{1} << 50;
            RIH_REQUIRE(images.size() < kMaxPictures && annotations.size() < kMaxPictures,
                        "{}: more than {} pictures",
                        file.string(),
                        kMaxPictures);
            if (way[0] == "images") {
                value.at("width").integer(kWidth, kWidth);
                value.at("height").integer(kHeight, kHeight);
                const bool is_new = images
                                        .emplace(value.at("id").integer(0, kMaxId),
                                                 value.at("file_name").text(1024, 1))
                                        .second;
                if (!is_new) {
                    value.at("id").fail("is that of another image too");
                }
            } else if (way[0] == "annotations") {
                annotations.emplace_back(value.at("image_id").integer(0, kMaxId),
                                         picture_of(value));
            }
        });
        for (auto& [id, picture] : annotations) {
            const auto image = images.find(id);
            RIH_REQUIRE(image != images.end(),
                        "{}: an annotation of image {}, which is not in the file",
                        file.string(),
                        id);
            picture.file_name = image->second;
            path_below(folder_, picture.file_name, file.string());
            if (is_labelled(picture, 0) || is_labelled(picture, 1)) {
                pictures_.push_back(std::move(picture));
            } else {
                ++left_out_["without a labelled hand"];
            }
        }
    }

    std::uint64_t size() const override { return pictures_.size(); }
    fs::path picture(std::uint64_t number) const override {
        return folder_ / pictures_[number].file_name; // the constructor has seen that it is below
    }
    std::string name(std::uint64_t number) const override { return pictures_[number].file_name; }
    bool projects_joints() const override { return hands_.has_value(); }

    Record labels(std::uint64_t number, int width, int height) const override {
        const Picture& picture = pictures_[number];
        RIH_REQUIRE(width == kWidth && height == kHeight,
                    "{}: is {} x {} pixels, where the set's camera has {} x {}",
                    picture.file_name,
                    width,
                    height,
                    kWidth,
                    kHeight);
        Record record = unlabelled_record();
        record.camera = {kWidth, kHeight, kIntrinsics, {}}; // the world is the camera
        for (const Side side : kSides) {
            const auto i = static_cast<std::size_t>(index_of(side));
            if (hands_ && !picture.mesh[i].empty()) {
                const fs::path path = path_below(folder_, picture.mesh[i], "HIC.json");
                const Points vertices = ply_vertices(read_file(path, kMaxMeshBytes), path.string());
                RIH_REQUIRE(vertices.size() > 0 && vertices.cwiseAbs().maxCoeff() <= kFarthest,
                            "{}: lies {} m away; its vertices are expected in metres",
                            path.string(),
                            vertices.size() > 0 ? vertices.cwiseAbs().maxCoeff() : 0.0);
                const Points keypoints = (*hands_)[i].regressed_keypoints(vertices, path.string());
                for (std::size_t k = 0; k < kKeypointCount; ++k) {
                    set_joint(record,
                              side,
                              k,
                              keypoints.row(static_cast<Eigen::Index>(k)).transpose(),
                              path.string());
                }
            } else if (!hands_ && picture.has_joints(i)) {
                set_labelled_joints(picture.joints[i], kKeypoints[i], record.hands[i]);
            }
        }
        return record;
    }

  private:
    bool is_labelled(const Picture& picture, std::size_t hand) const {
        return hands_ ? !picture.mesh[hand].empty() : picture.has_joints(hand);
    }

    static void set_labelled_joints(const std::array<Joint2d, kLabelledJoints>& joints,
                                    const std::array<std::size_t, kLabelledJoints>& keypoints,
                                    RecordHand& hand) {
        hand.is_labelled = true;
        for (std::size_t j = 0; j < joints.size(); ++j) {
            if (joints[j].valid) {
                hand.joints_px[keypoints[j]] = joints[j].px;
                hand.joint_2d_valid[keypoints[j]] = true;
            }
        }
    }

    static Picture picture_of(const JsonValue& annotation) {
        Picture picture;
        for (const Side side : kSides) {
            const JsonValue mesh = annotation.at(fmt::format("{}_mano_path", name_of(side)));
            if (!mesh.json().is_null()) {
                picture.mesh[static_cast<std::size_t>(index_of(side))] = mesh.text(1024, 1);
            }
        }
        if (!annotation.has("joint_2d")) {
            return picture;
        }
        const auto places = annotation.at("joint_2d").elements(2 * kLabelledJoints);
        const auto valid = annotation.at("joint_valid").elements(2 * kLabelledJoints);
        for (std::size_t j = 0; j < places.size(); ++j) {
            Joint2d& joint = picture.joints[j / kLabelledJoints][j % kLabelledJoints];
            const JsonValue flag = valid[j].is_array() ? valid[j].elements(1)[0] : valid[j];
            joint.valid = flag.number(0, 1) != 0;
            const auto xy = places[j].elements(2, 3);
            joint.px = {xy[0].number(-1e6, 1e6) + kCornerFromPixel,
                        xy[1].number(-1e6, 1e6) + kCornerFromPixel};
        }
        return picture;
    }

    fs::path folder_;
    std::optional<std::array<HandPart, 2>> hands_; // of --mano
    std::vector<Picture> pictures_;
};

} // namespace

std::unique_ptr<ForeignSet> open_hic(const ForeignOptions& options) {
    return std::make_unique<Hic>(options);
}

} // namespace rih
