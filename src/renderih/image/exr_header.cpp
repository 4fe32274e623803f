// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/exr_header.h"

#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/image/decode_limits.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>

namespace rih {
namespace {

constexpr std::size_t kMaxName = 255;        // OpenEXR's own limit for long names
constexpr std::size_t kMaxChannels = 64;     // ours
constexpr std::size_t kMaxAttributes = 1024; // ours
constexpr std::uint32_t kMagic = 20000630;   // OpenEXR file layout, "magic number"
constexpr std::uint32_t kTiledFlag = 0x200, kLongNamesFlag = 0x400;

/// Little-endian values out of a span, bounds checked.
class Cursor {
  public:
    Cursor(std::span<const std::uint8_t> bytes, const std::string& what)
        : bytes_(bytes), what_(what) {}

    std::size_t position() const { return position_; }
    std::size_t left() const { return bytes_.size() - position_; }

    std::span<const std::uint8_t> take(std::size_t count) {
        RIH_REQUIRE(count <= left(), "{}: the EXR header is cut short", what_);
        const auto part = bytes_.subspan(position_, count);
        position_ += count;
        return part;
    }

    std::uint32_t u32() {
        const auto part = take(4);
        return std::uint32_t{part[0]} | std::uint32_t{part[1]} << 8 | std::uint32_t{part[2]} << 16 |
               std::uint32_t{part[3]} << 24;
    }

    std::int32_t i32() { return static_cast<std::int32_t>(u32()); }

    std::uint8_t u8() { return take(1)[0]; }

    /// A string up to its zero; empty ends a list.
    std::string name() {
        const std::size_t limit = std::min(left(), kMaxName + 1);
        const auto begin = bytes_.begin() + static_cast<std::ptrdiff_t>(position_);
        const auto end = std::find(begin, begin + static_cast<std::ptrdiff_t>(limit), 0);
        RIH_REQUIRE(end != begin + static_cast<std::ptrdiff_t>(limit),
                    "{}: a name in the EXR header does not end",
                    what_);
        const std::string text(begin, end);
        RIH_REQUIRE(std::all_of(begin, end, [](std::uint8_t c) { return c >= ' ' && c <= '~'; }),
                    "{}: a name in the EXR header is not plain text",
                    what_);
        position_ += text.size() + 1;
        return text;
    }

  private:
    std::span<const std::uint8_t> bytes_;
    const std::string& what_;
    std::size_t position_ = 0;
};

class HeaderReader {
  public:
    HeaderReader(std::span<const std::uint8_t> bytes, const std::string& what)
        : bytes_(bytes), what_(what) {}

    ExrHeader read() {
        Cursor cursor(bytes_, what_);
        RIH_REQUIRE(bytes_.size() >= 8 && cursor.u32() == kMagic, "{}: not an EXR file", what_);
        const std::uint32_t version = cursor.u32();
        RIH_REQUIRE((version & 0xff) == 2 &&
                        (version & ~(0xffu | kTiledFlag | kLongNamesFlag)) == 0,
                    "{}: deep and multi-part EXR files are not read; save one flat part",
                    what_);
        tiled_ = (version & kTiledFlag) != 0;
        std::set<std::string> seen;
        for (std::string name = cursor.name(); !name.empty(); name = cursor.name()) {
            RIH_REQUIRE(seen.insert(name).second && seen.size() <= kMaxAttributes,
                        "{}: the EXR header repeats itself",
                        what_);
            const std::string type = cursor.name();
            const std::uint32_t size = cursor.u32();
            RIH_REQUIRE(size <= cursor.left(), "{}: the EXR header is cut short", what_);
            read_attribute(name, type, cursor.take(size));
        }
        check_whole(cursor.left());
        return header_;
    }

