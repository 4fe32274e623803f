// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/pose_engine.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/base/sha256.h"
#include "renderih/math/rotation.h"
#include "renderih/posing/augment.h"
#include "renderih/posing/bring_near.h"
#include "renderih/posing/discriminator.h"
#include "renderih/posing/filter.h"
#include "renderih/posing/forearms.h"
#include "renderih/posing/optimise.h"
#include "renderih/posing/separate.h"
#include "renderih/posing/sources/asset_files.h"
#include "renderih/posing/sources/pose_source.h"

#include <map>
#include <optional>

namespace rih {

namespace {

/// Raise when the engine's algorithm changes what a pose id gives.
constexpr std::string_view kEngineVersion = "posing 1";
constexpr double kShapeLimit = 2.0;    // standard deviations
constexpr double kTouchingGap = 0.005; // m; a source that leaves less means hands that touch
constexpr std::size_t kForearmTries = 4;

VecX draw_shape(const HandModel& model, double shape_sd, Rng& rng) {
    VecX shape(model.shape_count());
    for (double& coefficient : shape) {
        coefficient = shape_sd * rng.truncated_normal(kShapeLimit);
    }
    return shape;
}

FingerAngles with_noise(FingerAngles angles, double sd, Rng& rng) {
    for (int i = 0; i < kFingerJointCount; ++i) {
        angles[i].bend += sd * rng.truncated_normal(2);
        const double splay = sd * rng.truncated_normal(2);
        if (is_finger_root(i + 1)) {
            angles[i].splay += splay;
        }
    }
    return clamp_to_limits(angles);
}

} // namespace

struct PoseEngine::Impl {
    const HandPair& hands;
    PosingOptions options;
    std::vector<std::unique_ptr<PoseSource>> sources;
    std::optional<Discriminator> discriminator;
    PosingContext context;

    /// One draw; the reason when it fails.
    std::optional<std::string>
    attempt(const std::array<ShapedHand, 2>& drawn_hands, Rng& rng, PosePair& pair) const;

