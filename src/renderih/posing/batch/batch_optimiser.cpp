// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/batch/batch_optimiser.h"

#include "renderih/base/error.h"
#include "renderih/posing/optimise.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr int kAngleCount = 3 * kFingerJointCount;
using Variables = std::array<Lanes, kVariablesPerHand>; // angles, then translation in units

constexpr float kBallMargin = 0.004f; // m by which a posed part may leave its rest ball

using Transforms = std::array<BoneTransforms, kLaneCount>;
using Rotations = std::array<LocalRotations, kLaneCount>;

double lane_of(const Lanes& lanes, int lane) {
    std::array<float, kLaneCount> values;
    lanes.store(values.data());
    return values[lane];
}

/// The weights of eq. 9 at one iteration.
struct Weights {
    float attraction = 0, anatomy = 0, adversarial = 0, penetration = 0, self = 0;
};

/// Which of them are there.
struct Terms {
    bool attraction = false, anatomy = false, adversarial = false, penetration = false,
         self = false;
};

struct AnchorPairSlots {
    std::array<int, 2> slots;
    float stiffness;
};

/// One hand's parts as balls in the world.
struct Balls {
    std::array<Eigen::Vector3f, kPartsPerHand> centre;
    std::array<float, kPartsPerHand> radius;
};

Eigen::Vector3f apply(const BoneTransform& bone, const Eigen::Vector3f& x) {
    Eigen::Vector3f y;
    for (int i = 0; i < 3; ++i) {
        y[i] = bone.rotation[3 * i] * x[0] + bone.rotation[3 * i + 1] * x[1] +
               bone.rotation[3 * i + 2] * x[2] + bone.offset[i];
    }
    return y;
}

Balls balls_of(const ModelTables& model, const IdentityTables& identity, const BoneTransforms& t) {
    Balls balls;
    for (int p = 0; p < kPartsPerHand; ++p) {
        balls.centre[p] = apply(t[model.parts[p].bone], identity.grids[p].centre());
        balls.radius[p] = identity.grids[p].radius() + kBallMargin;
    }
    return balls;
}

bool near(const Balls& a, int i, const Balls& b, int j) {
    const float reach = a.radius[i] + b.radius[j];
    return (a.centre[i] - b.centre[j]).squaredNorm() < reach * reach;
}

/// Eq. 2-4 for the vertices of `groups` against one part of a hand: the sum of their depths, each
/// counted `part_count` times. Adds weight times the slopes to the skin's gradient and to that of
/// the part's bone.
float penetrate(Skin& skin,
                IndexRange groups,
                const std::vector<Lanes>& part_count,
                const PartGrid& grid,
                const BoneTransform& bone,
                float weight,
                BoneTransform& d_bone) {
    Lanes energy = 0.0f;
    std::array<Lanes, 3> slope_sum{0.0f, 0.0f, 0.0f};
    std::array<Lanes, 9> moment_sum;
    moment_sum.fill(0.0f);
    bool hit = false;
    const auto& r = bone.rotation;
    const Lanes offset_x = bone.offset[0], offset_y = bone.offset[1], offset_z = bone.offset[2];
    for (int g = groups.first; g < groups.last; ++g) {
        const Vec3Lanes at = skin.group(g);
        const std::array<Lanes, 3> d{at.x - offset_x, at.y - offset_y, at.z - offset_z};
        const Vec3Lanes query{fma(r[0], d[0], fma(r[3], d[1], Lanes(r[6]) * d[2])),
                              fma(r[1], d[0], fma(r[4], d[1], Lanes(r[7]) * d[2])),
                              fma(r[2], d[0], fma(r[5], d[1], Lanes(r[8]) * d[2]))};
        const PartGrid::Sample sample = grid.sample(query);
        if (!any(less(0.0f, sample.depth))) {
            continue;
        }
        hit = true;
        const Lanes count = part_count[g];
        energy = fma(count, sample.depth, energy);
        const Lanes factor = Lanes(weight) * count;
        const std::array<Lanes, 3> slope{
            factor * sample.slope.x, factor * sample.slope.y, factor * sample.slope.z};
        skin.add_gradient(g,
                          {fma(r[0], slope[0], fma(r[1], slope[1], Lanes(r[2]) * slope[2])),
                           fma(r[3], slope[0], fma(r[4], slope[1], Lanes(r[5]) * slope[2])),
                           fma(r[6], slope[0], fma(r[7], slope[1], Lanes(r[8]) * slope[2]))});
        for (int i = 0; i < 3; ++i) {
            for (int k = 0; k < 3; ++k) {
                moment_sum[3 * i + k] = fma(d[i], slope[k], moment_sum[3 * i + k]);
            }
            slope_sum[i] += slope[i];
        }
    }
    if (!hit) {
        return 0;
    }
    // query = R^T (x - b): dE/dR_ik = (x - b)_i slope_k, dE/db = -R slope.
    const std::array<float, 3> slope{sum(slope_sum[0]), sum(slope_sum[1]), sum(slope_sum[2])};
    for (int i = 0; i < 3; ++i) {
        for (int k = 0; k < 3; ++k) {
            d_bone.rotation[3 * i + k] += sum(moment_sum[3 * i + k]);
        }
        d_bone.offset[i] -= r[3 * i] * slope[0] + r[3 * i + 1] * slope[1] + r[3 * i + 2] * slope[2];
    }
    return sum(energy);
}

