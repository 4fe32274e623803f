// SPDX-License-Identifier: Apache-2.0
// Clouds as density in space: a layer of cumulus or stratus, marched and lit by the sun, under a
// sheet of cirrus.
#pragma once

#include "renderih/math/vec.h"

#include <cstdint>

namespace rih {

struct CloudLight {
    Vec3f sun;         ///< direction
    Vec3f illuminance; ///< of the sun at the clouds, lx
    Vec3f sky, ground; ///< mean radiance from above and from below
};

struct CloudSight {
    Vec3f radiance;
    float transmittance = 1;
    float distance = 0; ///< of what is seen, m
};

class Clouds {
  public:
    Clouds(float cover, float cirrus, std::uint32_t seed);

    /// Along a direction above the horizon from the ground.
    CloudSight look(Vec3f direction, const CloudLight& light) const;
    /// What of the sun's light comes straight through.
    float sun_through(Vec3f sun) const;

  private:
    float density(Vec3f p, int octaves) const;
    CloudSight look_at_cirrus(Vec3f direction, const CloudLight& light) const;

    float cover_, cirrus_;
    std::uint32_t seed_;
};

} // namespace rih
