// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/terms/attraction_term.h"

namespace rih {

void AttractionTerm::rebuild(const PairState& state) {
    AnchorPairing<double> pairing(anchors_.vertices.size());
    for (int h = 0; h < 2; ++h) {
        const Points& vertices = state.hands[h].vertices;
        const Points normals = anchor_normals(anchors_, vertices, kSides[h]);
        for (std::size_t a = 0; a < anchors_.vertices.size(); ++a) {
            pairing.position[h][a] = vertices.row(anchors_.vertices[a]).transpose();
            pairing.normal[h][a] = normals.row(static_cast<Eigen::Index>(a)).transpose();
        }
    }
    pairs_.clear();
    for (const auto& pair : pairing.choose(rule_)) {
        pairs_.push_back(
            {anchors_.vertices[pair.right], anchors_.vertices[pair.left], pair.stiffness});
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
