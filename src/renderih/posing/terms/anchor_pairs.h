// SPDX-License-Identifier: Apache-2.0
// Which anchors attract each other (eq. 5), for either engine's precision. Only anchors whose
// normals face each other and that are within s count.
//   the paper:         each is the other's nearest;        k = 0.5 cos(pi d / s) + 0.5
//   the released code: a left anchor's nearest n right ones; k times a factor / number of pairs
#pragma once

#include "renderih/math/types.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace rih {

struct AnchorRule {
    double radius = 0.02;  ///< s, m
    int neighbours = 0;    ///< 0: mutual nearest; else so many of the other hand
    double max_cosine = 0; ///< the normals' product must be below
    double stiffness = 1;  ///< multiplies k
    bool mean = false;     ///< divides k by the number of pairs
};

template <typename Scalar>
class AnchorPairing {
  public:
    using Vector = Eigen::Matrix<Scalar, 3, 1>;
    struct Pair {
        std::size_t right = 0, left = 0; ///< anchors
        Scalar stiffness = 0;            ///< k
    };

    /// For so many anchors a hand; nothing is allocated later.
    explicit AnchorPairing(std::size_t count)
        : position{std::vector<Vector>(count), std::vector<Vector>(count)}, normal(position),
          nearest_{std::vector<std::size_t>(count), std::vector<std::size_t>(count)},
          distance_{std::vector<Scalar>(count), std::vector<Scalar>(count)} {
        found_.reserve(count);
        pairs_.reserve(kMaxNeighbours * count);
    }

    static constexpr std::size_t kMaxNeighbours = 8;

    /// The two hands' anchors, m, and their outward normals of any length: set before choose().
    std::array<std::vector<Vector>, 2> position, normal;

    const std::vector<Pair>& choose(const AnchorRule& rule) {
        pairs_.clear();
        if (rule.neighbours == 0) {
            choose_mutual(rule);
        } else {
            choose_nearest(rule);
        }
        auto factor = static_cast<Scalar>(rule.stiffness);
        if (rule.mean && !pairs_.empty()) {
            factor /= static_cast<Scalar>(pairs_.size());
        }
        for (Pair& pair : pairs_) {
            pair.stiffness *= factor;
        }
        return pairs_;
    }

  private:
    bool facing(std::size_t right, std::size_t left, const AnchorRule& rule) const {
        const Vector& a = normal[0][right];
        const Vector& b = normal[1][left];
        const Scalar product = a.dot(b);
        return rule.max_cosine == 0
                   ? product < 0
                   : product < static_cast<Scalar>(rule.max_cosine) * a.norm() * b.norm();
    }

    void add(std::size_t right, std::size_t left, Scalar distance, const AnchorRule& rule) {
        const auto radius = static_cast<Scalar>(rule.radius);
        const auto pi = static_cast<Scalar>(kPi);
        const Scalar half = Scalar(1) / 2;
        pairs_.push_back({right, left, half * std::cos(pi * distance / radius) + half});
    }

    /// Ties go to the lower index.
    void choose_mutual(const AnchorRule& rule) {
        const std::size_t count = position[0].size();
        for (int h = 0; h < 2; ++h) {
            nearest_[h].assign(count, count);
            distance_[h].assign(count, std::numeric_limits<Scalar>::infinity());
        }
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t j = 0; j < count; ++j) {
                if (!facing(i, j, rule)) {
                    continue;
                }
                const Scalar distance = (position[0][i] - position[1][j]).squaredNorm();
                if (distance < distance_[0][i]) {
                    distance_[0][i] = distance;
                    nearest_[0][i] = j;
                }
                if (distance < distance_[1][j]) {
                    distance_[1][j] = distance;
                    nearest_[1][j] = i;
                }
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t j = nearest_[0][i];
            const Scalar distance = std::sqrt(distance_[0][i]);
            if (j < count && nearest_[1][j] == i && distance <= static_cast<Scalar>(rule.radius)) {
                add(i, j, distance, rule);
            }
        }
    }

    void choose_nearest(const AnchorRule& rule) {
        const std::size_t count = position[0].size();
        for (std::size_t j = 0; j < count; ++j) {
            found_.clear();
            for (std::size_t i = 0; i < count; ++i) {
                const Scalar distance = (position[0][i] - position[1][j]).norm();
                if (distance <= static_cast<Scalar>(rule.radius) && facing(i, j, rule)) {
                    found_.push_back({distance, i});
                }
            }
            const std::size_t kept =
                std::min(found_.size(), static_cast<std::size_t>(rule.neighbours));
            std::partial_sort(
                found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(kept), found_.end());
            for (std::size_t n = 0; n < kept; ++n) {
                add(found_[n].second, j, found_[n].first, rule);
            }
        }
    }

    std::array<std::vector<std::size_t>, 2> nearest_; // of the other hand
    std::array<std::vector<Scalar>, 2> distance_;     // squared, to the nearest
    std::vector<std::pair<Scalar, std::size_t>> found_;
    std::vector<Pair> pairs_;
};

} // namespace rih
