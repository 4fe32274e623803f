// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/dataset/card.h"
#include "renderih/dataset/file_lock.h"
#include "renderih/dataset/own_file.h"
#include "renderih/dataset/shard_writer.h"

#include <algorithm>

namespace rih {

namespace {

constexpr JsonLimits kRowLimits = {.max_bytes = kMaxRowBytes, .max_depth = 2};
constexpr int kFirstPerson = 4; // track

void add_keypoints(const JsonValue& row, const std::string& side, CardStatistics& statistics) {
    constexpr std::array<const char*, 5> kFields{"visible_joints",
                                                 "joints_occluded_by_self",
                                                 "joints_occluded_by_other",
                                                 "joints_occluded_by_things",
                                                 "joints_outside_frame"};
    for (std::size_t i = 0; i < kFields.size(); ++i) {
        statistics.keypoints[i] += row.at(side + "_" + kFields[i]).unsigned_integer(21);
    }
}

} // namespace

void add_row(std::string_view text, const std::string& what, CardStatistics& statistics) {
    const OrderedJson json = parse_json(text, what, kRowLimits);
    const JsonValue row(json, what);
    const auto split = static_cast<std::size_t>(split_of_name(row.at("split").text()));
    ++statistics.records[split];
    const std::string tone = row.at("ita_class").text(64);
    ++statistics.ita_class[tone][split];
    statistics.ita_sum_deg[tone] += row.at("ita_deg").number(-180, 180);
    ++statistics.monk[static_cast<std::size_t>(row.at("monk").integer(1, 10) - 1)][split];
    const double overlap = row.at("mask_iou").number(0, 1);
    const auto bin = std::ranges::lower_bound(kOverlapBins, overlap);
    ++statistics.overlap[static_cast<std::size_t>(bin - kOverlapBins.begin())][split];
    statistics.touching[split] += row.at("contact_area_mm2").number() > 0;
    statistics.first_person[split] += row.at("track").integer(0, 1000) == kFirstPerson;
    add_keypoints(row, "right", statistics);
    add_keypoints(row, "left", statistics);
    for (const auto& item : json.items()) {
        if ((item.key().starts_with("worn_") || item.key().starts_with("near_")) &&
            row.at(item.key()).unsigned_integer(1000) > 0) {
            ++statistics.things[item.key()];
        }
    }
    statistics.environments.insert(row.at("environment").text());
    statistics.sources.insert(row.at("source_id").text());
    statistics.sizes.emplace(row.at("width").integer(1, 1 << 20),
                             row.at("height").integer(1, 1 << 20));
}

CardStatistics card_statistics(const DatasetReader& reader) {
    CardStatistics statistics;
    for (const ManifestRow& row : reader.shards()) {
        const std::filesystem::path path = reader.dir() / (row.shard.name() + ".jsonl");
        const std::string text = read_text_file(path, kMaxRowsBytes);
        std::size_t number = 0;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            add_row(std::string_view(text).substr(at, end - at),
                    fmt::format("{} line {}", path.string(), ++number),
                    statistics);
            at = end + 1;
        }
    }
    return statistics;
}

bool complete_card(const std::filesystem::path& dir) {
    const DatasetReader reader(dir);
    if (static_cast<int>(reader.shards().size()) != reader.plan().shard_count() ||
        !data_source_of(reader.description()).empty()) { // whose rows have none of this
        return false;
    }
    const std::filesystem::path path = dir / "README.md";
    const std::string first = dataset_card(reader.description());
    std::error_code error;
    const auto is_another = [&] {
        return std::filesystem::exists(path, error) &&
               (std::filesystem::file_size(path, error) != first.size() ||
                read_text_file(path, first.size()) != first);
    };
    if (is_another()) {
        return false;
    }
    const std::string card = dataset_card(reader.description(), card_statistics(reader));
    // Two processes may end at once; one that was killed here has left its temporary file.
    const FileLock lock = FileLock::wait(dataset_lock_path(dir));
    const bool is_mine = !is_another();
    if (is_mine) {
        write_own_file(path, card);
    }
    std::filesystem::remove_all(partial_folder(dir), error); // of the lock: the set is whole
    return is_mine;
}

} // namespace rih