BatchModel::Anchor
make_anchor(const ModelTables& tables, int vertex, const std::vector<std::array<int, 3>>& faces) {
    BatchModel::Anchor anchor;
    anchor.slot = tables.slot_of_vertex[vertex];
    RIH_ASSERT(anchor.slot >= 0, "anchor {} is on no part of the hand", vertex);
    for (int p = 0; p < kPartsPerHand; ++p) {
        const IndexRange groups = tables.parts[p].groups;
        if (anchor.slot / kLaneCount >= groups.first && anchor.slot / kLaneCount < groups.last) {
            anchor.part = p;
        }
    }
    for (const auto& face : faces) {
        std::array<int, 3> slots;
        for (int k = 0; k < 3; ++k) {
            slots[k] = tables.slot_of_vertex[face[k]];
        }
        if (*std::min_element(slots.begin(), slots.end()) >= 0) { // not of the forearm
            anchor.faces.push_back(slots);
        }
    }
    return anchor;
}

/// Sum of the faces' area vectors: the normal's direction, outwards on the right hand.
Eigen::Vector3f anchor_normal(const Skin& skin, const BatchModel::Anchor& anchor) {
    Eigen::Vector3f normal = Eigen::Vector3f::Zero();
    for (const auto& face : anchor.faces) {
        const Eigen::Vector3f origin = skin.vertex(face[0]);
        normal += (skin.vertex(face[1]) - origin).cross(skin.vertex(face[2]) - origin);
    }
    return normal;
}

} // namespace

BatchModel::BatchModel(const PosingContext& context)
    : context_(&context), tables_{ModelTables(context.hands->hands[0], context.parts[0]),
                                  ModelTables(context.hands->hands[1], context.parts[1])} {
    for (int h = 0; h < 2; ++h) {
        for (std::size_t a = 0; a < context.anchors.vertices.size(); ++a) {
            anchors_[h].push_back(
                make_anchor(tables_[h], context.anchors.vertices[a], context.anchors.faces[a]));
        }
    }
    if (context.discriminator != nullptr) {
        discriminator_.emplace(*context.discriminator);
    }
}

PersonTables make_person_tables(const BatchModel& model,
                                const std::array<ShapedHand, 2>& hands,
                                double grid_spacing) {
    const auto right = std::make_shared<const IdentityTables>(
        model.tables(0), model.context().parts[0], hands[0], grid_spacing);
    // An open left hand is the right one's mirror image to the bit, MANO's is not.
    const Points mirrored =
        hands[0].rest_vertices.array().rowwise() * Eigen::RowVector3d(-1, 1, 1).array();
    const bool is_mirror = hands[1].rest_vertices == mirrored &&
                           model.tables(0).vertex_of_slot == model.tables(1).vertex_of_slot;
    return {right,
            is_mirror ? std::make_shared<const IdentityTables>(model.tables(1), *right, hands[1])
                      : std::make_shared<const IdentityTables>(
                            model.tables(1), model.context().parts[1], hands[1], grid_spacing)};
}

