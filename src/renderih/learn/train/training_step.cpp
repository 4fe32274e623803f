// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/training_step.h"

#include "renderih/base/parallel.h"
#include "renderih/base/stopwatch.h"

#include <ATen/Parallel.h>
#include <torch/utils.h>

#include <cmath>

namespace rih::learn {

namespace {

NetRunner seeded_runner(const TrainOptions& options, const HandPair& hands) {
    at::set_num_threads(resolve_thread_count(options.threads));
    torch::manual_seed(options.seed);
    return NetRunner(
        options.net, hands_geometry(hands, options.net.coarse_vertices), options.bfloat16);
}

} // namespace

TrainingStep::TrainingStep(const TrainOptions& options, const HandPair& hands)
    : options_(options), runner_(seeded_runner(options, hands)),
      adam_(runner_.net().parameters(),
            {options.beta1, options.beta2, 1e-8, options.weight_decay}) {
    runner_.net().train();
}

StepReport TrainingStep::run(BatchSource& source, double learning_rate, std::uint64_t epoch) {
    StepReport report;
    adam_.zero_gradients();
    for (int i = 0; i < options_.accumulate; ++i) {
        const Stopwatch waiting;
        const TrainingBatch batch = source.next();
        report.waited_s += waiting.seconds();
        const NetOutputs outputs = runner_.forward(batch.images, batch.shape.batch);
        const TrainingLoss loss =
            training_loss(outputs,
                          make_targets(batch, options_.loss, runner_.device()),
                          runner_.operators(),
                          options_.loss,
                          epoch);
        (loss.total / options_.accumulate).backward();
        report.loss += loss.total.item<double>() / options_.accumulate;
        if (i == 0) {
            for (const auto& [name, term] : loss.terms) {
                report.terms.emplace_back("loss/" + name, term.item<double>());
            }
        }
    }
    report.gradient_norm = adam_.gradient_norm();
    if (std::isfinite(report.loss) && std::isfinite(report.gradient_norm)) {
        if (options_.clip_norm > 0 && report.gradient_norm > options_.clip_norm) {
            adam_.scale_gradients(options_.clip_norm / report.gradient_norm);
        }
        adam_.step(learning_rate);
    }
    return report;
}

LoaderOptions training_loader(const TrainOptions& options) {
    LoaderOptions loader;
    loader.batch = options.batch;
    loader.augment = options.augment;
    loader.augmentation = options.augmentation;
    loader.crop.size = options.net.image_size;
    loader.crop.map_size =
        options.loss.parts > 0 || options.loss.depth > 0 ? dense_map_size(options.net) : 0;
    loader.seed = options.seed;
    loader.threads = options.threads;
    return loader;
}

LoaderOptions evaluation_loader(const TrainOptions& options) {
    LoaderOptions loader = training_loader(options);
    loader.split = split_of_name(options.evaluation_split);
    loader.shuffle = false;
    loader.augment = false;
    loader.batches_ahead = 1;
    return loader;
}

} // namespace rih::learn
