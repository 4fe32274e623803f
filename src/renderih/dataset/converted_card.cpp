// SPDX-License-Identifier: Apache-2.0
// The card of a data set that was converted from another's: what it is, whose it is, what it lacks.
#include "renderih/dataset/description.h"

#include <fmt/format.h>

namespace rih {

std::string converted_dataset_card(const DatasetDescription& description) {
    const DatasetPlan plan(description.plan);
    const std::string source = data_source_of(description);
    std::string text = fmt::format("---\n"
                                   "pretty_name: {} in RenderIH's layout\n"
                                   "license: other\n"
                                   "license_name: that-of-the-source\n"
                                   "tags:\n- hand-pose\n- two-hands\n- webdataset\n"
                                   "---\n# {} in RenderIH's layout\n\n"
                                   "{} pictures and their labels, converted by renderih {}. They "
                                   "are not ours: the terms of the source hold.\n\n",
                                   source,
                                   source,
                                   plan.record_count(),
                                   description.generator_version);
    for (const AssetLicence& licence : description.licences) {
        text += fmt::format("- {}: {} ({})\n", licence.asset, licence.licence, licence.source);
    }
    return text + R"(
Each shard is a plain tar in WebDataset's layout: the members of record KEY are `KEY.json` and
`KEY.rgb.*`, the picture as it was. Beside it lie `NNNNN.idx.json` (key -> member -> [offset, size]
in the tar) and `NNNNN.jsonl` (one flat row a record). Units, frames and orders of joints are in
`dataset.json` under `conventions`.

A record says what is known of it: a hand without labels is null, `joint_3d_valid` and
`joint_2d_valid` mark the joints that have a place, `has_mano` whether shape, pose and translation
are given. There are no label images.
)";
}

} // namespace rih
