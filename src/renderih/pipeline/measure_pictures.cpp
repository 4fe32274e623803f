// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/measure_pictures.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/dataset/reader.h"
#include "renderih/hand/parts.h"
#include "renderih/image/codecs.h"

#include <algorithm>

namespace rih {

namespace {

/// A hand of fewer pixels is a sliver that no meter looks at.
constexpr std::size_t kLeastHandPixels = 30;

/// By the brightest channel of each pixel.
HandExposure exposure_of_hands(const Image8& rgb, const Image8& part) {
    constexpr double kDark = 0.01 * 255, kBright = 0.99 * 255;
    HandExposure exposure;
    std::size_t pixels = 0, burnt = 0;
    for (const Side side : kSides) {
        std::vector<double> values;
        for (int y = 0; y < part.height(); ++y) {
            for (int x = 0; x < part.width(); ++x) {
                const int first = first_part(side);
                if (part.at(x, y) >= first && part.at(x, y) < first + kPartsPerHand) {
                    values.push_back(std::max({rgb.at(x, y, 0), rgb.at(x, y, 1), rgb.at(x, y, 2)}));
                    ++pixels;
                    burnt += values.back() > kBright;
                }
            }
        }
        if (values.size() >= kLeastHandPixels) {
            ++exposure.hands;
            const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
            std::nth_element(values.begin(), middle, values.end());
            const double median = *middle;
            exposure.dark += median < kDark;
            exposure.bright += median > kBright;
        }
    }
    exposure.burnt =
        static_cast<double>(burnt) / static_cast<double>(std::max<std::size_t>(pixels, 1));
    return exposure;
}

Image8 decode(const Bytes& bytes, const std::string& format, const std::string& what) {
    return format == "png"    ? decode_png8(bytes, what)
           : format == "webp" ? decode_webp(bytes, what)
                              : decode_jpeg(bytes, what);
}

MeasuredPictures measure_dataset(const std::filesystem::path& data, int threads) {
    const DatasetReader reader(data);
    std::vector<std::pair<ShardId, std::uint64_t>> records;
    for (const ManifestRow& row : reader.shards()) {
        for (const std::uint64_t record : reader.plan().records_of(row.shard)) {
            records.emplace_back(row.shard, record);
        }
    }
    MeasuredPictures found{std::vector<ImageStatistics>(records.size()),
                           std::vector<HandExposure>(records.size())};
    Progress progress("pictures", records.size());
    parallel_for(records.size(), threads, [&](std::size_t i) {
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

MeasuredPictures measure_folder(const std::filesystem::path& data, int threads) {
    constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(data)) {
        const std::string extension = entry.path().extension().string();
        if (extension == ".jpg" || extension == ".png") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    MeasuredPictures found;
    found.statistics.resize(files.size());
    parallel_for(files.size(), threads, [&](std::size_t i) {
        found.statistics[i] = image_statistics(decode(read_file(files[i], kMaxBytes),
                                                      files[i].extension().string().substr(1),
                                                      files[i].string()));
    });
    return found;
}

} // namespace

MeasuredPictures measure_pictures(const std::filesystem::path& data, int threads) {
    RIH_REQUIRE(std::filesystem::is_directory(data),
                "{}: is no folder; name a data set or a folder of .jpg and .png pictures",
                data.string());
    MeasuredPictures measured = std::filesystem::exists(data / "dataset.json")
                                    ? measure_dataset(data, threads)
                                    : measure_folder(data, threads);
    RIH_REQUIRE(!measured.statistics.empty(), "{}: holds no pictures", data.string());
    return measured;
}

} // namespace rih
