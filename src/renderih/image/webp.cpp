// SPDX-License-Identifier: Apache-2.0
// WebP through libwebp, on one thread.
#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/image/decode_limits.h"

#include <memory>
#include <webp/decode.h>
#include <webp/encode.h>

namespace rih {

Bytes encode_webp(const Image8& image, int quality) {
    RIH_REQUIRE(image.channels() == 3 && image.width() >= 1 && image.height() >= 1 &&
                    image.width() <= WEBP_MAX_DIMENSION && image.height() <= WEBP_MAX_DIMENSION,
                "a WebP holds 3 channels and sides of 1 to {}; got {} x {} x {}",
                WEBP_MAX_DIMENSION,
                image.width(),
                image.height(),
                image.channels());
    RIH_REQUIRE(quality >= 1 && quality <= 100, "WebP quality {} is not in 1..100", quality);
    WebPConfig config;
    RIH_ASSERT(WebPConfigInit(&config), "libwebp has another version than its header");
    config.quality = static_cast<float>(quality);
    if (quality == 100) {
        RIH_ASSERT(WebPConfigLosslessPreset(&config, 6), "libwebp knows no lossless preset");
        config.exact = 1;
    }
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    WebPPicture picture;
    RIH_ASSERT(WebPPictureInit(&picture), "libwebp has another version than its header");
    picture.use_argb = config.lossless;
    picture.width = image.width();
    picture.height = image.height();
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    const bool good = WebPPictureImportRGB(&picture, image.values().data(), image.width() * 3) &&
                      WebPEncode(&config, &picture);
    const int error = picture.error_code;
    WebPPictureFree(&picture);
    Bytes bytes(writer.mem, writer.mem + writer.size);
    WebPMemoryWriterClear(&writer);
    RIH_ASSERT(good, "libwebp: error {}", error);
    return bytes;
}

Image8 decode_webp(std::span<const std::uint8_t> bytes, const std::string& what) {
    WebPBitstreamFeatures features;
    RIH_REQUIRE(WebPGetFeatures(bytes.data(), bytes.size(), &features) == VP8_STATUS_OK &&
                    !features.has_animation,
                "{}: not a still WebP, or damaged",
                what);
    check_decoded_size(features.width, features.height, 8, bytes.size(), what);
    Image8 image(features.width, features.height, 3);
    RIH_REQUIRE(WebPDecodeRGBInto(bytes.data(),
                                  bytes.size(),
                                  image.values().data(),
                                  image.values().size(),
                                  features.width * 3) != nullptr,
                "{}: damaged WebP",
                what);
    return image;
}

} // namespace rih
