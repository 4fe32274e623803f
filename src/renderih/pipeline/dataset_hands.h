// SPDX-License-Identifier: Apache-2.0
// What a data set's labels refer to: its hands, its configuration, its files.
#pragma once

#include "renderih/dataset/reader.h"
#include "renderih/hand/hand_model.h"
#include "renderih/pipeline/label_check.h"

#include <string>

namespace rih {

/// From DIR/hands, or, when the set was made with MANO and holds hashes only, from the files
/// RIGHT,LEFT given. Throws UserError when they are needed and missing, or have another hash, and
/// for a set that refers to none.
HandPair hands_of_dataset(const DatasetReader& reader, const std::string& given);

/// Whether there are parameters of hands at all: not in sets converted without MANO's.
bool refers_to_hands(const DatasetDescription& description);

/// Throws UserError for a converted set, which lacks what `need` (a command) works on.
void require_generated(const DatasetReader& reader, std::string_view need);

/// What `verify` needs beside records and hands. Throws UserError for a configuration that is none
/// of ours, for a converted set and for a discriminator that cannot be read.
LabelCheckSetup label_check_setup(const DatasetReader& reader);

} // namespace rih
