// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/discriminator_training.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

using Layers = Discriminator::Layers;

constexpr int kReportPoses = 2000;

NaturalDraw draw_of(const DiscriminatorTraining& options) {
    return {options.blend_share, options.max_bend_deg, options.max_splay_deg};
}

Layers initial_layers(int width, Rng& rng) {
    Layers layers;
    for (int l = 0; l < Discriminator::kLayerCount; ++l) {
        const int rows = l == Discriminator::kLayerCount - 1 ? 1 : width;
        const int cols = l == 0 ? Discriminator::kInputCount : width;
        // He et al. 2015; layers before no rectifier (4 and the last) need half the variance.
        const double variance = (l == 3 || l == 5 ? 1.0 : 2.0) / cols;
        layers.weights[l] = MatX::Zero(rows, cols);
        for (int r = 0; r < rows; ++r) {
            for (int c = 0; c < cols; ++c) {
                layers.weights[l](r, c) = std::sqrt(variance) * rng.truncated_normal(2);
            }
        }
        layers.biases[l] = VecX::Zero(rows);
    }
    return layers;
}

/// Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019).
class LayerAdam {
  public:
    explicit LayerAdam(const Layers& like) : mean_(like), square_(like) {
        for (int l = 0; l < Discriminator::kLayerCount; ++l) {
            mean_.weights[l].setZero();
            mean_.biases[l].setZero();
            square_.weights[l].setZero();
            square_.biases[l].setZero();
        }
    }

    void step(const Layers& gradient, double rate, double decay, Layers& layers) {
        ++count_;
        for (int l = 0; l < Discriminator::kLayerCount; ++l) {
            layers.weights[l] *= 1 - rate * decay;
            update(
                gradient.weights[l], rate, mean_.weights[l], square_.weights[l], layers.weights[l]);
            update(gradient.biases[l], rate, mean_.biases[l], square_.biases[l], layers.biases[l]);
        }
    }

  private:
    template <typename M>
    void update(const M& gradient, double rate, M& mean, M& square, M& value) const {
        constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;
        mean = kBeta1 * mean + (1 - kBeta1) * gradient;
        square = kBeta2 * square + (1 - kBeta2) * gradient.cwiseProduct(gradient);
        const double correct1 = 1 - std::pow(kBeta1, count_);
        const double correct2 = 1 - std::pow(kBeta2, count_);
        value.array() -=
            rate * (mean.array() / correct1) / ((square.array() / correct2).sqrt() + kEpsilon);
    }

    Layers mean_, square_;
    int count_ = 0;
};

} // namespace

void DiscriminatorTraining::validate() const {
    const auto within = [](const char* name, double value, double low, double high) {
        RIH_REQUIRE(std::isfinite(value) && value >= low && value <= high,
                    "train-discriminator: {} is {}, not within [{}, {}]",
                    name,
                    value,
                    low,
                    high);
    };
    within("width", width, 1, 1024);
    within("steps", steps, 1, 1e6);
    within("batch", batch, 2, 65536);
    within("learning_rate", learning_rate, 1e-8, 1);
    within("weight_decay", weight_decay, 0, 1);
    within("blend_share", blend_share, 0, 1);
    within("held_out", held_out, 0.01, 0.9);
    within("max_bend_deg", max_bend_deg, 1, 180);
    within("max_splay_deg", max_splay_deg, 0, 90);
}

