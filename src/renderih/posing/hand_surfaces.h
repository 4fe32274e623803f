// SPDX-License-Identifier: Apache-2.0
// What the exact steps need of a pair of hand models whatever their pose: search trees over whole
// hands and over their parts, built once and then only moved.
#pragma once

#include "renderih/geometry/self_penetration.h"
#include "renderih/hand/kinematics.h"

#include <array>
#include <memory>

namespace rih {

class HandSurfaces {
  public:
    /// `hands` must outlive this. Throws UserError for models that are not closed.
    explicit HandSurfaces(const HandPair& hands);

    /// The whole hand in a pose, vertices [V, 3].
    MeshDistance posed(int hand, const Points& vertices) const {
        return whole_[static_cast<std::size_t>(hand)].posed(vertices);
    }

    /// shape_hand() without working out anew what depends on the model alone.
    ShapedHand shaped(int hand, const VecX& shape) const;

    /// By how much the deepest skin of a part inside another part is deeper than it is between the
    /// same two parts of the flat hand of that shape; 0 when it is nowhere. Skin counts where it is
    /// covered: where the hand's own flesh is just outside it. So the caps over the seams between
    /// parts do not count, and a bent joint whose skin folds without meeting itself gives 0.
    /// `solid` is posed(hand, vertices), `flat` [V, 3] the flat hand's vertices. m
    double self_penetration_m(int hand,
                              const Points& flat,
                              const Points& vertices,
                              const MeshDistance& solid) const;

  private:
    const HandPair* hands_;
    std::array<MeshDistance, 2> whole_;
    std::array<PartSolids, 2> parts_;
    std::array<std::shared_ptr<const PoseCorrectives>, 2> correctives_;
};

} // namespace rih
