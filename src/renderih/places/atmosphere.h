// SPDX-License-Identifier: Apache-2.0
// The clear sky over level ground: Rayleigh and Mie scattering and ozone, single scattering
// integrated and the higher orders by Hillaire's closed form ("A Scalable and Production Ready Sky
// and Atmosphere Rendering Technique", EGSR 2020). Luminance in cd/m2 as linear Rec.709.
#pragma once

#include "renderih/math/vec.h"

#include <vector>

namespace rih {

/// Light of the sun outside the atmosphere on a plane that faces it, lx: 133.1 klx (ASTM E490) in
/// the colour of a black body at 5772 K.
inline constexpr Vec3f kSolarIlluminance{147600, 129900, 121700};

class Atmosphere {
  public:
    /// `haze` multiplies the Mie coefficients of Hillaire's table 1 (clear air); 0.3 .. 6.
    explicit Atmosphere(float haze);

    /// What is left of light along a straight way out of the atmosphere from a height above the
    /// ground, m; `cosine` is that of the zenith angle. 0 where the ground is in the way.
    Vec3f transmittance(float height, float cosine) const;

    /// Radiance from `direction` (y up) at eye height when a distant source towards `sun` gives
    /// `illuminance` outside the atmosphere. Directions below the horizon see the horizon.
    Vec3f radiance(Vec3f direction, Vec3f sun, Vec3f illuminance) const;

  private:
    struct Medium {
        Vec3f scattering, extinction;
        Vec3f rayleigh;
        float mie = 0;
    };
    Medium medium(float height) const;
    Vec3f optical_way_out(float height, float cosine) const;
    Vec3f multiple_scattering(float height, float sun_cosine) const;
    void tabulate_multiple_scattering();

    float haze_;
    std::vector<Vec3f> transmittance_; // [heights, cosines]
    std::vector<Vec3f> multiple_;      // [heights, sun cosines]
};

} // namespace rih
