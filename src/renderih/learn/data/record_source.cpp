// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/record_source.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/image/codecs.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace rih::learn {

namespace {

/// The poses that a fraction keeps of those given (ascending); at least one.
std::set<std::uint64_t>
subset(const std::set<std::uint64_t>& poses, double fraction, std::uint64_t seed) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> drawn; // number drawn, pose
    for (const std::uint64_t pose : poses) {
        drawn.emplace_back(Rng(seed, pose, "training subset").next_u64(), pose);
    }
    std::ranges::sort(drawn);
    const double wanted = std::ceil(fraction * static_cast<double>(drawn.size()));
    drawn.resize(std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 1, drawn.size()));
    std::set<std::uint64_t> kept;
    for (const auto& [number, pose] : drawn) {
        kept.insert(pose);
    }
    return kept;
}

constexpr std::size_t kMostKept = 50'000; // records' parameters, 3 KB each

HandPose pose_of(const RecordHand& hand) {
    HandPose pose;
    std::ranges::copy(hand.pose, pose.axis_angle.begin());
    pose.axis_angle[kForearmJoint] = hand.forearm_rotation;
    pose.translation = hand.translation;
    pose.shape = hand.shape;
    return pose;
}

/// Only what lies before the camera is seen by it.
void require_before_camera(const LabelHand& hand, const std::string& what) {
    bool is_before = hand.vertices_in_cam.allFinite() && hand.joints_in_cam.allFinite() &&
                     (hand.vertices_in_cam.col(2).array() > 0).all();
    for (Eigen::Index j = 0; j < kKeypointCount; ++j) {
        is_before = is_before && (!hand.joint_valid[static_cast<std::size_t>(j)] ||
                                  hand.joints_in_cam(j, 2) > 0);
    }
    RIH_REQUIRE(is_before,
                "{} reaches behind the camera or is not finite; renderih verify says more",
                what);
}

} // namespace

struct RecordSource::Parameters {
    struct Hand {
        bool is_labelled = false, has_mano = false; // converted records may lack either
        JointFlags joint_valid{};
        HandPose pose;
        Points joints_in_cam; // [21, 3]
    };
    Intrinsics intrinsics;
    Rigid3 cam_from_world;
    std::array<Hand, 2> hands;
    double mask_iou = 0, ita_deg = 0;

    explicit Parameters(const Record& record)
        : intrinsics(record.camera.intrinsics), cam_from_world(record.camera.cam_from_world),
          mask_iou(record.interaction.mask_iou), ita_deg(record.appearance.ita_deg) {
        for (std::size_t side = 0; side < 2; ++side) {
            const RecordHand& from = record.hands[side];
            Hand& hand = hands[side];
            hand.is_labelled = from.is_labelled;
            hand.has_mano = from.has_mano;
            hand.joint_valid = from.joint_3d_valid;
            hand.pose = pose_of(from);
            hand.joints_in_cam.resize(kKeypointCount, 3);
            for (Eigen::Index j = 0; j < kKeypointCount; ++j) {
                hand.joints_in_cam.row(j) = from.joints_in_cam[static_cast<std::size_t>(j)];
            }
        }
    }
};

Points regressed_joints(const HandMesh& mesh, const Points& vertices) {
    return mesh.joint_regressor.cast<double>() * vertices;
}

bool has_records(const std::filesystem::path& dir, Split split) {
    const DatasetReader reader(dir);
    return std::ranges::any_of(reader.shards(),
                               [&](const ManifestRow& row) { return row.shard.split == split; });
}

RecordSource::RecordSource(std::filesystem::path dir, HandPair hands, Split split, double fraction)
    : reader_(std::move(dir)), hands_(std::move(hands)), meshes_(hand_meshes(hands_)) {
    RIH_REQUIRE(fraction > 0 && fraction <= 1,
                "{}: the fraction of its poses is {}; it must be in (0, 1]",
                reader_.dir().string(),
                fraction);
    for (std::size_t side = 0; side < 2; ++side) {
        correctives_[side] = std::make_shared<const PoseCorrectives>(hands_.hands[side]);
    }
    const DatasetPlan& plan = reader_.plan();
    std::set<std::uint64_t> poses;
    for (const ManifestRow& row : reader_.shards()) {
        if (row.shard.split == split) {
            for (const std::uint64_t record : plan.records_of(row.shard)) {
                records_.push_back({record, row.shard});
                poses.insert(plan.pose_of(record));
            }
        }
    }
    RIH_REQUIRE(!records_.empty(),
                "{}: has no records of the split {}; generate more poses, or finish it",
                reader_.dir().string(),
                name_of(split));
    if (fraction < 1) {
        const auto kept = subset(poses, fraction, reader_.description().plan.seed);
        std::erase_if(records_, [&](const Place& place) {
            return !kept.contains(plan.pose_of(place.record));
        });
    }
    std::ranges::sort(records_, {}, &Place::record);
    read_.resize(records_.size());
}

