// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/augmentation.h"

#include "renderih/base/error.h"
#include "renderih/math/types.h"

namespace rih::learn {

namespace {

void require_in(double value, double low, double high, const char* name) {
    RIH_REQUIRE(value >= low && value <= high,
                "augmentation.{} is {}; it must be {} to {}",
                name,
                value,
                low,
                high);
}

} // namespace

void AugmentationOptions::validate() const {
    require_in(rotation_deg, 0, 180, "rotation_deg");
    require_in(scale, 0, 0.9, "scale");
    require_in(flip, 0, 1, "flip");
    require_in(channel_gain, 0, 1, "channel_gain");
    require_in(offset, 0, 1, "offset");
    require_in(noise, 0, 1, "noise");
}

Augmentation draw_augmentation(const AugmentationOptions& options, Rng rng) {
    // Every number is drawn whatever the options are, so that changing one leaves the others.
    Augmentation drawn;
    const auto within = [&](double reach) { return reach * rng.uniform(-1, 1); };
    drawn.rotation = within(options.rotation_deg) * kDegree;
    drawn.scale = 1 + within(options.scale);
    drawn.flip = rng.uniform() < options.flip;
    for (double& gain : drawn.gain) {
        gain = 1 + within(options.channel_gain);
    }
    drawn.offset = within(options.offset);
    drawn.noise = options.noise;
    drawn.noise_seed = rng.next_u64();
    return drawn;
}

} // namespace rih::learn