struct BatchOptimiser::Impl {
    const BatchModel& model;
    const PosingOptions& options;
    Terms terms;

    Chain chain;
    std::array<Skin, 2> skins; // of one pair after another
    std::array<std::vector<AnchorPairSlots>, kPairLanes> anchor_pairs;
    std::array<std::array<std::array<bool, kPartsPerHand>, 2>, kPairLanes> anchor_parts{};
    DiscriminatorLanes::Scratch discriminator_scratch;
    Transforms transforms, d_transforms;
    Rotations rotations, d_rotations;
    AnchorPairing<float> pairing;

    Impl(const BatchModel& batch_model, const PosingOptions& posing_options);

    Weights weights_at(int iteration) const;
    void start(std::span<const BatchProblem> problems, HandVariables& variables);
    void rebuild(const BatchProblem& problem, int pair);
    double
    evaluate_pair(const BatchProblem& problem, int pair, const Terms& of, const Weights& weights);
    /// Energy per pair and gradient of all terms at `variables`.
    std::array<double, kPairLanes> evaluate(std::span<const BatchProblem> problems,
                                            const HandVariables& variables,
                                            int iteration,
                                            bool build_anchor_pairs,
                                            HandVariables& gradient);
    void add_anatomy(const HandVariables& variables,
                     float weight,
                     HandVariables& gradient,
                     Lanes& energy) const;
    void add_adversarial(const HandVariables& variables,
                         float weight,
                         HandVariables& gradient,
                         Lanes& energy);
    void optimise_batch(std::span<const BatchProblem> problems, PairParameters* results);
};

BatchOptimiser::Impl::Impl(const BatchModel& batch_model, const PosingOptions& posing_options)
    : model(batch_model), options(posing_options), pairing(batch_model.anchors(0).size()) {
    terms.attraction = options.has_term("attraction");
    terms.anatomy = options.has_term("anatomy");
    terms.adversarial = options.has_term("adversarial") && model.discriminator() != nullptr;
    terms.penetration = options.has_term("penetration");
    terms.self = options.has_term("self") && options.weights.self_penetration > 0;
    for (int h = 0; h < 2; ++h) {
        skins[h].reserve(model.tables(h));
    }
    for (auto& pairs : anchor_pairs) {
        pairs.reserve(AnchorPairing<float>::kMaxNeighbours * model.anchors(0).size());
    }
    if (model.discriminator() != nullptr) {
        discriminator_scratch = model.discriminator()->scratch();
    }
}

Weights BatchOptimiser::Impl::weights_at(int iteration) const {
    const auto weight = [&](std::string_view term) {
        return static_cast<float>(term_weight(options, term, iteration));
    };
    return {weight("attraction"),
            weight("anatomy"),
            weight("adversarial"),
            weight("penetration"),
            weight("self")};
}

void BatchOptimiser::Impl::start(std::span<const BatchProblem> problems, HandVariables& variables) {
    std::array<std::array<float, kLaneCount>, kVariablesPerHand> values{};
    for (int lane = 0; lane < kLaneCount; ++lane) {
        // Lanes without a pair repeat the first.
        const std::size_t pair = static_cast<std::size_t>(lane) / 2;
        const BatchProblem& problem = problems[pair < problems.size() ? pair : 0];
        const int h = lane % 2;
        const PairRig& rig = problem.rig;
        chain.set_hand(
            lane, rig.hands[h], rig.frames[h], rig.world_from_hand[h], forearm_rotation(rig, h));
        for (int j = 0; j < kFingerJointCount; ++j) {
            const JointAngles& angles = problem.initial.angles[h][j];
            values[3 * j][lane] = static_cast<float>(angles.twist);
            values[3 * j + 1][lane] = static_cast<float>(angles.splay);
            values[3 * j + 2][lane] = static_cast<float>(angles.bend);
        }
        for (int axis = 0; axis < 3; ++axis) {
            values[kAngleCount + axis][lane] =
                static_cast<float>(problem.initial.translation[h][axis]);
        }
    }
    for (int i = 0; i < kAngleCount; ++i) {
        variables.angles[i] = Lanes::load(values[i].data());
    }
    for (int axis = 0; axis < 3; ++axis) {
        variables.translation[axis] = Lanes::load(values[kAngleCount + axis].data());
    }
}