Discriminator fit_discriminator(const DiscriminatorTraining& options,
                                const std::vector<HandShape>& shapes,
                                double* final_loss) {
    const NaturalPoses poses(shapes, draw_of(options));
    Rng init(options.seed, 0, "discriminator/init");
    Layers layers = initial_layers(options.width, init);
    LayerAdam adam(layers);
    Layers gradient;
    double loss_sum = 0;
    int loss_count = 0;
    for (int step = 0; step < options.steps; ++step) {
        Rng rng(options.seed, static_cast<std::uint64_t>(step), "discriminator/batch");
        MatX inputs(Discriminator::kInputCount, options.batch);
        VecX labels(options.batch);
        for (int i = 0; i < options.batch; ++i) {
            const bool natural = i < options.batch / 2;
            // The label falls with the offsets' level.
            const double level = natural ? 0 : rng.uniform();
            inputs.col(i) =
                discriminator_input(natural ? poses.natural(rng) : poses.augmented(level, rng));
            labels[i] = natural ? 1 : 1 - level;
        }
        const DiscriminatorPass pass = discriminator_forward(layers, inputs);
        const VecX residual = pass.probability - labels;
        const double loss = residual.squaredNorm() / options.batch;
        discriminator_backward(layers, pass, 2.0 / options.batch * residual, &gradient);
        const double rate =
            0.5 * options.learning_rate * (1 + std::cos(kPi * step / options.steps));
        adam.step(gradient, rate, options.weight_decay, layers);
        if (step >= options.steps - std::max(1, options.steps / 10)) {
            loss_sum += loss;
            ++loss_count;
        }
    }
    if (final_loss != nullptr) {
        *final_loss = loss_sum / loss_count;
    }
    return Discriminator(layers);
}

TrainedDiscriminator train_discriminator(const DiscriminatorTraining& options,
                                         const std::vector<HandShape>& shapes) {
    options.validate();
    const FamilySplit split = split_families(shapes, options.held_out, options.seed);
    const FamilySplit unseen = split_families(split.held_out, 0.5, options.seed + 1);
    RIH_REQUIRE(split.families_kept >= 2 && unseen.families_kept >= 1 &&
                    unseen.families_held_out >= 1,
                "train-discriminator: holding out {} of {} families (sequences of a recording) "
                "leaves too few on one side; change held_out or the seed, or add sources",
                options.held_out,
                split.families_kept + split.families_held_out);
    double final_loss = 0;
    TrainedDiscriminator trained{.discriminator =
                                     fit_discriminator(options, split.kept, &final_loss),
                                 .shapes_trained = static_cast<int>(split.kept.size()),
                                 .shapes_held_out = static_cast<int>(split.held_out.size()),
                                 .families_trained = split.families_kept,
                                 .families_held_out = split.families_held_out,
                                 .final_loss = final_loss};
    const Discriminator& d = trained.discriminator;
    const NaturalPoses for_temperature(unseen.kept, draw_of(options));
    const NaturalPoses for_report(unseen.held_out, draw_of(options));
    trained.report = judge_discriminator(d, for_report, kReportPoses);
    trained.temperature = fit_temperature(score_poses(d, for_temperature, 2 * kReportPoses, 4));
    trained.error_at_temperature =
        calibration_of(score_poses(d, for_report, 2 * kReportPoses, 5), trained.temperature).error;
    return trained;
}

std::string TrainedDiscriminator::text() const {
    return fmt::format("width {}, trained on {} shapes of {} families; judged on half of the {} "
                       "families ({} shapes) that it never saw\n{}"
                       "the other half asks for temperature {:.2f}, which gives {:.3f}; not "
                       "applied\n",
                       discriminator.width(),
                       shapes_trained,
                       families_trained,
                       families_held_out,
                       shapes_held_out,
                       report.text(),
                       temperature,
                       error_at_temperature);
}

std::string TrainedDiscriminator::json() const {
    auto json = nlohmann::ordered_json::parse(report.json());
    json["width"] = discriminator.width();
    json["shapes_trained"] = shapes_trained;
    json["shapes_held_out"] = shapes_held_out;
    json["families_trained"] = families_trained;
    json["families_held_out"] = families_held_out;
    json["final_loss"] = final_loss;
    json["temperature"] = temperature;
    json["expected_calibration_error_at_temperature"] = error_at_temperature;
    return json.dump(2);
}

} // namespace rih
