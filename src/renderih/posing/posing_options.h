// SPDX-License-Identifier: Apache-2.0
// Every number of the pose engine that a user may turn. Defaults live here and nowhere else.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rih {

/// Weights of eq. 9 / 13. The paper gives no values; these hold for metres and radians.
struct EnergyWeights {
    double attraction_start = 10, attraction_end = 1000;  ///< w1, 1/m^2, linear from 0 to 165
    double anatomy = 10;                                  ///< w2, 1/rad^2
    double adversarial = 1;                               ///< w3
    double penetration_start = 100, penetration_end = 10; ///< w4, 1/m, linear from 0 to 165
    double self_penetration = 10; ///< 1/m; one hand's parts that are no neighbours; 0 = paper's
};

struct PosingOptions {
    /// "open" or files (NeuralAnnot JSON, poses npz), each "SPEC" or "SPEC=WEIGHT".
    std::vector<std::string> sources{"open"};
    int iterations = 215;
    int schedule_end = 165; ///< w1 and w4 stop changing here
    int rebuild_anchors_every = 40;
    /// Triples (last iteration, w1, w4) that replace the two linear weights by steps; the optimiser
    /// and the anchor pairs start afresh with each. Empty: the paper's schedule.
    std::vector<double> stages;
    double learning_rate = 0.01;
    double learning_rate_factor = 0.5;
    int plateau_patience = 20;      ///< iterations without a lower energy before the rate halves
    double translation_unit = 0.02; ///< m that count as one radian to the optimiser's steps
    double anchor_radius = 0.02;    ///< s of eq. 5, m
    int anchor_neighbours = 0;      ///< 0: pairs of mutual nearest; n: a left anchor's nearest n
    double anchor_max_cosine = 0;   ///< the pair's normals' product must be below
    double anchor_stiffness = 1;    ///< multiplies k of eq. 5
    bool anchor_mean = false;       ///< divides it by the number of pairs
    int anchor_count = 108;         ///< of attraction; 0: every vertex of the hand
    std::string anchors;       ///< contact counts of `renderih anchors`; empty: the open hand's
    std::string discriminator; ///< weights of `renderih train-discriminator`; empty: the open ones
    /// From `schedule_end` on angles are held inside Table 2; false: the paper's free rotations,
    /// which the filter may then refuse.
    bool project_angles = true;
    EnergyWeights weights;
    /// Terms switched off: attraction (with everything else that pulls the hands together: the
    /// approach before the optimisation and the exact one after it), anatomy, adversarial,
    /// penetration, self.
    std::vector<std::string> without;
    double augment_bend_deg = 90, augment_splay_deg = 30; ///< eq. 1; scaled by `augment_scale`
    double augment_scale = 1.0;
    int augmentations = 30;     ///< I of the paper: variants of one source pose, the first one raw
    bool augment_graded = true; ///< variant i has offsets up to i / (I - 1) of the largest
    double raw_noise_deg = 2;   ///< standard deviation of the noise on variant 0's angles
    /// A pair that is meant to touch starts with its nearest anchors half an `anchor_radius` apart
    /// at most: the left hand is moved up, so that attraction finds something to pull at.
    bool bring_near = true;
    double max_separation = 0.008; ///< m the left hand may be moved to end an intersection
    double max_approach = 0.02;    ///< m it may be moved to touch, where the source says touch
    int max_attempts = 64;
    double max_self_penetration = 0.001; ///< m beyond the flat hand; a pair deeper is drawn again
    double min_naturalness = 0.0;
    double shape_sd = 1.0; ///< scale of the identity coefficients; 0 = the mean hand
    /// Distinct identities of a population (a split); what depends on shape is worked out for each.
    int people = 128;
    double grid_spacing = 0.002; ///< m between the nodes of a part's distance grid

    /// Whether a term is not among `without`.
    bool has_term(std::string_view term) const;

    /// Whether an iteration is the first of one of `stages`.
    bool starts_stage(int iteration) const;

    bool rebuilds_anchors(int iteration) const {
        return iteration % rebuild_anchors_every == 0 || starts_stage(iteration);
    }

    /// Throws UserError naming the field and its range.
    void validate() const;
};

/// "default", "paper" (full offsets for every variant; of what the paper does not have only that
/// without which no pair, or hardly one, passes the exact filter) or "released" (the released
/// code's figures where they are well defined); docs/poses.md tells what stays. Throws UserError.
PosingOptions posing_preset(const std::string& name);

/// Calls visitor(name, field) for every field: the one list behind TOML, JSON and flags.
template <typename Options, typename Visitor>
void visit_posing_options(Options& options, Visitor&& visitor) {
    visitor("sources", options.sources);
    visitor("iterations", options.iterations);
    visitor("schedule_end", options.schedule_end);
    visitor("rebuild_anchors_every", options.rebuild_anchors_every);
    visitor("stages", options.stages);
    visitor("learning_rate", options.learning_rate);
    visitor("learning_rate_factor", options.learning_rate_factor);
    visitor("plateau_patience", options.plateau_patience);
    visitor("translation_unit", options.translation_unit);
    visitor("anchor_radius", options.anchor_radius);
    visitor("anchor_neighbours", options.anchor_neighbours);
    visitor("anchor_max_cosine", options.anchor_max_cosine);
    visitor("anchor_stiffness", options.anchor_stiffness);
    visitor("anchor_mean", options.anchor_mean);
    visitor("anchor_count", options.anchor_count);
    visitor("anchors", options.anchors);
    visitor("discriminator", options.discriminator);
    visitor("project_angles", options.project_angles);
    visitor("attraction_start", options.weights.attraction_start);
    visitor("attraction_end", options.weights.attraction_end);
    visitor("anatomy", options.weights.anatomy);
    visitor("adversarial", options.weights.adversarial);
    visitor("penetration_start", options.weights.penetration_start);
    visitor("penetration_end", options.weights.penetration_end);
    visitor("self_penetration", options.weights.self_penetration);
    visitor("without", options.without);
    visitor("augment_bend_deg", options.augment_bend_deg);
    visitor("augment_splay_deg", options.augment_splay_deg);
    visitor("augment_scale", options.augment_scale);
    visitor("augmentations", options.augmentations);
    visitor("augment_graded", options.augment_graded);
    visitor("raw_noise_deg", options.raw_noise_deg);
    visitor("bring_near", options.bring_near);
    visitor("max_separation", options.max_separation);
    visitor("max_approach", options.max_approach);
    visitor("max_attempts", options.max_attempts);
    visitor("max_self_penetration", options.max_self_penetration);
    visitor("min_naturalness", options.min_naturalness);
    visitor("shape_sd", options.shape_sd);
    visitor("people", options.people);
    visitor("grid_spacing", options.grid_spacing);
}

/// Where the weights of the natural discriminator are; `assets` is the built asset folder. Throws
/// UserError when the open ones are missing.
std::filesystem::path discriminator_file(const PosingOptions& options,
                                         const std::filesystem::path& assets);

/// Every field as one JSON object, keys sorted.
std::string to_json(const PosingOptions& options);

} // namespace rih
