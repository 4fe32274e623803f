// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/place_store.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/sha256.h"
#include "renderih/image/codecs.h"
#include "renderih/math/types.h"
#include "renderih/scene/environment.h"

#include <algorithm>
#include <span>

namespace rih {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxFile = 1ull << 28; // bytes
constexpr float kMaxStored = 65000;            // below the largest half float
constexpr int kLightWidth = 512;               // pixels; what is looked up often stays in the cache

/// What follows the EXR: readers of EXR pass over it, so the file opens in any viewer.
std::string footer(std::span<const std::uint8_t> exr, const std::string& maker) {
    return fmt::format("\nrenderih place {} {}\n", sha256_hex(exr), sha256_hex(maker));
}

Bytes encode(const ImageF& radiance, const std::string& maker) {
    Bytes bytes = encode_exr(radiance, {"R", "G", "B"}, {ExrPrecision::Half, ExrCompression::Dwab});
    const std::string end = footer(bytes, maker);
    bytes.insert(bytes.end(), end.begin(), end.end());
    return bytes;
}

/// The EXR in a file's bytes, empty when it is not whole or not of this maker.
std::span<const std::uint8_t> checked_exr(const Bytes& bytes, const std::string& maker) {
    const std::size_t length = footer({}, maker).size();
    if (bytes.size() <= length) {
        return {};
    }
    const auto exr = std::span(bytes).first(bytes.size() - length);
    const std::string end = footer(exr, maker);
    return std::equal(end.begin(), end.end(), bytes.begin() + std::ssize(exr)) ? exr : exr.first(0);
}

ImageF decode(std::span<const std::uint8_t> exr, const fs::path& path) {
    ImageF radiance = decode_exr(exr, path.string());
    for (float& value : radiance.values()) {
        value = std::max(value, 0.0f); // the codec may ring by a last digit
    }
    return radiance;
}

Bytes read_if_there(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) ? read_file(path, kMaxFile) : Bytes{};
}

/// Scales to kPlaceLuminance and into the range of half floats.
void normalise(ImageF& radiance) {
    double sum = 0;
    for (int y = 0; y < radiance.height(); ++y) {
        const double weight = pixel_solid_angle(radiance.width(), radiance.height(), y);
        for (int x = 0; x < radiance.width(); ++x) {
            sum += weight *
                   luminance({radiance.at(x, y, 0), radiance.at(x, y, 1), radiance.at(x, y, 2)});
        }
    }
    const double mean = sum / (4 * kPi);
    RIH_ASSERT(mean > 0, "a place without light");
    for (float& value : radiance.values()) {
        value = std::min(static_cast<float>(value * kPlaceLuminance / mean), kMaxStored);
    }
}

/// Means of blocks: what lights the surfaces.
ImageF light_map(const ImageF& radiance) {
    const int block = std::max(1, radiance.width() / kLightWidth);
    ImageF out(radiance.width() / block, radiance.height() / block, 3);
    for (int y = 0; y < out.height(); ++y) {
        for (int x = 0; x < out.width(); ++x) {
            for (int c = 0; c < 3; ++c) {
                double sum = 0;
                for (int j = 0; j < block; ++j) {
                    for (int i = 0; i < block; ++i) {
                        sum += radiance.at(block * x + i, block * y + j, c);
                    }
                }
                out.at(x, y, c) = static_cast<float>(sum / (block * block));
            }
        }
    }
    return out;
}

} // namespace

PlaceStore::PlaceStore(fs::path folder, std::string maker, const PlaceRendering& rendering)
    : folder_(std::move(folder)),
      maker_(fmt::format("{} {} {}", maker, rendering.width, rendering.paths)),
      rendering_(rendering) {}

fs::path PlaceStore::file_of(int index) const {
    return folder_ / (describe_place(index).name + ".exr");
}

bool PlaceStore::has(int index) const {
    return !checked_exr(read_if_there(file_of(index)), maker_).empty();
}

Environment PlaceStore::place(int index) const {
    const fs::path path = file_of(index);
    Bytes bytes = read_if_there(path);
    if (checked_exr(bytes, maker_).empty()) {
        ImageF made = render_place(index, rendering_);
        normalise(made);
        bytes = encode(made, maker_);
        try {
            make_folder(folder_);
            write_file_atomically(path, bytes);
        } catch (const UserError& error) {
            throw_user_error("{}; RENDERIH_PLACES names another folder to keep places in",
                             error.what());
        }
    }
    Environment environment;
    environment.name = path.stem().string();
    environment.radiance = decode(checked_exr(bytes, maker_), path);
    environment.light = light_map(environment.radiance);
    return environment;
}

} // namespace rih
