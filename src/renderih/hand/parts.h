// SPDX-License-Identifier: Apache-2.0
// The 16 closed parts of a hand (paper 3.1, Figure 2): each part's faces with fans over its
// borders.
#pragma once

#include "renderih/hand/hand_model.h"

namespace rih {

/// In label images beside the parts of joint_order.h: what is worn on a hand or its arm,
constexpr std::uint8_t worn_part(Side side) {
    return side == Side::Right ? 35 : 36;
}
/// and what lies about, such as a table.
inline constexpr std::uint8_t kObjectPart = 37;

struct HandPart {
    std::vector<int> vertices; // ascending model vertex ids that occur in `faces`
    Triangles faces;           // closed, indices into `vertices`
    Triangles skin_faces;      // the part's own surface only, indices into `vertices`
};

/// Index p is part p of joint_order.h (0 pinky end .. 15 palm). Throws UserError when a part is
/// empty or cannot be closed.
std::array<HandPart, kPartsPerHand> closed_parts(const HandModel& model);

/// part_of_face from dominant skin weights, for files that do not say (MANO).
std::vector<std::uint8_t> parts_from_skin_weights(const HandModel& model);

} // namespace rih
