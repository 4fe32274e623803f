// SPDX-License-Identifier: Apache-2.0
// Every number of the pose engine that a user may turn. Defaults live here and nowhere else.
#pragma once

#include <string>
#include <vector>

namespace rih {

/// Weights of eq. 9 / 13. The paper gives no values; these hold for metres and radians.
struct EnergyWeights {
    double attraction_start = 1.0, attraction_end = 100.0; ///< w1, linear from iteration 0 to 165
    double anatomy = 1.0;                                  ///< w2
    double adversarial = 0.02;                             ///< w3
    double penetration_start = 100.0, penetration_end = 10.0; ///< w4, linear from 0 to 165
    double self_penetration = 10.0; ///< the same hand's parts that are no neighbours; 0 = paper's
};

struct PosingOptions {
    std::vector<std::string> sources{"open"}; ///< "open" or files (NeuralAnnot JSON, poses npz)
    int iterations = 215;
    int schedule_end = 165; ///< w1 and w4 stop changing here
    int rebuild_anchors_every = 40;
    double learning_rate = 0.01;
    double learning_rate_factor = 0.5;
    int plateau_patience = 20;   ///< iterations without a lower energy before the rate halves
    double anchor_radius = 0.02; ///< s of eq. 5, m
    EnergyWeights weights;
    std::vector<std::string>
        without; ///< terms switched off: attraction, anatomy, adversarial, penetration, self
    double augment_bend_deg = 90, augment_splay_deg = 30; ///< eq. 1; scaled by `augment_scale`
    double augment_scale = 1.0;
    int augmentations = 30; ///< I of the paper: variants of one source pose
    int max_attempts = 64;
    double max_self_penetration = 0.003; ///< m; a pair beyond it is drawn again
    double min_naturalness = 0.0;
    double shape_sd = 1.0; ///< scale of the identity coefficients; 0 = the mean hand

    /// Throws UserError naming the field and its range.
    void validate() const;
};

} // namespace rih