/// Eq. 5's pairs at the pose in `transforms`; see attraction_term.h.
void BatchOptimiser::Impl::rebuild(const BatchProblem& problem, int pair) {
    std::array<bool, kPartsPerHand> all;
    all.fill(true);
    for (int h = 0; h < 2; ++h) {
        const int lane = 2 * pair + h;
        skins[h].forward(
            model.tables(h), *problem.person[h], transforms[lane], rotations[lane], all);
        const auto& anchors = model.anchors(h);
        for (std::size_t a = 0; a < anchors.size(); ++a) {
            pairing.position[h][a] = skins[h].vertex(anchors[a].slot);
            // The left hand's faces are the right hand's, so their normals point inwards.
            pairing.normal[h][a] = (h == 0 ? 1 : -1) * anchor_normal(skins[h], anchors[a]);
        }
        anchor_parts[pair][h].fill(false);
    }
    auto& pairs = anchor_pairs[pair];
    pairs.clear();
    for (const auto& chosen : pairing.choose(anchor_rule(options))) {
        const BatchModel::Anchor& right = model.anchors(0)[chosen.right];
        const BatchModel::Anchor& left = model.anchors(1)[chosen.left];
        pairs.push_back({{right.slot, left.slot}, chosen.stiffness});
        anchor_parts[pair][0][right.part] = true;
        anchor_parts[pair][1][left.part] = true;
    }
}

double BatchOptimiser::Impl::evaluate_pair(const BatchProblem& problem,
                                           int pair,
                                           const Terms& of,
                                           const Weights& weights) {
    const std::array<const BoneTransforms*, 2> bones{&transforms[2 * pair],
                                                     &transforms[2 * pair + 1]};
    std::array<Balls, 2> balls;
    for (int h = 0; h < 2; ++h) {
        balls[h] = balls_of(model.tables(h), *problem.person[h], *bones[h]);
    }
    // Which parts of one hand may be inside which of the other, and of their own.
    std::array<std::array<bool, kPartsPerHand>, 2> active{};
    if (of.attraction) {
        active = anchor_parts[pair];
    }
    std::array<std::array<bool, kPartsPerHand>, kPartsPerHand> across{}; // [right][left]
    std::array<std::array<std::array<bool, kPartsPerHand>, kPartsPerHand>, 2> within{};
    for (int i = 0; i < kPartsPerHand; ++i) {
        for (int j = 0; j < kPartsPerHand; ++j) {
            if (of.penetration && near(balls[0], i, balls[1], j)) {
                across[i][j] = active[0][i] = active[1][j] = true;
            }
            for (int h = 0; of.self && h < 2; ++h) {
                if (!model.context().neighbours[h][i][j] && near(balls[h], i, balls[h], j)) {
                    within[h][i][j] = active[h][i] = active[h][j] = true;
                }
            }
        }
    }
    for (int h = 0; h < 2; ++h) {
        skins[h].forward(
            model.tables(h), *problem.person[h], *bones[h], rotations[2 * pair + h], active[h]);
    }

    double energy = 0;
    // Vertices of part j of `hand` against part i of hand `in`.
    const auto depth = [&](int hand, int j, int in, int i, float weight) {
        const ModelTables& tables = model.tables(hand);
        const int bone = model.tables(in).parts[i].bone;
        energy += weight * penetrate(skins[hand],
                                     tables.parts[j].groups,
                                     tables.part_count,
                                     problem.person[in]->grids[i],
                                     (*bones[in])[bone],
                                     weight,
                                     d_transforms[2 * pair + in][bone]);
    };
    for (int i = 0; i < kPartsPerHand; ++i) {
        for (int j = 0; j < kPartsPerHand; ++j) {
            if (across[i][j]) {
                depth(1, j, 0, i, weights.penetration);
                depth(0, i, 1, j, weights.penetration);
            }
            for (int h = 0; h < 2; ++h) {
                if (within[h][i][j]) {
                    depth(h, j, h, i, weights.self);
                }
            }
        }
    }
    if (of.attraction) {
        for (const AnchorPairSlots& anchors : anchor_pairs[pair]) {
            const Eigen::Vector3f offset =
                skins[0].vertex(anchors.slots[0]) - skins[1].vertex(anchors.slots[1]);
            energy += 0.5f * weights.attraction * anchors.stiffness * offset.squaredNorm();
            const Eigen::Vector3f slope = weights.attraction * anchors.stiffness * offset;
            skins[0].add_gradient(anchors.slots[0], slope);
            skins[1].add_gradient(anchors.slots[1], -slope);
        }
    }
    for (int h = 0; h < 2; ++h) {
        const int lane = 2 * pair + h;
        skins[h].backward(model.tables(h), transforms[lane], d_transforms[lane], d_rotations[lane]);
    }
    return energy;
}

