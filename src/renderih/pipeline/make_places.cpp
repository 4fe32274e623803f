// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/make_places.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/stopwatch.h"
#include "renderih/image/codecs.h"
#include "renderih/image/colour.h"
#include "renderih/pipeline/light_store.h"
#include "renderih/pipeline/provenance.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr int kPreviewWidth = 1024, kPreviewQuality = 88;
constexpr double kMiddleGrey = 0.2;

/// The exponent of the mean logarithm of luminance, without the darkest and brightest tenth.
double middle_tone(const ImageF& image) {
    std::vector<double> values;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            values.push_back(luminance({image.at(x, y, 0), image.at(x, y, 1), image.at(x, y, 2)}));
        }
    }
    std::sort(values.begin(), values.end());
    double sum = 0;
    const std::size_t begin = values.size() / 10, end = values.size() - begin;
    for (std::size_t i = begin; i < end; ++i) {
        sum += std::log(values[i] + 1e-9);
    }
    return std::exp(sum / static_cast<double>(end - begin));
}

} // namespace

void MakePlacesOptions::validate() const {
    RIH_REQUIRE(first >= 0 && count >= 1 && first < kMaxPlaces && count <= kMaxPlaces - first,
                "places {} .. {} are not all in the catalogue; it has 0 .. {}",
                first,
                std::int64_t{first} + count - 1,
                kMaxPlaces - 1);
}

Image8 preview_of(const ImageF& radiance) {
    const int block = std::max(1, radiance.width() / kPreviewWidth);
    ImageF small(radiance.width() / block, radiance.height() / block, 3);
    for (int y = 0; y < small.height(); ++y) {
        for (int x = 0; x < small.width(); ++x) {
            for (int c = 0; c < 3; ++c) {
                double sum = 0;
                for (int j = 0; j < block; ++j) {
                    for (int i = 0; i < block; ++i) {
                        sum += radiance.at(block * x + i, block * y + j, c);
                    }
                }
                small.at(x, y, c) = static_cast<float>(sum / (block * block));
            }
        }
    }
    const double exposure = kMiddleGrey / middle_tone(small);
    for (float& value : small.values()) {
        value = static_cast<float>(1 - std::exp(-1.15 * exposure * value)); // like film
    }
    return srgb8_from_linear(small);
}

void make_places(const MakePlacesOptions& options,
                 const AssetFolder& assets,
                 const std::function<void(const std::string&)>& tell) {
    options.validate();
    PlaceRendering rendering;
    rendering.threads = resolve_thread_count(options.threads);
    const PlaceStore store(
        options.out.empty() ? places_folder(assets) : options.out, generator_digest(), rendering);
    if (!options.previews.empty()) {
        make_folder(options.previews);
    }
    for (int i = options.first; i < options.first + options.count; ++i) {
        const Stopwatch watch;
        const bool was_there = store.has(i);
        const PlaceDescription description = describe_place(i);
        if (!was_there || !options.previews.empty()) {
            const Environment environment = store.place(i);
            if (!options.previews.empty()) {
                write_file_atomically(
                    options.previews / (description.name + ".jpg"),
                    encode_jpeg(preview_of(environment.radiance), kPreviewQuality));
            }
        }
        tell(was_there ? fmt::format("{}: was there", description.text())
                       : fmt::format("{}: made in {:.1f} s", description.text(), watch.seconds()));
    }
}

} // namespace rih