std::size_t RecordSource::find(std::uint64_t record) const {
    const auto found = std::ranges::lower_bound(records_, record, {}, &Place::record);
    RIH_REQUIRE(found != records_.end() && found->record == record,
                "{}: the split that is judged has no record {}",
                reader_.dir().string(),
                record_key(record));
    return static_cast<std::size_t>(found - records_.begin());
}

std::shared_ptr<const RecordSource::Parameters> RecordSource::parameters(std::size_t i) const {
    {
        const std::lock_guard guard(mutex_);
        if (read_.at(i)) {
            return read_[i];
        }
    }
    const Place& place = records_[i];
    const Record record = reader_.open_shard(place.shard)->record(place.record);
    auto made = std::make_shared<const Parameters>(record);
    const std::lock_guard guard(mutex_);
    if (!read_[i] && read_count_ < kMostKept) {
        read_[i] = made;
        ++read_count_;
    }
    return made;
}

PictureLabels RecordSource::labels(std::size_t i) const {
    const auto from = parameters(i);
    PictureLabels labels;
    labels.key = records_[i].record;
    labels.intrinsics = from->intrinsics;
    labels.mask_iou = from->mask_iou;
    labels.ita_deg = from->ita_deg;
    for (std::size_t side = 0; side < 2; ++side) {
        const Parameters::Hand& hand = from->hands[side];
        LabelHand& to = labels.hands[side];
        if (!hand.is_labelled) {
            continue;
        }
        to.has_hand = true;
        to.joint_valid = to.stored_joint_valid = hand.joint_valid;
        to.joints_in_cam = to.stored_joints_in_cam = hand.joints_in_cam;
        if (hand.has_mano) {
            const HandPose& pose = hand.pose;
            const ShapedHand shaped =
                shape_hand(hands_.hands[side], pose.shape, correctives_[side]);
            const HandState state = pose_hand(shaped, rotations_of(pose), pose.translation);
            to.has_vertices = true;
            to.vertices_in_cam = from->cam_from_world.apply(
                Points(state.vertices(meshes_[side].model_vertices, Eigen::all)));
            to.joints_in_cam = regressed_joints(meshes_[side], to.vertices_in_cam);
            to.joint_valid.fill(true);
        }
        require_before_camera(to,
                              fmt::format("{} {}: the {} hand",
                                          dir().string(),
                                          record_key(labels.key),
                                          name_of(kSides[side])));
    }
    return labels;
}

std::string RecordSource::name_of_record(const Place& place) const {
    return fmt::format(
        "{}/{}.tar {}", dir().string(), place.shard.name(), record_key(place.record));
}

Image8 RecordSource::picture(std::size_t i) const {
    const Place& place = records_.at(i);
    const auto shard = reader_.open_shard(place.shard);
    const std::string what = name_of_record(place);
    if (shard->has_member(place.record, "rgb.jpg")) {
        return decode_jpeg(shard->member(place.record, "rgb.jpg"), what);
    }
    if (shard->has_member(place.record, "rgb.webp")) {
        return decode_webp(shard->member(place.record, "rgb.webp"), what);
    }
    Image8 picture = decode_png8(shard->member(place.record, "rgb.png"), what);
    RIH_REQUIRE(picture.channels() == 3, "{}: rgb.png is grey", what);
    return picture;
}

std::optional<LabelImages> RecordSource::label_images(std::size_t i) const {
    const Place& place = records_.at(i);
    const auto shard = reader_.open_shard(place.shard);
    if (!shard->has_member(place.record, "seg.png") ||
        !shard->has_member(place.record, "depth.png")) {
        return std::nullopt;
    }
    const std::string what = name_of_record(place);
    LabelImages images{
        decode_png8(shard->member(place.record, "seg.png"), what + ": seg.png"),
        decode_png16(shard->member(place.record, "depth.png"), what + ": depth.png")};
    RIH_REQUIRE(images.parts.channels() == 1 && images.depth.channels() == 1 &&
                    images.parts.width() == images.depth.width() &&
                    images.parts.height() == images.depth.height(),
                "{}: seg.png and depth.png are not grey pictures of one size",
                what);
    return images;
}

} // namespace rih::learn
