// SPDX-License-Identifier: Apache-2.0
// The flexion creases on the palm side of the fingers: two or three lines at the PIP, one or two at
// the DIP slightly proximal of the joint, and one at the finger's root half way along the proximal
// phalanx, where the web ends (Bugbee and Botte 1993; Doyle, "Palmar and digital flexor tendon
// pulleys", 2001 shows them).
#pragma once

#include "renderih/base/rng.h"
#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/skin_traits.h"

#include <array>
#include <vector>

namespace rih {

class FingerCreases {
  public:
    FingerCreases(const SkinAtlas& atlas, const SkinTraits& traits, Rng rng);

    void add(const SkinPlace& place, SkinLook& look) const;

  private:
    struct Crease {
        float along, width, depth; // mm
        float tilt, bow;           // mm over the finger's half width
    };
    std::array<std::vector<Crease>, kSkinJoints> creases_;
    std::array<float, kSkinJoints> radius_{};
    std::uint32_t seed_;
};

} // namespace rih
