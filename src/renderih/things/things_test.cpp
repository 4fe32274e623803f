// SPDX-License-Identifier: Apache-2.0
// Each kind of thing on posed hands: where it lies, that it goes round and passes through nothing.
#include "renderih/geometry/intersection.h"
#include "renderih/geometry/signed_distance.h"
#include "renderih/things/bracelet.h"
#include "renderih/things/limb_section.h"
#include "renderih/things/ring.h"
#include "renderih/things/sleeve.h"
#include "renderih/things/testing/posed_hands.h"
#include "renderih/things/watch.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rih {
namespace {

using testing::PosedHands;

class Things : public ::testing::Test {
  protected:
    void SetUp() override {
        hands_ = PosedHands::load();
        if (!hands_) {
            GTEST_SKIP() << "the assets are not built (RENDERIH_ASSETS)";
        }
    }
    PosedHands posed(double bend, double flexion, double deviation) const {
        return {*hands_, bend, flexion, deviation};
    }
    std::optional<HandPair> hands_;
};

TriMesh surface_of(const PosedSurface& hand) {
    return {hand.vertices, *hand.faces};
}

std::size_t crossings(const SceneMesh& mesh, const PosedSurface& hand) {
    return intersecting_triangles(TriMesh{mesh.vertices, mesh.faces}, surface_of(hand)).size();
}

/// What every thing's mesh must have.
void expect_sound(const SceneMesh& mesh, Side side) {
    EXPECT_TRUE(mesh.vertices.allFinite() && mesh.normals.allFinite());
    EXPECT_EQ(mesh.normals.rows(), mesh.vertices.rows());
    EXPECT_EQ(mesh.id, worn_mesh_id(side));
    ASSERT_EQ(mesh.face_label.size(), mesh.faces.size());
    EXPECT_EQ(mesh.face_label.front(), worn_part(side));
    EXPECT_EQ(mesh.amodal_ignores, std::vector<std::uint8_t>{worn_part(side)});
    EXPECT_LT(mesh.faces.size(), 12500u);
    EXPECT_TRUE(mesh.uv.rows() == mesh.vertices.rows() ||
                mesh.vertex_albedo.size() == static_cast<std::size_t>(mesh.vertices.rows()));
    // Faces look where the normals of their corners do.
    std::size_t against = 0;
    for (const auto& face : mesh.faces) {
        const Vec3 a = mesh.vertices.row(face[0]), b = mesh.vertices.row(face[1]),
                   c = mesh.vertices.row(face[2]);
        const Vec3 normal =
            mesh.normals.row(face[0]) + mesh.normals.row(face[1]) + mesh.normals.row(face[2]);
        against += (b - a).cross(c - a).dot(normal) < 0;
    }
    EXPECT_LE(against, mesh.faces.size() / 100);
}

TEST_F(Things, RingsGoRoundAFingerAndClearItsSkin) {
    Rng rng(3, 0, "things_test");
    for (const double bend : {0.0, 25.0, 60.0}) {
        const PosedHands hands = posed(bend, 0, 0);
        for (const PosedSurface& hand : hands.surfaces) {
            const MeshDistance skin(surface_of(hand));
            for (int finger = 0; finger < 5; ++finger) {
                Thing ring = draw_ring(rng, hand.side, finger);
                ring.numbers["stone_mm"] = 0;
                SceneMesh mesh = ring_mesh(ring, hand);
                for (int step = 0; step < 2 && crossings(mesh, hand) > 0; ++step) { // as fit_worn()
                    ring.numbers["position"] += 0.08;
                    mesh = ring_mesh(ring, hand);
                }
                expect_sound(mesh, hand.side);
                EXPECT_TRUE(is_closed(mesh.faces));
                EXPECT_GT(signed_volume({mesh.vertices, mesh.faces}), 0);
                const int root = 1 + 4 * finger + (finger == 0 ? 1 : 0);
                const Vec3 bone = (hand.keypoints.row(root + 1) - hand.keypoints.row(root));
                const Vec3 centre =
                    hand.keypoints.row(root).transpose() + ring.at("position") * bone;
                if (bend < 40) { // bent fingers touch each other
                    EXPECT_EQ(crossings(mesh, hand), 0u) << finger << " " << bend;
                }
                double nearest = 1, turns = 0;
                const Vec3 axis = bone.normalized();
                const auto across = [&](Eigen::Index v) {
                    const Vec3 from = mesh.vertices.row(v).transpose() - centre;
                    return Vec3(from - from.dot(axis) * axis);
                };
                Vec3 last = across(95);
                for (Eigen::Index v = 0; v < mesh.vertices.rows(); ++v) {
                    const Vec3 place = mesh.vertices.row(v);
                    nearest = std::min(nearest, -skin.inside_distance(place));
                    EXPECT_LT((place - centre).norm(), 0.02);
                    if (v < 96) { // the first row of the band
                        const Vec3 now = across(v);
                        turns += std::atan2(last.cross(now).dot(axis), last.dot(now));
                        last = now;
                    }
                }
                EXPECT_NEAR(std::abs(turns), 2 * kPi, 1e-6) << finger;
                if (bend < 40) {
                    EXPECT_GT(nearest, 0) << finger << " " << bend;
                }
                EXPECT_LT(nearest, 1e-3) << "it floats";
            }
        }
    }
}

/// How often a ray from `from` meets the mesh.
int hits(const SceneMesh& mesh, const Vec3& from, const Vec3& direction) {
    int count = 0;
    for (const auto& face : mesh.faces) {
        const Vec3 a = mesh.vertices.row(face[0]);
        const Vec3 ab = Vec3(mesh.vertices.row(face[1])) - a;
        const Vec3 ac = Vec3(mesh.vertices.row(face[2])) - a;
        const Vec3 p = direction.cross(ac);
        const double determinant = ab.dot(p);
        const Vec3 s = from - a;
        const double u = s.dot(p) / determinant, v = direction.dot(s.cross(ab)) / determinant;
        count += u >= 0 && v >= 0 && u + v <= 1 && ac.dot(s.cross(ab)) / determinant > 0;
    }
    return count;
}

TEST_F(Things, SleevesCoverTheForearmFromTheCuffToBeyondItsEnd) {
    Rng rng(4, 0, "things_test");
    for (int cloth = 0; cloth < 4; ++cloth) {
        for (const double flexion : {-45.0, 0.0, 45.0}) {
            const PosedHands hands = posed(20, flexion, flexion > 0 ? 20 : -10);
            std::array<Thing, 2> sleeves = draw_sleeves(rng, 0);
            while (sleeves[0].at("cloth") != cloth) {
                sleeves = draw_sleeves(rng, 0);
            }
            for (const PosedSurface& hand : hands.surfaces) {
                const Thing& sleeve = sleeves[static_cast<std::size_t>(index_of(hand.side))];
                const SceneMesh mesh = sleeve_mesh(sleeve, hand);
                expect_sound(mesh, hand.side);
                EXPECT_EQ(crossings(mesh, hand), 0u) << cloth << " " << flexion;
                double length = 0;
                const LimbFrame frame = forearm_frame(hand, length);
                const VecX along =
                    (mesh.vertices.rowwise() - frame.origin.transpose()) * frame.along;
                const double cuff = 1e-3 * sleeve.at("cuff_mm");
                EXPECT_GT(along.maxCoeff(), length + 0.01);
                EXPECT_NEAR(along.minCoeff(), cuff, 0.003);
                // Outside of every bit of skin there is cloth, an outer side and nothing else or an
                // inner one too.
                int bare = 0, asked = 0;
                for (Eigen::Index v = 0; v < hand.vertices.rows(); v += 3) {
                    const Vec3 from = hand.vertices.row(v).transpose() - frame.origin;
                    const double z = from.dot(frame.along);
                    if (z < cuff + 0.003) {
                        continue;
                    }
                    const Vec3 axis_point = hand.vertices.row(v).transpose();
                    const Vec3 out = (from - z * frame.along).normalized();
                    ++asked;
                    bare += hits(mesh, axis_point, out) == 0;
                }
                EXPECT_GT(asked, 60);
                EXPECT_EQ(bare, 0) << cloth << " " << flexion;
                // The cuff has an inner side, which looks at the arm.
                int inner = 0;
                for (Eigen::Index v = 0; v < mesh.vertices.rows(); ++v) {
                    const Vec3 from = mesh.vertices.row(v).transpose() - frame.origin;
                    const Vec3 out = from - from.dot(frame.along) * frame.along;
                    inner += along[v] > cuff + 0.002 && along[v] < cuff + 0.01 &&
                             Vec3(mesh.normals.row(v)).dot(out.normalized()) < -0.7;
                }
                EXPECT_GT(inner, 79);
            }
        }
    }
}

TEST_F(Things, WatchesAndBraceletsLieAroundTheWrist) {
    Rng rng(5, 0, "things_test");
    for (int i = 0; i < 16; ++i) {
        const PosedHands hands = posed(10, i % 3 == 0 ? -20 : 15, 0);
        for (const PosedSurface& hand : hands.surfaces) {
            const MeshDistance skin(surface_of(hand));
            for (const bool is_watch : {true, false}) {
                const double position = rng.uniform(28, 40);
                const Thing thing = is_watch ? draw_watch(rng, hand.side, position)
                                             : draw_bracelet(rng, hand.side, position);
                const SceneMesh mesh = mesh_of_thing(thing, hands.surfaces);
                expect_sound(mesh, hand.side);
                EXPECT_EQ(crossings(mesh, hand), 0u) << is_watch << " " << i;
                double nearest = 1, farthest = 0;
                for (Eigen::Index v = 0; v < mesh.vertices.rows(); v += 7) {
                    const double off = -skin.inside_distance(mesh.vertices.row(v).transpose());
                    nearest = std::min(nearest, off);
                    farthest = std::max(farthest, off);
                }
                EXPECT_GT(nearest, 0);
                EXPECT_LT(nearest, 4.5e-3) << "it floats";
                EXPECT_LT(farthest, 0.03);
                // All around: in every direction from the wrist's middle there is some of it.
                double length = 0;
                const LimbFrame frame = forearm_frame(hand, length);
                std::array<bool, 24> seen{};
                for (Eigen::Index v = 0; v < mesh.vertices.rows(); ++v) {
                    const Vec3 from = mesh.vertices.row(v).transpose() - frame.origin;
                    const double turn =
                        std::atan2(from.dot(frame.up), from.dot(frame.across)) / (2 * kPi) + 0.5;
                    seen[std::min<std::size_t>(23, static_cast<std::size_t>(24 * turn))] = true;
                }
                EXPECT_TRUE(std::ranges::all_of(seen, [](bool one) { return one; }));
            }
        }
    }
}

TEST(LimbSection, AHullEnclosesAndASmoothSectionClearsIt) {
    Rng rng(6, 0, "things_test");
    Outline points;
    for (int i = 0; i < 300; ++i) {
        const double x = 0.02 * rng.truncated_normal(2), y = 0.012 * rng.truncated_normal(2);
        points.emplace_back(x + 0.1, y);
    }
    const Outline hull = convex_hull(points);
    const Vec2 middle = centroid(hull);
    for (const int order : {1, 2, 4}) {
        const SmoothSection section = smooth_section(hull, order, 5e-4);
        double nearest = 1;
        for (const Vec2& p : points) {
            const Vec2 from = p - section.centre;
            const double angle = std::atan2(from.y(), from.x());
            EXPECT_LE(from.norm(), reach(hull, middle, angle) + 1e-9);
            nearest = std::min(nearest, section.radius(angle) - from.norm());
        }
        EXPECT_NEAR(nearest, 5e-4, 1e-9) << order;
    }
}

} // namespace
} // namespace rih
