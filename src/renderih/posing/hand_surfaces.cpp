// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/hand_surfaces.h"

#include "renderih/hand/parts.h"

#include <algorithm>

namespace rih {

namespace {

MeshDistance whole_hand(const HandModel& model) {
    return MeshDistance(TriMesh{model.template_vertices, model.faces});
}

PartSolids part_solids(const HandModel& model) {
    std::vector<MeshPart> parts;
    for (const HandPart& part : closed_parts(model)) {
        parts.push_back({part.vertices, part.faces});
    }
    return PartSolids(model.template_vertices, parts);
}

} // namespace

HandSurfaces::HandSurfaces(const HandPair& hands)
    : hands_(&hands), whole_{whole_hand(hands.hands[0]), whole_hand(hands.hands[1])},
      parts_{part_solids(hands.hands[0]), part_solids(hands.hands[1])} {
    for (std::size_t h = 0; h < 2; ++h) {
        correctives_[h] = std::make_shared<const PoseCorrectives>(hands.hands[h]);
    }
}

ShapedHand HandSurfaces::shaped(int hand, const VecX& shape) const {
    const auto h = static_cast<std::size_t>(hand);
    return shape_hand(hands_->hands[h], shape, correctives_[h]);
}

double HandSurfaces::self_penetration_m(int hand,
                                        const Points& flat,
                                        const Points& vertices,
                                        const MeshDistance& solid) const {
    const auto h = static_cast<std::size_t>(hand);
    const Triangles& faces = hands_->hands[h].faces;
    const MatX posed = parts_[h].covered_depths(vertices, faces, solid);
    if (posed.maxCoeff() <= 0) {
        return 0;
    }
    return std::max(
        0.0, (posed - parts_[h].covered_depths(flat, faces, this->posed(hand, flat))).maxCoeff());
}

} // namespace rih
