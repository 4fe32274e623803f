// SPDX-License-Identifier: Apache-2.0
// PNG, JPEG, WebP, EXR and Radiance HDR. Encoders return bytes and give the same bytes for the same
// picture: no time stamps, no metadata. Decoders take hostile bytes: a header's claim is checked
// against the size of the file (decode_limits.h) before anything is allocated for it.
#pragma once

#include "renderih/base/file.h"
#include "renderih/image/image.h"

#include <filesystem>
#include <span>
#include <string>

namespace rih {

inline constexpr int kMaxImageSide = 16384; // pixels; larger pictures are refused

Bytes encode_png(const Image8& image);  // 1 or 3 channels
Bytes encode_png(const Image16& image); // 1 or 3 channels
/// Resolution of the colour in a JPEG: 4:4:4 or 4:2:0.
enum class JpegChroma { Full, Half };
/// 3 channels, quality 1..100
Bytes encode_jpeg(const Image8& image, int quality, JpegChroma chroma = JpegChroma::Full);
Bytes encode_webp(const Image8& image, int quality); // 3 channels; 1..100, 100 = lossless

/// `what` names the source in messages. Throw UserError. The PNG readers take exactly what the
/// encoders write, grey or RGB of 8 or of 16 bits: a label image is never converted silently.
Image8 decode_png8(std::span<const std::uint8_t> bytes, const std::string& what);
Image16 decode_png16(std::span<const std::uint8_t> bytes, const std::string& what);
Image8 decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& what); // 3 channels
Image8 decode_webp(std::span<const std::uint8_t> bytes, const std::string& what); // 3 channels

/// Linear Rec.709 RGB, every compression that OpenEXR knows; single-part, scan lines or one-level
/// tiles. NaN and infinite pixels are refused.
ImageF read_exr(const std::filesystem::path& path);
ImageF decode_exr(std::span<const std::uint8_t> bytes, const std::string& what);
/// Radiance .hdr (RGBE), rows from the top, flat or run-length encoded.
ImageF read_hdr(const std::filesystem::path& path);
ImageF decode_hdr(std::span<const std::uint8_t> bytes, const std::string& what);

enum class ExrPrecision { Half, Float };
/// In the order of OpenEXR's own numbers. B44, Dwaa and Dwab lose precision, Pxr24 of floats too.
enum class ExrCompression { None, Rle, Zips, Zip, Piz, Pxr24, B44, B44a, Dwaa, Dwab };
struct ExrOptions {
    ExrPrecision precision = ExrPrecision::Float;
    ExrCompression compression = ExrCompression::Zip;
};
/// Channels by name, one per channel of `image` ("R", "G", "B", "depth_z.Z"...).
void write_exr(const std::filesystem::path& path,
               const ImageF& image,
               const std::vector<std::string>& channels);
Bytes encode_exr(const ImageF& image,
                 const std::vector<std::string>& channels,
                 const ExrOptions& options = {});

} // namespace rih
