// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/crop.h"

#include "renderih/base/error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace rih::learn {
namespace {

const Intrinsics kCamera{400, 300, 250, 170};

Points2 some_points() {
    Points2 points(3, 2);
    points << 100, 80, 300, 120, 180, 260;
    return points;
}

Vec2 project(const Intrinsics& k, const Vec3& x) {
    return {k.fx * x.x() / x.z() + k.cx, k.fy * x.y() / x.z() + k.cy};
}

// The crop is a camera of its own: moving a point's pixel into the crop is projecting the turned
// point with the crop's intrinsics, also when the first camera's pixels are not square.
TEST(Crop, IsAnExactCamera) {
    for (std::uint64_t i = 0; i < 200; ++i) {
        Rng rng(1, i, "crop test");
        const Augmentation augmentation =
            draw_augmentation({.rotation_deg = 180, .scale = 0.5}, rng);
        const Crop crop = make_crop(kCamera, some_points(), {.size = 224}, augmentation);
        const Vec3 x(rng.uniform(-0.3, 0.3), rng.uniform(-0.3, 0.3), rng.uniform(0.3, 1.5));
        const Vec2 moved = crop.to_crop(project(kCamera, x));
        const Vec2 projected = project(crop.intrinsics, crop.crop_cam_from_cam * x);
        EXPECT_LT((moved - projected).norm(), 1e-9) << i;
        EXPECT_NEAR(crop.crop_cam_from_cam.determinant(), augmentation.flip ? -1 : 1, 1e-12);
        EXPECT_EQ(crop.crop_cam_from_cam.col(2), Vec3(0, 0, 1)); // depth stays
        EXPECT_EQ(crop.intrinsics.fx, crop.intrinsics.fy);
    }
}

TEST(Crop, HoldsThePointsAsLargeAsAsked) {
    Intrinsics square = kCamera;
    square.fy = square.fx;
    const Crop crop = make_crop(square, some_points(), {.size = 100, .fill = 0.5}, {});
    // The box is 200 x 180 around (200, 170).
    EXPECT_LT((crop.to_crop({200, 170}) - Vec2(50, 50)).norm(), 1e-9);
    EXPECT_LT((crop.to_crop({100, 170}) - Vec2(25, 50)).norm(), 1e-9);
    EXPECT_LT((crop.to_crop({200, 270}) - Vec2(50, 75)).norm(), 1e-9);
}

// Directions: a quarter turn takes what was at the right to the bottom; a mirror swaps the sides.
TEST(Crop, TurnsFromXToYAndMirrorsX) {
    Intrinsics square = kCamera;
    square.fy = square.fx;
    const CropOptions options{.size = 100, .fill = 1};
    const Crop turned = make_crop(square, some_points(), options, {.rotation = kPi / 2});
    EXPECT_LT((turned.to_crop({300, 170}) - Vec2(50, 100)).norm(), 1e-9);
    const Crop mirrored = make_crop(square, some_points(), options, {.flip = true});
    EXPECT_LT((mirrored.to_crop({300, 170}) - Vec2(0, 50)).norm(), 1e-9);
    const Crop larger = make_crop(square, some_points(), options, {.scale = 2});
    EXPECT_LT((larger.to_crop({250, 170}) - Vec2(100, 50)).norm(), 1e-9);
}

TEST(Crop, OfOnePointIsRefused) {
    EXPECT_THROW(make_crop(kCamera, Points2::Constant(3, 2, 5), {}, {}), UserError);
}

TEST(Augmentation, StaysWithinItsRangesAndReachesThem) {
    const AugmentationOptions options{.noise = 0.1};
    double low = 9, high = -9;
    int flips = 0;
    std::array<double, 3> sums{};
    constexpr int kDraws = 4000;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        const Augmentation drawn = draw_augmentation(options, Rng(3, i, "augmentation"));
        low = std::min(low, drawn.rotation);
        high = std::max(high, drawn.rotation);
        flips += drawn.flip ? 1 : 0;
        EXPECT_LE(std::abs(drawn.scale - 1), 0.1);
        EXPECT_LE(std::abs(drawn.offset), 0.05);
        EXPECT_EQ(drawn.noise, 0.1);
        for (std::size_t c = 0; c < 3; ++c) {
            EXPECT_LE(std::abs(drawn.gain[c] - 1), 0.3);
            sums[c] += drawn.gain[c];
        }
        EXPECT_NE(drawn.gain[0], drawn.gain[1]);
    }
    EXPECT_NEAR(low, -kPi / 2, 0.01);
    EXPECT_NEAR(high, kPi / 2, 0.01);
    EXPECT_NEAR(flips, kDraws / 2, 4 * std::sqrt(kDraws / 4.0));
    for (const double sum : sums) {
        EXPECT_NEAR(sum / kDraws, 1, 0.02);
    }
}

// What one option is set to leaves the other draws as they are: ablations compare like with like.
TEST(Augmentation, DrawsDoNotMoveWithOptions) {
    const Augmentation all = draw_augmentation({}, Rng(3, 1, "augmentation"));
    const Augmentation still = draw_augmentation({.rotation_deg = 0}, Rng(3, 1, "augmentation"));
    EXPECT_EQ(still.rotation, 0);
    EXPECT_EQ(still.scale, all.scale);
    EXPECT_EQ(still.gain, all.gain);
    EXPECT_EQ(still.noise_seed, all.noise_seed);
}

TEST(Augmentation, NamesWhatIsOutOfRange) {
    EXPECT_THROW((AugmentationOptions{.rotation_deg = 181}.validate()), UserError);
    EXPECT_THROW((AugmentationOptions{.scale = 1}.validate()), UserError);
    EXPECT_THROW((AugmentationOptions{.flip = std::nan("")}.validate()), UserError);
    EXPECT_THROW((AugmentationOptions{.channel_gain = -0.1}.validate()), UserError);
    EXPECT_NO_THROW(AugmentationOptions{}.validate());
}

} // namespace
} // namespace rih::learn
