// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/rng.h"
#include "renderih/render/core/film.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Film, ItsNoiseIsThatOfItsMean) {
    Rng rng(3, 0, "film_test");
    for (const int spp : {2, 3, 4, 7, 12}) {
        constexpr int kPixels = 40000;
        double noise = 0, error = 0;
        for (int pixel = 0; pixel < kPixels; ++pixel) {
            FilmPixel film{.spp = spp};
            for (int i = 0; i < spp; ++i) {
                film.add(i, {1, static_cast<float>(rng.uniform()), 0});
            }
            EXPECT_EQ(film.mean(0), 1);
            EXPECT_EQ(film.noise(0), 0);
            noise += double{film.noise(1)} * double{film.noise(1)} / kPixels;
            const double off = double{film.mean(1)} - 0.5;
            error += off * off / kPixels;
        }
        EXPECT_NEAR(noise, 1.0 / 12 / spp, 0.05 / 12 / spp) << spp; // of a uniform number
        EXPECT_NEAR(error, 1.0 / 12 / spp, 0.05 / 12 / spp) << spp;
    }
}

TEST(Film, APlaceLiesInItsPixel) {
    const Vec2f place = film_place(7, 300, {0.25f, 0.5f});
    EXPECT_EQ(place.x, 7.25f);
    EXPECT_EQ(place.y, 300.5f);
}

} // namespace
} // namespace rih
