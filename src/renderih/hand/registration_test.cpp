// SPDX-License-Identifier: Apache-2.0
// The open hand on a stand-in of MANO's layout (hand/testing/mano_like.h), of which the true places
// are known.
#include "renderih/hand/registration.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/mano.h"
#include "renderih/hand/skin_transfer.h"
#include "renderih/hand/testing/mano_file.h"
#include "renderih/hand/testing/mano_like.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <numeric>

namespace rih {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

HandModel read_as_mano(const HandModel& hand) {
    return hand_from_mano(
        mano_arrays_of_pickle(mano_pickle(hand), "stand-in"), hand.side, "stand-in");
}

class OnTheStandIn : public testing::Test {
  protected:
    struct Made {
        HandModel open, hand, dressed;
        std::vector<int> truth; // [778] the open hand's vertex of each of the stand-in's
        HandRegistration registration;
    };

    void SetUp() override {
        const char* assets = std::getenv("RENDERIH_ASSETS");
        if (assets == nullptr || !fs::exists(fs::path(assets) / "hand" / "right.npz")) {
            GTEST_SKIP() << "the assets are not built (RENDERIH_ASSETS/hand/right.npz)";
        }
        if (made_ == nullptr) {
            made_ = std::make_unique<Made>();
            made_->open = load_hand_pair("open", assets)[Side::Right];
            ManoLikeHand like = make_mano_like(made_->open);
            made_->hand = read_as_mano(like.hand);
            made_->truth = std::move(like.source_vertex);
            made_->registration = register_hand(made_->open, made_->hand);
            made_->dressed = with_skin_of(made_->open, made_->hand, made_->registration);
        }
    }
    static void TearDownTestSuite() { made_.reset(); }

    /// mm from each vertex's place to the true one.
    static std::vector<double> errors_mm() {
        std::vector<double> errors;
        for (std::size_t v = 0; v < made_->truth.size(); ++v) {
            const Vec3 place = made_->registration.place_of_vertex[v].of(
                made_->open.template_vertices, made_->open.faces);
            const Vec3 truth = made_->open.template_vertices.row(made_->truth[v]);
            errors.push_back(1e3 * (place - truth).norm());
        }
        return errors;
    }

