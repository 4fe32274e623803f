// SPDX-License-Identifier: Apache-2.0
// What a data set's labels refer to: its hands, its configuration, its files.
#pragma once

#include "renderih/dataset/reader.h"
#include "renderih/hand/hand_model.h"
#include "renderih/pipeline/label_check.h"

#include <string>

namespace rih {

/// From DIR/hands, or, when the set was made with MANO and holds hashes only, from the files
/// RIGHT,LEFT given. Throws UserError when they are needed and missing, or have another hash.
HandPair hands_of_dataset(const DatasetReader& reader, const std::string& given);

/// What `verify` needs beside records and hands. Throws UserError for a configuration that is none
/// of ours and for a discriminator that cannot be read.
LabelCheckSetup label_check_setup(const DatasetReader& reader);

} // namespace rih
