// SPDX-License-Identifier: Apache-2.0
// Small data sets of the synthetic test hands for the tests of this folder: every picture is black
// but for a dot on each middle fingertip, red on the right hand's, green on the left one's, so that
// pixels can be held against labels.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/dataset/shard_store.h"
#include "renderih/dataset/testing/test_dataset.h"
#include "renderih/hand/kinematics.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/image/codecs.h"
#include "renderih/math/rotation.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

namespace rih::learn {

inline constexpr int kMiddleTip = 12; // mano21

/// A soft dot, some 3 pixels wide, around continuous pixel coordinates.
inline void draw_dot(Image8& picture, const Vec2& at, int channel) {
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const double squared = (Vec2(x + 0.5, y + 0.5) - at).squaredNorm();
            picture.at(x, y, channel) = static_cast<std::uint8_t>(
                std::max<double>(picture.at(x, y, channel), 255 * std::exp(-squared / 8)));
        }
    }
}

/// A record of two test hands, half a metre before a camera that is turned and moved.
inline Record make_hand_record(const DatasetPlan& plan, const HandPair& hands, std::uint64_t r) {
    Record record = make_test_record(plan, r);
    Rng rng(plan.options().seed, r, "hand record");
    const auto vec = [&](double reach) {
        return Vec3(
            rng.uniform(-reach, reach), rng.uniform(-reach, reach), rng.uniform(-reach, reach));
    };
    record.camera.width = 200;
    record.camera.height = 140;
    record.camera.intrinsics = {260, 260, 100 + rng.uniform(-5, 5), 70};
    record.camera.cam_from_world = {rotation_from_axis_angle(vec(0.5)),
                                    Vec3(0, 0, 0.5) + vec(0.02)};
    for (std::size_t side = 0; side < 2; ++side) {
        RecordHand& hand = record.hands[side];
        hand.bbox_px = {10, 10, 90, 90};
        hand.shape = VecX::NullaryExpr(4, [&] { return rng.uniform(-1, 1); });
        for (std::size_t j = 0; j < 16; ++j) {
            hand.pose[j] = vec(j == 0 ? 1 : 0.4);
        }
        hand.forearm_rotation = vec(0.3);
        hand.translation = Vec3(side == 0 ? 0.05 : -0.05, 0, 0) + vec(0.02);
        HandPose pose;
        std::ranges::copy(hand.pose, pose.axis_angle.begin());
        pose.axis_angle[kForearmJoint] = hand.forearm_rotation;
        pose.translation = hand.translation;
        pose.shape = hand.shape;
        const HandModel& model = hands.hands[side];
        const Points joints =
            record.camera.cam_from_world.apply(keypoints_mano21(model, pose_hand(model, pose)));
        for (std::size_t j = 0; j < 21; ++j) {
            hand.joints_in_cam[j] = joints.row(static_cast<Eigen::Index>(j));
            hand.joints_px[j] = record.camera.project(hand.joints_in_cam[j]);
        }
    }
    return record;
}

inline Image8 picture_of(const Record& record) {
    Image8 picture(record.camera.width, record.camera.height, 3);
    for (std::size_t side = 0; side < 2; ++side) {
        draw_dot(picture, record.hands[side].joints_px[kMiddleTip], static_cast<int>(side));
    }
    return picture;
}

/// Around each dot the part of the fingertip and its depth; nothing elsewhere.
inline std::pair<Image8, Image16> label_images_of(const Record& record) {
    constexpr double kRadius = 6; // pixels
    constexpr int kMiddleEnd = 6; // of a hand's parts
    std::pair<Image8, Image16> images{Image8(record.camera.width, record.camera.height, 1),
                                      Image16(record.camera.width, record.camera.height, 1)};
    for (const Side side : kSides) {
        const auto s = static_cast<std::size_t>(side);
        const Vec2 middle = record.hands[s].joints_px[kMiddleTip];
        const double z = record.hands[s].joints_in_cam[kMiddleTip].z();
        for (int y = 0; y < record.camera.height; ++y) {
            for (int x = 0; x < record.camera.width; ++x) {
                if ((Vec2(x + 0.5, y + 0.5) - middle).norm() < kRadius) {
                    images.first.at(x, y) =
                        static_cast<std::uint8_t>(first_part(side) + kMiddleEnd);
                    images.second.at(x, y) = static_cast<std::uint16_t>(std::lround(z * 1e4));
                }
            }
        }
    }
    return images;
}

/// Fills `dir` with `plan`'s records.
inline void make_hand_dataset(const std::filesystem::path& dir,
                              const PlanOptions& plan,
                              const HandPair& hands) {
    const ShardStore store(dir, make_test_description(plan), test_files());
    for (const ShardId& shard : store.pending()) {
        const auto writer = store.claim(shard);
        for (const std::uint64_t r : writer->missing()) {
            const Record record = make_hand_record(store.plan(), hands, r);
            std::vector<Member> members = make_test_members(plan.seed, r);
            members[0].bytes = encode_jpeg(picture_of(record), 95, JpegChroma::Full);
            const auto [parts, depth] = label_images_of(record);
            members[1].bytes = encode_png(parts);
            members[2].bytes = encode_png(depth);
            writer->put_record(record, std::move(members));
        }
        writer->finish(1);
    }
}

} // namespace rih::learn
