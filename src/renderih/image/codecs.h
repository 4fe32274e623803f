// SPDX-License-Identifier: Apache-2.0
// PNG, JPEG, WebP and EXR, through their own libraries. Encoders return bytes and give the same
// bytes for the same picture. Decoders take hostile bytes: they check sizes before they allocate.
#pragma once

#include "renderih/base/file.h"
#include "renderih/image/image.h"

#include <filesystem>
#include <span>
#include <string>

namespace rih {

inline constexpr int kMaxImageSide = 16384; // pixels; larger pictures are refused

Bytes encode_png(const Image8& image);               // 1 or 3 channels
Bytes encode_png(const Image16& image);              // 1 or 3 channels
Bytes encode_jpeg(const Image8& image, int quality); // 3 channels, 4:4:4, quality 1..100
Bytes encode_webp(const Image8& image, int quality); // 3 channels; 100 = lossless

/// `what` names the source in messages. Throw UserError.
Image8 decode_png8(std::span<const std::uint8_t> bytes, const std::string& what);
Image16 decode_png16(std::span<const std::uint8_t> bytes, const std::string& what);
Image8 decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& what);

/// Linear Rec.709 RGB, every compression that OpenEXR knows. NaN and infinite pixels are refused.
ImageF read_exr(const std::filesystem::path& path);
/// Radiance .hdr (RGBE).
ImageF read_hdr(const std::filesystem::path& path);
/// Half or float channels by name; names one per channel of `image` ("R", "G", "B",
/// "depth_z.Z"...).
void write_exr(const std::filesystem::path& path,
               const ImageF& image,
               const std::vector<std::string>& channels);

} // namespace rih
