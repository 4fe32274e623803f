// SPDX-License-Identifier: Apache-2.0
// The hands that a data set's labels refer to.
#pragma once

#include "renderih/dataset/reader.h"
#include "renderih/hand/hand_model.h"

#include <string>

namespace rih {

/// From DIR/hands, or, when the set was made with MANO and holds hashes only, from the files
/// RIGHT,LEFT given. Throws UserError when they are needed and missing, or have another hash.
HandPair hands_of_dataset(const DatasetReader& reader, const std::string& given);

/// image.subdivision_levels of the configuration.
int subdivision_levels_of(const DatasetDescription& description);

} // namespace rih
