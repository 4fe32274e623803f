// SPDX-License-Identifier: Apache-2.0
// The e2e tests show that damage is found; here, that no record can make the checks hang, crash or
// take memory without bound.
#include "renderih/pipeline/label_check.h"

#include "renderih/base/error.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/image/codecs.h"
#include "renderih/math/camera.h"
#include "renderih/pipeline/worn_things.h"

#include <nlohmann/json.hpp>

#include <gmock/gmock.h>

#include <set>

namespace rih {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kWidth = 48, kHeight = 32;

class LabelCheck : public testing::Test {
  protected:
    LabelCheck() : hands_(make_test_hand_pair()), checker_(hands_, setup()) {
        members_["rgb.png"] = encode_png(Image8(kWidth, kHeight, 3));
        members_["seg.png"] = members_["amodal.png"] = encode_png(Image8(kWidth, kHeight, 1));
        members_["depth.png"] = encode_png(Image16(kWidth, kHeight, 1));
        members_["normal.png"] = members_["albedo.png"] = members_["rgb.png"];
        members_["uv.png"] = encode_png(Image16(kWidth, kHeight, 3));
    }

    static LabelCheckSetup setup() {
        LabelCheckSetup setup;
        ImageOptions& image = setup.options.image;
        image.width = kWidth;
        image.height = kHeight;
        image.rgb_format = "png";
        image.normal = image.albedo = image.uv = true;
        image.subdivision_levels = 0;
        image.skin_map_height = 64;
        image.sleeve = image.ring = image.bracelet = image.watch = image.table = image.wall = 0;
        return setup;
    }

    /// A record of two flat hands beside each other, seen from the front; its labels are wrong.
    Record record() const {
        Record record;
        record.camera.width = kWidth;
        record.camera.height = kHeight;
        record.camera.intrinsics = {60, 60, kWidth / 2.0, kHeight / 2.0};
        record.camera.cam_from_world = look_at({0, 0.1, 0.5}, Vec3::Zero(), Vec3::UnitY());
        for (int i = 0; i < 2; ++i) {
            RecordHand& hand = record.hands[i];
            hand.shape = VecX::Zero(hands_.hands[i].shape_count());
            hand.pose.fill(Vec3::Zero());
            hand.translation = Vec3(i == 0 ? 0.3 : -0.3, 0, 0);
            hand.joints_in_cam.fill(Vec3::Zero());
            hand.joints_px.fill(Vec2::Zero());
        }
        record.provenance.configuration_sha256 = record.provenance.assets_sha256 =
            std::string(64, 'a');
        return record;
    }

    std::set<LabelKind> failed(const Record& record) const {
        std::set<LabelKind> kinds;
        made_ = checker_.check(
            record, members_, [&](LabelKind kind, const std::string&) { kinds.insert(kind); });
        return kinds;
    }
    bool was_made(LabelKind kind) const { return made_[static_cast<std::size_t>(kind)]; }

