// SPDX-License-Identifier: Apache-2.0
// MANO's files (Romero, Tzionas, Black 2017) as their users have them: the original .pkl, parsed as
// data (pickle.h), or an .npz with the same keys. MANO itself may not be shipped or used here; the
// tests write files of this layout from other hands (hand/testing/mano_file.h).
//
// What differs between users of MANO is explicit here:
// - flat_hand_mean. Our poses are relative to the flat hand (v_template). Data sets that store
//   poses relative to the mean hand (flat_hand_mean = false, InterHand2.6M's) add hands_mean first.
// - The sign of the left hand's shape directions (fix_left_shape_dirs).
// - Fingertips. The file names none; ours are computed: the vertex of a finger's end part that lies
//   farthest along the bone from the second to the third joint.
#pragma once

#include "renderih/base/npz.h"
#include "renderih/hand/hand_model.h"

#include <span>
#include <string>

namespace rih {

/// MANO's keys of a pickle as arrays; other entries are not looked at. Throws UserError.
NpzArrays mano_arrays_of_pickle(std::span<const std::uint8_t> bytes, const std::string& where);

bool is_mano(const NpzArrays& arrays);

/// The hand of MANO's arrays with a forearm (hand/forearm.h), parts and tips. The side comes from
/// the joints (a right hand's fingers point to -x) and must be `side`. Throws UserError.
HandModel hand_from_mano(const NpzArrays& arrays, Side side, const std::string& where);

/// The published left hand repeats the right hand's shape directions where it should mirror them.
/// When the x components of both are nearly equal (sum of |difference| below 1, the test that data
/// sets use, and nearer to equal than to mirrored), negates the left's and returns true. The left
/// hand's meta_json records the outcome as mano_left_shapedirs_fixed.
bool fix_left_shape_dirs(const HandModel& right, HandModel& left);

} // namespace rih
