// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace rih {

/// What a data set folder, a hand model, a poses file or a scene holds, in words. Throws UserError.
std::string inspect(const std::filesystem::path& path);

} // namespace rih
