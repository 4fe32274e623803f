// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/maps_file.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/image/codecs.h"

#include <algorithm>

namespace rih {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{256} << 20;

Image8 read_picture(const std::filesystem::path& path) {
    Image8 image = decode_png8(read_file(path, kMaxBytes), path.string());
    RIH_REQUIRE(
        image.channels() == 3 && image.width() % kMapSideStep == 0 &&
            image.height() % kMapSideStep == 0,
        "{}: has {} x {} pixels of {} channels; a map has 3 and sides that are multiples of {}",
        path.string(),
        image.width(),
        image.height(),
        image.channels(),
        kMapSideStep);
    return image;
}

} // namespace

void write_maps(const MapFiles& files, const SurfaceMaps& maps) {
    Image8 albedo(maps.width, maps.height, 3), relief(maps.width, maps.height, 3),
        folds(maps.width, maps.height, 3);
    for (std::size_t i = 0; i < maps.levels.front().size(); ++i) {
        const SurfaceTexel& texel = maps.levels.front()[i];
        std::copy_n(texel.albedo, 3, &albedo.values()[3 * i]);
        relief.values()[3 * i] = texel.gloss;
        for (std::size_t k = 0; k < 2; ++k) {
            relief.values()[3 * i + 1 + k] = texel.slope[k];
            folds.values()[3 * i + k] = texel.fold[k];
        }
    }
    write_file_atomically(files.albedo, encode_png(albedo));
    write_file_atomically(files.relief, encode_png(relief));
    write_file_atomically(files.folds, encode_png(folds));
}

SurfaceMaps read_maps(const MapFiles& files, double metres_per_uv) {
    const Image8 albedo = read_picture(files.albedo), relief = read_picture(files.relief),
                 folds = read_picture(files.folds);
    for (const Image8* image : {&relief, &folds}) {
        RIH_REQUIRE(image->width() == albedo.width() && image->height() == albedo.height(),
                    "{}: its maps differ in size",
                    files.albedo.string());
    }
    SurfaceMaps::Level texels(static_cast<std::size_t>(albedo.width()) * albedo.height());
    for (std::size_t i = 0; i < texels.size(); ++i) {
        std::copy_n(&albedo.values()[3 * i], 3, texels[i].albedo);
        texels[i].gloss = relief.values()[3 * i];
        for (std::size_t k = 0; k < 2; ++k) {
            texels[i].slope[k] = relief.values()[3 * i + 1 + k];
            texels[i].fold[k] = folds.values()[3 * i + k];
        }
    }
    const std::vector<std::uint8_t> everywhere(texels.size(), 1);
    return make_surface_maps(
        albedo.width(), albedo.height(), metres_per_uv, std::move(texels), everywhere);
}

std::vector<Vec3f> vertex_albedo_of(const SurfaceMaps& maps, const Points2& uv) {
    const std::size_t level = std::min<std::size_t>(3, maps.levels.size() - 1);
    const int width = maps.width >> level, height = maps.height >> level;
    std::vector<Vec3f> albedo;
    for (Eigen::Index v = 0; v < uv.rows(); ++v) {
        // As numbers that are larger than an int they are brought into the map.
        const int x = static_cast<int>(std::clamp(uv(v, 0) * height, 0.0, width - 1.0));
        const int y = static_cast<int>(std::clamp((1 - uv(v, 1)) * height, 0.0, height - 1.0));
        const SurfaceTexel& texel = maps.levels[level][static_cast<std::size_t>(y) * width + x];
        Vec3f rgb;
        for (int c = 0; c < 3; ++c) {
            const float root = static_cast<float>(texel.albedo[c]) / 255;
            rgb[c] = root * root;
        }
        albedo.push_back(rgb);
    }
    return albedo;
}

} // namespace rih
