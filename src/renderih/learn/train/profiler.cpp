// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/stopwatch.h"
#include "renderih/learn/train/profile.h"
#include "renderih/learn/train/training_step.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <functional>
#include <map>

namespace rih::learn {

namespace {

constexpr int kWarmUp = 3; // steps: memory is allocated, kernels are chosen

/// Seconds inside outermost operators of this thread by name; on a CPU backward runs on it too.
thread_local std::map<std::string, double> inside_s;
thread_local int depth = 0;

struct Span : at::ObserverContext {
    Stopwatch watch;
};

std::unique_ptr<at::ObserverContext> enter(const at::RecordFunction&) {
    ++depth;
    return std::make_unique<Span>();
}

void leave(const at::RecordFunction& function, at::ObserverContext* span) {
    if (--depth == 0) {
        inside_s[function.name()] += static_cast<const Span*>(span)->watch.seconds();
    }
}

/// CPU seconds of one batch, made alone on this thread.
double loader_seconds(const TrainRequest& request, int batches) {
    LoaderOptions options = training_loader(request.options);
    options.threads = 1;
    options.batches_ahead = 1;
    const std::unique_ptr<BatchSource> source = open_loader(request.sources, options);
    source->next();
    const Stopwatch watch;
    for (int i = 0; i < batches; ++i) {
        source->next();
    }
    return watch.seconds() / batches;
}

} // namespace

TrainProfile profile_training(const TrainRequest& request, int steps) {
    request.options.validate();
    RIH_REQUIRE(!request.sources.empty(), "train: no data set is given");
    RIH_REQUIRE(steps >= 1, "train: steps to measure must be 1 or more, not {}", steps);
    TrainProfile profile;
    profile.steps = steps;
    profile.images = steps * request.options.batch * request.options.accumulate;
    profile.loader_cpu_s = loader_seconds(request, 5) * steps * request.options.accumulate;
    const std::unique_ptr<BatchSource> source =
        open_loader(request.sources, training_loader(request.options));
    TrainingStep moves(request.options, request.sources.front().hands);
    const double rate = request.options.schedule.learning_rate;
    for (int i = 0; i < kWarmUp; ++i) {
        moves.run(*source, rate, 0);
    }
    const at::CallbackHandle callback = at::addGlobalCallback(
        at::RecordFunctionCallback(enter, leave).scopes({at::RecordScope::FUNCTION}));
    inside_s.clear();
    const Stopwatch watch;
    for (int i = 0; i < steps; ++i) {
        profile.waited_s += moves.run(*source, rate, 0).waited_s;
    }
    profile.seconds = watch.seconds();
    at::removeCallback(callback);
    profile.operators.assign(inside_s.begin(), inside_s.end());
    std::ranges::sort(profile.operators, std::greater{}, &std::pair<std::string, double>::second);
    for (const auto& [name, seconds] : profile.operators) {
        profile.torch_s += seconds;
    }
    return profile;
}

} // namespace rih::learn
