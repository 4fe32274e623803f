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

VecX leaky(const VecX& x) {
    return x.unaryExpr([](double v) { return v > 0 ? v : Discriminator::kLeak * v; });
}
VecX leaky_slope(const VecX& x) {
    return x.unaryExpr([](double v) { return v > 0 ? 1.0 : Discriminator::kLeak; });
}
double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
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
        const std::vector<double> w = weight->second.as_double();
        const std::vector<double> b = bias->second.as_double();
        using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
        layers.weights[l] =
            Eigen::Map<const RowMajor>(w.data(),
                                       static_cast<Eigen::Index>(weight->second.shape[0]),
                                       static_cast<Eigen::Index>(weight->second.shape[1]));
        layers.biases[l] = Eigen::Map<const VecX>(b.data(), static_cast<Eigen::Index>(b.size()));
    }
    return Discriminator(std::move(layers));
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

double Discriminator::probability(const FingerAngles& angles) const {
    return probability_gradient(angles, nullptr);
}

double Discriminator::probability_gradient(const FingerAngles& angles,
                                           FingerAngles* gradient) const {
    const auto& weights = layers_.weights;
    const auto& biases = layers_.biases;
    const VecX x = discriminator_input(angles);
    const VecX a1 = weights[0] * x + biases[0];
    const VecX d1 = leaky(a1);
    const VecX a2 = weights[1] * d1 + biases[1];
    const VecX d2 = leaky(a2);
    const VecX a3 = weights[2] * d2 + biases[2] + d1;
    const VecX d3 = leaky(a3);
    const VecX d4 = weights[3] * d3 + biases[3];
    const VecX a5 = weights[4] * d4 + biases[4];
    const VecX d5 = leaky(a5);
    const double probability = sigmoid(weights[5].row(0).dot(d5) + biases[5][0]);
    if (gradient == nullptr) {
        return probability;
    }
    // Backwards through the same chain; d1 is used twice (layer 2 and the residual).
    const double slope = probability * (1 - probability);
    const VecX g5 = slope * weights[5].row(0).transpose().cwiseProduct(leaky_slope(a5));
    const VecX g4 = weights[4].transpose() * g5;
    const VecX g3 = (weights[3].transpose() * g4).cwiseProduct(leaky_slope(a3));
    const VecX g2 = (weights[2].transpose() * g3).cwiseProduct(leaky_slope(a2));
    const VecX g1 = (weights[1].transpose() * g2 + g3).cwiseProduct(leaky_slope(a1));
    const VecX gx = weights[0].transpose() * g1 / kAngleScale;
    for (int joint = 0; joint < kFingerJointCount; ++joint) {
        (*gradient)[joint] = {gx[3 * joint], gx[3 * joint + 1], gx[3 * joint + 2]};
    }
    return probability;
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
