// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/adam.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cmath>

namespace rih::learn {
namespace {

/// One number by the paper's algorithm.
struct PlainAdam {
    AdamOptions options;
    double first = 0, second = 0;
    int steps = 0;
    double moved(double x, double gradient, double rate) {
        ++steps;
        first = options.beta1 * first + (1 - options.beta1) * gradient;
        second = options.beta2 * second + (1 - options.beta2) * gradient * gradient;
        const double m = first / (1 - std::pow(options.beta1, steps));
        const double v = second / (1 - std::pow(options.beta2, steps));
        return x * (1 - rate * options.weight_decay) - rate * m / (std::sqrt(v) + options.epsilon);
    }
};

TEST(Adam, IsThePapersAlgorithm) {
    for (const double decay : {0.0, 0.1}) {
        const AdamOptions options{.weight_decay = decay};
        at::Tensor x = at::full({1}, 2.0, at::kFloat).set_requires_grad(true);
        at::Tensor unused = at::full({3}, 1.0, at::kFloat).set_requires_grad(true);
        Adam adam({x, unused}, options);
        PlainAdam plain{options};
        double expected = 2;
        for (int step = 0; step < 20; ++step) {
            adam.zero_gradients();
            (x * x * x).sum().backward();
            const double gradient = x.grad().item<double>();
            EXPECT_NEAR(adam.gradient_norm(), std::abs(gradient), 1e-5 * std::abs(gradient));
            const double rate = 0.05 / (1 + step);
            expected = plain.moved(expected, gradient, rate);
            adam.step(rate);
            EXPECT_NEAR(x.item<double>(), expected, 2e-6) << step;
        }
        EXPECT_EQ(adam.steps(), 20);
        // A parameter without a gradient moves by its decay alone.
        EXPECT_EQ(unused[0].item<float>() == 1.0f, decay == 0);
    }
}

TEST(Adam, MatchesNumbersByPlaceAndNotByMemory) {
    // Channels-last weights with a gradient that comes row by row: the kernel runs over memory.
    const at::Tensor start = at::arange(24, at::kFloat).view({2, 3, 2, 2}) / 10 + 1;
    at::Tensor rows = start.clone().set_requires_grad(true);
    at::Tensor channels =
        start.clone().contiguous(at::MemoryFormat::ChannelsLast).set_requires_grad(true);
    Adam of_rows({rows}, {}), of_channels({channels}, {});
    for (int step = 0; step < 3; ++step) {
        for (const auto& [x, adam] :
             {std::pair(&rows, &of_rows), std::pair(&channels, &of_channels)}) {
            adam->zero_gradients();
            (x->contiguous().view({24}) * at::arange(24, at::kFloat)).square().sum().backward();
            adam->step(0.1);
        }
    }
    EXPECT_TRUE(at::allclose(rows, channels, 0, 1e-6));
}

TEST(Adam, GradientsCanBeScaled) {
    at::Tensor x = at::full({4}, 3.0, at::kFloat).set_requires_grad(true);
    Adam adam({x}, {});
    (x * x).sum().backward();
    EXPECT_NEAR(adam.gradient_norm(), 12, 1e-5);
    adam.scale_gradients(0.5);
    EXPECT_NEAR(adam.gradient_norm(), 6, 1e-5);
}

} // namespace
} // namespace rih::learn
