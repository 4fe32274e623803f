// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/predict/picture_file.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/image/codecs.h"

namespace rih::learn {

namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{256} << 20;

Image8 in_colour(const Image8& grey) {
    Image8 picture(grey.width(), grey.height(), 3);
    for (std::size_t i = 0; i < grey.values().size(); ++i) {
        std::fill_n(
            picture.values().begin() + static_cast<std::ptrdiff_t>(3 * i), 3, grey.values()[i]);
    }
    return picture;
}

} // namespace

Image8 read_picture(const std::filesystem::path& path) {
    const Bytes bytes = read_file(path, kMaxBytes);
    const std::string_view head(reinterpret_cast<const char*>(bytes.data()),
                                std::min<std::size_t>(bytes.size(), 12));
    if (head.starts_with("\xff\xd8")) {
        return decode_jpeg(bytes, path.string());
    }
    if (head.starts_with("\x89PNG")) {
        const Image8 picture = decode_png8(bytes, path.string());
        return picture.channels() == 1 ? in_colour(picture) : picture;
    }
    RIH_REQUIRE(head.starts_with("RIFF") && head.ends_with("WEBP"),
                "{}: is no JPEG, PNG or WebP",
                path.string());
    return decode_webp(bytes, path.string());
}

} // namespace rih::learn
