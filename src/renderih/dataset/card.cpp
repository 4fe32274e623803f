// SPDX-License-Identifier: Apache-2.0
// The data set card: a YAML header as the Hugging Face Hub reads it, then Markdown for people.
#include "renderih/dataset/card.h"

#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/dataset/card_features.h"

#include <algorithm>
#include <numeric>

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

std::uint64_t total(const SplitCounts& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
    return fmt::format("{:.1f} %",
                       100.0 * static_cast<double>(part) /
                           static_cast<double>(std::max<std::uint64_t>(whole, 1)));
}

/// A line of a table by split: "| tan | 12 | 3 | 1 | 16.7 % |".
std::string line(const std::string& name, const SplitCounts& counts, std::uint64_t whole) {
    return fmt::format("| {} | {} | {} | {} | {} |\n",
                       cell(name),
                       counts[0],
                       counts[1],
                       counts[2],
                       percent(total(counts), whole));
}

std::string head_of(const std::string& name) {
    return fmt::format("| {} | train | val | test | of all |\n|---|---:|---:|---:|---:|\n", name);
}

std::string tone_tables(const CardStatistics& statistics, std::uint64_t whole) {
    std::vector<std::pair<double, std::string>> classes; // by mean ITA, light first
    for (const auto& [name, counts] : statistics.ita_class) {
        const double mean = statistics.ita_sum_deg.at(name) / static_cast<double>(total(counts));
        classes.emplace_back(-mean, name);
    }
    std::ranges::sort(classes);
    std::string text =
        "### Skin tones\nBy class of the individual typology angle (ITA), and by the "
        "nearest of the ten Monk swatches (1 lightest).\n\n" +
        head_of("ITA class");
    for (const auto& [minus_mean, name] : classes) {
        text += line(name, statistics.ita_class.at(name), whole);
    }
    text += '\n';
    text += head_of("Monk");
    for (std::size_t i = 0; i < statistics.monk.size(); ++i) {
        text += line(std::to_string(i + 1), statistics.monk[i], whole);
    }
    return text;
}

std::string occlusion_tables(const CardStatistics& statistics, std::uint64_t whole) {
    std::string text = "\n### Occlusion and contact\nOverlap is the IoU of both hands' amodal "
                       "masks.\n\n" +
                       head_of("overlap");
    for (std::size_t i = 0; i < statistics.overlap.size(); ++i) {
        text += line(
            i == 0 ? "none"
                   : fmt::format("{:g} to {:g}", i == 1 ? 0 : kOverlapBins[i - 1], kOverlapBins[i]),
            statistics.overlap[i],
            whole);
    }
    text += line("hands within 2 mm", statistics.touching, whole);
    text += line("seen by the owner of the hands", statistics.first_person, whole);
    constexpr std::array<const char*, 5> kNames{"in sight",
                                                "hidden by their own hand",
                                                "hidden by the other hand",
                                                "hidden by things",
                                                "outside the picture"};
    const std::uint64_t keypoints =
        std::accumulate(statistics.keypoints.begin(), statistics.keypoints.end(), std::uint64_t{0});
    text += "\n| keypoints | count | of all |\n|---|---:|---:|\n";
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        text += fmt::format("| {} | {} | {} |\n",
                            kNames[i],
                            statistics.keypoints[i],
                            percent(statistics.keypoints[i], keypoints));
    }
    return text;
}

std::string records_section(const CardStatistics& statistics) {
    const std::uint64_t whole = total(statistics.records);
    std::string sizes;
    for (const auto& [width, height] : statistics.sizes) {
        sizes += fmt::format("{}{} x {}", sizes.empty() ? "" : ", ", width, height);
    }
    std::string text = fmt::format("\n## What is in it\n"
                                   "Pictures of {} pixels in {} environments, of poses from {} "
                                   "sources.\n\n",
                                   sizes,
                                   statistics.environments.size(),
                                   statistics.sources.size());
    text += tone_tables(statistics, whole) + occlusion_tables(statistics, whole);
    if (!statistics.things.empty()) {
        text += "\n### Things\n| records with | count | of all |\n|---|---:|---:|\n";
        for (const auto& [name, count] : statistics.things) {
            std::string words = name;
            std::ranges::replace(words, '_', ' ');
            text += fmt::format("| {} | {} | {} |\n", cell(words), count, percent(count, whole));
        }
    }
    return text;
}

std::string card_of(const DatasetDescription& description, const std::string& records) {
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
    text += "\nSplits share no pose and no person's shape, and none of ten or more "
            "environments.\n";
    text += records;
    text += R"(
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
- The pictures are synthetic. Measure on real pictures before relying on what was learnt here.
- Every hand is one parametric model with drawn shapes: no injuries, no missing fingers, no gloves.
- Skin is a model of pigments. Tones are drawn evenly over the classes of ITA, not as they are
  found among people; nails, hair and blemishes are drawn too.
- Poses come from the sources that `dataset.json` names and from offsets of them, made free of
  intersections: nothing here stands for how often people hold their hands like this. Hands do not
  deform where they touch, and hold nothing.
- Light comes from a finite set of environments; what is worn or near is of a few kinds.
- Each picture is of one moment. Labels are those of a pinhole camera at rest; picture and labels
  differ by the blur of lens and motion.
- Keypoints lie inside the hand, at the model's joints: other data sets define them elsewhere.
)";
    return text;
}

} // namespace

std::string dataset_card(const DatasetDescription& description) {
    if (!data_source_of(description).empty()) {
        return converted_dataset_card(description);
    }
    return card_of(description, "");
}

std::string dataset_card(const DatasetDescription& description, const CardStatistics& statistics) {
    return card_of(description, records_section(statistics));
}

} // namespace rih
