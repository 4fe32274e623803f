// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/terms/attraction_term.h"

#include <cmath>
#include <limits>

namespace rih {

void AttractionTerm::rebuild(const PairState& state) {
    pairs_.clear();
    const int count = static_cast<int>(anchors_.vertices.size());
    std::array<Points, 2> normals;
    for (int h = 0; h < 2; ++h) {
        normals[h] = anchor_normals(anchors_, state.hands[h].vertices, kSides[h]);
    }
    const auto position = [&](int hand, int anchor) {
        return state.hands[hand].vertices.row(anchors_.vertices[anchor]);
    };
    // The nearest partner of each anchor; ties go to the lower index.
    std::array<std::vector<int>, 2> nearest;
    std::array<std::vector<double>, 2> nearest_distance;
    for (int h = 0; h < 2; ++h) {
        nearest[h].assign(count, -1);
        nearest_distance[h].assign(count, std::numeric_limits<double>::infinity());
    }
    for (int i = 0; i < count; ++i) {
        for (int j = 0; j < count; ++j) {
            if (normals[0].row(i).dot(normals[1].row(j)) >= 0) {
                continue;
            }
            const double distance = (position(0, i) - position(1, j)).norm();
            if (distance < nearest_distance[0][i]) {
                nearest_distance[0][i] = distance;
                nearest[0][i] = j;
            }
            if (distance < nearest_distance[1][j]) {
                nearest_distance[1][j] = distance;
                nearest[1][j] = i;
            }
        }
    }
    for (int i = 0; i < count; ++i) {
        const int j = nearest[0][i];
        if (j < 0 || nearest[1][j] != i || nearest_distance[0][i] > radius_) {
            continue;
        }
        const double stiffness = 0.5 * std::cos(kPi * nearest_distance[0][i] / radius_) + 0.5;
        pairs_.push_back({anchors_.vertices[i], anchors_.vertices[j], stiffness});
    }
}

double AttractionTerm::evaluate(const PairState& state, double weight, PairGradient& gradient) {
    double energy = 0;
    for (const AnchorPair& pair : pairs_) {
        const Vec3 offset = state.hands[0].vertices.row(pair.right_vertex) -
                            state.hands[1].vertices.row(pair.left_vertex);
        energy += 0.5 * pair.stiffness * offset.squaredNorm();
        const Vec3 slope = weight * pair.stiffness * offset;
        gradient.d_vertices[0].row(pair.right_vertex) += slope;
        gradient.d_vertices[1].row(pair.left_vertex) -= slope;
    }
    return energy;
}

} // namespace rih
