// SPDX-License-Identifier: Apache-2.0
// Data sets of ours in the layouts that others' loaders read (docs/exchange.md).
#pragma once

#include "renderih/dataset/reader.h"
#include "renderih/hand/hand_model.h"
#include "renderih/image/image.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rih {

struct ExportOptions {
    std::filesystem::path folder, out;
    std::string format; ///< one of export_formats()
    std::string hand;   ///< RIGHT,LEFT files of a set made with MANO
};

struct ExportCounts {
    std::uint64_t records = 0;
    std::uint64_t hands_left_out = 0; ///< without a visible pixel, where the format cannot say so
    std::uint64_t hands_without_mano =
        0; ///< of a MANO set, whose parameters the format cannot hold
};

std::vector<std::string> export_formats();

/// Writes `options.out`, which must not exist yet; it takes its place when it is whole, and until
/// then is called OUT.partial. Throws UserError.
ExportCounts export_dataset(const ExportOptions& options);

/// What each format's writer is given.
struct ExportSource {
    const DatasetReader& reader;
    const HandPair& hands;
    std::string rgb_member; ///< "rgb.jpg"
    std::string hand;       ///< the RIGHT,LEFT files, as they were given

    /// The finished records of a split, ascending, so that a pose's views follow one another.
    void for_each_record(
        Split split,
        const std::function<void(const ShardReader& shard, const Record& record)>& body) const;
    /// Those splits that have records.
    std::vector<Split> splits() const;
    /// The picture, decoded.
    Image8 picture(const ShardReader& shard, const Record& record) const;
    std::string picture_extension() const { return rgb_member.substr(rgb_member.find('.')); }
};

ExportCounts export_coco(const ExportSource& source, const std::filesystem::path& out);
ExportCounts export_interhand26m(const ExportSource& source, const std::filesystem::path& out);
ExportCounts export_intaghand(const ExportSource& source, const std::filesystem::path& out);
ExportCounts export_freihand(const ExportSource& source, const std::filesystem::path& out);

} // namespace rih
