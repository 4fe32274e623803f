// SPDX-License-Identifier: Apache-2.0
// Flags that several commands share, and how each kind of value is checked while it is parsed;
// they bind to the options' own fields.
#pragma once

#include "renderih/pipeline/generate_options.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace rih {

/// A whole number from 0 to 2^64 - 1; anything else, "-1" among it, is wrong use.
CLI::Option*
add_unsigned(CLI::App& command, const char* name, std::uint64_t& value, const char* help);

/// A path that is not empty.
CLI::Option*
add_path(CLI::App& command, const char* name, std::filesystem::path& value, const char* help);

/// --threads: 0 = every core.
void add_threads(CLI::App& command, int& threads);

/// --places.
void add_places(CLI::App& command, ImageOptions& image);

struct RunFlags {
    std::filesystem::path assets;
    int threads = 0; ///< 0: every core
};

/// --assets and --threads.
void add_run_flags(CLI::App& command, RunFlags& flags);

/// Flags of the pose engine: --source, --without, --hand, --seed, --config. The file of --config is
/// read first, so that flags given on the command line win, in whatever order they stand.
void add_posing_flags(CLI::App& command, GenerateOptions& options);

/// The same and --preset, on which the file of --config builds.
void add_posing_flags_with_preset(CLI::App& command, GenerateOptions& options);

/// All that decides a data set's records: the flags that `generate` and `slurm` share.
struct DatasetFlags {
    GenerateOptions options;
    std::string size; ///< as given; empty: that of the options

    /// The options with the size in them, and the notes that go with them.
    GenerateOptions resolved() const;
};
void add_dataset_flags(CLI::App& command, DatasetFlags& flags);

/// Says on standard error when the left hand will be the mirror image of a user's file.
void note_mirrored_hand(const std::string& hand);

/// Throws UserError when no file can be written there: before hours of work for it, not after.
void require_place_for(const std::filesystem::path& path);

} // namespace rih
