// SPDX-License-Identifier: Apache-2.0
// What stands near the hands in some records: a table under them with things on it, or a wall
// behind them. Either shadows them, throws light back onto them and takes their shadow. Drawn for
// a record, since where they may stand depends on the camera.
#pragma once

#include "renderih/math/camera.h"
#include "renderih/things/near_mesh.h"

#include <array>
#include <cstdint>
#include <vector>

namespace rih {

struct NearOptions {
    double table = 0; ///< probability of a table below the hands, where one may stand
    double wall = 0;  ///< of a wall behind them instead; both sum to 1 at most
};

/// What near things keep clear of.
struct NearSubject {
    std::vector<const Points*> surfaces;      // [V, 3] each, world: hands, arms, what they wear
    std::array<const Points*, 2> keypoints{}; // [21, 3] world
    Camera camera;
};

/// The things of a record, from (seed, record, "near"): none, a wall, or a table and up to four
/// things on it. Nothing touches a surface or stands between the camera and a keypoint; a table
/// lies up to 35 cm below the hands' centre and below the camera, a wall up to 45 cm behind it.
/// What has no place is left out.
std::vector<NearThing> draw_near(const NearOptions& options,
                                 std::uint64_t seed,
                                 std::uint64_t record,
                                 const NearSubject& subject);

} // namespace rih
