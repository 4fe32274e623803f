// SPDX-License-Identifier: Apache-2.0
// The data set card: a YAML header as the Hugging Face Hub reads it, then Markdown for people.
#include "renderih/dataset/card_features.h"
#include "renderih/dataset/description.h"

#include <fmt/format.h>

#include <array>

namespace rih {

namespace {

constexpr std::array<Split, 3> kSplits = {Split::Train, Split::Val, Split::Test};

std::string_view size_category(std::uint64_t records) {
    if (records < 1000) {
        return "n<1K";
    }
    if (records < 10'000) {
        return "1K<n<10K";
    }
    if (records < 100'000) {
        return "10K<n<100K";
    }
    return records < 1'000'000 ? "100K<n<1M" : "1M<n<10M";
}

/// One cell of a Markdown table.
std::string cell(std::string text) {
    for (char& c : text) {
        if (c == '|' || c == '\n' || c == '\r') {
            c = ' ';
        }
    }
    return text;
}

} // namespace

std::string dataset_card(const DatasetDescription& description) {
    const DatasetPlan plan(description.plan);
    std::string text = "---\n"
                       "pretty_name: RenderIH\n"
                       "license: other\n"
                       "license_name: see-licences\n"
                       "task_categories:\n- keypoint-detection\n- image-segmentation\n"
                       "- depth-estimation\n"
                       "tags:\n- hand-pose\n- two-hands\n- synthetic\n- webdataset\n";
    text += fmt::format("size_categories:\n- {}\n", size_category(plan.record_count()));
    text += "configs:\n- config_name: default\n  data_files:\n";
    for (const Split split : kSplits) {
        if (plan.shard_count(split) > 0) {
            text += fmt::format("  - split: {}\n    path: {}/*.tar\n",
                                split == Split::Val ? "validation" : name_of(split),
                                name_of(split));
        }
    }
    text += card_features(description.configuration_json);
    text += fmt::format(
        "---\n# Pictures of two interacting hands with exact labels\n\n"
        "{} records: {} poses of two hands, {} views of each, rendered by a path tracer.\n"
        "Made by renderih {}, seed {}; `dataset.json` holds the whole configuration.\n\n"
        "| Split | Poses | Records | Shards |\n|---|---:|---:|---:|\n",
        plan.record_count(),
        description.plan.poses,
        description.plan.views,
        description.generator_version,
        description.plan.seed);
    for (const Split split : kSplits) {
        text +=
            fmt::format("| {} | {} | {} | {} |\n",
                        name_of(split),
                        plan.pose_count(split),
                        plan.pose_count(split) * static_cast<std::uint64_t>(description.plan.views),
                        plan.shard_count(split));
    }
    text += R"(
Splits are by pose: no pose of one split is seen in another, from any view.

## Reading it
Each shard is a plain tar in WebDataset's layout: the members of record KEY are `KEY.json`,
`KEY.rgb.*`, `KEY.seg.png`, `KEY.depth.png`, `KEY.amodal.png`. Beside it lie `NNNNN.idx.json`
(key -> member -> [offset, size] in the tar, for random access) and `NNNNN.jsonl` (one flat row a
record). `manifest.jsonl` lists the finished shards with their sha256. Units, frames and orders of
joints are in `dataset.json` under `conventions`.

```python
import json, tarfile
for member in (tar := tarfile.open("train/00000.tar")):
    key, name = member.name.split(".", 1)
    if name == "json":
        record = json.load(tar.extractfile(member))
```

## Licences
The pictures were made from these assets, each under its own licence:

| Asset | Licence | Source |
|---|---|---|
)";
    for (const AssetLicence& licence : description.licences) {
        text += fmt::format(
            "| {} | {} | {} |\n", cell(licence.asset), cell(licence.licence), cell(licence.source));
    }
    text += R"(
## Limits
The pictures are synthetic. Hands come from one parametric model, skin colours and lights from
models and a finite set of environments, and poses from the sources that `dataset.json` names:
nothing here stands for how often people hold their hands like this. Measure on real pictures
before relying on what was learnt here.
)";
    return text;
}

} // namespace rih
