// SPDX-License-Identifier: Apache-2.0
// Bends one surface onto another of the same kind: closest points both ways, held together by an
// as-rigid-as-possible energy (Sorkine and Alexa 2007) that is let go step by step. With x the
// vertices, p those at the start of a stage, a areas, c closest points, w cotangents:
//   E = sum_v a_v |x_v - c_v|^2 + sum_t a_t |sum_k b_k x_k - t|^2
//     + l^2 sum_ij w_ij |(x_i - x_j) - R_i (p_i - p_j)|^2
// l, in metres, is the stiffness of a stage: waves shorter than about 6 l are kept as they are.
#pragma once

#include "renderih/geometry/grouped_surface.h"

#include <vector>

namespace rih {

struct SurfaceFitOptions {
    std::vector<double> stiffness_m{
        0.08, 0.04, 0.02, 0.01, 0.005, 0.0025, 0.0012}; ///< of each stage
    int iterations = 20;                                ///< of each stage
    double momentum = 0.85;      ///< share of the last step that the next one starts with
    double max_distance = 0.02;  ///< m; a closest point farther off is none
    double min_normal_cos = 0.3; ///< between the normals of a point and its closest one
};

/// The vertices of `source` where they lie on `target`; it must lie about there already. A function
/// of its arguments alone. Throws UserError when there is no solution.
Points fit_surface(GroupedSurface source,
                   const GroupedSurface& target,
                   const SurfaceFitOptions& options = {});

} // namespace rih