    inline static std::unique_ptr<Made> made_;
};

Vec3 normal_of(const HandModel& hand, std::size_t f) {
    const auto& [a, b, c] = hand.faces[f];
    const Vec3 p = hand.template_vertices.row(a), q = hand.template_vertices.row(b),
               r = hand.template_vertices.row(c);
    return (q - p).cross(r - p);
}

TEST_F(OnTheStandIn, IsOfManosLayoutAndUnlikeTheOpenHand) {
    EXPECT_EQ(made_->truth.size(), 778u);
    EXPECT_GT(made_->hand.vertex_count(), 778); // a forearm has grown
    EXPECT_TRUE(lacks_uv(made_->hand));
    double apart = 0;
    for (std::size_t v = 0; v < made_->truth.size(); ++v) {
        apart += (made_->hand.template_vertices.row(static_cast<Eigen::Index>(v)) -
                  made_->open.template_vertices.row(made_->truth[v]))
                     .norm() /
                 778;
    }
    EXPECT_GT(apart, 0.004);
}

TEST_F(OnTheStandIn, PlacesAreTheTrueOnes) {
    std::vector<double> errors = errors_mm();
    std::sort(errors.begin(), errors.end());
    const double mean = std::accumulate(errors.begin(), errors.end(), 0.0) / std::ssize(errors);
    RecordProperty("mean_um", static_cast<int>(1e3 * mean));
    RecordProperty("p95_um", static_cast<int>(1e3 * errors[errors.size() * 95 / 100]));
    EXPECT_LT(mean, 1);
    EXPECT_LT(errors[errors.size() * 95 / 100], 2.5);
    EXPECT_LT(errors.back(), 6);
}

TEST_F(OnTheStandIn, SurfacesMeetFingerByFinger) {
    const RegistrationQuality& quality = made_->registration.quality;
    RecordProperty("quality", quality.summary());
    EXPECT_TRUE(quality.is_good());
    EXPECT_LT(quality.mean_mm, 0.1);
    EXPECT_LT(quality.p95_mm, 0.3);
    EXPECT_LT(quality.max_mm, 1);
    EXPECT_LT(quality.flipped_share, 0.002);
    EXPECT_GT(quality.finger_share, 0.97);
    RecordProperty("part_share", fmt::format("{:.4f}", quality.part_share));
    EXPECT_GT(quality.part_share, 0.965);
}

// A face that spans two charts, or an unrolled corner gone astray, is long in the map.
TEST_F(OnTheStandIn, EachFaceLiesInOneChart) {
    const HandModel& hand = made_->dressed;
    ASSERT_EQ(hand.uv_faces.size(), hand.faces.size());
    EXPECT_GE(hand.uv.minCoeff(), 0);
    EXPECT_LE(hand.uv.maxCoeff(), 1);
    double total = 0, reversed = 0, stretched = 0;
    for (std::size_t f = 0; f < hand.faces.size(); ++f) {
        if (hand.part_of_face[f] == forearm_part(hand.side)) {
            continue;
        }
        const double area = normal_of(hand, f).norm();
        double longest = 0;
        std::array<Vec2, 3> uv;
        for (std::size_t k = 0; k < 3; ++k) {
            uv[k] = hand.uv.row(hand.uv_faces[f][k]);
            const Vec2 next = hand.uv.row(hand.uv_faces[f][(k + 1) % 3]);
            const double metres = (hand.template_vertices.row(hand.faces[f][k]) -
                                   hand.template_vertices.row(hand.faces[f][(k + 1) % 3]))
                                      .norm();
            longest = std::max(longest, (next - uv[k]).norm() / metres);
        }
        const Vec2 u = uv[1] - uv[0], w = uv[2] - uv[0];
        total += area;
        reversed += u.x() * w.y() - u.y() * w.x() <= 0 ? area : 0; // the open hand has none
        stretched += longest > 2 / 0.435 ? area : 0;               // one unit is 0.435 m
        EXPECT_LT(longest, 5 / 0.435) << "face " << f;
    }
    EXPECT_LT(reversed / total, 0.002);
    EXPECT_LT(stretched / total, 0.01);
}

TEST_F(OnTheStandIn, ChartsDoNotOverlap) {
    constexpr int kSide = 1024;
    std::vector<std::uint8_t> covered(kSide * kSide, 0);
    int texels = 0, twice = 0;
    for (const auto& [a, b, c] : made_->dressed.uv_faces) {
        const Vec2 p = kSide * made_->dressed.uv.row(a).transpose(),
                   q = kSide * made_->dressed.uv.row(b).transpose(),
                   r = kSide * made_->dressed.uv.row(c).transpose();
        const auto cross = [](const Vec2& s, const Vec2& t) {
            return s.x() * t.y() - s.y() * t.x();
        };
        const Vec2 low = p.cwiseMin(q).cwiseMin(r), high = p.cwiseMax(q).cwiseMax(r);
        for (int y = static_cast<int>(low.y()); y < std::min<double>(high.y(), kSide); ++y) {
            for (int x = static_cast<int>(low.x()); x < std::min<double>(high.x(), kSide); ++x) {
                const Vec2 at(x + 0.5, y + 0.5);
                if (cross(q - p, at - p) > 0 && cross(r - q, at - q) > 0 &&
                    cross(p - r, at - r) > 0) {
                    ++texels;
                    twice += covered[static_cast<std::size_t>(y * kSide + x)]++ > 0;
                }
            }
        }
    }
    EXPECT_GT(texels, 200'000);
    EXPECT_LT(twice, 0.001 * texels);
}

/// A map painted over the open hand's uv shows the same here.
TEST_F(OnTheStandIn, TextureCoordinatesAreTheOpenHands) {
    std::map<int, std::vector<Vec2>> of_open, of_made;
    const auto collect = [](const HandModel& hand, auto& uv) {
        for (std::size_t f = 0; f < hand.faces.size(); ++f) {
            for (std::size_t k = 0; k < 3; ++k) {
                uv[hand.faces[f][k]].push_back(hand.uv.row(hand.uv_faces[f][k]).transpose());
            }
        }
    };
    collect(made_->open, of_open);
    collect(made_->dressed, of_made);
    std::vector<double> off_mm;
    for (std::size_t v = 0; v < made_->truth.size(); ++v) {
        for (const Vec2& own : of_made[static_cast<int>(v)]) {
            double least = 1;
            for (const Vec2& other : of_open[made_->truth[v]]) {
                least = std::min(least, (own - other).norm());
            }
            off_mm.push_back(435 * least);
        }
    }
    std::sort(off_mm.begin(), off_mm.end());
    EXPECT_LT(off_mm[off_mm.size() / 2], 1);
    // The rest are corners beyond a seam.
    EXPECT_LT(off_mm[off_mm.size() * 9 / 10], 4);
}

TEST_F(OnTheStandIn, NailsLieOnTheBacksOfTheFingertips) {
    // By part: the sum of the faces' normals by area, m^2.
    const auto nails_of = [](const HandModel& hand) {
        std::map<int, Vec3> nails;
        for (std::size_t f = 0; f < hand.faces.size(); ++f) {
            if (hand.nail_of_face[f] != 0) {
                Vec3& sum = nails.try_emplace(hand.part_of_face[f], Vec3::Zero()).first->second;
                sum += normal_of(hand, f) / 2;
            }
        }
        return nails;
    };
    const std::map<int, Vec3> open = nails_of(made_->open), found = nails_of(made_->dressed);
    ASSERT_EQ(found.size(), 5u);
    for (const auto& [part, normal] : found) {
        EXPECT_EQ(segment_of_joint(kJointOfPart[part - first_part(Side::Right)]), 2);
        ASSERT_TRUE(open.contains(part)) << part;
        // The thumb has been turned by 12 degrees, and a nail has few faces here.
        EXPECT_GT(normal.normalized().dot(open.at(part).normalized()), std::cos(25 * kDegree))
            << part;
        EXPECT_NEAR(normal.norm() / open.at(part).norm(), 1.2, 0.5) << part;
    }
}

TEST_F(OnTheStandIn, PalmAndBackAreTheOpenHands) {
    double off = 0;
    for (std::size_t v = 0; v < made_->truth.size(); ++v) {
        off += std::abs(made_->dressed.palm_of_vertex[static_cast<Eigen::Index>(v)] -
                        made_->open.palm_of_vertex[made_->truth[v]]) /
               778;
    }
    EXPECT_LT(off, 0.05);
}

TEST_F(OnTheStandIn, TheLeftHandIsTheRightOnesImage) {
    const HandModel open = mirror(made_->open);
    const HandRegistration registration = register_hand(open, mirror(made_->hand));
    int differ = 0;
    for (std::size_t v = 0; v < made_->truth.size(); ++v) {
        const Vec3 a = made_->registration.place_of_vertex[v].of(made_->open.template_vertices,
                                                                 made_->open.faces);
        Vec3 b = registration.place_of_vertex[v].of(open.template_vertices, open.faces);
        b.x() *= -1;
        differ += (a - b).norm() > 1e-4 ? 1 : 0;
    }
    EXPECT_LT(differ, 8);
}

TEST_F(OnTheStandIn, WhatIsReadBackHasTheSameSkin) {
    EXPECT_EQ(hash_of(with_skin_of(made_->open, made_->hand)), hash_of(made_->dressed));
    EXPECT_NE(hash_of(made_->hand), hash_of(made_->dressed));
    EXPECT_THAT(made_->dressed.meta_json, HasSubstr("skin_from"));
}

TEST_F(OnTheStandIn, WhatIsNoSuchHandIsRefused) {
    HandModel crumpled = made_->hand;
    Rng rng(3, 0, "crumpled");
    for (double& x : crumpled.template_vertices.reshaped()) {
        x += 0.01 * rng.normal();
    }
    try {
        with_skin_of(made_->open, crumpled);
        ADD_FAILURE() << "took it for a hand";
    } catch (const UserError& error) {
        EXPECT_THAT(error.what(), HasSubstr("too unlike"));
        EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
    }
}

} // namespace
} // namespace rih
