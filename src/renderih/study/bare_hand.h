// SPDX-License-Identifier: Apache-2.0
// A hand without its forearm, closed at the wrist: what the energies see, for measures before
// forearms are chosen.
#pragma once

#include "renderih/geometry/interaction.h"
#include "renderih/posing/parameters.h"

namespace rih {

class BareHands {
  public:
    /// Throws UserError when a hand's wrist cannot be closed.
    explicit BareHands(const HandPair& hands);

    TriMesh mesh(int hand, const Points& vertices) const;
    /// Model vertex ids of mesh().vertices, ascending.
    const std::vector<int>& vertices(int hand) const { return vertices_[hand]; }

    MeshInteraction interaction(const PairRig& rig, const PairParameters& parameters) const;

  private:
    std::array<std::vector<int>, 2> vertices_;
    std::array<Triangles, 2> faces_;
};

} // namespace rih
