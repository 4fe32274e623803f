// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/augment.h"

#include <algorithm>

namespace rih {

namespace {

double offset_within(double angle, const AngleRange& range, double largest, Rng& rng) {
    const double inside = std::clamp(angle, range.low, range.high);
    const double low = std::max(-largest, range.low - inside);
    const double high = std::min(largest, range.high - inside);
    return std::clamp(inside + rng.uniform(low, high), range.low, range.high);
}

} // namespace

FingerAngles augment(const FingerAngles& angles, const AugmentOptions& options, Rng& rng) {
    const auto& limits = table2_limits();
    FingerAngles result = clamp_to_limits(angles);
    for (int i = 0; i < kFingerJointCount; ++i) {
        result[i].bend =
            offset_within(angles[i].bend, limits[i].bend, options.scale * options.bend, rng);
        // Drawn for every joint, so that a joint's offsets do not depend on which joints splay.
        const double splay =
            offset_within(angles[i].splay, limits[i].splay, options.scale * options.splay, rng);
        if (is_finger_root(i + 1)) {
            result[i].splay = splay;
        }
    }
    return result;
}

} // namespace rih
