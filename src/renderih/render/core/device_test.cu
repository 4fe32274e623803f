// SPDX-License-Identifier: Apache-2.0
// Every header of render/core, compiled for the device: a picture by the plain accelerator.
#include "renderih/render/core/brute_force_accel.h"
#include "renderih/render/core/camera_rays.h"
#include "renderih/render/core/film.h"
#include "renderih/render/core/path.h"
#include "renderih/render/core/sample_count.h"

namespace rih {

/// A thread a pixel. radiance: [width x height]
__global__ void render_pixels(BruteForceAccel accel,
                              CameraRays rays,
                              SeenView seen,
                              int least_spp,
                              std::uint64_t seed,
                              Vec3f* radiance) {
    const int x = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    const int y = static_cast<int>(blockIdx.y * blockDim.y + threadIdx.y);
    if (x >= seen.width || y >= seen.height) {
        return;
    }
    const int pixel = seen.pixel(x, y);
    const int spp = sample_count(seen, x, y, least_spp, false);
    FilmPixel film{spp};
    for (int i = 0; i < spp; ++i) {
        PathSampler sampler(
            seed, 0, static_cast<std::uint32_t>(pixel), static_cast<std::uint32_t>(i));
        const Vec2f place = film_place(x, y, sampler.next_2d());
        film.add(i,
                 trace_path(accel,
                            accel.scene,
                            rays.origin,
                            rays.direction(place.x, place.y),
                            sampler));
    }
    radiance[pixel] = {film.mean(0), film.mean(1), film.mean(2)};
}

} // namespace rih
