// SPDX-License-Identifier: Apache-2.0
// Pictures of a finished data set, or any folder of pictures, held against what is published of
// photographs; and, where hands are labelled, whether each is exposed so that it can be seen.
#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/dataset/reader.h"
#include "renderih/hand/parts.h"
#include "renderih/image/codecs.h"
#include "renderih/image/statistics.h"
#include "renderih/study/study_context.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace rih {

namespace {

/// A hand of fewer pixels is a sliver that no meter looks at.
constexpr std::size_t kLeastHandPixels = 30;

struct Exposure {
    int hands = 0, dark = 0, bright = 0; ///< hands; with a median below 1 % and above 99 % of 255
    double burnt = 0;                    ///< part of all hand pixels above 99 %
};

/// By the brightest channel of each pixel.
Exposure exposure_of_hands(const Image8& rgb, const Image8& part) {
    constexpr double kDark = 0.01 * 255, kBright = 0.99 * 255;
    Exposure exposure;
    std::size_t pixels = 0, burnt = 0;
    for (const Side side : kSides) {
        std::vector<double> values;
        for (int y = 0; y < part.height(); ++y) {
            for (int x = 0; x < part.width(); ++x) {
                const int first = first_part(side);
                if (part.at(x, y) >= first && part.at(x, y) < first + kPartsPerHand) {
                    values.push_back(
                        std::max({rgb.at(x, y, 0), rgb.at(x, y, 1), rgb.at(x, y, 2)}));
                    ++pixels;
                    burnt += values.back() > kBright;
                }
            }
        }
        if (values.size() >= kLeastHandPixels) {
            ++exposure.hands;
            const double median = median_of(values);
            exposure.dark += median < kDark;
            exposure.bright += median > kBright;
        }
    }
    exposure.burnt = static_cast<double>(burnt) / static_cast<double>(std::max<std::size_t>(pixels, 1));
    return exposure;
}

Image8 decode(const Bytes& bytes, const std::string& format, const std::string& what) {
    return format == "png"    ? decode_png8(bytes, what)
           : format == "webp" ? decode_webp(bytes, what)
                              : decode_jpeg(bytes, what);
}

struct Found {
    std::vector<ImageStatistics> statistics;
    std::vector<Exposure> exposures; // empty for plain pictures
};

Found measure_dataset(const StudyContext& context) {
    const DatasetReader reader(context.options.data);
    std::vector<std::pair<ShardId, std::uint64_t>> records;
    for (const ManifestRow& row : reader.shards()) {
        for (const std::uint64_t record : reader.plan().records_of(row.shard)) {
            records.emplace_back(row.shard, record);
        }
    }
    Found found{std::vector<ImageStatistics>(records.size()),
                std::vector<Exposure>(records.size())};
    Progress progress("pictures", records.size());
    parallel_for(records.size(), context.threads, [&](std::size_t i) {
        const auto& [id, record] = records[i];
        const auto shard = reader.open_shard(id);
        const std::string what = record_key(record);
        std::string format = "jpg";
        for (const char* other : {"png", "webp"}) {
            format = shard->has_member(record, std::string("rgb.") + other) ? other : format;
        }
        const Image8 rgb = decode(shard->member(record, "rgb." + format), format, what);
        const Image8 part = decode_png8(shard->member(record, "seg.png"), what);
        RIH_REQUIRE(part.width() == rgb.width() && part.height() == rgb.height(),
                    "{}: picture and seg differ in size; `renderih verify` tells more",
                    what);
        found.statistics[i] = image_statistics(rgb);
        found.exposures[i] = exposure_of_hands(rgb, part);
        progress.step();
    });
    return found;
}

Found measure_folder(const StudyContext& context) {
    constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(context.options.data)) {
        const std::string extension = entry.path().extension().string();
        if (extension == ".jpg" || extension == ".png") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    Found found;
    found.statistics.resize(files.size());
    parallel_for(files.size(), context.threads, [&](std::size_t i) {
        found.statistics[i] = image_statistics(
            decode(read_file(files[i], kMaxBytes),
                   files[i].extension().string().substr(1),
                   files[i].string()));
    });
    return found;
}

} // namespace

std::string study_images(const StudyContext& context) {
    RIH_REQUIRE(std::filesystem::is_directory(context.options.data),
                "study images needs --data, a data set or a folder of .jpg and .png pictures");
    const bool is_dataset = std::filesystem::exists(context.options.data / "dataset.json");
    const Found found = is_dataset ? measure_dataset(context) : measure_folder(context);
    RIH_REQUIRE(
        !found.statistics.empty(), "{}: holds no pictures", context.options.data.string());

    struct Row {
        const char* name;
        double ImageStatistics::* value;
        int digits;
        const char* published;
    };
    constexpr std::array kRows{
        Row{"slope of the power spectrum",
            &ImageStatistics::spectrum_slope,
            2,
            "2 (Field 1987); 2.4, 1.6 .. 3.0 (Tolhurst et al. 1992)"},
        Row{"kurtosis of log gradients",
            &ImageStatistics::gradient_kurtosis,
            1,
            "far above 3, about 17 (Huang and Mumford 1999)"},
        Row{"local contrast, 16 px", &ImageStatistics::local_contrast, 3, ""},
        Row{"range of local contrast, 95 %",
            &ImageStatistics::local_contrast_range,
            1,
            "somewhat over 10 (Frazor and Geisler 2006)"},
        Row{"sd of l", &ImageStatistics::sd_l, 3, "0.353 (Ruderman et al. 1998)"},
        Row{"sd of alpha", &ImageStatistics::sd_alpha, 4, "0.0732 (same)"},
        Row{"sd of beta", &ImageStatistics::sd_beta, 5, "0.00745 (same)"},
        Row{"noise, 8-bit levels", &ImageStatistics::noise_levels, 2, ""},
    };
    Table table{{"statistic", "median", "5 %", "95 %", "published"}, {}};
    for (const Row& row : kRows) {
        std::vector<double> values;
        for (const ImageStatistics& one : found.statistics) {
            values.push_back(one.*row.value);
        }
        table.rows.push_back({row.name,
                              figure(median_of(values), row.digits),
                              figure(quantile_of(values, 0.05), row.digits),
                              figure(quantile_of(values, 0.95), row.digits),
                              row.published});
    }
    std::string text = write_table(context, "images", table) +
                       fmt::format("\n{} pictures.\n", found.statistics.size());
    if (!found.exposures.empty()) {
        int hands = 0, dark = 0, bright = 0, records = 0;
        std::vector<double> burnt;
        for (const Exposure& one : found.exposures) {
            hands += one.hands;
            dark += one.dark;
            bright += one.bright;
            records += one.dark + one.bright > 0;
            burnt.push_back(one.burnt);
        }
        text += fmt::format(
            "\nOf {} hands {} have a median under 1 % and {} over 99 % of the range, in {} records "
            "of {}. Of a record's hand pixels {} % are over 99 % (median), {} % (95th percentile).\n",
            hands,
            dark,
            bright,
            records,
            found.exposures.size(),
            figure(100 * median_of(burnt), 2),
            figure(100 * quantile_of(burnt, 0.95), 2));
    }
    return text;
}

} // namespace rih
