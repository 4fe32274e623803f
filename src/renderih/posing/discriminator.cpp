// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/discriminator.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/base/sha256.h"

#include <cmath>

namespace rih {
namespace {

constexpr int kMaxWidth = 4096;

std::string weight_name(int layer) {
    return fmt::format("layer{}_weight", layer + 1);
}
std::string bias_name(int layer) {
    return fmt::format("layer{}_bias", layer + 1);
}

/// Leaky ReLU with its corner rounded over about 1 / kSharpness: softplus for the part that bends.
double leaky(double x) {
    const double z = Discriminator::kSharpness * x;
    const double softplus = std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
    return Discriminator::kLeak * x +
           (1 - Discriminator::kLeak) * softplus / Discriminator::kSharpness;
}
double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

double leaky_slope(double x) {
    return Discriminator::kLeak +
           (1 - Discriminator::kLeak) * sigmoid(Discriminator::kSharpness * x);
}

} // namespace

VecX discriminator_input(const FingerAngles& angles) {
    VecX input(Discriminator::kInputCount);
    for (int joint = 0; joint < kFingerJointCount; ++joint) {
        input[3 * joint] = angles[joint].twist;
        input[3 * joint + 1] = angles[joint].splay;
        input[3 * joint + 2] = angles[joint].bend;
    }
    return input / Discriminator::kAngleScale;
}

Discriminator::Discriminator(Layers layers) : layers_(std::move(layers)) {
    const Eigen::Index width = layers_.biases[0].size();
    RIH_REQUIRE(width >= 1 && width <= kMaxWidth,
                "discriminator: width {} is not within [1, {}]",
                width,
                kMaxWidth);
    for (int l = 0; l < kLayerCount; ++l) {
        const Eigen::Index rows = l == kLayerCount - 1 ? 1 : width;
        const Eigen::Index cols = l == 0 ? kInputCount : width;
        const MatX& weight = layers_.weights[l];
        RIH_REQUIRE(weight.rows() == rows && weight.cols() == cols,
                    "discriminator: {} has shape [{}, {}], not [{}, {}]",
                    weight_name(l),
                    weight.rows(),
                    weight.cols(),
                    rows,
                    cols);
        RIH_REQUIRE(layers_.biases[l].size() == rows,
                    "discriminator: {} has {} values, not {}",
                    bias_name(l),
                    layers_.biases[l].size(),
                    rows);
        RIH_REQUIRE(weight.allFinite() && layers_.biases[l].allFinite(),
                    "discriminator: {} or its bias is not finite",
                    weight_name(l));
    }
}

Discriminator Discriminator::load(const std::filesystem::path& path) {
    NpzLimits limits;
    limits.max_file_bytes = limits.max_array_bytes = std::uint64_t{256} << 20;
    const NpzArrays arrays = read_npz(path, limits);
    Layers layers;
    for (int l = 0; l < kLayerCount; ++l) {
        const auto weight = arrays.find(weight_name(l));
        const auto bias = arrays.find(bias_name(l));
        RIH_REQUIRE(weight != arrays.end() && bias != arrays.end(),
                    "{} lacks {} or {}; make weights with 'renderih train-discriminator'",
                    path.string(),
                    weight_name(l),
                    bias_name(l));
        RIH_REQUIRE(weight->second.shape.size() == 2 && bias->second.shape.size() == 1,
                    "{}: {} must be a matrix and {} a vector",
                    path.string(),
                    weight_name(l),
                    bias_name(l));
        for (const NpyArray* array : {&weight->second, &bias->second}) {
            RIH_REQUIRE(!std::holds_alternative<std::vector<std::string>>(array->data),
                        "{}: {} or its bias holds text where numbers are expected",
                        path.string(),
                        weight_name(l));
        }
        const std::vector<double> w = weight->second.as_double();
        const std::vector<double> b = bias->second.as_double();
        using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
        layers.weights[l] =
            Eigen::Map<const RowMajor>(w.data(),
                                       static_cast<Eigen::Index>(weight->second.shape[0]),
                                       static_cast<Eigen::Index>(weight->second.shape[1]));
        layers.biases[l] = Eigen::Map<const VecX>(b.data(), static_cast<Eigen::Index>(b.size()));
    }
    try {
        return Discriminator(std::move(layers));
    } catch (const UserError& error) {
        throw_user_error("{}: {}", path.string(), error.what());
    }
}

void Discriminator::save(const std::filesystem::path& path) const {
    std::map<std::string, NpyOutput> arrays;
    for (int l = 0; l < kLayerCount; ++l) {
        const MatX& weight = layers_.weights[l];
        std::vector<double> w;
        w.reserve(static_cast<std::size_t>(weight.size()));
        for (Eigen::Index row = 0; row < weight.rows(); ++row) {
            for (Eigen::Index col = 0; col < weight.cols(); ++col) {
                w.push_back(weight(row, col));
            }
        }
        const VecX& bias = layers_.biases[l];
        arrays[weight_name(l)] = {
            {{static_cast<std::size_t>(weight.rows()), static_cast<std::size_t>(weight.cols())},
             std::move(w)},
            NpyType::Float32};
        arrays[bias_name(l)] = {{{static_cast<std::size_t>(bias.size())},
                                 std::vector<double>(bias.begin(), bias.end())},
                                NpyType::Float32};
    }
    write_npz(path, arrays);
}

DiscriminatorPass discriminator_forward(const Discriminator::Layers& layers, const MatX& inputs) {
    const auto layer = [&](int l, const MatX& x) -> MatX {
        return (layers.weights[l] * x).colwise() + layers.biases[l];
    };
    DiscriminatorPass pass;
    pass.x = inputs;
    pass.a1 = layer(0, inputs);
    pass.d1 = pass.a1.unaryExpr(&leaky);
    pass.a2 = layer(1, pass.d1);
    pass.d2 = pass.a2.unaryExpr(&leaky);
    pass.a3 = layer(2, pass.d2) + pass.d1;
    pass.d3 = pass.a3.unaryExpr(&leaky);
    pass.d4 = layer(3, pass.d3);
    pass.a5 = layer(4, pass.d4);
    pass.d5 = pass.a5.unaryExpr(&leaky);
    pass.probability = layer(5, pass.d5).row(0).unaryExpr(&sigmoid).transpose();
    return pass;
}

MatX discriminator_backward(const Discriminator::Layers& layers,
                            const DiscriminatorPass& pass,
                            const VecX& d_probability,
                            Discriminator::Layers* gradient) {
    const auto& weights = layers.weights;
    // Backwards through the same chain; d1 is used twice (layer 2 and the residual).
    const VecX slope = pass.probability.cwiseProduct((1 - pass.probability.array()).matrix());
    const MatX g6 = d_probability.cwiseProduct(slope).transpose(); // [1, N]
    const MatX g5 = (weights[5].transpose() * g6).cwiseProduct(pass.a5.unaryExpr(&leaky_slope));
    const MatX g4 = weights[4].transpose() * g5;
    const MatX g3 = (weights[3].transpose() * g4).cwiseProduct(pass.a3.unaryExpr(&leaky_slope));
    const MatX g2 = (weights[2].transpose() * g3).cwiseProduct(pass.a2.unaryExpr(&leaky_slope));
    const MatX g1 =
        (weights[1].transpose() * g2 + g3).cwiseProduct(pass.a1.unaryExpr(&leaky_slope));
    if (gradient != nullptr) {
        const std::array<const MatX*, Discriminator::kLayerCount> deltas{
            &g1, &g2, &g3, &g4, &g5, &g6};
        const std::array<const MatX*, Discriminator::kLayerCount> inputs{
            &pass.x, &pass.d1, &pass.d2, &pass.d3, &pass.d4, &pass.d5};
        for (int l = 0; l < Discriminator::kLayerCount; ++l) {
            gradient->weights[l] = *deltas[l] * inputs[l]->transpose();
            gradient->biases[l] = deltas[l]->rowwise().sum();
        }
    }
    return weights[0].transpose() * g1;
}

double Discriminator::probability(const FingerAngles& angles) const {
    return discriminator_forward(layers_, discriminator_input(angles)).probability[0];
}

double Discriminator::probability_gradient(const FingerAngles& angles,
                                           FingerAngles* gradient) const {
    const DiscriminatorPass pass = discriminator_forward(layers_, discriminator_input(angles));
    if (gradient != nullptr) {
        const MatX d = discriminator_backward(layers_, pass, VecX::Ones(1), nullptr) / kAngleScale;
        for (int joint = 0; joint < kFingerJointCount; ++joint) {
            (*gradient)[joint] = {d(3 * joint, 0), d(3 * joint + 1, 0), d(3 * joint + 2, 0)};
        }
    }
    return pass.probability[0];
}

std::string Discriminator::fingerprint() const {
    Sha256 digest;
    for (int l = 0; l < kLayerCount; ++l) {
        for (const auto& [data, size] :
             {std::pair{layers_.weights[l].data(), layers_.weights[l].size()},
              std::pair{layers_.biases[l].data(), layers_.biases[l].size()}}) {
            digest.update({reinterpret_cast<const std::uint8_t*>(data),
                           static_cast<std::size_t>(size) * sizeof(double)});
        }
    }
    return digest.finish();
}

} // namespace rih
