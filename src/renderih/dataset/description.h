// SPDX-License-Identifier: Apache-2.0
// dataset.json: what a data set was made from, in enough detail to make it again; and its card,
// README.md, which says the same to people and to the Hugging Face Hub.
#pragma once

#include "renderih/dataset/plan.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rih {

struct AssetLicence {
    std::string asset, licence, source; ///< "environments", "CC0-1.0", "Poly Haven"
};

struct DatasetDescription {
    PlanOptions plan; ///< carries the seed
    /// A JSON object: every option that a record's bytes depend on, threads and shards not.
    std::string configuration_json = "{}";
    std::map<std::string, std::string> assets = {}; ///< name -> sha256
    std::string generator_version = {};
    std::string generator_sha256 = {}; ///< of the program
    /// Libraries whose code decides bytes: name -> version or digest.
    std::map<std::string, std::string> generator_libraries = {};
    std::vector<AssetLicence> licences = {};
    std::map<std::string, std::string> files =
        {}; ///< path below DIR -> sha256, as "hands/right.npz"
};

/// What the set was converted from ("interhand26m", docs/exchange.md); empty when it is ours, or
/// when the configuration is no JSON object.
std::string data_source_of(const DatasetDescription& description);

/// The text of dataset.json. Throws UserError when configuration_json is no JSON object.
std::string dataset_json(const DatasetDescription& description);

/// Reads dataset.json; checks every field, its size and range, and that counts and splits are
/// those of the plan. `what` names the file. Throws UserError.
DatasetDescription dataset_from_json(std::string_view text, const std::string& what);

/// The digest that dataset.json holds of everything else in it, and so of everything that a
/// record's bytes depend on.
std::string configuration_sha256(const DatasetDescription& description);

/// What every record carries, so that one that has left its data set still says what made it: the
/// digests of the compact JSON of `configuration` and of `assets`.
struct ProvenanceDigests {
    std::string configuration_sha256, assets_sha256;
};
ProvenanceDigests provenance_digests(const DatasetDescription& description);

/// Whether the text is byte for byte what it was when it was written (the digest inside agrees).
bool is_unchanged_dataset_json(std::string_view text);

/// The first places where two texts of dataset.json differ, in words: "plan.views is 2, not 4";
/// empty when they say the same.
std::string difference_of(std::string_view stored, std::string_view wanted);

/// README.md; of a converted set, the second.
std::string converted_dataset_card(const DatasetDescription& description);
std::string dataset_card(const DatasetDescription& description);

/// Whether `path` may name a file of `files`: "folder/name.ext" or "name.ext" of letters, digits,
/// '_', '-' and single dots.
bool is_plain_path(std::string_view path);

} // namespace rih
