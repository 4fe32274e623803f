// SPDX-License-Identifier: Apache-2.0
#include "renderih/study/bare_hand.h"

#include "renderih/base/error.h"
#include "renderih/posing/anchors.h"

namespace rih {

BareHands::BareHands(const HandPair& hands) {
    for (int h = 0; h < 2; ++h) {
        const HandModel& model = hands.hands[h];
        const std::vector<bool> of_hand = hand_vertices(model);
        std::vector<int> index(static_cast<std::size_t>(model.vertex_count()), -1);
        for (int v = 0; v < model.vertex_count(); ++v) {
            if (of_hand[v]) {
                index[v] = static_cast<int>(vertices_[h].size());
                vertices_[h].push_back(v);
            }
        }
        Triangles skin;
        for (std::size_t f = 0; f < model.faces.size(); ++f) {
            if (model.part_of_face[f] != forearm_part(model.side)) {
                const auto& face = model.faces[f];
                skin.push_back({index[face[0]], index[face[1]], index[face[2]]});
            }
        }
        faces_[h] = close_borders(skin);
        RIH_REQUIRE(is_closed(faces_[h]),
                    "{} hand {}: its wrist cannot be closed",
                    name_of(kSides[h]),
                    model.name);
    }
}

TriMesh BareHands::mesh(int hand, const Points& vertices) const {
    return {Points(vertices(vertices_[hand], Eigen::all)), faces_[hand]};
}

MeshInteraction BareHands::interaction(const PairRig& rig, const PairParameters& parameters) const {
    const PairState state = pose_pair(rig, parameters);
    return measure_interaction(mesh(0, state.hands[0].vertices), mesh(1, state.hands[1].vertices));
}

} // namespace rih
