// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/identity.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

constexpr double kLimit = 2.0;        // standard deviations
constexpr double kLimitedSd = 0.8796; // of a normal number cut off there
constexpr double kSideSd = 0.1;       // of the left hand against the right one
constexpr double kFurthest = 6;       // for size and girth, in their standard deviations

constexpr std::array<HandPopulation, 2> kPopulations{
    {{"women", {0.1807, 0.0795}, {0.0098, 0.0038}, 0.56},
     {"men", {0.1941, 0.0904}, {0.0099, 0.0042}, 0.52}}};

int index_of_name(const HandModel& model, std::string_view name) {
    const auto meta = nlohmann::json::parse(model.meta_json, nullptr, false);
    if (!meta.is_object() || !meta.contains("shape_names") || !meta["shape_names"].is_array()) {
        return -1;
    }
    const auto& names = meta["shape_names"];
    const auto found = std::ranges::find(names, nlohmann::json(name));
    const auto index = static_cast<int>(found - names.begin());
    return index < std::min(static_cast<int>(names.size()), model.shape_count()) ? index : -1;
}

/// Of standard deviation one, as the population's is.
double limited_normal(Rng& rng) {
    return rng.truncated_normal(kLimit) / kLimitedSd;
}

} // namespace

std::span<const HandPopulation> hand_populations() {
    return kPopulations;
}

IdentityDraw::IdentityDraw(const HandModel& model)
    : calipers_(model), count_(model.shape_count()), size_(index_of_name(model, "size")),
      girth_(index_of_name(model, "girth")) {}

std::array<VecX, 2> IdentityDraw::draw(double shape_sd, Rng& rng) const {
    const HandPopulation& people = kPopulations[rng.uniform() < 0.5 ? 0 : 1];
    const double first = limited_normal(rng), second = limited_normal(rng);
    const double across = people.correlation * first +
                          std::sqrt(1 - people.correlation * people.correlation) * second;
    VecX right(count_);
    for (double& coefficient : right) {
        coefficient = rng.truncated_normal(kLimit);
    }
    if (size_ >= 0 && girth_ >= 0) {
        fit({people.mean.length + people.sd.length * first,
             people.mean.breadth + people.sd.breadth * across},
            right);
    }
    VecX left = right;
    for (double& coefficient : left) {
        coefficient += kSideSd * rng.truncated_normal(kLimit);
    }
    return {shape_sd * right, shape_sd * left};
}

/// Newton's method on size and girth. Both measures are all but linear in them.
void IdentityDraw::fit(const HandDimensions& wanted, VecX& shape) const {
    shape[size_] = shape[girth_] = 0;
    for (int step = 0; step < 4; ++step) {
        const HandDimensions here = calipers_.of_shape(shape);
        Eigen::Matrix2d slopes;
        for (int k = 0; k < 2; ++k) {
            VecX moved = shape;
            moved[k == 0 ? size_ : girth_] += 0.5;
            const HandDimensions there = calipers_.of_shape(moved);
            slopes.col(k) << 2 * (there.length - here.length), 2 * (there.breadth - here.breadth);
        }
        const Eigen::Vector2d missing(wanted.length - here.length, wanted.breadth - here.breadth);
        const Eigen::Vector2d move = slopes.fullPivLu().solve(missing);
        shape[size_] = std::clamp(shape[size_] + move[0], -kFurthest, kFurthest);
        shape[girth_] = std::clamp(shape[girth_] + move[1], -kFurthest, kFurthest);
    }
}

} // namespace rih