  private:
    void read_attribute(const std::string& name,
                        const std::string& type,
                        std::span<const std::uint8_t> value) {
        Cursor cursor(value, what_);
        if (name == "channels") {
            expect_type(name, type, "chlist");
            read_channels(cursor);
        } else if (name == "compression") {
            expect_type(name, type, "compression");
            compression_ = cursor.u8();
        } else if (name == "dataWindow") {
            expect_type(name, type, "box2i");
            header_.min_x = cursor.i32();
            header_.min_y = cursor.i32();
            const std::int64_t max_x = cursor.i32(), max_y = cursor.i32();
            width_ = max_x - header_.min_x + 1;
            height_ = max_y - header_.min_y + 1;
        } else if (name == "displayWindow") {
            expect_type(name, type, "box2i");
        } else if (name == "tiles") {
            expect_type(name, type, "tiledesc");
            tile_width_ = cursor.u32();
            tile_height_ = cursor.u32();
            RIH_REQUIRE(cursor.u8() == 0, "{}: an EXR with mip maps is not read", what_);
        } else if (type == "preview") {
            const std::uint64_t width = cursor.u32(), height = cursor.u32();
            RIH_REQUIRE(width <= 4096 && height <= 4096 && 8 + 4 * width * height == value.size(),
                        "{}: the preview of the EXR file is damaged",
                        what_);
        } else {
            // These hold packed data of their own, which no picture of ours needs.
            RIH_REQUIRE(type != "idmanifest" && name != "type" && name != "chunkCount",
                        "{}: the EXR attribute '{}' is not for a plain picture",
                        what_,
                        name);
        }
    }

    void expect_type(const std::string& name, const std::string& type, std::string_view expected) {
        RIH_REQUIRE(type == expected,
                    "{}: the EXR attribute '{}' has type '{}' instead of '{}'",
                    what_,
                    name,
                    type,
                    expected);
    }

    void read_channels(Cursor& cursor) {
        for (std::string name = cursor.name(); !name.empty(); name = cursor.name()) {
            const std::uint32_t pixel_type = cursor.u32();
            cursor.u32(); // pLinear and three reserved bytes
            const std::uint32_t x_sampling = cursor.u32(), y_sampling = cursor.u32();
            RIH_REQUIRE(pixel_type <= 2, "{}: channel '{}' has an unknown type", what_, name);
            RIH_REQUIRE(x_sampling == 1 && y_sampling == 1,
                        "{}: channel '{}' is subsampled; save the picture as R, G, B",
                        what_,
                        name);
            header_.channels.push_back(name);
            RIH_REQUIRE(header_.channels.size() <= kMaxChannels,
                        "{}: more than {} channels",
                        what_,
                        kMaxChannels);
        }
    }

    void check_whole(std::size_t bytes_after_header) {
        RIH_REQUIRE(width_ != 0 && compression_ >= 0 && !header_.channels.empty(),
                    "{}: the EXR header lacks its channels, compression or data window",
                    what_);
        RIH_REQUIRE(compression_ <= 9, "{}: unknown EXR compression {}", what_, compression_);
        RIH_REQUIRE(std::abs(std::int64_t{header_.min_x}) < (1 << 24) &&
                        std::abs(std::int64_t{header_.min_y}) < (1 << 24),
                    "{}: the EXR data window lies out of range",
                    what_);
        const std::uint64_t pixel_bytes = 4 * header_.channels.size() + 3 * sizeof(float);
        check_decoded_size(width_, height_, pixel_bytes, bytes_.size(), what_);
        // OpenEXR makes its table of chunks, eight bytes each, and its line buffers at once.
        std::uint64_t chunks = 0;
        if (tiled_) {
            check_decoded_size(tile_width_, tile_height_, pixel_bytes, bytes_.size(), what_);
            chunks = ((static_cast<std::uint64_t>(width_) + tile_width_ - 1) / tile_width_) *
                     ((static_cast<std::uint64_t>(height_) + tile_height_ - 1) / tile_height_);
        } else {
            constexpr int kLinesInChunk[] = {1, 1, 1, 16, 32, 16, 32, 32, 32, 256};
            const auto lines = static_cast<std::uint64_t>(kLinesInChunk[compression_]);
            chunks = (static_cast<std::uint64_t>(height_) + lines - 1) / lines;
            check_decoded_size(
                width_, static_cast<std::int64_t>(lines), pixel_bytes, bytes_.size(), what_);
        }
        RIH_REQUIRE(8 * chunks <= bytes_after_header, "{}: the EXR file is cut short", what_);
        header_.width = static_cast<int>(width_);
        header_.height = static_cast<int>(height_);
    }

    std::span<const std::uint8_t> bytes_;
    const std::string& what_;
    ExrHeader header_;
    std::int64_t width_ = 0, height_ = 0;
    std::uint32_t tile_width_ = 0, tile_height_ = 0;
    int compression_ = -1;
    bool tiled_ = false;
};

} // namespace

ExrHeader check_exr_header(std::span<const std::uint8_t> bytes, const std::string& what) {
    return HeaderReader(bytes, what).read();
}

} // namespace rih
