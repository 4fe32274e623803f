// SPDX-License-Identifier: Apache-2.0
// What a data set card says of its records: skin tones, occlusion, contact, things, counted from
// the rows of the finished shards. The card that a set begins with (description.h) says what will
// be made; this one, written when the last shard is there, says what is in it.
#pragma once

#include "renderih/dataset/reader.h"

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace rih {

/// By split: train, val, test.
using SplitCounts = std::array<std::uint64_t, 3>;

struct CardStatistics {
    SplitCounts records{};
    std::map<std::string, SplitCounts> ita_class;
    std::map<std::string, double> ita_sum_deg; ///< of all records of a class, to sort classes by
    std::array<SplitCounts, 10> monk{};
    /// Of kOverlapBins.
    std::array<SplitCounts, 6> overlap{};
    SplitCounts touching{};     ///< some area within 2 mm
    SplitCounts first_person{}; ///< camera track 4
    /// Keypoints of both hands: visible, self, other, things, frame.
    std::array<std::uint64_t, 5> keypoints{};
    std::map<std::string, std::uint64_t> things; ///< records with at least one: "worn_ring"
    std::set<std::string> environments, sources;
    std::set<std::pair<int, int>> sizes; ///< width, height
};

/// Upper bounds of mask_iou; the first bin is "none".
inline constexpr std::array<double, 6> kOverlapBins{0.0005, 0.05, 0.1, 0.2, 0.35, 1.0};

/// Adds a row of NNNNN.jsonl. Throws UserError, naming `what` and the field.
void add_row(std::string_view row, const std::string& what, CardStatistics& statistics);

/// Of the finished shards.
CardStatistics card_statistics(const DatasetReader& reader);

std::string dataset_card(const DatasetDescription& description, const CardStatistics& statistics);

/// Writes the card of a finished data set, unless README.md is no longer the one that the set began
/// with: it was completed before, or somebody wrote their own. Returns whether it was written.
bool complete_card(const std::filesystem::path& dir);

} // namespace rih
