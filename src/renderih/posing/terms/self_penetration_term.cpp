// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/terms/self_penetration_term.h"

#include <algorithm>

namespace rih {

PartNeighbours part_neighbours(const ClosedParts& parts, const Points& rest_vertices) {
    PartNeighbours neighbours{};
    PartSurfaces surfaces(parts, rest_vertices);
    for (int i = 0; i < kPartsPerHand; ++i) {
        for (int j = 0; j < kPartsPerHand; ++j) {
            std::vector<int> shared;
            std::set_intersection(parts[i].vertices.begin(),
                                  parts[i].vertices.end(),
                                  parts[j].vertices.begin(),
                                  parts[j].vertices.end(),
                                  std::back_inserter(shared));
            bool near = !shared.empty();
            for (const int vertex : parts[j].vertices) {
                near = near || surfaces.depth(i, rest_vertices.row(vertex)).has_value();
            }
            if (near) {
                neighbours[i][j] = neighbours[j][i] = true;
            }
        }
    }
    return neighbours;
}

double
SelfPenetrationTerm::evaluate(const PairState& state, double weight, PairGradient& gradient) {
    double energy = 0;
    for (int h = 0; h < 2; ++h) {
        PartSurfaces& hand = surfaces_.hands[h];
        for (int i = 0; i < kPartsPerHand; ++i) {
            for (int j = 0; j < kPartsPerHand; ++j) {
                if (neighbours_[h][i][j] || !hand.box(i).intersects(hand.box(j))) {
                    continue;
                }
                for (const int vertex : hand.part(j).vertices) {
                    const std::optional<PartDepth> inside =
                        hand.depth(i, state.hands[h].vertices.row(vertex));
                    if (!inside) {
                        continue;
                    }
                    energy += inside->depth;
                    const Vec3 slope = weight * inside->slope;
                    gradient.d_vertices[h].row(vertex) += slope;
                    for (int k = 0; k < 3; ++k) {
                        gradient.d_vertices[h].row(inside->corners[k]) -=
                            inside->barycentric[k] * slope;
                    }
                }
            }
        }
    }
    return energy;
}

} // namespace rih
