// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/pose_engine.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/base/sha256.h"
#include "renderih/posing/augment.h"
#include "renderih/posing/bring_near.h"
#include "renderih/posing/contact_frequency.h"
#include "renderih/posing/discriminator.h"
#include "renderih/posing/filter.h"
#include "renderih/posing/forearms.h"
#include "renderih/posing/people.h"
#include "renderih/posing/separate.h"
#include "renderih/posing/sources/pose_source.h"

#include <ctime>
#include <limits>
#include <map>
#include <optional>

namespace rih {

namespace {

/// Raise when the engine's algorithm changes what a pose id gives.
constexpr std::string_view kEngineVersion = "posing 4";
constexpr double kTouchingGap = 0.005; // m; a source that leaves less means hands that touch
constexpr std::size_t kForearmTries = 4;
constexpr double kDrawBackStep = 0.003, kMaxDrawBack = 0.09; // m
constexpr double kShallow = 0.05; // m, sum over vertices that the optimiser resolves by itself

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

/// Processor time of this thread, s.
double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Adds the thread's time during its life.
class StageTimer {
  public:
    explicit StageTimer(double& seconds) : seconds_(seconds) {}
    ~StageTimer() { seconds_ += thread_seconds() - start_; }
    StageTimer(const StageTimer&) = delete;
    StageTimer& operator=(const StageTimer&) = delete;

  private:
    double& seconds_;
    double start_ = thread_seconds();
};

/// A raw pair made ready for the optimiser.
struct Draw {
    PoseSeed seed;
    PairParameters raw;
    BatchProblem problem;
    int augmentation = 0;
};

/// A pose on its way: drawn again until it passes.
struct Job {
    Job(std::uint64_t seed, std::uint64_t pose_id, std::shared_ptr<const Person> drawn_person)
        : id(pose_id), rng(seed, pose_id, "pose"), person(std::move(drawn_person)) {}
    std::uint64_t id;
    Rng rng;
    std::shared_ptr<const Person> person;
    std::map<std::string, int> failures;
    int attempts = 0;
    Draw draw;
    PosePair pair;
};

} // namespace

PoseStageSeconds& PoseStageSeconds::operator+=(const PoseStageSeconds& other) {
    people += other.people;
    source += other.source;
    optimise += other.optimise;
    forearms += other.forearms;
    separate += other.separate;
    measure += other.measure;
    return *this;
}

struct PoseEngine::Impl {
    const HandPair& hands;
    PosingOptions options;
    std::unique_ptr<PoseSource> source;
    std::optional<Discriminator> discriminator;
    PosingContext context;
    std::optional<BatchModel> batch_model;
    std::optional<People> people;

    Job start(std::uint64_t seed, std::uint64_t id, int population) {
        return {seed, id, people->of_pose(seed, id, population)};
    }
    Draw draw(const Person& person, BatchOptimiser& optimiser, Rng& rng) const;

    /// Whether the pair is to be brought into contact, by attraction and by what helps it.
    bool means_contact(const PoseSeed& seed) const {
        return seed.intended_gap_m <= kTouchingGap && options.has_term("attraction");
    }

    /// Draws the left hand of an augmented pair back along `approach` until the hands are no deeper
    /// in each other than those of the raw pair. Offsets of up to 90 degrees put fingers right
    /// through the other hand, and from beyond it no gradient leads back.
    void draw_back(const Draw& raw, BatchOptimiser& optimiser, BatchProblem& problem) const;

