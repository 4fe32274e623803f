// SPDX-License-Identifier: Apache-2.0
// What the page filters, sorts and counts by: one row a record, kept as columns by name.
#pragma once

#include "renderih/dataset/record.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rih {

struct PageRow {
    std::uint64_t record = 0, pose = 0;
    int view = 0;
    Split split = Split::Train;
    int width = 0, height = 0;
    double mask_iou = 0, min_distance_mm = 0, contact_cm2 = 0;
    std::array<double, 2> self_penetration_mm{}, visible_joints{}, naturalness{}, flexion_deg{};
    double ita_deg = 0;
    std::string ita_class;
    int monk = 1;
    std::string environment;
    std::string place; ///< kitchen, street, ..., or "captured map"
    int track = 0;
    double azimuth_deg = 0, distance_m = 0, exposure_ev = 0;
    int augmentation = 0, attempts = 1;
    std::string source, source_id;
    std::vector<std::string> worn, near; ///< kinds of things, ascending, each once
};

PageRow row_of(const Record& record);

/// The kind of a generated place by its name ("room-0012"), as the catalogue of this build has it.
std::string place_of_environment(const std::string& name);

/// A column of numbers.
struct NumberColumn {
    std::string_view name;
    int decimals; ///< that the page gets
    double (*of)(const PageRow&);
};
std::span<const NumberColumn> number_columns();
/// Throws InternalError for a name that is no column's.
const NumberColumn& number_column(std::string_view name);

/// A column of words, none or several a row.
struct WordColumn {
    std::string_view name;
    std::vector<std::string> (*of)(const PageRow&);
};
std::span<const WordColumn> word_columns();
const WordColumn& word_column(std::string_view name);

/// {name: [numbers]} and {name: {values: [words], rows: [[index, ...], ...]}}; a row of a column
/// that always has one word is the index itself.
nlohmann::ordered_json columns_json(std::span<const PageRow> rows);

} // namespace rih
