// SPDX-License-Identifier: Apache-2.0
// Hand models from and to files. HAND.npz is ours; MANO's .pkl and .npz are read as users have
// them.
#pragma once

#include "renderih/hand/hand_model.h"

#include <filesystem>

namespace rih {

/// Reads HAND.npz (arrays and shapes of docs/dataset_format.md), a MANO .npz or a MANO .pkl, told
/// apart by content. The side - our files name it, MANO's joints show it - must equal `side`. A
/// MANO left hand's shape directions are the file's own: load_hand_pair, which knows both hands,
/// fixes their sign. Throws UserError.
HandModel load_hand(const std::filesystem::path& path, Side side);

/// `spec` is "open" (right.npz of `assets`, mirrored for the left), one HAND.npz of the right hand
/// (mirrored), or "RIGHT,LEFT"; of two MANO files that repeat their shape directions the left
/// hand's get the sign fix (mano.h).
HandPair load_hand_pair(const std::string& spec, const std::filesystem::path& assets);

/// Writes the contract's arrays; reading them back gives the same bits.
void save_hand(const std::filesystem::path& path, const HandModel& model);

/// Digest over the arrays' values, independent of the container.
std::string hash_of(const HandModel& model);

} // namespace rih
