// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/discriminator_training.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/posing/sources/hand_shapes.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

using Layers = Discriminator::Layers;

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

/// Draws natural and unnatural poses from a set of shapes.
class PoseDraw {
  public:
    PoseDraw(std::vector<HandShape> shapes, const DiscriminatorTraining& options)
        : shapes_(std::move(shapes)), options_(options) {}

    FingerAngles natural(Rng& rng) const {
        const auto any = [&] {
            return shapes_[rng.uniform_index(static_cast<std::uint32_t>(shapes_.size()))].angles;
        };
        const FingerAngles a = any();
        const double u = rng.uniform();
        // On the way from one posture to another, early and late more often than half way.
        const FingerAngles b =
            u < options_.blend_share ? blend_angles(a, any(), 0.5 * rng.uniform()) : a;
        return vary_naturally(b, 1.0, rng);
    }

    /// Offsets as the augmentation draws them (eq. 1, facts of the released generator), by `level`.
    FingerAngles augmented(double level, Rng& rng) const {
        FingerAngles angles = natural(rng);
        for (int j = 0; j < kFingerJointCount; ++j) {
            const JointLimits& limits = table2_limits()[j];
            angles[j].bend =
                offset(angles[j].bend, limits.bend, level * options_.max_bend_deg * kDegree, rng);
            angles[j].splay = offset(
                angles[j].splay, limits.splay, level * options_.max_splay_deg * kDegree, rng);
        }
        return angles;
    }

  private:
    static double offset(double angle, const AngleRange& range, double most, Rng& rng) {
        const double low = std::min(0.0, std::max(-most, range.low - angle));
        const double high = std::max(0.0, std::min(most, range.high - angle));
        return angle + rng.uniform(low, high);
    }

    std::vector<HandShape> shapes_;
    DiscriminatorTraining options_;
};

double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double v : values) {
        sum += v;
    }
    return sum / static_cast<double>(values.size());
}

template <typename Draw>
std::vector<double> scores(const Discriminator& discriminator, int count, const Draw& draw) {
    std::vector<double> result;
    for (int i = 0; i < count; ++i) {
        Rng rng(3, static_cast<std::uint64_t>(i), "discriminator/report");
        result.push_back(discriminator.probability(draw(rng)));
    }
    return result;
}

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

double area_under_roc(const std::vector<double>& positives, const std::vector<double>& negatives) {
    RIH_REQUIRE(!positives.empty() && !negatives.empty(), "AUC needs scores of both kinds");
    std::vector<double> sorted = negatives;
    std::sort(sorted.begin(), sorted.end());
    double above = 0;
    for (const double p : positives) {
        const auto low = std::lower_bound(sorted.begin(), sorted.end(), p);
        const auto high = std::upper_bound(low, sorted.end(), p);
        above += static_cast<double>(low - sorted.begin()) + 0.5 * static_cast<double>(high - low);
    }
    return above / (static_cast<double>(positives.size()) * static_cast<double>(negatives.size()));
}

DiscriminatorReport train_discriminator(const DiscriminatorTraining& options,
                                        const std::filesystem::path& assets) {
    options.validate();
    const std::vector<HandShape> shapes = load_hand_shapes(assets);
    std::vector<HandShape> trained, held_out;
    for (std::size_t s = 0; s < shapes.size(); ++s) {
        const bool out = Rng(options.seed, s, "discriminator/split").uniform() < options.held_out;
        (out ? held_out : trained).push_back(shapes[s]);
    }
    RIH_REQUIRE(trained.size() >= 2 && held_out.size() >= 2,
                "train-discriminator: {} hand shapes are too few to hold out {} of them",
                shapes.size(),
                options.held_out);
    const PoseDraw draw(trained, options);

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
                discriminator_input(natural ? draw.natural(rng) : draw.augmented(level, rng));
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

    DiscriminatorReport report{.discriminator = Discriminator(layers),
                               .shapes_trained = static_cast<int>(trained.size()),
                               .shapes_held_out = static_cast<int>(held_out.size()),
                               .final_loss = loss_sum / loss_count};
    constexpr int kReportPoses = 2000;
    const PoseDraw unseen(held_out, options);
    const Discriminator& d = report.discriminator;
    const auto naturals = scores(d, kReportPoses, [&](Rng& rng) { return unseen.natural(rng); });
    const auto half = scores(d, kReportPoses, [&](Rng& rng) { return unseen.augmented(0.5, rng); });
    const auto full = scores(d, kReportPoses, [&](Rng& rng) { return unseen.augmented(1, rng); });
    report.auc = area_under_roc(naturals, full);
    report.auc_half = area_under_roc(naturals, half);
    report.mean_natural = mean_of(naturals);
    report.mean_augmented = mean_of(full);
    return report;
}

} // namespace rih
