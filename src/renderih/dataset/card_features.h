// SPDX-License-Identifier: Apache-2.0
// The types of a record's members in a data set card's header. Hugging Face's `datasets` would
// guess them from the first five records: there nobody may wear a ring, and a 0 passes for a whole
// number.
#pragma once

#include <string>
#include <string_view>

namespace rih {

/// The YAML lines `dataset_info: ...` for a set of this configuration (dataset.json's); empty when
/// it does not say what pictures there are.
std::string card_features(std::string_view configuration_json);

} // namespace rih
