// SPDX-License-Identifier: Apache-2.0
// Radiance .hdr: text header, one line with the resolution, then RGBE pixels in one of three
// layouts (Ward, "Real pixels", Graphics Gems II): flat, old run-length (1 1 1 n repeats the last
// pixel), new run-length (2 2 hi lo, then four byte planes a row).
#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/image/decode_limits.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace rih {
namespace {

constexpr std::size_t kMaxHeader = 1 << 16; // bytes
using Rgbe = std::array<std::uint8_t, 4>;

class HdrReader {
  public:
    HdrReader(std::span<const std::uint8_t> bytes, const std::string& what)
        : bytes_(bytes), what_(what) {}

    ImageF read() {
        const auto [width, height] = read_header();
        check_decoded_size(width, height, 3 * sizeof(float), bytes_.size(), what_);
        ImageF image(width, height, 3);
        std::vector<Rgbe> row(static_cast<std::size_t>(width));
        for (int y = 0; y < height; ++y) {
            read_row(row);
            for (int x = 0; x < width; ++x) {
                const Rgbe& pixel = row[static_cast<std::size_t>(x)];
                const double scale =
                    pixel[3] == 0 ? 0.0 : std::ldexp(1.0, pixel[3] - 136) / exposure_;
                for (int c = 0; c < 3; ++c) {
                    const auto value =
                        static_cast<float>(pixel[static_cast<std::size_t>(c)] * scale);
                    RIH_REQUIRE(
                        std::isfinite(value), "{}: the pixel ({}, {}) is not finite", what_, x, y);
                    image.at(x, y, c) = value;
                }
            }
        }
        return image;
    }

  private:
    std::string_view read_line() {
        const std::size_t begin = position_;
        while (position_ < bytes_.size() && position_ < kMaxHeader && bytes_[position_] != '\n') {
            ++position_;
        }
        RIH_REQUIRE(position_ < bytes_.size() && position_ < kMaxHeader,
                    "{}: the Radiance header does not end",
                    what_);
        const std::string_view line(reinterpret_cast<const char*>(bytes_.data()) + begin,
                                    position_ - begin);
        ++position_;
        return line;
    }

    std::pair<int, int> read_header() {
        const std::string_view magic = read_line();
        RIH_REQUIRE(magic.starts_with("#?"), "{}: not a Radiance .hdr picture", what_);
        for (std::string_view line = read_line(); !line.empty(); line = read_line()) {
            if (line.starts_with("FORMAT=")) {
                RIH_REQUIRE(line == "FORMAT=32-bit_rle_rgbe",
                            "{}: only FORMAT=32-bit_rle_rgbe is read",
                            what_);
            } else if (line.starts_with("EXPOSURE=")) {
                read_exposure(line.substr(9));
            }
        }
        std::string_view line = read_line();
        int height = 0, width = 0;
        RIH_REQUIRE(take_text(line, "-Y ") && take_number(line, height) &&
                        take_text(line, " +X ") && take_number(line, width) && line.empty(),
                    "{}: the resolution line must be '-Y height +X width'",
                    what_);
        return {width, height};
    }

    void read_exposure(std::string_view text) {
        while (text.starts_with(' ')) {
            text.remove_prefix(1);
        }
        double value = 0;
        const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
        RIH_REQUIRE(result.ec == std::errc{} && std::isfinite(value) && value > 1e-10 &&
                        value < 1e10,
                    "{}: EXPOSURE must be a positive number",
                    what_);
        exposure_ *= value; // exposures of several programs multiply
        RIH_REQUIRE(exposure_ > 1e-20 && exposure_ < 1e20, "{}: EXPOSURE is out of range", what_);
    }

    static bool take_text(std::string_view& line, std::string_view text) {
        if (!line.starts_with(text)) {
            return false;
        }
        line.remove_prefix(text.size());
        return true;
    }

    static bool take_number(std::string_view& line, int& number) {
        const auto result = std::from_chars(line.data(), line.data() + line.size(), number);
        line.remove_prefix(static_cast<std::size_t>(result.ptr - line.data()));
        return result.ec == std::errc{};
    }

    std::uint8_t next() {
        RIH_REQUIRE(position_ < bytes_.size(), "{}: the file ends within its pixels", what_);
        return bytes_[position_++];
    }

    Rgbe next_pixel() {
        Rgbe pixel;
        for (std::uint8_t& value : pixel) {
            value = next();
        }
        return pixel;
    }

    void read_row(std::vector<Rgbe>& row) {
        const Rgbe first = next_pixel();
        const std::size_t announced = std::size_t{first[2]} << 8 | first[3];
        if (row.size() >= 8 && row.size() < 32768 && first[0] == 2 && first[1] == 2 &&
            first[2] < 128) {
            RIH_REQUIRE(announced == row.size(),
                        "{}: a row announces {} pixels of {}",
                        what_,
                        announced,
                        row.size());
            for (std::size_t plane = 0; plane < 4; ++plane) {
                read_plane(row, plane);
            }
        } else {
            read_old_row(row, first);
        }
    }

    void read_plane(std::vector<Rgbe>& row, std::size_t plane) {
        for (std::size_t x = 0; x < row.size();) {
            const std::uint8_t code = next();
            const bool run = code > 128;
            const std::size_t count = run ? code - 128u : code;
            RIH_REQUIRE(
                count >= 1 && count <= row.size() - x, "{}: a run of pixels leaves its row", what_);
            const std::uint8_t value = run ? next() : 0;
            for (std::size_t i = 0; i < count; ++i) {
                row[x++][plane] = run ? value : next();
            }
        }
    }

    void read_old_row(std::vector<Rgbe>& row, Rgbe pixel) {
        int shift = 0;
        for (std::size_t x = 0;;) {
            if (pixel[0] == 1 && pixel[1] == 1 && pixel[2] == 1) {
                const std::size_t count = std::size_t{pixel[3]} << shift;
                RIH_REQUIRE(x > 0 && shift <= 16 && count <= row.size() - x,
                            "{}: a run of pixels leaves its row",
                            what_);
                for (std::size_t i = 0; i < count; ++i, ++x) {
                    row[x] = row[x - 1];
                }
                shift += 8;
            } else {
                row[x++] = pixel;
                shift = 0;
            }
            if (x == row.size()) {
                return;
            }
            pixel = next_pixel();
        }
    }

    std::span<const std::uint8_t> bytes_;
    const std::string& what_;
    std::size_t position_ = 0;
    double exposure_ = 1.0;
};

} // namespace

ImageF decode_hdr(std::span<const std::uint8_t> bytes, const std::string& what) {
    return HdrReader(bytes, what).read();
}

ImageF read_hdr(const std::filesystem::path& path) {
    constexpr std::uint64_t kMaxFile = 1ull << 30;
    return decode_hdr(read_file(path, kMaxFile), path.string());
}

} // namespace rih
