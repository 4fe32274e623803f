// SPDX-License-Identifier: Apache-2.0
// JPEG through libjpeg-turbo. The accurate integer transform is used both ways: it gives the same
// bits with and without SIMD.
#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/image/decode_limits.h"

#include <memory>
#include <turbojpeg.h>

namespace rih {
namespace {

struct DestroyHandle {
    void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, DestroyHandle>;

struct FreeBuffer {
    void operator()(unsigned char* buffer) const { tjFree(buffer); }
};

} // namespace

Bytes encode_jpeg(const Image8& image, int quality, JpegChroma chroma) {
    RIH_REQUIRE(image.channels() == 3 && image.width() >= 1 && image.height() >= 1 &&
                    image.width() <= kMaxImageSide && image.height() <= kMaxImageSide,
                "a JPEG holds 3 channels and sides of 1 to {}; got {} x {} x {}",
                kMaxImageSide,
                image.width(),
                image.height(),
                image.channels());
    RIH_REQUIRE(quality >= 1 && quality <= 100, "JPEG quality {} is not in 1..100", quality);
    const Handle handle(tjInitCompress());
    RIH_ASSERT(handle != nullptr, "libjpeg-turbo: {}", tjGetErrorStr2(nullptr));
    unsigned char* buffer = nullptr;
    unsigned long size = 0;
    const int status = tjCompress2(handle.get(),
                                   image.values().data(),
                                   image.width(),
                                   0,
                                   image.height(),
                                   TJPF_RGB,
                                   &buffer,
                                   &size,
                                   chroma == JpegChroma::Half ? TJSAMP_420 : TJSAMP_444,
                                   quality,
                                   TJFLAG_ACCURATEDCT);
    const std::unique_ptr<unsigned char, FreeBuffer> owner(buffer);
    RIH_ASSERT(status == 0, "libjpeg-turbo: {}", tjGetErrorStr2(handle.get()));
    return Bytes(buffer, buffer + size);
}

Image8 decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& what) {
    const Handle handle(tjInitDecompress());
    RIH_ASSERT(handle != nullptr, "libjpeg-turbo: {}", tjGetErrorStr2(nullptr));
    int width = 0, height = 0, subsampling = 0, colour_space = 0;
    RIH_REQUIRE(!bytes.empty() && tjDecompressHeader3(handle.get(),
                                                      bytes.data(),
                                                      bytes.size(),
                                                      &width,
                                                      &height,
                                                      &subsampling,
                                                      &colour_space) == 0,
                "{}: not a JPEG, or damaged ({})",
                what,
                tjGetErrorStr2(handle.get()));
    RIH_REQUIRE(colour_space != TJCS_CMYK && colour_space != TJCS_YCCK,
                "{}: a JPEG in CMYK; save it as RGB",
                what);
    // Coefficients of a progressive file take six bytes a pixel beside the picture itself.
    check_decoded_size(width, height, 9, bytes.size(), what);
    Image8 image(width, height, 3);
    RIH_REQUIRE(tjDecompress2(handle.get(),
                              bytes.data(),
                              bytes.size(),
                              image.values().data(),
                              width,
                              0,
                              height,
                              TJPF_RGB,
                              TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) == 0,
                "{}: damaged JPEG ({})",
                what,
                tjGetErrorStr2(handle.get()));
    return image;
}

} // namespace rih
