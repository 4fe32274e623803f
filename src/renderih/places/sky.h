// SPDX-License-Identifier: Apache-2.0
// All that is above the horizon: clear sky, clouds lit by the sun, the sun's or the moon's disc,
// stars and the glow of towns, tabulated once and looked up by direction. Luminance in cd/m2.
#pragma once

#include "renderih/image/image.h"
#include "renderih/math/vec.h"

#include <cstdint>

namespace rih {

struct SkyOptions {
    float sun_elevation_deg = 40, sun_azimuth_deg = 0; ///< azimuth from +x towards +z
    float haze = 1;                                    ///< Atmosphere's
    float cloud_cover = 0;                             ///< 0 none .. 1 overcast
    float cirrus = 0;                                  ///< 0 none .. 1 much
    bool night = false;     ///< the disc is the moon's, and there are stars
    float town_glow = 0;    ///< cd/m2 at the horizon at night
    std::uint32_t seed = 0; ///< of clouds and stars
};

class Sky {
  public:
    /// `width` is that of the table's full circle of azimuth, 64 .. 4096.
    Sky(const SkyOptions& options, int width, int threads);

    /// Without the disc.
    Vec3f radiance(Vec3f direction) const;
    /// Of the disc; zero beside it.
    Vec3f disc(Vec3f direction) const;

    Vec3f sun_direction() const { return sun_; }
    /// Of the disc on a plane that faces it, lx, behind the clouds.
    Vec3f sun_illuminance() const { return illuminance_; }
    /// On level ground, lx, without the disc.
    Vec3f horizontal_illuminance() const { return horizontal_; }
    /// What far things fade to, by direction: the sky just above the horizon.
    Vec3f haze_radiance(Vec3f direction) const;

  private:
    Vec3f sun_, illuminance_, disc_radiance_, horizontal_;
    ImageF table_; // rows from the zenith to a little below the horizon
};

} // namespace rih
