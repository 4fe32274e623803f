// SPDX-License-Identifier: Apache-2.0
// The engine on the real open hand: what a released pair must hold, and that a pose depends on its
// seed and id alone.
#include "renderih/posing/pose_engine.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/temp_folder.h"
#include "renderih/geometry/intersection.h"
#include "renderih/geometry/triangle_tree.h"
#include "renderih/hand/anatomy.h"
#include "renderih/hand/hand_io.h"
#include "renderih/posing/discriminator.h"
#include "renderih/posing/pose_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace rih {
namespace {

class PoseEngineOnOpenHand : public testing::Test {
  protected:
    void SetUp() override {
        const char* folder = std::getenv("RENDERIH_ASSETS");
        if (folder == nullptr ||
            !std::filesystem::exists(std::filesystem::path(folder) / "hand" / "right.npz")) {
            GTEST_SKIP() << "no built assets (RENDERIH_ASSETS)";
        }
        assets_ = folder;
        hands_ = load_hand_pair("open", assets_);
    }

    std::filesystem::path assets_;
    HandPair hands_;
};

void expect_same(const PosePair& a, const PosePair& b) {
    for (int h = 0; h < 2; ++h) {
        EXPECT_EQ(a.pose[h].axis_angle, b.pose[h].axis_angle);
        EXPECT_EQ(a.pose[h].translation, b.pose[h].translation);
        EXPECT_EQ(a.pose[h].shape, b.pose[h].shape);
    }
    EXPECT_EQ(a.attempts, b.attempts);
    EXPECT_EQ(a.source_id, b.source_id);
    EXPECT_EQ(a.contact_vertices, b.contact_vertices);
}

TEST_F(PoseEngineOnOpenHand, ReleasedPairsHoldWhatTheFilterPromises) {
    PosingOptions options;
    options.people = 8; // each costs more than a pair
    const PoseEngine engine(hands_, options, assets_);
    constexpr std::size_t kPairs = 192;
    std::vector<PosePair> pairs(kPairs);
    parallel_for(kPairs / PoseEngine::kBatch, 0, [&](std::size_t batch) {
        std::vector<std::uint64_t> ids(PoseEngine::kBatch);
        std::iota(ids.begin(), ids.end(), batch * PoseEngine::kBatch);
        std::ranges::move(engine.make_all(11, ids),
                          pairs.begin() + static_cast<std::ptrdiff_t>(ids[0]));
    });
    int touching = 0, draws = 0;
    for (std::size_t id = 0; id < kPairs; ++id) {
        const PosePair& pair = pairs[id];
        EXPECT_EQ(pair.id, id);
        std::array<TriMesh, 2> meshes;
        for (int h = 0; h < 2; ++h) {
            const HandModel& model = hands_.hands[h];
            meshes[h] = {pose_hand(model, pair.pose[h]).vertices, model.faces};
            const AnatomyFrames frames = anatomy_frames(shape_hand(model, pair.pose[h].shape));
            EXPECT_LT(max_limit_excess(finger_angles(frames, pair.pose[h])), 1e-9);
            EXPECT_EQ(pair.limit_excess_deg[h], 0);
            EXPECT_LE(pair.self_penetration_depth_m[h], options.max_self_penetration);
        }
        EXPECT_TRUE(intersecting_triangles(meshes[0], meshes[1], 1).empty()) << pair.source_id;
        EXPECT_EQ(pair.penetration_depth_m, 0);
        // A person's hands are alike, not the same.
        const VecX apart = pair.pose[0].shape - pair.pose[1].shape;
        EXPECT_GT(apart.norm(), 0);
        EXPECT_LE(apart.cwiseAbs().maxCoeff(), 0.2);
        // Fingers and palms, not forearms, are about the origin.
        const Vec3 middle = 0.5 * (pair.pose[0].translation + pair.pose[1].translation);
        EXPECT_LT(middle.norm(), 0.25);
        touching += pair.min_distance_m < 0.002;
        draws += pair.attempts;
    }
    EXPECT_GE(touching, 0.90 * kPairs);
    EXPECT_GE(kPairs, 0.93 * draws);
}

TEST_F(PoseEngineOnOpenHand, APoseIsAFunctionOfSeedAndIdAlone) {
    const PoseEngine engine(hands_, {}, assets_);
    constexpr int kPairs = 4;
    std::vector<PosePair> threaded(kPairs);
    parallel_for(kPairs, 4, [&](std::size_t i) { threaded[i] = engine.make(5, 20 + i); });
    const PoseEngine other(hands_, {}, assets_);
    for (int i = kPairs - 1; i >= 0; --i) {
        expect_same(threaded[i], other.make(5, 20 + i));
    }
    EXPECT_NE(engine.make(6, 20).pose[0].axis_angle, threaded[0].pose[0].axis_angle);
    EXPECT_EQ(engine.fingerprint(), other.fingerprint());
}

/// Flat hands, palm to palm, the left one so far below that `gap` is left between the skins.
PosePair palms_apart(const HandPair& hands, double gap) {
    PosePair pair;
    pair.pose[1].axis_angle[0] = Vec3(kPi, 0, 0);
    std::vector<TriangleTree> skins;
    for (int h = 0; h < 2; ++h) {
        const HandModel& model = hands.hands[h];
        pair.pose[h].shape = VecX::Zero(model.shape_count());
        Triangles bare;
        for (std::size_t f = 0; f < model.faces.size(); ++f) {
            if (model.part_of_face[f] != forearm_part(model.side)) {
                bare.push_back(model.faces[f]);
            }
        }
        skins.emplace_back(pose_hand(model, pair.pose[h]).vertices, bare);
    }
    const Points left = pose_hand(hands.hands[1], pair.pose[1]).vertices;
    double touching = 0, apart = 0.3; // m; the distance grows with the shift between these
    for (int i = 0; i < 50; ++i) {
        const double middle = 0.5 * (touching + apart);
        pair.pose[1].translation = Vec3(-0.1, -middle, 0);
        skins[1].update(left.rowwise() + pair.pose[1].translation.transpose());
        const bool meet = !intersecting_triangles(skins[0], skins[1], 1).empty();
        (meet || skins[0].distance_to(skins[1]) < gap ? touching : apart) = middle;
    }
    return pair;
}

TEST_F(PoseEngineOnOpenHand, RecordedHandsThatWereApartStayApart) {
    const TempFolder folder;
    constexpr int kPairs = 8;
    for (const double gap : {0.03, 0.0005}) {
        PosingOptions options;
        options.sources = {(folder.path() / "recorded.npz").string()};
        options.augment_scale = 0.3;
        write_poses(options.sources[0], std::array{palms_apart(hands_, gap)}, 1, "{}");
        const PoseEngine engine(hands_, options, assets_);
        std::vector<std::uint64_t> ids(kPairs);
        std::iota(ids.begin(), ids.end(), 0);
        for (const PosePair& pair : engine.make_all(3, ids)) {
            if (gap > 0.01) {
                EXPECT_GT(pair.min_distance_m, 0.01);
            } else {
                EXPECT_LT(pair.min_distance_m, 0.002);
            }
        }
    }
}

// A split's people are its own, whoever was asked for before, and whether they are kept or not.
TEST_F(PoseEngineOnOpenHand, PopulationsShareNobody) {
    const PoseEngine engine(hands_, {}, assets_, 1), other(hands_, {}, assets_);
    const VecX first = engine.make(3, 0, 1).pose[0].shape;
    EXPECT_NE(first, engine.make(3, 0, 0).pose[0].shape);
    EXPECT_NE(first, engine.make(3, 0, 2).pose[0].shape);
    EXPECT_EQ(engine.make(3, 0, 1).pose[0].shape, first);
    EXPECT_EQ(other.make(3, 0, 1).pose[0].shape, first);
}

/// Contact areas of those of 32 first draws that are released, and the share that touches.
struct Contact {
    double median_mm2 = 0, touching = 0;
};
Contact contact_of(const PoseEngine& engine) {
    constexpr std::size_t kPairs = 32;
    std::vector<PoseTrace> traces(kPairs);
    parallel_for(kPairs / PoseEngine::kBatch, 0, [&](std::size_t batch) {
        std::vector<std::uint64_t> ids(PoseEngine::kBatch);
        std::iota(ids.begin(), ids.end(), batch * PoseEngine::kBatch);
        std::ranges::move(engine.trace_all(7, ids),
                          traces.begin() + static_cast<std::ptrdiff_t>(ids[0]));
    });
    std::vector<double> areas;
    double touching = 0;
    for (const PoseTrace& trace : traces) {
        if (trace.failure.empty()) {
            areas.push_back(trace.pair.contact_area_mm2);
            touching += trace.pair.min_distance_m < 0.002;
        }
    }
    std::ranges::sort(areas);
    return {areas.at(areas.size() / 2), touching / static_cast<double>(areas.size())};
}

TEST_F(PoseEngineOnOpenHand, AttractionMakesTheContact) {
    PosingOptions options;
    options.people = 4;
    const Contact with = contact_of(PoseEngine(hands_, options, assets_));
    options.without = {"attraction"};
    const Contact without = contact_of(PoseEngine(hands_, options, assets_));
    EXPECT_GT(with.median_mm2, 50);
    EXPECT_GE(with.median_mm2, 3 * without.median_mm2);
    EXPECT_GT(with.touching, without.touching + 0.4);
}

TEST_F(PoseEngineOnOpenHand, JudgesByTheDiscriminatorThatIsNamed) {
    const TempFolder folder;
    Discriminator::Layers layers = Discriminator::load(discriminator_file({}, assets_)).layers();
    PosingOptions options;
    options.people = 1;
    const PoseEngine open(hands_, options, assets_);
    options.discriminator = (folder.path() / "same.npz").string();
    Discriminator(layers).save(options.discriminator);
    const PoseEngine same(hands_, options, assets_);
    EXPECT_EQ(same.fingerprint(), open.fingerprint()); // what it says counts, not where it lies
    expect_same(same.make(1, 0), open.make(1, 0));
    layers.biases[5].array() -= 2;
    options.discriminator = (folder.path() / "other.npz").string();
    Discriminator(layers).save(options.discriminator);
    const PoseEngine other(hands_, options, assets_);
    EXPECT_NE(other.fingerprint(), open.fingerprint());
    EXPECT_LT(other.make(1, 0).naturalness[0], open.make(1, 0).naturalness[0]);
    options.discriminator = (folder.path() / "missing.npz").string();
    EXPECT_THROW(PoseEngine(hands_, options, assets_), UserError);
}

TEST_F(PoseEngineOnOpenHand, FingerprintFollowsTheOptions) {
    PosingOptions options;
    const std::string standard = PoseEngine(hands_, options, assets_).fingerprint();
    options.augment_scale = 0.5;
    EXPECT_NE(PoseEngine(hands_, options, assets_).fingerprint(), standard);
}

TEST_F(PoseEngineOnOpenHand, SaysWhyNothingPassed) {
    PosingOptions options;
    options.iterations = 1;
    options.max_attempts = 2;
    options.min_naturalness = 1;
    const PoseEngine engine(hands_, options, assets_);
    try {
        engine.make(1, 2);
        FAIL() << "a probability of 1 is not to be had";
    } catch (const UserError& error) {
        EXPECT_NE(std::string(error.what()).find("pose 2 of seed 1"), std::string::npos);
    }
}

} // namespace
} // namespace rih
