// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/tone.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Tone, RisesFromBlackToWhiteAndKeepsMiddleGrey) {
    for (const double contrast : {0.8, 1.0, 1.3}) {
        const ToneCurve tone{.middle_grey = 0.2, .contrast = contrast, .shoulder_start = 0.75};
        EXPECT_EQ(tone.shown(0), 0);
        EXPECT_EQ(tone.shown(-0.1), 0);
        EXPECT_NEAR(tone.shown(0.2), 0.2, 1e-12);
        double before = 0;
        for (double light = 1e-4; light < 2; light *= 1.01) {
            const double shown = tone.shown(light);
            EXPECT_GT(shown, before);
            EXPECT_LT(shown, 1);
            before = shown;
        }
        // The shoulder begins where the slope is the same: no kink.
        const double start = tone.light(0.75), step = 1e-6;
        const double below = tone.shown(start) - tone.shown(start - step);
        const double above = tone.shown(start + step) - tone.shown(start);
        EXPECT_NEAR(above / below, 1, 1e-4);
    }
}

TEST(Tone, ComesBackFromWhatIsShown) {
    const ToneCurve tone{.middle_grey = 0.18, .contrast = 1.2, .shoulder_start = 0.7};
    for (const double light : {0.001, 0.18, 0.6, 1.0, 1.5}) {
        EXPECT_NEAR(tone.light(tone.shown(light)), light, 1e-9);
    }
}

} // namespace
} // namespace rih