    /// The exact steps after the optimisation; the reason when the pair is refused.
    std::optional<std::string>
    finish(Job& job, const PairParameters& parameters, PoseStageSeconds& seconds) const;
};

PoseEngine::PoseEngine(const HandPair& hands,
                       const PosingOptions& options,
                       const std::filesystem::path& assets,
                       std::size_t people_kept)
    : impl_(new Impl{hands, options, {}, {}, {}, {}, {}}) {
    options.validate();
    impl_->source = make_mixed_source(options.sources, assets, hands);
    impl_->discriminator = Discriminator::load(discriminator_file(options, assets));
    impl_->context = make_posing_context(hands, &*impl_->discriminator);
    impl_->context.anchors =
        make_anchors(hands.hands[0],
                     contact_frequency(hands.hands[0], options.anchors, assets),
                     options.anchor_count);
    impl_->batch_model.emplace(impl_->context);
    impl_->people.emplace(*impl_->batch_model,
                          impl_->options,
                          people_kept > 0 ? people_kept : std::numeric_limits<std::size_t>::max());
}

PoseEngine::~PoseEngine() = default;

const PosingContext& PoseEngine::context() const {
    return impl_->context;
}

std::string PoseEngine::fingerprint() const {
    Sha256 digest;
    const auto add = [&](std::string_view text) {
        digest.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        const std::uint8_t end = 0;
        digest.update({&end, 1});
    };
    add(kEngineVersion);
    // What these two files say counts, not where they lie; it is added below.
    PosingOptions options = impl_->options;
    options.anchors.clear();
    options.discriminator.clear();
    add(to_json(options));
    add(impl_->source->fingerprint());
    add(impl_->discriminator->fingerprint());
    const std::vector<int>& anchors = impl_->context.anchors.vertices;
    add({reinterpret_cast<const char*>(anchors.data()), anchors.size() * sizeof(int)});
    return digest.finish();
}

PosePair PoseEngine::make(std::uint64_t seed, std::uint64_t id, int population) const {
    return make_all(seed, {&id, 1}, population).front();
}

std::vector<PosePair> PoseEngine::make_all(std::uint64_t seed,
                                           std::span<const std::uint64_t> ids,
                                           int population,
                                           PoseStageSeconds* seconds) const {
    PoseStageSeconds spent;
    std::vector<Job> jobs;
    jobs.reserve(ids.size());
    for (const std::uint64_t id : ids) {
        const StageTimer timer(spent.people);
        jobs.push_back(impl_->start(seed, id, population));
    }
    std::vector<Job*> open;
    for (Job& job : jobs) {
        open.push_back(&job);
    }
    BatchOptimiser optimiser(*impl_->batch_model, impl_->options);
    while (!open.empty()) {
        std::vector<BatchProblem> problems;
        for (Job* job : open) {
            const StageTimer timer(spent.source);
            job->draw = impl_->draw(*job->person, optimiser, job->rng);
            problems.push_back(job->draw.problem);
        }
        std::vector<PairParameters> optimised;
        {
            const StageTimer timer(spent.optimise);
            optimised = optimiser.optimise(problems);
        }
        std::vector<Job*> failed;
        for (std::size_t i = 0; i < open.size(); ++i) {
            Job& job = *open[i];
            ++job.attempts;
            const auto failure = impl_->finish(job, optimised[i], spent);
            if (!failure) {
                continue;
            }
            ++job.failures[*failure];
            if (job.attempts == impl_->options.max_attempts) {
                std::string reasons;
                for (const auto& [reason, count] : job.failures) {
                    reasons += fmt::format("{}{} {}x", reasons.empty() ? "" : ", ", reason, count);
                }
                throw_user_error("pose {} of seed {}: none of {} draws passed ({}); raise "
                                 "posing.max_attempts or lower posing.augment_scale",
                                 job.id,
                                 seed,
                                 job.attempts,
                                 reasons);
            }
            failed.push_back(&job);
        }
        open = std::move(failed);
    }
    if (seconds != nullptr) {
        *seconds += spent;
    }
    std::vector<PosePair> pairs;
    for (Job& job : jobs) {
        pairs.push_back(std::move(job.pair));
    }
    return pairs;
}

PoseTrace PoseEngine::trace(std::uint64_t seed, std::uint64_t id) const {
    return std::move(trace_all(seed, {&id, 1}).front());
}

std::vector<PoseTrace> PoseEngine::trace_all(std::uint64_t seed,
                                             std::span<const std::uint64_t> ids) const {
    BatchOptimiser optimiser(*impl_->batch_model, impl_->options);
    std::vector<Job> jobs;
    std::vector<BatchProblem> problems;
    for (const std::uint64_t id : ids) {
        Job& job = jobs.emplace_back(impl_->start(seed, id, 0));
        job.draw = impl_->draw(*job.person, optimiser, job.rng);
        job.attempts = 1;
        problems.push_back(job.draw.problem);
    }
    const std::vector<PairParameters> optimised = optimiser.optimise(problems);
    std::vector<PoseTrace> traces(jobs.size());
    PoseStageSeconds unused;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        PoseTrace& trace = traces[i];
        trace.raw = jobs[i].draw.raw;
        trace.rig = jobs[i].draw.problem.rig;
        trace.augmented = jobs[i].draw.problem.initial;
        trace.optimised = optimised[i];
        trace.failure = impl_->finish(jobs[i], optimised[i], unused).value_or("");
        trace.pair = std::move(jobs[i].pair);
    }
    return traces;
}

void PoseEngine::Impl::draw_back(const Draw& raw,
                                 BatchOptimiser& optimiser,
                                 BatchProblem& problem) const {
    BatchProblem moved = problem;
    moved.initial = raw.raw;
    const double allowed = std::max(kShallow, optimiser.penetration(moved));
    moved.initial = problem.initial;
    Vec3 direction = raw.seed.approach;
    if (direction.isZero()) {
        std::array<Vec3, 2> middle; // of each hand, the middle finger's root
        for (int h = 0; h < 2; ++h) {
            const Vec3 root = problem.rig.hands[h].rest_joints.row(4);
            const Vec3 wrist = problem.rig.hands[h].rest_joints.row(0);
            middle[h] = problem.rig.world_from_hand[h] * (root - wrist) +
                        problem.initial.translation[h] + wrist;
        }
        direction = (middle[1] - middle[0]).normalized();
    }
    for (double distance = 0; distance <= kMaxDrawBack; distance += kDrawBackStep) {
        moved.initial.translation[1] = problem.initial.translation[1] + distance * direction;
        if (optimiser.penetration(moved) <= allowed) {
            problem.initial = moved.initial;
            return;
        }
    }
}