/// Eq. 6.
void BatchOptimiser::Impl::add_anatomy(const HandVariables& variables,
                                       float weight,
                                       HandVariables& gradient,
                                       Lanes& energy) const {
    const auto& limits = table2_limits();
    const auto add = [&](int i, const AngleRange& range) {
        const Lanes angle = variables.angles[i];
        const Lanes excess = max(angle - Lanes(static_cast<float>(range.high)), 0.0f) +
                             min(angle - Lanes(static_cast<float>(range.low)), 0.0f);
        energy = fma(Lanes(weight) * excess, excess, energy);
        gradient.angles[i] = fma(2 * weight, excess, gradient.angles[i]);
    };
    for (int j = 0; j < kFingerJointCount; ++j) {
        add(3 * j, limits[j].twist);
        add(3 * j + 1, limits[j].splay);
        add(3 * j + 2, limits[j].bend);
    }
}

/// Eq. 8.
void BatchOptimiser::Impl::add_adversarial(const HandVariables& variables,
                                           float weight,
                                           HandVariables& gradient,
                                           Lanes& energy) {
    DiscriminatorLanes::Angles slope;
    const Lanes probability =
        model.discriminator()->evaluate(variables.angles, slope, discriminator_scratch);
    const Lanes lack = probability - Lanes(1.0f);
    energy = fma(Lanes(weight) * lack, lack, energy);
    const Lanes factor = Lanes(2 * weight) * lack;
    for (int i = 0; i < kAngleCount; ++i) {
        gradient.angles[i] = fma(factor, slope[i], gradient.angles[i]);
    }
}

std::array<double, kPairLanes>
BatchOptimiser::Impl::evaluate(std::span<const BatchProblem> problems,
                               const HandVariables& variables,
                               int iteration,
                               bool build_anchor_pairs,
                               HandVariables& gradient) {
    chain.forward(variables, transforms, rotations);
    const Weights weights = weights_at(iteration);
    d_transforms = {};
    d_rotations = {};
    std::array<double, kPairLanes> energy{};
    for (std::size_t pair = 0; pair < problems.size(); ++pair) {
        const int index = static_cast<int>(pair);
        if (build_anchor_pairs && terms.attraction) {
            rebuild(problems[pair], index);
        }
        energy[pair] = evaluate_pair(problems[pair], index, terms, weights);
    }
    chain.backward(d_transforms, d_rotations, gradient);
    Lanes hand_energy = 0.0f;
    if (terms.anatomy) {
        add_anatomy(variables, weights.anatomy, gradient, hand_energy);
    }
    if (terms.adversarial) {
        add_adversarial(variables, weights.adversarial, gradient, hand_energy);
    }
    for (int lane = 0; lane < kLaneCount; ++lane) {
        energy[lane / 2] += lane_of(hand_energy, lane);
    }
    return energy;
}

