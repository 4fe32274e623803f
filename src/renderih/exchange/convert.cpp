// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/convert.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/base/sha256.h"
#include "renderih/base/stopwatch.h"
#include "renderih/dataset/shard_store.h"
#include "renderih/exchange/foreign/foreign_set.h"
#include "renderih/hand/hand_io.h"
#include "renderih/image/codecs.h"
#include "renderih/pipeline/converted_check.h"
#include "renderih/pipeline/provenance.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>

namespace rih {

namespace {

struct Format {
    std::string_view name;
    std::unique_ptr<ForeignSet> (*open)(const ForeignOptions&);
};

constexpr std::array<Format, 4> kFormats{{{"interhand26m", open_interhand26m},
                                          {"hic", open_hic},
                                          {"h2o3d", open_h2o3d},
                                          {"ego3d", open_ego3d}}};

constexpr std::uint64_t kMaxPictureBytes = std::uint64_t{256} << 20;

struct Picture {
    Member member; // its bytes as they are
    int width = 0, height = 0;
};

/// Decodes the picture once, so that a damaged one is told now and by its name.
Picture read_picture(const std::filesystem::path& path) {
    Bytes bytes = read_file(path, kMaxPictureBytes);
    const bool is_jpeg = bytes.size() > 2 && bytes[0] == 0xff && bytes[1] == 0xd8;
    const Image8 image =
        is_jpeg ? decode_jpeg(bytes, path.string()) : decode_png8(bytes, path.string());
    RIH_REQUIRE(image.channels() == 3, "{}: is grey, where a picture is expected", path.string());
    return {{is_jpeg ? "rgb.jpg" : "rgb.png", std::move(bytes)}, image.width(), image.height()};
}

std::string configuration_of(const ConvertOptions& options, const ForeignSet& set) {
    std::filesystem::path folder = std::filesystem::absolute(options.source).lexically_normal();
    if (!folder.has_filename()) { // "SRC/"
        folder = folder.parent_path();
    }
    nlohmann::ordered_json converted{
        {"from", options.from},
        {"folder", printable(folder.filename().string(), 128)},
        {"split", std::string(name_of(options.split))},
        {"joints_px", set.projects_joints() ? "projected" : "labelled"},
        {"mano", !options.mano.empty()},
        {"left_out", nlohmann::ordered_json::object()}};
    for (const auto& [reason, count] : set.left_out()) {
        converted["left_out"][reason] = count;
    }
    return nlohmann::ordered_json{{"converted", converted}}.dump();
}

DatasetDescription describe(const ConvertOptions& options,
                            const ForeignSet& set,
                            const std::optional<HandPair>& mano) {
    DatasetDescription description;
    description.plan.poses = set.size();
    description.plan.split_fractions = {};
    description.plan.split_fractions[static_cast<std::size_t>(options.split)] = 1;
    description.configuration_json = configuration_of(options, set);
    for (const auto& [name, digest] : set.digests()) {
        description.assets["labels/" + name] = digest;
    }
    description.generator_version = RIH_VERSION;
    description.generator_sha256 = generator_digest();
    description.licences.push_back({"pictures and labels", "the source's own terms", options.from});
    if (mano) {
        for (const Side side : kSides) {
            description.assets[fmt::format("hand_{}", name_of(side))] = hash_of((*mano)[side]);
        }
        description.licences.push_back({"hand",
                                        "MANO: non-commercial research only",
                                        "the user's files; the set holds their digests alone"});
    }
    return description;
}

class Conversion {
  public:
    Conversion(const ForeignSet& set, const std::optional<HandPair>& mano, ConvertSummary& summary)
        : set_(set), summary_(summary) {
        if (mano) {
            hands_.emplace(*mano);
        }
    }

    void make(std::uint64_t number, ShardWriter& writer, const DatasetPlan& plan) {
        Picture picture = read_picture(set_.picture(number));
        Record record = set_.labels(number, picture.width, picture.height);
        record.seed = plan.options().seed;
        record.record = number;
        record.pose = plan.pose_of(number);
        record.view = plan.view_of(number);
        record.split = writer.shard().split;
        record.data_source = summary_.from;
        record.source_index = printable(set_.name(number));
        note_distances(record);
        writer.put_record(record, {std::move(picture.member)});
    }

