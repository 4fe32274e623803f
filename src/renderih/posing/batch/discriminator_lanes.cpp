// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/batch/discriminator_lanes.h"

namespace rih {

namespace {

/// y = W x (+ y), W [rows, columns] row by row; four rows at a time share each load of x.
void multiply(const std::vector<float>& weights, int rows, int columns, const Lanes* x, Lanes* y) {
    int row = 0;
    for (; row + 4 <= rows; row += 4) {
        const float* w = weights.data() + static_cast<std::size_t>(row) * columns;
        Lanes s0 = y[row], s1 = y[row + 1], s2 = y[row + 2], s3 = y[row + 3];
        for (int k = 0; k < columns; ++k) {
            s0 = fma(w[k], x[k], s0);
            s1 = fma(w[columns + k], x[k], s1);
            s2 = fma(w[2 * columns + k], x[k], s2);
            s3 = fma(w[3 * columns + k], x[k], s3);
        }
        y[row] = s0;
        y[row + 1] = s1;
        y[row + 2] = s2;
        y[row + 3] = s3;
    }
    for (; row < rows; ++row) {
        const float* w = weights.data() + static_cast<std::size_t>(row) * columns;
        for (int k = 0; k < columns; ++k) {
            y[row] = fma(w[k], x[k], y[row]);
        }
    }
}

/// y = W x + b
void forward(const std::vector<float>& weights,
             const std::vector<float>& biases,
             const Lanes* x,
             int columns,
             std::vector<Lanes>& y) {
    for (std::size_t i = 0; i < y.size(); ++i) {
        y[i] = biases[i];
    }
    multiply(weights, static_cast<int>(y.size()), columns, x, y.data());
}

struct Activation {
    Lanes value, slope;
};

/// As in discriminator.cpp: leaky ReLU with a rounded corner.
Activation leaky(Lanes x) {
    constexpr auto kLeak = static_cast<float>(Discriminator::kLeak);
    constexpr auto kSharpness = static_cast<float>(Discriminator::kSharpness);
    const Lanes z = x * Lanes(kSharpness);
    const Lanes tail = exp(-abs(z)); // in (0, 1]
    const Lanes softplus = max(z, 0.0f) + log1p_unit(tail);
    const Lanes larger = Lanes(1.0f) / (Lanes(1.0f) + tail); // sigmoid(|z|)
    const Lanes sigmoid = select(not_less(z, 0.0f), larger, tail * larger);
    return {fma(x, kLeak, softplus * Lanes((1 - kLeak) / kSharpness)),
            fma(sigmoid, 1 - kLeak, kLeak)};
}

void activate(const std::vector<Lanes>& x, std::vector<Lanes>& value, std::vector<Lanes>& slope) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        const Activation activation = leaky(x[i]);
        value[i] = activation.value;
        slope[i] = activation.slope;
    }
}

} // namespace

DiscriminatorLanes::DiscriminatorLanes(const Discriminator& discriminator) {
    for (int l = 0; l < Discriminator::kLayerCount; ++l) {
        const MatX& weights = discriminator.layers().weights[l];
        const VecX& biases = discriminator.layers().biases[l];
        Layer& layer = layers_[l];
        layer.rows = static_cast<int>(weights.rows());
        layer.columns = static_cast<int>(weights.cols());
        for (int r = 0; r < layer.rows; ++r) {
            for (int c = 0; c < layer.columns; ++c) {
                layer.weights.push_back(static_cast<float>(weights(r, c)));
            }
            layer.biases.push_back(static_cast<float>(biases[r]));
        }
        for (int c = 0; c < layer.columns; ++c) {
            for (int r = 0; r < layer.rows; ++r) {
                layer.transposed.push_back(static_cast<float>(weights(r, c)));
            }
        }
    }
}

DiscriminatorLanes::Scratch DiscriminatorLanes::scratch() const {
    const std::vector<Lanes> zeros(static_cast<std::size_t>(layers_[0].rows), 0.0f);
    return {zeros,
            zeros,
            zeros,
            zeros,
            zeros,
            zeros,
            zeros,
            zeros,
            zeros,
            zeros,
            zeros,
            zeros,
            zeros,
            zeros};
}

Lanes DiscriminatorLanes::evaluate(const Angles& angles, Angles& gradient, Scratch& s) const {
    constexpr auto kInverseScale = static_cast<float>(1 / Discriminator::kAngleScale);
    const int width = layers_[0].rows;
    Angles x;
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = angles[i] * Lanes(kInverseScale);
    }
    // The slopes go into a1, a2, a3 and a5, whose values are not needed again.
    forward(layers_[0].weights, layers_[0].biases, x.data(), layers_[0].columns, s.a1);
    activate(s.a1, s.d1, s.a1);
    forward(layers_[1].weights, layers_[1].biases, s.d1.data(), width, s.a2);
    activate(s.a2, s.d2, s.a2);
    forward(layers_[2].weights, layers_[2].biases, s.d2.data(), width, s.a3);
    for (int i = 0; i < width; ++i) {
        s.a3[i] += s.d1[i];
    }
    activate(s.a3, s.d3, s.a3);
    forward(layers_[3].weights, layers_[3].biases, s.d3.data(), width, s.d4);
    forward(layers_[4].weights, layers_[4].biases, s.d4.data(), width, s.a5);
    activate(s.a5, s.d5, s.a5);
    Lanes logit = layers_[5].biases[0];
    multiply(layers_[5].weights, 1, width, s.d5.data(), &logit);
    const Lanes tail = exp(-abs(logit));
    const Lanes larger = Lanes(1.0f) / (Lanes(1.0f) + tail);
    const Lanes probability = select(not_less(logit, 0.0f), larger, tail * larger);

    const Lanes g6 = tail * larger * larger; // dD / dlogit, the same on either side of 0
    const auto back = [&](int layer, const Lanes* from, std::vector<Lanes>& to) {
        std::fill(to.begin(), to.end(), Lanes(0.0f));
        multiply(layers_[layer].transposed, width, layers_[layer].rows, from, to.data());
    };
    const auto scale = [&](std::vector<Lanes>& g, const std::vector<Lanes>& slope) {
        for (int i = 0; i < width; ++i) {
            g[i] = g[i] * slope[i];
        }
    };
    back(5, &g6, s.g5);
    scale(s.g5, s.a5);
    back(4, s.g5.data(), s.g4);
    back(3, s.g4.data(), s.g3);
    scale(s.g3, s.a3);
    back(2, s.g3.data(), s.g2);
    scale(s.g2, s.a2);
    back(1, s.g2.data(), s.g1);
    for (int i = 0; i < width; ++i) {
        s.g1[i] += s.g3[i];
    }
    scale(s.g1, s.a1);
    gradient.fill(0.0f);
    multiply(
        layers_[0].transposed, Discriminator::kInputCount, width, s.g1.data(), gradient.data());
    for (Lanes& g : gradient) {
        g = g * Lanes(kInverseScale);
    }
    return probability;
}

} // namespace rih
