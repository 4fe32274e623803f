// SPDX-License-Identifier: Apache-2.0
// Nails: a plate of keratin over a bed full of blood. Pale lunula at the root, a white free edge
// where no bed lies below, a pinker band before it, fine ridges along the plate (deeper with age),
// or polish. Proportions as in Zaias, "The nail in health and disease" (1990).
#pragma once

#include "renderih/base/rng.h"
#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_traits.h"

#include <array>

namespace rih {

struct NailOptions {
    float length = 1; ///< factor on the free edge
    bool painted = false;
    std::array<float, 3> polish{}; ///< linear Rec.709
    std::array<float, 3> bed{};    ///< albedo of the skin below
};

/// What replaces the skin on a nail's texels.
struct NailLook {
    float plate = 0; ///< 0: skin beside the plate .. 1
    Vec3f albedo;
    float height = 0; ///< mm
    float roughness = 0.3f, coat = 0;
};

class Nails {
  public:
    Nails(const SkinTraits& traits, const NailOptions& options, Rng rng);

    /// For a place with a nail.
    NailLook at(const SkinPlace& place) const;

  private:
    SkinTraits traits_;
    NailOptions options_;
    std::uint32_t seed_;
};

} // namespace rih
