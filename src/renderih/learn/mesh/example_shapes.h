// SPDX-License-Identifier: Apache-2.0
// A hand in many poses, for what is fitted to how its surface moves.
#pragma once

#include "renderih/learn/data/hand_mesh.h"

#include <cstdint>

namespace rih::learn {

/// [V, 3] m each: the mean hand at rest, then `poses` of it with angles drawn uniformly within
/// Table 2's limits from (seed, pose).
std::vector<Points>
example_shapes(const HandModel& model, const HandMesh& mesh, std::uint64_t seed, int poses);

} // namespace rih::learn
