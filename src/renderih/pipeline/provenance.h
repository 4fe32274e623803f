// SPDX-License-Identifier: Apache-2.0
// What a data set says of its own making: configuration, assets, licences, the program and the
// libraries whose code decides its bytes.
#pragma once

#include "renderih/pipeline/asset_folder.h"
#include "renderih/pipeline/generate_options.h"
#include "renderih/posing/pose_engine.h"

#include <map>
#include <string>
#include <vector>

namespace rih {

/// Files and names in a data set.
inline constexpr const char* kDiscriminatorFile = "discriminator.npz";
inline constexpr std::string_view kEnvironments = "environments/";

/// Whether a model came from MANO's files, which may not be passed on.
bool is_mano(const HandModel& model);

/// The hands of `--hand`. A single file of ours stands for both hands; of MANO's both are asked
/// for. Throws UserError.
HandPair load_hands(const std::string& spec, const std::filesystem::path& assets);

/// Whether the left hand is the mirror image of a file of the user's.
bool mirrors_users_hand(const std::string& spec);

/// What was loaded and under which licence: the open hand's and the open poses' packages only
/// where they are used; files of the user's by name and digest.
std::vector<AssetLicence> licences_of_inputs(const GenerateOptions& options,
                                             const AssetFolder& assets,
                                             const HandPair& hands);

DatasetDescription describe_dataset(const GenerateOptions& options,
                                    const AssetFolder& assets,
                                    const HandPair& hands,
                                    const PoseEngine& engine);

/// Names this build: the program and the libraries that decide bytes.
std::string generator_digest();

/// The files that a data set holds beside its shards: what its labels refer to.
std::map<std::string, Bytes>
files_of_dataset(const GenerateOptions& options, const AssetFolder& assets, const HandPair& hands);

} // namespace rih
