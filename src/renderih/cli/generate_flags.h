// SPDX-License-Identifier: Apache-2.0
// Flags that `generate`, `poses` and `bench` share; they bind to the options' own fields.
#pragma once

#include "renderih/pipeline/generate_options.h"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace rih {

struct RunFlags {
    std::filesystem::path assets;
    int threads = 0; ///< 0: every core
};

void add_run_flags(CLI::App& command, RunFlags& flags);

/// Flags of the pose engine: --source, --without, --hand, --seed, --config. The file of --config is
/// read first, so that flags given on the command line win.
void add_posing_flags(CLI::App& command, GenerateOptions& options);

} // namespace rih
