// SPDX-License-Identifier: Apache-2.0
// Posing options from a parsed TOML table; apart from posing_options.h so that only readers of
// configuration files see the TOML library.
#pragma once

#include "renderih/posing/posing_options.h"

#include <toml++/toml.h>

namespace rih {

/// Sets the fields that `table` names. Throws UserError for an unknown field or a wrong type.
void bind(const toml::table& table, PosingOptions& options);

} // namespace rih
