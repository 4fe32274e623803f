// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/open_source.h"

#include "renderih/base/error.h"
#include "renderih/geometry/interaction.h"
#include "renderih/geometry/intersection.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/math/rotation.h"
#include "renderih/posing/sources/asset_files.h"
#include "renderih/posing/sources/cover.h"
#include "renderih/posing/sources/placement.h"
#include "renderih/posing/sources/testing/temp_assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace rih {
namespace {

struct Fixture {
    TempAssets files;
    HandPair hands = make_test_hand_pair();
    std::array<ShapedHand, 2> shaped{
        shape_hand(hands.hands[0], VecX::Zero(hands.hands[0].shape_count())),
        shape_hand(hands.hands[1], VecX::Zero(hands.hands[1].shape_count()))};
    OpenSource source{load_hand_shapes(files.assets()),
                      read_arrangements(asset_file(files.assets(), "poses/arrangements.json")),
                      hands,
                      "test"};

    std::size_t index_of_family(const std::string& name) const {
        for (std::size_t i = 0; i < source.arrangements().size(); ++i) {
            if (source.arrangements()[i].name == name) {
                return i;
            }
        }
        throw_user_error("no family {}", name);
    }

    HandState state(const PoseSeed& seed, std::size_t side) const {
        HandPose pose;
        pose.axis_angle[0] = axis_angle_from_rotation(seed.world_from_hand[side]);
        set_finger_angles(anatomy_frames(shaped[side]), seed.angles[side], pose);
        pose.translation = seed.translation[side];
        pose.shape = shaped[side].shape;
        return pose_hand(hands.hands[side], pose);
    }

