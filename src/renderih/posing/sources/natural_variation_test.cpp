// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/natural_variation.h"

#include "renderih/posing/sources/hand_shapes.h"
#include "renderih/posing/sources/testing/temp_assets.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

namespace rih {
namespace {

constexpr int kDraws = 4000;

FingerAngles evenly_bent(double root, double middle, double end) {
    FingerAngles angles;
    for (int j = 0; j < kFingerJointCount; ++j) {
        const double of_segment[3] = {root, middle, end};
        const bool thumb = j >= 12;
        angles[static_cast<std::size_t>(j)].bend = (thumb ? 15 : of_segment[j % 3]) * kDegree;
    }
    return angles;
}

/// Draws of `shape` seen through `read`.
std::vector<double> draws(const FingerAngles& shape,
                          const ShapeFreedom& freedom,
                          const std::function<double(const FingerAngles&)>& read) {
    std::vector<double> values;
    for (int i = 0; i < kDraws; ++i) {
        Rng rng(11, static_cast<std::uint64_t>(i), "natural variation test");
        values.push_back(read(vary_naturally(shape, freedom, 1, rng)));
    }
    return values;
}

double mean(const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v) {
        sum += x;
    }
    return sum / static_cast<double>(v.size());
}

double covariance(const std::vector<double>& a, const std::vector<double>& b) {
    const double ma = mean(a), mb = mean(b);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += (a[i] - ma) * (b[i] - mb);
    }
    return sum / static_cast<double>(a.size());
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    return covariance(a, b) / std::sqrt(covariance(a, a) * covariance(b, b));
}

std::function<double(const FingerAngles&)> bend_of(std::size_t joint) {
    return [joint](const FingerAngles& angles) { return angles[joint].bend; };
}

TEST(NaturalVariation, NeighboursFollowEachOtherMostAtTheLittleFinger) {
    const FingerAngles shape = evenly_bent(40, 45, 30);
    std::array<std::vector<double>, 5> middle; // index, middle, little, ring, thumb
    for (std::size_t finger = 0; finger < 5; ++finger) {
        middle[finger] = draws(shape, {}, bend_of(3 * finger + 1));
    }
    const double ring_little = correlation(middle[3], middle[2]);
    const double middle_ring = correlation(middle[1], middle[3]);
    const double index_middle = correlation(middle[0], middle[1]);
    const double index_little = correlation(middle[0], middle[2]);
    const double thumb_little = correlation(middle[4], middle[2]);
    EXPECT_GT(ring_little, middle_ring);
    EXPECT_GT(middle_ring, index_middle);
    EXPECT_GT(index_middle, index_little);
    EXPECT_GT(index_little, thumb_little);
    // A joint's own part leaves 0.9^2 of the drives' correlation.
    EXPECT_NEAR(ring_little, 0.81 * 0.85, 0.05);
    EXPECT_NEAR(index_middle, 0.81 * 0.55, 0.05);
    EXPECT_LT(ring_little, 0.95) << "no finger is the slave of another";
    EXPECT_LT(std::abs(thumb_little), 0.25);
}

TEST(NaturalVariation, TheEndJointFollowsTheMiddleOneByTwoThirds) {
    const FingerAngles shape = evenly_bent(40, 45, 30);
    for (const std::size_t finger : {0u, 1u, 2u, 3u}) {
        const std::vector<double> middle = draws(shape, {}, bend_of(3 * finger + 1));
        const std::vector<double> end = draws(shape, {}, bend_of(3 * finger + 2));
        EXPECT_NEAR(covariance(middle, end) / covariance(middle, middle), 2.0 / 3, 0.03);
        EXPECT_GT(correlation(middle, end), 0.85);
        EXPECT_LT(correlation(middle, end), 0.99) << "there is slack";
        const std::vector<double> root = draws(shape, {}, bend_of(3 * finger));
        EXPECT_GT(correlation(root, middle), 0.6);
    }
}

TEST(NaturalVariation, BentRootsSpreadLess) {
    const auto splay_of_little = [](const FingerAngles& a) { return a[6].splay; };
    const std::vector<double> straight = draws(evenly_bent(0, 10, 5), {}, splay_of_little);
    const std::vector<double> bent = draws(evenly_bent(65, 10, 5), {}, splay_of_little);
    EXPECT_GT(covariance(straight, straight), 9 * covariance(bent, bent));
    EXPECT_DOUBLE_EQ(splay_freedom(-0.1), 1);
    EXPECT_NEAR(splay_freedom(70 * kDegree), 0.2, 1e-12);
}

TEST(NaturalVariation, FingersThatTouchMoveAsOne) {
    FingerAngles shape = evenly_bent(20, 20, 12);
    shape[0].splay = -3 * kDegree;
    ShapeFreedom freedom;
    freedom.group[1] = freedom.group[0]; // index and middle finger
    for (std::uint64_t i = 0; i < 300; ++i) {
        Rng rng(3, i, "together");
        const FingerAngles varied = vary_naturally(shape, freedom, 1, rng);
        for (std::size_t segment = 0; segment < 3; ++segment) {
            EXPECT_NEAR(varied[segment].bend, varied[3 + segment].bend, 1e-12);
        }
        EXPECT_GE(varied[0].splay - varied[3].splay, -3.6 * kDegree);
        EXPECT_NE(varied[6].bend, varied[9].bend);
    }
}

TEST(NaturalVariation, StraightNeighboursDoNotPassThroughEachOther) {
    const FingerAngles together = [] {
        FingerAngles angles = evenly_bent(3, 3, 3);
        angles[0].splay = -3 * kDegree;
        angles[9].splay = 4 * kDegree;
        angles[6].splay = 10 * kDegree;
        return angles;
    }();
    for (std::uint64_t i = 0; i < 500; ++i) {
        Rng rng(4, i, "apart");
        const FingerAngles varied = vary_naturally(together, 1, rng);
        EXPECT_GT(varied[0].splay - varied[3].splay, -4.5 * kDegree);
        EXPECT_GT(varied[3].splay - varied[9].splay, -4.5 * kDegree);
        EXPECT_GT(varied[9].splay - varied[6].splay, -7.5 * kDegree);
    }
}

TEST(NaturalVariation, StaysWithinTable2AndTheShapesOwnRange) {
    const TempAssets files;
    const std::vector<HandShape> shapes =
        read_authored_shapes(files.committed("poses/hand_shapes.json"));
    for (std::uint64_t i = 0; i < 20 * shapes.size(); ++i) {
        Rng rng(1, i, "range");
        const HandShape& shape = shapes[i % shapes.size()];
        const FingerAngles varied = vary_naturally(shape.angles, shape.freedom, 1, rng);
        EXPECT_LT(max_limit_excess(varied), 1e-12) << shape.name;
        for (std::size_t j = 0; j < kFingerJointCount; ++j) {
            EXPECT_LE(std::abs(varied[j].bend - shape.angles[j].bend),
                      shape.freedom.loose[j / 3] + 1e-9)
                << shape.name;
            EXPECT_EQ(varied[j].twist, 0);
        }
    }
    Rng rng(1, 0, "none");
    const FingerAngles same = vary_naturally(shapes[0].angles, shapes[0].freedom, 0, rng);
    EXPECT_EQ(same[4].bend, shapes[0].angles[4].bend);
}

} // namespace
} // namespace rih
