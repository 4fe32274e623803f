// SPDX-License-Identifier: Apache-2.0
// Hands that can be photographed: those without texture coordinates, such as MANO's, take over the
// open hand's skin (hand/skin_transfer.h).
#pragma once

#include "renderih/hand/hand_model.h"

#include <filesystem>
#include <string>

namespace rih {

/// The hands of `--hand`, as load_hands() has them, with skin.
HandPair load_dressed_hands(const std::string& spec, const std::filesystem::path& assets);

/// `hands`, loaded from `spec`, with the skin of the open hand of `assets` where they have none,
/// which takes two seconds a hand. When a hand is too unlike the open one, or that is not there,
/// both stay as they are - skin then is plain, by vertex - and a line on standard error says so.
HandPair dressed(HandPair hands, const std::string& spec, const std::filesystem::path& assets);

/// Whether the model's skin layout is another hand's.
bool has_skin_of_another(const HandModel& model);

} // namespace rih