Draw PoseEngine::Impl::draw(const Person& person, BatchOptimiser& optimiser, Rng& rng) const {
    Draw draw;
    draw.seed = source->draw(person.hands, rng);
    const PoseSeed& seed = draw.seed;
    BatchProblem& problem = draw.problem;
    problem.person = person.tables;
    std::array<ShapedHand, 2> shaped = person.hands;
    if (seed.has_shape) {
        for (int h = 0; h < 2; ++h) {
            shaped[h] = shape_hand(hands.hands[h], seed.shape[h], context.correctives[h]);
        }
        problem.person = make_person_tables(*batch_model, shaped, options.grid_spacing);
    }
    problem.rig = make_rig(shaped, seed.world_from_hand);
    problem.rig.forearm_flexion = seed.forearm_flexion;
    problem.rig.forearm_deviation = seed.forearm_deviation;

    // Variant 0 is the raw pose, the others wander further and further from it.
    draw.augmentation =
        static_cast<int>(rng.uniform_index(static_cast<std::uint32_t>(options.augmentations)));
    AugmentOptions augmentation{.bend = options.augment_bend_deg * kDegree,
                                .splay = options.augment_splay_deg * kDegree,
                                .scale = options.augment_scale};
    if (options.augment_graded && options.augmentations > 1) {
        augmentation.scale *= double(draw.augmentation) / (options.augmentations - 1);
    }
    draw.raw = {seed.angles, seed.translation};
    problem.initial.translation = seed.translation;
    for (int h = 0; h < 2; ++h) {
        problem.initial.angles[h] =
            draw.augmentation == 0
                ? with_noise(seed.angles[h], options.raw_noise_deg * kDegree, rng)
                : augment(seed.angles[h], augmentation, rng);
    }
    if (draw.augmentation != 0) {
        draw_back(draw, optimiser, problem);
    }
    if (options.bring_near && means_contact(seed)) {
        problem.initial =
            bring_near(context.anchors, problem.rig, problem.initial, 0.5 * options.anchor_radius);
    }
    return draw;
}

std::optional<std::string> PoseEngine::Impl::finish(Job& job,
                                                    const PairParameters& parameters,
                                                    PoseStageSeconds& seconds) const {
    const PoseSeed& seed = job.draw.seed;
    PairRig rig = job.draw.problem.rig;
    PosePair& pair = job.pair;
    pair = {};
    pair.id = job.id;
    pair.attempts = job.attempts;
    pair.source = seed.source;
    pair.source_id = seed.source_id;
    pair.augmentation = job.draw.augmentation;
    std::vector<ForearmChoice> choices;
    {
        const StageTimer timer(seconds.forearms);
        choices = choose_forearms(rig,
                                  pose_pair(rig, parameters),
                                  {.flexion = seed.forearm_flexion,
                                   .deviation = seed.forearm_deviation,
                                   .body_direction = seed.body_direction},
                                  job.rng,
                                  kForearmTries);
    }
    std::optional<std::string> failure = "no room for the forearms";
    for (const ForearmChoice& choice : choices) {
        rig.forearm_flexion = pair.forearm_flexion = choice.flexion;
        rig.forearm_deviation = pair.forearm_deviation = choice.deviation;
        pair.pose = to_pair_pose(rig, parameters);

        // From here on only the stored numbers count.
        SeparateResult moved;
        {
            const StageTimer timer(seconds.separate);
            std::array<Points, 2> vertices;
            for (int h = 0; h < 2; ++h) {
                vertices[h] =
                    pose_hand(rig.hands[h], rotations_of(pair.pose[h]), pair.pose[h].translation)
                        .vertices;
            }
            moved =
                separate_hands(hands,
                               *context.surfaces,
                               vertices,
                               {.max_separation = options.max_separation,
                                .max_approach = means_contact(seed) ? options.max_approach : 0});
            if (!moved.free) {
                failure = "the hands intersect";
                continue;
            }
            vertices[1].rowwise() += moved.left_shift.transpose();
            const Vec3 centre = centre_of_hands(context, vertices);
            pair.pose[0].translation -= centre;
            pair.pose[1].translation += moved.left_shift - centre;
        }
        const StageTimer timer(seconds.measure);
        failure = rejection(pair, measure_pair(context, pair), options);
        if (!failure) {
            return std::nullopt;
        }
    }
    return failure;
}

} // namespace rih