  private:
    void note_distances(const Record& record) {
        for (const Side side : kSides) {
            const auto distance = hands_ ? hands_->mano_distance(record, side) : std::nullopt;
            if (distance) {
                const std::lock_guard lock(mutex_);
                // A running mean; what was made before an interruption is not in it.
                ++summary_.hands_compared;
                summary_.mean_mano_distance_m += (*distance - summary_.mean_mano_distance_m) /
                                                 static_cast<double>(summary_.hands_compared);
                summary_.max_mano_distance_m = std::max(summary_.max_mano_distance_m, *distance);
            }
        }
    }

    const ForeignSet& set_;
    std::optional<ConvertedHands> hands_;
    std::mutex mutex_;
    ConvertSummary& summary_;
};

} // namespace

std::vector<std::string> convert_formats() {
    std::vector<std::string> names;
    for (const Format& format : kFormats) {
        names.emplace_back(format.name);
    }
    return names;
}

std::string ConvertSummary::text() const {
    std::string text;
    for (const auto& [reason, count] : left_out) {
        text += fmt::format("{} pictures {} are left out\n", count, reason);
    }
    if (hands_compared > 0) {
        text += fmt::format("MANO's joints lie {:.2f} mm from the labelled ones, mean of {} hands; "
                            "{:.2f} mm for the farthest hand\n",
                            1e3 * mean_mano_distance_m,
                            hands_compared,
                            1e3 * max_mano_distance_m);
    }
    return text + fmt::format("{}: {} records of {}, {} made now",
                              folder.string(),
                              records_total,
                              from,
                              records_made);
}

std::string ConvertSummary::json() const {
    return nlohmann::ordered_json{{"folder", folder.string()},
                                  {"from", from},
                                  {"records", records_total},
                                  {"made", records_made},
                                  {"left_out", left_out},
                                  {"hands_compared", hands_compared},
                                  {"mean_mano_distance_mm", 1e3 * mean_mano_distance_m},
                                  {"max_mano_distance_mm", 1e3 * max_mano_distance_m}}
        .dump();
}

ConvertSummary convert_dataset(const ConvertOptions& options) {
    const auto* const format = std::ranges::find(kFormats, options.from, &Format::name);
    RIH_REQUIRE(format != kFormats.end(),
                "there is no format '{}'; formats are {}",
                options.from,
                fmt::join(convert_formats(), ", "));
    std::optional<HandPair> mano;
    if (!options.mano.empty()) {
        mano.emplace(load_hands(options.mano, {}));
        RIH_REQUIRE(is_mano((*mano)[Side::Right]) && is_mano((*mano)[Side::Left]),
                    "--mano {}: these are not MANO's files",
                    options.mano);
    }
    const std::unique_ptr<ForeignSet> set =
        format->open({options.source, options.split, mano ? &*mano : nullptr});
    RIH_REQUIRE(set->size() > 0,
                "{}: holds no picture with a labelled hand in {}",
                options.source.string(),
                name_of(options.split));

    ConvertSummary summary;
    summary.folder = options.out;
    summary.from = options.from;
    summary.records_total = set->size();
    summary.left_out = set->left_out();
    const ShardStore store(options.out, describe(options, *set, mano));
    Conversion conversion(*set, mano, summary);
    const int threads = resolve_thread_count(options.threads);
    const std::vector<ShardId> pending = store.pending();
    std::uint64_t to_make = 0;
    for (const ShardId& shard : pending) {
        to_make += store.plan().record_count(shard);
    }
    Progress progress("records", summary.records_total, summary.records_total - to_make);
    for (const ShardId& shard : pending) {
        const Stopwatch watch;
        const auto writer = store.claim(shard);
        if (!writer) {
            continue; // another process works on it
        }
        const std::vector<std::uint64_t> missing = writer->missing();
        parallel_for(missing.size(), threads, [&](std::size_t i) {
            conversion.make(missing[i], *writer, store.plan());
            progress.step();
        });
        summary.records_made += missing.size();
        writer->finish(watch.seconds());
    }
    return summary;
}

} // namespace rih
