// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/export.h"

#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/pipeline/dataset_hands.h"

#include <algorithm>
#include <array>

namespace rih {

namespace {

struct Format {
    std::string_view name;
    ExportCounts (*write)(const ExportSource&, const std::filesystem::path&);
};

constexpr std::array<Format, 4> kFormats{{{"coco", export_coco},
                                          {"interhand26m", export_interhand26m},
                                          {"intaghand", export_intaghand},
                                          {"freihand", export_freihand}}};

} // namespace

std::vector<std::string> export_formats() {
    std::vector<std::string> names;
    for (const Format& format : kFormats) {
        names.emplace_back(format.name);
    }
    return names;
}

void ExportSource::for_each_record(
    Split split,
    const std::function<void(const ShardReader& shard, const Record& record)>& body) const {
    for (const ManifestRow& row : reader.shards()) {
        if (row.shard.split != split) {
            continue;
        }
        const auto shard = reader.open_shard(row.shard);
        for (const IndexEntry& entry : shard->entries()) {
            body(*shard, shard->record(entry.record));
        }
    }
}

std::vector<Split> ExportSource::splits() const {
    std::vector<Split> splits;
    for (const Split split : {Split::Train, Split::Val, Split::Test}) {
        if (std::ranges::any_of(reader.shards(),
                                [&](const ManifestRow& row) { return row.shard.split == split; })) {
            splits.push_back(split);
        }
    }
    return splits;
}

Image8 ExportSource::picture(const ShardReader& shard, const Record& record) const {
    const Bytes bytes = shard.member(record.record, rgb_member);
    const std::string what =
        fmt::format("{} {}.{}", shard.shard().name(), record.key(), rgb_member);
    return rgb_member == "rgb.jpg"   ? decode_jpeg(bytes, what)
           : rgb_member == "rgb.png" ? decode_png8(bytes, what)
                                     : decode_webp(bytes, what);
}

ExportCounts export_dataset(const ExportOptions& options) {
    const auto* const format = std::ranges::find(kFormats, options.format, &Format::name);
    RIH_REQUIRE(format != kFormats.end(),
                "there is no format '{}'; formats are {}",
                options.format,
                fmt::join(export_formats(), ", "));
    const DatasetReader reader(options.folder);
    RIH_REQUIRE(reader.record_count() > 0,
                "{}: has no finished shard yet; renderih generate goes on with it",
                options.folder.string());
    require_generated(reader, "export");
    const HandPair hands = hands_of_dataset(reader, options.hand);
    const GenerateOptions made_with = label_check_setup(reader).options;

    const std::filesystem::path partial = options.out.string() + ".partial";
    for (const std::filesystem::path& path : {options.out, partial}) {
        RIH_REQUIRE(!std::filesystem::exists(path),
                    "{}: is there already; remove it or choose another --out",
                    path.string());
    }
    make_folder(partial);
    const ExportCounts counts =
        format->write({reader, hands, "rgb." + made_with.image.rgb_format, options.hand}, partial);
    sync_folder(partial);
    std::filesystem::rename(partial, options.out);
    return counts;
}

} // namespace rih
