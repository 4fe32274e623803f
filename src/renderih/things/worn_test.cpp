// SPDX-License-Identifier: Apache-2.0
// What people wear, and that what cannot be worn is left off.
#include "renderih/geometry/intersection.h"
#include "renderih/things/ring.h"
#include "renderih/things/testing/posed_hands.h"
#include "renderih/things/worn_draw.h"
#include "renderih/things/worn_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace rih {
namespace {

using testing::PosedHands;

TEST(WornDraw, FollowsItsProbabilitiesAndKeepsToOnePerson) {
    const WornOptions options{.sleeve = 0.5, .ring = 0.3, .bracelet = 0.12, .watch = 0.15};
    constexpr int kPeople = 4000;
    std::array<int, 4> wearers{};
    for (int id = 0; id < kPeople; ++id) {
        std::array<int, 4> count{};
        std::set<std::pair<Side, int>> fingers;
        std::optional<Side> watch, bracelet;
        std::vector<Thing> sleeves;
        for (const Thing& thing : draw_worn(9, static_cast<std::uint64_t>(id), options)) {
            ++count[static_cast<std::size_t>(thing.kind)];
            ASSERT_TRUE(thing.side);
            for (const auto& [name, value] : thing.numbers) {
                EXPECT_TRUE(std::isfinite(value)) << name;
            }
            if (thing.kind == ThingKind::Ring) {
                EXPECT_TRUE(fingers.emplace(*thing.side, *thing.finger).second) << "two rings";
            } else if (thing.kind == ThingKind::Watch) {
                watch = thing.side;
            } else if (thing.kind == ThingKind::Bracelet) {
                bracelet = thing.side;
            } else {
                sleeves.push_back(thing);
            }
        }
        for (std::size_t k = 0; k < 4; ++k) {
            wearers[k] += count[k] > 0;
        }
        EXPECT_LE(count[static_cast<std::size_t>(ThingKind::Watch)], 1);
        EXPECT_LE(count[static_cast<std::size_t>(ThingKind::Ring)], 3);
        EXPECT_FALSE(watch && bracelet && *watch == *bracelet);
        ASSERT_TRUE(sleeves.empty() || sleeves.size() == 2);
        if (!sleeves.empty()) {
            for (const auto& [name, value] : sleeves[0].numbers) {
                if (name != "cuff_mm" && name != "fold_seed") {
                    EXPECT_EQ(value, sleeves[1].at(name)) << name;
                }
            }
            EXPECT_NEAR(sleeves[0].at("cuff_mm"), sleeves[1].at("cuff_mm"), 35);
        }
    }
    const auto near = [&](ThingKind kind, double probability) {
        const double sd = std::sqrt(probability * (1 - probability) / kPeople);
        EXPECT_NEAR(double(wearers[static_cast<std::size_t>(kind)]) / kPeople, probability, 4 * sd);
    };
    near(ThingKind::Sleeve, 0.5);
    near(ThingKind::Ring, 0.3);
    near(ThingKind::Bracelet, 0.12);
    near(ThingKind::Watch, 0.15);
    EXPECT_TRUE(draw_worn(9, 1, {}).empty());
}

TEST(WornDraw, OneProbabilityDoesNotMoveWhatIsDrawnOfAnother) {
    const auto rings = [](const WornOptions& options) {
        std::vector<std::map<std::string, double>> numbers;
        for (const Thing& thing : draw_worn(9, 5, options)) {
            if (thing.kind == ThingKind::Ring) {
                numbers.push_back(thing.numbers);
            }
        }
        return numbers;
    };
    const auto alone = rings({.ring = 1});
    EXPECT_FALSE(alone.empty());
    EXPECT_EQ(alone, rings({.sleeve = 1, .ring = 1, .bracelet = 1, .watch = 1}));
}

TEST(WornFit, LeavesOffWhatWouldPassThroughAHandOrAThing) {
    const auto hands = PosedHands::load();
    if (!hands) {
        GTEST_SKIP() << "the assets are not built (RENDERIH_ASSETS)";
    }
    Rng rng(7, 0, "worn_test");
    const Thing ring = draw_ring(rng, Side::Right, 3);
    PosedHands apart(*hands, 0, 0, 0);
    ASSERT_EQ(fit_worn({ring}, apart.surfaces).size(), 1u);
    EXPECT_EQ(fit_worn({ring, ring}, apart.surfaces).size(), 2u) << "a second one farther out";
    EXPECT_LT(fit_worn({ring, ring, ring, ring, ring}, apart.surfaces).size(), 5u);

    // The left hand's finger tips go where the ring is.
    const SceneMesh mesh = ring_mesh(ring, apart.surfaces[0]);
    const Vec3 at = mesh.vertices.colwise().mean().transpose();
    PosedSurface& left = apart.surfaces[1];
    const Vec3 tip = left.keypoints.row(12).transpose();
    left.vertices.rowwise() += (at + Vec3(0, 0.011, 0) - tip).transpose();
    left.keypoints.rowwise() += (at + Vec3(0, 0.011, 0) - tip).transpose();
    EXPECT_TRUE(fit_worn({ring}, apart.surfaces).empty());
}

TEST(WornFit, NothingThatIsWornMeetsAnything) {
    const auto hands = PosedHands::load();
    if (!hands) {
        GTEST_SKIP() << "the assets are not built (RENDERIH_ASSETS)";
    }
    const WornOptions all{.sleeve = 1, .ring = 1, .bracelet = 1, .watch = 1};
    std::size_t drawn = 0, kept = 0;
    for (std::uint64_t id = 0; id < 6; ++id) {
        const PosedHands pair(*hands, 8.0 * double(id), 10.0 * double(id) - 25, 5);
        const std::vector<Thing> things = draw_worn(4, id, all);
        const std::vector<FittedThing> fitted = fit_worn(things, pair.surfaces);
        drawn += things.size();
        kept += fitted.size();
        for (std::size_t i = 0; i < fitted.size(); ++i) {
            const TriMesh mesh{fitted[i].mesh.vertices, fitted[i].mesh.faces};
            for (const PosedSurface& hand : pair.surfaces) {
                EXPECT_TRUE(
                    intersecting_triangles(mesh, TriMesh{hand.vertices, *hand.faces}, 1).empty());
            }
            for (std::size_t j = 0; j < i; ++j) {
                const TriMesh other{fitted[j].mesh.vertices, fitted[j].mesh.faces};
                EXPECT_TRUE(intersecting_triangles(mesh, other, 1).empty());
            }
        }
    }
    EXPECT_GT(kept, drawn * 3 / 4) << "hands apart wear nearly all of it";
}

} // namespace
} // namespace rih
