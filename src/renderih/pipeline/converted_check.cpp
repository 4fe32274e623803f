// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/converted_check.h"

#include "renderih/base/error.h"
#include "renderih/hand/hand_npz.h"
#include "renderih/image/codecs.h"

#include <nlohmann/json.hpp>

namespace rih {

namespace {

/// Joints that were projected, in pixels; and labels of their own, in parts of the width.
constexpr double kProjectedPx = 1e-4, kLabelledPart = 0.005;
/// Fits are off by centimetres where labels failed; wrong axes or units are off by more.
constexpr double kManoTolerance = 0.1; // m

NpzArrays arrays_in_memory(const HandModel& hand) {
    NpzArrays arrays;
    for (auto& [name, output] : arrays_of(hand)) {
        arrays[name] = output.array;
    }
    return arrays;
}

} // namespace

ConvertedHands::ConvertedHands(const HandPair& hands)
    : hands_{ReferenceHand(arrays_in_memory(hands[Side::Right])),
             ReferenceHand(arrays_in_memory(hands[Side::Left]))} {}

std::optional<double> ConvertedHands::mano_distance(const Record& record, Side side) const {
    const auto i = static_cast<std::size_t>(index_of(side));
    const RecordHand& labels = record.hands[i];
    if (!labels.has_mano) {
        return std::nullopt;
    }
    ReferencePose pose;
    pose.axis_angle.assign(static_cast<std::size_t>(hands_[i].joint_count()), Vec3::Zero());
    std::ranges::copy(labels.pose, pose.axis_angle.begin());
    pose.translation = labels.translation;
    pose.shape = labels.shape;
    const Points keypoints = hands_[i].keypoints(hands_[i].pose(pose));
    double sum = 0;
    int count = 0;
    for (std::size_t k = 0; k < labels.joints_in_cam.size(); ++k) {
        if (labels.joint_3d_valid[k]) {
            const Vec3 in_world = keypoints.row(static_cast<Eigen::Index>(k)).transpose();
            sum += (record.camera.cam_from_world * in_world - labels.joints_in_cam[k]).norm();
            ++count;
        }
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

ConvertedChecker::ConvertedChecker(const DatasetDescription& description, const HandPair* hands)
    : data_source_(data_source_of(description)) {
    const auto json = nlohmann::json::parse(description.configuration_json);
    const auto place = nlohmann::json::json_pointer("/converted/joints_px");
    RIH_REQUIRE(json.contains(place) && (json[place] == "projected" || json[place] == "labelled"),
                "dataset.json: configuration.converted.joints_px: expected projected or labelled");
    projects_joints_ = json[place] == "projected";
    if (hands != nullptr) {
        hands_.emplace(*hands);
    }
}

void ConvertedChecker::check_picture(const Record& record,
                                     const std::map<std::string, Bytes>& pictures,
                                     const Fail& fail) const {
    if (pictures.size() != 1 || !pictures.begin()->first.starts_with("rgb.")) {
        fail(ConvertedKind::Picture, "has not one picture alone");
        return;
    }
    const auto& [name, bytes] = *pictures.begin();
    try {
        const Image8 image =
            name == "rgb.jpg" ? decode_jpeg(bytes, name) : decode_png8(bytes, name);
        if (image.width() != record.camera.width || image.height() != record.camera.height) {
            fail(ConvertedKind::Picture,
                 fmt::format("{} is {} x {} pixels, not {} x {}",
                             name,
                             image.width(),
                             image.height(),
                             record.camera.width,
                             record.camera.height));
        }
    } catch (const UserError& error) {
        fail(ConvertedKind::Picture, error.what());
    }
}

/// Whether there was a joint to check.
bool ConvertedChecker::check_projection(const Record& record, Side side, const Fail& fail) const {
    const Camera& camera = record.camera;
    const RecordHand& hand = record.hands[static_cast<std::size_t>(index_of(side))];
    const double tolerance = projects_joints_ ? kProjectedPx : kLabelledPart * camera.width;
    bool made = false;
    for (std::size_t k = 0; k < hand.joints_in_cam.size(); ++k) {
        if (!hand.joint_3d_valid[k] || !hand.joint_2d_valid[k]) {
            continue;
        }
        made = true;
        const Vec3& in_cam = hand.joints_in_cam[k];
        if (!(in_cam.z() > 0) ||
            !((camera.project(in_cam) - hand.joints_px[k]).norm() <= tolerance)) {
            fail(ConvertedKind::Projection,
                 fmt::format("hands.{}.joints_px[{}]: not where joints_in_cam projects to",
                             name_of(side),
                             k));
            break;
        }
    }
    return made;
}

ConvertedChecker::Made ConvertedChecker::check(const Record& record,
                                               const std::map<std::string, Bytes>& pictures,
                                               const Fail& fail) const {
    RIH_REQUIRE(record.data_source == data_source_,
                "its data_source is '{}', the set's '{}'",
                record.data_source,
                data_source_);
    check_picture(record, pictures, fail);
    Made made{true, false, false};
    for (const Side side : kSides) {
        made[1] = check_projection(record, side, fail) || made[1];
        const auto distance = hands_ ? hands_->mano_distance(record, side) : std::nullopt;
        made[2] = distance.has_value() || made[2];
        if (distance && !(*distance <= kManoTolerance)) {
            fail(ConvertedKind::Mano,
                 fmt::format("hands.{}: MANO's joints lie {:.0f} mm from the labelled ones",
                             name_of(side),
                             1e3 * *distance));
        }
    }
    return made;
}

} // namespace rih
