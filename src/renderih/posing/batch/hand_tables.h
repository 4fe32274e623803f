// SPDX-License-Identifier: Apache-2.0
// A hand laid out for the batched optimiser: the vertices of each part together, eight at a time,
// with only the joints and correctives that move them. The forearm's own skin is left out.
#pragma once

#include "renderih/hand/anatomy.h"
#include "renderih/hand/parts.h"
#include "renderih/posing/batch/part_grid.h"

#include <vector>

namespace rih {

/// Half-open.
struct IndexRange {
    int first = 0, last = 0;
};

/// What a hand model alone decides. A slot is one vertex; group g holds slots 8 g .. 8 g + 7.
struct ModelTables {
    explicit ModelTables(const HandModel& model, const std::array<HandPart, kPartsPerHand>& parts);

    struct Part {
        IndexRange groups;
        std::vector<int> joints;    // that move it
        std::vector<Lanes> weights; // [joint][group]
        int bone = 0;               // the joint whose frame its grid is in
    };
    /// One joint's pose corrective for one group: rows of R - I first, then x, y, z.
    struct Corrective {
        int joint = 0;
        std::array<Lanes, 27> directions;
    };

    const HandModel* model;
    std::array<Part, kPartsPerHand> parts;
    std::vector<MeshDistance> part_surfaces; // of the template, one a part
    std::vector<int> vertex_of_slot;         // padding repeats a vertex of the part
    std::vector<int> slot_of_vertex;         // [V], -1: forearm
    std::vector<Lanes> part_count; // per group: to how many parts a vertex belongs; padding 0
    std::vector<IndexRange> correctives_of_group;
    std::vector<Corrective> correctives;

    int group_count() const { return static_cast<int>(part_count.size()); }
};

/// What a person's shape decides besides.
struct IdentityTables {
    IdentityTables(const ModelTables& model,
                   const std::array<HandPart, kPartsPerHand>& parts,
                   const ShapedHand& hand,
                   double grid_spacing);
    /// The left hand of `right`'s person, when its rest vertices are the mirror image of that
    /// one's.
    IdentityTables(const ModelTables& model, const IdentityTables& right, const ShapedHand& hand);

    ShapedHand hand;
    AnatomyFrames frames;
    std::array<std::vector<Lanes>, 3> rest; // [axis][group], m
    std::vector<PartGrid> grids;            // one a part

  private:
    IdentityTables(const ModelTables& model, const ShapedHand& hand);
};

} // namespace rih
