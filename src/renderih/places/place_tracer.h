// SPDX-License-Identifier: Apache-2.0
// Light transport in a place: surface points with their pattern, and the light that falls on them,
// by path tracing with samples of lamps, windows and the sun at every bounce. Surfaces reflect
// diffusely here; mirrors are added where the eye looks (panorama.h).
#pragma once

#include "renderih/base/rng.h"
#include "renderih/places/place_scene.h"
#include "renderih/render/ray_caster.h"

namespace rih {

/// A point of a surface, turned to its viewer.
struct PlacePoint {
    Vec3f position, ray_origin;
    Vec3f face_normal, normal; ///< of the triangle; interpolated
    Vec3f relief_normal;       ///< bent by the pattern's relief
    PatternSample pattern;
    const PlaceMaterial* material = nullptr;
    bool is_lamp = false;
    float distance = 0;
};

/// Light on a surface: over its hemisphere, and where it comes from.
struct Gathered {
    Vec3f illuminance;    ///< lx, without the sun's own
    Vec3f mean_direction; ///< sum of directions by luminance, lx
};

class PlaceTracer {
  public:
    /// Both must outlive it.
    PlaceTracer(const PlaceScene& scene, const Sky& sky);

    const PlaceScene& scene() const { return scene_; }
    const Sky& sky() const { return sky_; }

    /// `spread` is the angle that a pixel covers, rad.
    bool nearest(Vec3f origin, Vec3f direction, float spread, PlacePoint& point) const;

    /// One path's estimate.
    Gathered gather(const PlacePoint& point, Rng& rng) const;

    /// The sun's light on a surface with this normal, lx; what shines through it from behind
    /// counts by `through`.
    Vec3f sunlight(const PlacePoint& point, Vec3f normal) const;

  private:
    struct LightSample {
        Vec3f illuminance, direction;
    };
    LightSample lamp_light(Vec3f origin, Vec3f normal, Rng& rng) const;
    LightSample window_light(Vec3f origin, Vec3f normal, Rng& rng) const;
    Vec3f outside_radiance(const PlacePoint& point) const;

    const PlaceScene& scene_;
    const Sky& sky_;
    RayCaster rays_;
};

} // namespace rih