void BatchOptimiser::Impl::optimise_batch(std::span<const BatchProblem> problems,
                                          PairParameters* results) {
    const auto unit = static_cast<float>(options.translation_unit);
    HandVariables variables, gradient;
    start(problems, variables);
    const AdamOptions steps{.learning_rate = options.learning_rate,
                            .learning_rate_factor = options.learning_rate_factor,
                            .plateau_patience = options.plateau_patience};
    AdamLanes<kVariablesPerHand> adam(steps);
    Variables x, slope;
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        if (options.starts_stage(iteration)) {
            adam = AdamLanes<kVariablesPerHand>(steps);
        }
        const bool build = options.rebuilds_anchors(iteration);
        if (build) {
            adam.restart_plateau(); // as in optimise_pair
        }
        const std::array<double, kPairLanes> energy =
            evaluate(problems, variables, iteration, build, gradient);
        for (std::size_t pair = 0; pair < problems.size(); ++pair) {
            RIH_ASSERT(std::isfinite(energy[pair]),
                       "energy {} is not finite at iteration {}",
                       energy[pair],
                       iteration);
        }
        for (int i = 0; i < kAngleCount; ++i) {
            x[i] = variables.angles[i];
            slope[i] = gradient.angles[i];
        }
        for (int axis = 0; axis < 3; ++axis) {
            x[kAngleCount + axis] = variables.translation[axis] / Lanes(unit);
            slope[kAngleCount + axis] = gradient.translation[axis] * Lanes(unit);
        }
        adam.step(energy, slope, x);
        const bool project = options.project_angles && iteration >= options.schedule_end;
        const auto& limits = table2_limits();
        for (int i = 0; i < kAngleCount; ++i) {
            const JointLimits& joint = limits[i / 3];
            const AngleRange& range = i % 3 == 0   ? joint.twist
                                      : i % 3 == 1 ? joint.splay
                                                   : joint.bend;
            variables.angles[i] = project ? min(max(x[i], static_cast<float>(range.low)),
                                                static_cast<float>(range.high))
                                          : x[i];
        }
        for (int axis = 0; axis < 3; ++axis) {
            variables.translation[axis] = x[kAngleCount + axis] * Lanes(unit);
        }
    }
    for (std::size_t pair = 0; pair < problems.size(); ++pair) {
        results[pair] = {};
        for (int h = 0; h < 2; ++h) {
            const int lane = static_cast<int>(2 * pair) + h;
            FingerAngles angles;
            for (int j = 0; j < kFingerJointCount; ++j) {
                angles[j] = {lane_of(variables.angles[3 * j], lane),
                             lane_of(variables.angles[3 * j + 1], lane),
                             lane_of(variables.angles[3 * j + 2], lane)};
            }
            results[pair].angles[h] = options.project_angles ? clamp_inside_limits(angles) : angles;
            for (int axis = 0; axis < 3; ++axis) {
                results[pair].translation[h][axis] = lane_of(variables.translation[axis], lane);
            }
        }
    }
}

BatchOptimiser::BatchOptimiser(const BatchModel& model, const PosingOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}

BatchOptimiser::~BatchOptimiser() = default;

std::vector<PairParameters> BatchOptimiser::optimise(std::span<const BatchProblem> problems) {
    std::vector<PairParameters> results(problems.size());
    for (std::size_t first = 0; first < problems.size(); first += kPairLanes) {
        const std::size_t count = std::min<std::size_t>(kPairLanes, problems.size() - first);
        impl_->optimise_batch(problems.subspan(first, count), results.data() + first);
    }
    return results;
}

double
BatchOptimiser::evaluate(const BatchProblem& problem, int iteration, PairParameters& gradient) {
    HandVariables variables, slope;
    const std::span<const BatchProblem> problems(&problem, 1);
    impl_->start(problems, variables);
    const double energy = impl_->evaluate(problems, variables, iteration, true, slope)[0];
    for (int h = 0; h < 2; ++h) {
        for (int j = 0; j < kFingerJointCount; ++j) {
            gradient.angles[h][j] = {lane_of(slope.angles[3 * j], h),
                                     lane_of(slope.angles[3 * j + 1], h),
                                     lane_of(slope.angles[3 * j + 2], h)};
        }
        for (int axis = 0; axis < 3; ++axis) {
            gradient.translation[h][axis] = lane_of(slope.translation[axis], h);
        }
    }
    return energy;
}

double BatchOptimiser::penetration(const BatchProblem& problem) {
    HandVariables variables;
    impl_->start({&problem, 1}, variables);
    impl_->chain.forward(variables, impl_->transforms, impl_->rotations);
    return impl_->evaluate_pair(problem, 0, {.penetration = true}, {.penetration = 1});
}

} // namespace rih