    std::optional<std::string> finish(PairRig& rig,
                                      const PairParameters& parameters,
                                      const PoseSeed& seed,
                                      Rng& rng,
                                      PosePair& pair) const;
};

PoseEngine::PoseEngine(const HandPair& hands,
                       const PosingOptions& options,
                       const std::filesystem::path& assets)
    : impl_(new Impl{hands, options, {}, {}, {}}) {
    options.validate();
    for (const std::string& source : options.sources) {
        impl_->sources.push_back(make_pose_source(source, assets, hands));
    }
    impl_->discriminator = Discriminator::load(asset_file(assets, "discriminator/weights.npz"));
    impl_->context = make_posing_context(hands, &*impl_->discriminator);
}

PoseEngine::~PoseEngine() = default;

std::string PoseEngine::fingerprint() const {
    Sha256 digest;
    const auto add = [&](std::string_view text) {
        digest.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        const std::uint8_t end = 0;
        digest.update({&end, 1});
    };
    add(kEngineVersion);
    add(to_json(impl_->options));
    for (const auto& source : impl_->sources) {
        add(source->fingerprint());
    }
    add(impl_->discriminator->fingerprint());
    return digest.finish();
}

PosePair PoseEngine::make(std::uint64_t seed, std::uint64_t id) const {
    Rng shape_rng(seed, id, "pose shape");
    Rng rng(seed, id, "pose");
    const VecX shape = draw_shape(impl_->hands.hands[0], impl_->options.shape_sd, shape_rng);
    const std::array<ShapedHand, 2> hands{shape_hand(impl_->hands.hands[0], shape),
                                          shape_hand(impl_->hands.hands[1], shape)};
    std::map<std::string, int> failures;
    for (int attempts = 1; attempts <= impl_->options.max_attempts; ++attempts) {
        PosePair pair;
        pair.id = id;
        pair.attempts = attempts;
        const std::optional<std::string> failure = impl_->attempt(hands, rng, pair);
        if (!failure) {
            return pair;
        }
        ++failures[*failure];
    }
    std::string reasons;
    for (const auto& [reason, count] : failures) {
        reasons += fmt::format("{}{} {}x", reasons.empty() ? "" : ", ", reason, count);
    }
    throw_user_error("pose {} of seed {}: none of {} draws passed ({}); raise posing.max_attempts "
                     "or lower posing.augment_scale",
                     id,
                     seed,
                     impl_->options.max_attempts,
                     reasons);
}

std::optional<std::string> PoseEngine::Impl::attempt(const std::array<ShapedHand, 2>& drawn_hands,
                                                     Rng& rng,
                                                     PosePair& pair) const {
    const auto source_count = static_cast<std::uint32_t>(sources.size());
    const PoseSeed seed = sources[rng.uniform_index(source_count)]->draw(drawn_hands, rng);
    std::array<ShapedHand, 2> shaped = drawn_hands;
    if (seed.has_shape) {
        for (int h = 0; h < 2; ++h) {
            shaped[h] = shape_hand(hands.hands[h], seed.shape);
        }
    }
    PairRig rig = make_rig(shaped, seed.world_from_hand);
    rig.forearm_flexion = seed.forearm_flexion;
    rig.forearm_deviation = seed.forearm_deviation;
    pair.source = seed.source;
    pair.source_id = seed.source_id;

    // Variant 0 is the raw pose, the others wander further and further from it.
    pair.augmentation =
        static_cast<int>(rng.uniform_index(static_cast<std::uint32_t>(options.augmentations)));
    AugmentOptions augmentation{.bend = options.augment_bend_deg * kDegree,
                                .splay = options.augment_splay_deg * kDegree,
                                .scale = options.augment_scale};
    if (options.augment_graded && options.augmentations > 1) {
        augmentation.scale *= double(pair.augmentation) / (options.augmentations - 1);
    }
    PairParameters initial;
    initial.translation = seed.translation;
    for (int h = 0; h < 2; ++h) {
        initial.angles[h] = pair.augmentation == 0
                                ? with_noise(seed.angles[h], options.raw_noise_deg * kDegree, rng)
                                : augment(seed.angles[h], augmentation, rng);
    }
    if (seed.intended_gap_m <= kTouchingGap) {
        initial = bring_near(context.anchors, rig, initial, 0.5 * options.anchor_radius);
    }
    const PairParameters optimised = optimise_pair(context, options, rig, initial);
    return finish(rig, optimised, seed, rng, pair);
}

std::optional<std::string> PoseEngine::Impl::finish(PairRig& rig,
                                                    const PairParameters& parameters,
                                                    const PoseSeed& seed,
                                                    Rng& rng,
                                                    PosePair& pair) const {
    const std::vector<ForearmChoice> choices =
        choose_forearms(rig,
                        pose_pair(rig, parameters),
                        {.flexion = seed.forearm_flexion,
                         .deviation = seed.forearm_deviation,
                         .body_direction = seed.body_direction},
                        rng,
                        kForearmTries);
    std::optional<std::string> failure = "no room for the forearms";
    for (const ForearmChoice& choice : choices) {
        rig.forearm_flexion = pair.forearm_flexion = choice.flexion;
        rig.forearm_deviation = pair.forearm_deviation = choice.deviation;
        pair.pose = to_pair_pose(rig, parameters);

        // From here on only the stored numbers count.
        std::array<Points, 2> vertices;
        for (int h = 0; h < 2; ++h) {
            vertices[h] = pose_hand(hands.hands[h], pair.pose[h]).vertices;
        }
        const bool touching = seed.intended_gap_m <= kTouchingGap;
        const SeparateResult moved =
            separate_hands(hands,
                           vertices,
                           {.max_separation = options.max_separation,
                            .max_approach = touching ? options.max_approach : 0});
        if (!moved.free) {
            failure = "the hands intersect";
            continue;
        }
        vertices[1].rowwise() += moved.left_shift.transpose();
        const Vec3 centre = centre_of_hands(context, vertices);
        pair.pose[0].translation -= centre;
        pair.pose[1].translation += moved.left_shift - centre;

        failure = rejection(pair, measure_pair(context, pair), options);
        if (!failure) {
            return std::nullopt;
        }
    }
    return failure;
}

} // namespace rih