    /// Fingers, palm and thumb side in the world.
    Mat3 axes(const PoseSeed& seed, std::size_t side) const {
        return seed.world_from_hand[side] * hand_axes(shaped[side]);
    }
};

const Fixture& fixture() {
    static const Fixture result;
    return result;
}

TEST(HandLandmarks, LieWhereTheirNamesSay) {
    for (const Side side : kSides) {
        const HandModel hand = make_test_hand(side);
        const HandLandmarks landmarks(hand);
        const Points& v = hand.template_vertices;
        // Palm to -y, back to +y, thumb side to +z on both test hands.
        EXPECT_LT(landmarks.point("palm", v).y(), landmarks.point("back", v).y());
        EXPECT_LT(landmarks.point("index_end_front", v).y(),
                  landmarks.point("index_end_back", v).y());
        EXPECT_LT(landmarks.point("edge", v).z(), landmarks.point("palm", v).z());
        EXPECT_LT(landmarks.point("index_root_little_side", v).z(),
                  landmarks.point("index_root_thumb_side", v).z());
        EXPECT_THROW(landmarks.point("elbow", v), UserError);
    }
}

TEST(HandLandmarks, LeftIsTheMirrorOfRight) {
    const HandModel right = make_test_hand(Side::Right);
    const HandModel left = mirror(right);
    const HandLandmarks of_right(right), of_left(left);
    for (const char* name : {"palm", "web", "edge", "thumb_end_front", "pinky_middle_thumb_side"}) {
        Vec3 mirrored = of_right.point(name, right.template_vertices);
        mirrored.x() *= -1;
        EXPECT_LT((of_left.point(name, left.template_vertices) - mirrored).norm(), 1e-12) << name;
    }
}

TEST(Placement, SlidingStopsWhereSkinsMeet) {
    const HandPair hands = make_test_hand_pair();
    const std::array<ShapedHand, 2> shaped{
        shape_hand(hands.hands[0], VecX::Zero(hands.hands[0].shape_count())),
        shape_hand(hands.hands[1], VecX::Zero(hands.hands[1].shape_count()))};
    const Points& first = shaped[0].rest_vertices;
    // The left hand turned so that its palm faces the right hand's, fingers the same way.
    const Mat3 turn = rotation_about(1, kPi) * rotation_about(0, 0.1);
    const Points second = shaped[1].rest_vertices * turn.transpose();
    const Vec3 down(0, -1, 0);
    const std::optional<double> shift =
        slide_to_touch(shaped[0], first, shaped[1], second, down, {});
    ASSERT_TRUE(shift.has_value());
    const auto intersections = [&](double distance) {
        const Points moved = second.rowwise() + (distance * down).transpose();
        return intersecting_triangles(
                   {first, hands.hands[0].faces}, {moved, hands.hands[1].faces}, 1)
            .size();
    };
    // Forearms do not count, so allow for them by going well below.
    EXPECT_EQ(intersections(*shift + 0.02), 0u);
    EXPECT_GT(intersections(*shift - 0.004), 0u);
    // Hands beside each other do not meet along y.
    const Points far = second.rowwise() + Eigen::RowVector3d(0, 0, 1);
    EXPECT_FALSE(slide_to_touch(shaped[0], first, shaped[1], far, down, {}).has_value());
}

TEST(Placement, WeavingFindsTheGap) {
    // Four parallel bars, and a crossing bar that starts inside one of them.
    std::vector<Capsule> bars;
    for (int i = 0; i < 4; ++i) {
        bars.push_back({Vec3(-0.05, 0, 0.03 * i), Vec3(0.05, 0, 0.03 * i), 0.007});
    }
    const std::vector<Capsule> crossing{{Vec3(0, -0.05, 0.032), Vec3(0, 0.05, 0.032), 0.007}};
    EXPECT_GT(capsule_overlap(bars, crossing, Vec3::Zero()), 1e-5);
    const Vec3 shift = weave_shift(bars, crossing, Mat3::Identity(), Vec3(0.002, 0.002, 0.02));
    EXPECT_LT(capsule_overlap(bars, crossing, shift), 1e-7);
    EXPECT_NEAR(std::abs(shift.z()), 0.0135, 0.003);
}

TEST(OpenSource, SameKeySamePair) {
    const Fixture& f = fixture();
    for (std::uint64_t id = 0; id < 20; ++id) {
        Rng a(5, id, "x"), b(5, id, "x"), c(5, id + 1000, "x");
        const PoseSeed one = f.source.draw(f.shaped, a), two = f.source.draw(f.shaped, b);
        const PoseSeed other = f.source.draw(f.shaped, c);
        EXPECT_EQ(one.source_id, two.source_id);
        EXPECT_EQ(one.translation[1], two.translation[1]);
        EXPECT_EQ(one.world_from_hand[0], two.world_from_hand[0]);
        EXPECT_NE(one.world_from_hand[0], other.world_from_hand[0]);
    }
}

TEST(OpenSource, EveryFamilyDrawsValidNumbers) {
    const Fixture& f = fixture();
    EXPECT_GT(f.source.size(), 500u);
    for (std::size_t family = 0; family < f.source.arrangements().size(); ++family) {
        for (std::uint64_t id = 0; id < 6; ++id) {
            Rng rng(9, id, family);
            const PoseSeed seed = f.source.draw_arrangement(family, f.shaped, rng);
            for (std::size_t s = 0; s < 2; ++s) {
                EXPECT_LT(max_limit_excess(seed.angles[s]), 1e-12) << seed.source_id;
                EXPECT_LT((seed.world_from_hand[s] * seed.world_from_hand[s].transpose() -
                           Mat3::Identity())
                              .norm(),
                          1e-9);
                EXPECT_NEAR(seed.world_from_hand[s].determinant(), 1, 1e-9) << seed.source_id;
                EXPECT_TRUE(seed.translation[s].allFinite());
                EXPECT_LE(std::abs(seed.forearm_flexion[s]), 50 * kDegree);
            }
            // Wherever they meet, hands of one person are within reach of each other.
            EXPECT_LT((f.state(seed, 0).joints.row(0) - f.state(seed, 1).joints.row(0)).norm(), 0.5)
                << seed.source_id;
        }
    }
}

TEST(OpenSource, HandsFaceAsTheFamilySays) {
    const Fixture& f = fixture();
    for (std::uint64_t id = 0; id < 20; ++id) {
        Rng rng(2, id, "facing");
        const PoseSeed prayer =
            f.source.draw_arrangement(f.index_of_family("prayer"), f.shaped, rng);
        const Mat3 right = f.axes(prayer, 0), left = f.axes(prayer, 1);
        EXPECT_LT(right.col(1).dot(left.col(1)), -0.9) << "palms face each other";
        EXPECT_GT(right.col(0).dot(left.col(0)), 0.9) << "fingers go the same way";
        EXPECT_LT(right.col(1).x(), -0.7) << "the right palm faces left";
        EXPECT_GT(right.col(2).dot(left.col(2)), 0.9) << "thumbs are on the same side";
        EXPECT_GT(right.col(2).z(), 0.5) << "thumbs are towards the person";

        const PoseSeed over =
            f.source.draw_arrangement(f.index_of_family("hand_over_hand"), f.shaped, rng);
        EXPECT_GT(f.axes(over, 0).col(1).dot(f.axes(over, 1).col(1)), 0.6) << "both palms down";
    }
}

TEST(OpenSource, TagsStandForTheirShapes) {
    const Fixture& f = fixture();
    Arrangement arrangement = f.source.arrangements()[f.index_of_family("near")];
    arrangement.hands[0].shapes = {"#letter"};
    arrangement.hands[1].shapes = {"letter_s"}; // another name of the fist
    const std::vector<HandShape> shapes = load_hand_shapes(f.files.assets());
    const OpenSource source(shapes, {arrangement}, f.hands, "");
    std::set<std::string> seen;
    for (std::uint64_t id = 0; id < 60; ++id) {
        Rng rng(6, id, "tags");
        const std::string drawn = source.draw(f.shaped, rng).source_id; // near:A+B:...
        const std::size_t colon = drawn.find(':'), plus = drawn.find('+');
        seen.insert(drawn.substr(colon + 1, plus - colon - 1));
        EXPECT_THAT(drawn, testing::HasSubstr("+fist:"));
    }
    EXPECT_GT(seen.size(), 10u);
    for (const std::string& name : seen) {
        const auto shape = std::find_if(
            shapes.begin(), shapes.end(), [&](const HandShape& s) { return s.name == name; });
        ASSERT_NE(shape, shapes.end()) << name;
        EXPECT_THAT(shape->tags, testing::Contains("letter"));
    }
    arrangement.hands[0].shapes = {"#tentacle"};
    EXPECT_THROW(OpenSource(shapes, {arrangement}, f.hands, ""), UserError);
}

TEST(OpenSource, IntendedContactsComeNear) {
    const Fixture& f = fixture();
    for (std::size_t family = 0; family < f.source.arrangements().size(); ++family) {
        const Arrangement& arrangement = f.source.arrangements()[family];
        if (arrangement.contacts.empty()) {
            continue;
        }
        // The nearest of a family's contacts; hands lie off by the offsets, and touch where they
        // first meet, so single draws may be further.
        std::vector<double> distances;
        for (std::uint64_t id = 0; id < 15; ++id) {
            Rng rng(8, id, family);
            const PoseSeed seed = f.source.draw_arrangement(family, f.shaped, rng);
            const std::size_t first = seed.source_id.ends_with(":mirrored") ? 1 : 0;
            const std::array<HandState, 2> states{f.state(seed, first), f.state(seed, 1 - first)};
            double nearest = 1;
            for (const auto& contact : arrangement.contacts) {
                const Vec3 a =
                    f.source.landmarks(kSides[first]).point(contact[0], states[0].vertices);
                const Vec3 b =
                    f.source.landmarks(kSides[1 - first]).point(contact[1], states[1].vertices);
                nearest = std::min(nearest, (a - b).norm());
            }
            distances.push_back(nearest);
        }
        std::nth_element(distances.begin(), distances.begin() + 7, distances.end());
        EXPECT_LT(distances[7], 0.05) << arrangement.name;
    }
}

TEST(OpenSource, HasMoreDistinctPairsThanThePaper) {
    // The paper's raw poses are the 3,680 of InterHand2.6M that are not similar to one another.
    const Fixture& f = fixture();
    PairCover cover;
    constexpr std::size_t kDraws = 5500, kPaper = 3680;
    for (std::uint64_t id = 0; id < kDraws; ++id) {
        Rng rng(12, id, "distinct");
        cover.add(pair_signature(f.source.draw(f.shaped, rng), f.shaped));
        if (id + 1 == 400) {
            EXPECT_GT(cover.size(), 340u) << "few draws repeat each other at first";
        }
    }
    RecordProperty("distinct", static_cast<int>(cover.size()));
    EXPECT_GE(cover.size(), kPaper);
    EXPECT_LT(cover.size(), kDraws) << "nothing is ever the same?";
}

TEST(OpenSource, RolesSwapInAboutHalfOfTheDraws) {
    const Fixture& f = fixture();
    int right_has_fist = 0;
    constexpr int kDraws = 200;
    for (std::uint64_t id = 0; id < kDraws; ++id) {
        Rng rng(2, id, "roles");
        const PoseSeed seed =
            f.source.draw_arrangement(f.index_of_family("fist_in_palm"), f.shaped, rng);
        right_has_fist += seed.angles[0][4].bend > seed.angles[1][4].bend;
    }
    EXPECT_GT(right_has_fist, 70);
    EXPECT_LT(right_has_fist, 130);
}

TEST(OpenSource, SlidHandsDoNotStartDeepInEachOther) {
    const Fixture& f = fixture();
    for (const char* family : {"clap", "fist_in_palm", "finger_to_finger", "near"}) {
        for (std::uint64_t id = 0; id < 5; ++id) {
            Rng rng(4, id, family);
            const PoseSeed seed =
                f.source.draw_arrangement(f.index_of_family(family), f.shaped, rng);
            std::array<TriMesh, 2> meshes;
            for (std::size_t s = 0; s < 2; ++s) {
                const HandState state = f.state(seed, s);
                meshes[s].vertices = state.vertices;
                meshes[s].faces = f.hands.hands[s].faces;
            }
            // Height maps resolve 2 mm aside, so steep sides may graze by about as much.
            EXPECT_LT(measure_interaction(meshes[0], meshes[1]).penetration_depth_m, 0.002)
                << seed.source_id;
        }
    }
}

TEST(OpenSource, UnknownNamesAreRefused) {
    const Fixture& f = fixture();
    std::vector<Arrangement> arrangements = f.source.arrangements();
    arrangements[0].meets[0][1] = "elbow";
    EXPECT_THROW(OpenSource(load_hand_shapes(f.files.assets()), arrangements, f.hands, ""),
                 UserError);
    arrangements = f.source.arrangements();
    arrangements[0].hands[1].shapes[0] = "tentacle";
    EXPECT_THROW(OpenSource(load_hand_shapes(f.files.assets()), arrangements, f.hands, ""),
                 UserError);
}

TEST(MakePoseSource, TakesOpenAndNamesWhatItCannotRead) {
    const Fixture& f = fixture();
    const auto source = make_pose_source("open", f.files.assets(), f.hands);
    EXPECT_EQ(source->fingerprint().size(), 64u);
    EXPECT_THROW(make_pose_source("missing.json", f.files.assets(), f.hands), UserError);
    const TempFolder folder;
    write_file_atomically(folder.path() / "x.txt", std::string_view("hello"));
    EXPECT_THROW(make_pose_source((folder.path() / "x.txt").string(), f.files.assets(), f.hands),
                 UserError);
}

} // namespace
} // namespace rih
