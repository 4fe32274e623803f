// SPDX-License-Identifier: Apache-2.0
// Hand models from and to files. HAND.npz is ours; MANO's .pkl and .npz are read as users have
// them.
#pragma once

#include "renderih/hand/hand_model.h"

#include <filesystem>

namespace rih {

/// Reads HAND.npz (arrays and shapes of docs/dataset_format.md), a MANO .npz or a MANO .pkl, told
/// apart by content. A MANO file's side comes from its joints' geometry and must equal `side`.
/// MANO's left shape directions get the sign fix when they equal the right hand's (decided in
/// load_hand_pair, where both are known). Throws UserError.
HandModel load_hand(const std::filesystem::path& path, Side side);

/// `spec` is "open" (right.npz of `assets`, mirrored for the left), one HAND.npz of the right hand
/// (mirrored), or "RIGHT,LEFT".
HandPair load_hand_pair(const std::string& spec, const std::filesystem::path& assets);

/// Writes the contract's arrays; reading them back gives the same bits.
void save_hand(const std::filesystem::path& path, const HandModel& model);

/// Digest over the arrays' values, independent of the container.
std::string hash_of(const HandModel& model);

} // namespace rih
