// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/terms/penetration_term.h"

#include <map>

namespace rih {

PairSurfaces::PairSurfaces(const std::array<ClosedParts, 2>& parts, const PairState& state)
    : hands{PartSurfaces(parts[0], state.hands[0].vertices),
            PartSurfaces(parts[1], state.hands[1].vertices)} {}

void PairSurfaces::pose(const PairState& state) {
    for (int h = 0; h < 2; ++h) {
        hands[h].pose(state.hands[h].vertices);
    }
}

PenetrationTerm::PenetrationTerm(PairSurfaces& surfaces) : surfaces_(surfaces) {
    for (int h = 0; h < 2; ++h) {
        std::map<int, int> part_count;
        for (int p = 0; p < kPartsPerHand; ++p) {
            for (const int vertex : surfaces.hands[h].part(p).vertices) {
                ++part_count[vertex];
            }
        }
        vertices_[h].assign(part_count.begin(), part_count.end());
    }
}

double PenetrationTerm::evaluate(const PairState& state, double weight, PairGradient& gradient) {
    double energy = 0;
    for (int h = 0; h < 2; ++h) {
        PartSurfaces& other = surfaces_.hands[1 - h];
        for (const auto& [vertex, part_count] : vertices_[h]) {
            const Vec3 query = state.hands[h].vertices.row(vertex);
            if (!other.box().contains(query)) {
                continue;
            }
            for (int p = 0; p < kPartsPerHand; ++p) {
                const std::optional<PartDepth> inside = other.depth(p, query);
                if (!inside) {
                    continue;
                }
                energy += part_count * inside->depth;
                const Vec3 slope = weight * part_count * inside->slope;
                gradient.d_vertices[h].row(vertex) += slope;
                for (int k = 0; k < 3; ++k) {
                    gradient.d_vertices[1 - h].row(inside->corners[k]) -=
                        inside->barycentric[k] * slope;
                }
            }
        }
    }
    return energy;
}

} // namespace rih