    HandPair hands_;
    LabelChecker checker_;
    std::map<std::string, Bytes> members_;
    mutable LabelChecker::Made made_{};
};

TEST_F(LabelCheck, EachKindOfPictureHasItsOwnVerdict) {
    const auto kinds = failed(record());
    EXPECT_TRUE(kinds.contains(LabelKind::Parts));
    EXPECT_FALSE(kinds.contains(LabelKind::Pictures));
    EXPECT_FALSE(kinds.contains(LabelKind::Intersection));
    members_["seg.png"] = {1, 2, 3};
    EXPECT_TRUE(failed(record()).contains(LabelKind::Pictures));
    EXPECT_FALSE(was_made(LabelKind::Parts));
    EXPECT_TRUE(was_made(LabelKind::JointsInCam)) << "a picture says nothing about joints";
}

TEST_F(LabelCheck, WantsExactlyThePicturesOfTheConfiguration) {
    for (const char* name :
         {"rgb.png", "seg.png", "depth.png", "amodal.png", "normal.png", "albedo.png", "uv.png"}) {
        const Bytes bytes = members_.at(name);
        members_.erase(name);
        EXPECT_TRUE(failed(record()).contains(LabelKind::Pictures)) << name;
        members_[name] = encode_png(Image8(kWidth, kHeight - 1, 3));
        EXPECT_TRUE(failed(record()).contains(LabelKind::Pictures)) << name;
        members_[name] = bytes;
    }
    members_["rgb.webp"] = encode_webp(Image8(kWidth, kHeight, 3), 80);
    EXPECT_TRUE(failed(record()).contains(LabelKind::Pictures)) << "a second picture";
}

TEST_F(LabelCheck, HandsThatReachIntoEachOtherAreFoundTwice) {
    Record crossed = record();
    crossed.hands[1].translation = crossed.hands[0].translation + Vec3(0.01, 0.004, 0.003);
    int findings = 0;
    checker_.check(crossed, members_, [&](LabelKind kind, const std::string&) {
        findings += kind == LabelKind::Intersection;
    });
    EXPECT_GE(findings, 2) << "by the exact test and by the second one";
}

TEST_F(LabelCheck, WhatIsWornMustBeWhatWasDrawn) {
    LabelCheckSetup with_rings = setup();
    with_rings.options.image.ring = 1;
    const LabelChecker checker(hands_, with_rings);
    const auto findings = [&](const Record& record) {
        std::vector<std::string> found;
        checker.check(record, members_, [&](LabelKind kind, const std::string& what) {
            if (kind == LabelKind::Things) {
                found.push_back(what);
            }
        });
        return found;
    };
    Record worn = record();
    EXPECT_THAT(findings(worn),
                testing::ElementsAre(testing::HasSubstr("0 things are there, not")));

    // What the hands of this record wear.
    std::vector<HandSurface> surfaces;
    std::array<Points, 2> vertices, keypoints;
    for (const Side side : kSides) {
        const auto i = static_cast<std::size_t>(index_of(side));
        HandPose pose;
        pose.shape = worn.hands[i].shape;
        pose.translation = worn.hands[i].translation;
        const HandState state = pose_hand(hands_[side], pose);
        surfaces.emplace_back(hands_[side], 0);
        vertices[i] = surfaces[i].refine(state.vertices).positions;
        keypoints[i] = keypoints_mano21(hands_[side], state);
    }
    for (const FittedThing& fitted :
         worn_things(with_rings.options, worn.pose, surfaces, vertices, keypoints)) {
        worn.appearance.things.push_back(record_thing(fitted.thing));
    }
    ASSERT_FALSE(worn.appearance.things.empty());
    EXPECT_THAT(findings(worn), testing::IsEmpty());

    Record moved = worn;
    moved.appearance.things[0].numbers["position"] += 1e-6;
    EXPECT_THAT(findings(moved), testing::ElementsAre(testing::HasSubstr("things[0] is not")));
    moved = worn;
    moved.appearance.things[0].finger = "";
    EXPECT_THAT(findings(moved), testing::ElementsAre(testing::HasSubstr("things[0] is not")));
    moved = worn;
    moved.appearance.things.push_back(moved.appearance.things[0]);
    EXPECT_THAT(findings(moved), testing::ElementsAre(testing::HasSubstr("things are there, not")));
}

/// Calls visit(json) with each number of the record replaced by `value`, one at a time.
void replace_each_number(Json& node, double value, const std::function<void()>& visit) {
    for (Json& child : node) {
        if (child.is_structured()) {
            replace_each_number(child, value, visit);
        } else if (child.is_number_float()) {
            const Json before = child;
            child = value;
            visit();
            child = before;
        }
    }
}

TEST_F(LabelCheck, EndsOnNumbersOfAnySize) {
    Json json = Json::parse(to_json(record()));
    int number = 0, checked = 0, refused = 0;
    for (const double value : {1e200, -1e30, 1e6, 3.0}) {
        replace_each_number(json, value, [&] {
            if (++number % 5 != 0) { // all of them take a minute
                return;
            }
            try {
                failed(record_from_json(json.dump(), "record"));
                ++checked;
            } catch (const UserError&) { // by the reader
                ++refused;
            }
        });
    }
    EXPECT_GT(checked, 100);
    Record huge = record();
    huge.hands[0].shape.setConstant(1e200);
    EXPECT_TRUE(failed(huge).contains(LabelKind::JointsInCam));
    EXPECT_FALSE(was_made(LabelKind::Depth));
    huge = record();
    huge.hands[0].shape.resize(3);
    EXPECT_TRUE(failed(huge).contains(LabelKind::JointsInCam));
    huge = record();
    huge.camera.width = huge.camera.height = 16384;
    EXPECT_TRUE(failed(huge).contains(LabelKind::Pictures)) << "and nothing of that size is drawn";
}

} // namespace
} // namespace rih
