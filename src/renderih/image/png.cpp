// SPDX-License-Identifier: Apache-2.0
// PNG through libpng. libpng reports errors by longjmp, so each function that calls setjmp owns
// nothing: buffers live in the caller.
#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/image/decode_limits.h"

#include <bit>
#include <csetjmp>
#include <cstring>
#include <png.h>

namespace rih {
namespace {

constexpr std::size_t kMessageSize = 160;

struct Messages {
    char text[kMessageSize] = "unknown error";
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
    auto* const messages = static_cast<Messages*>(png_get_error_ptr(png));
    std::strncpy(messages->text, message, kMessageSize - 1);
    longjmp(png_jmpbuf(png), 1);
}

void on_warning(png_structp, png_const_charp) {}

// ---- writing

void append(png_structp png, png_bytep data, png_size_t size) {
    auto* const bytes = static_cast<Bytes*>(png_get_io_ptr(png));
    bytes->insert(bytes->end(), data, data + size);
}

void flush(png_structp) {}

struct WriteJob {
    png_structp png = nullptr;
    png_infop info = nullptr;
    int width = 0, height = 0, channels = 0, bits = 0;
    const std::uint8_t* const* rows = nullptr;
};

bool write_png(const WriteJob& job) {
    if (setjmp(png_jmpbuf(job.png))) {
        return false;
    }
    png_set_IHDR(job.png,
                 job.info,
                 static_cast<png_uint_32>(job.width),
                 static_cast<png_uint_32>(job.height),
                 job.bits,
                 job.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(job.png, job.info);
    if (job.bits == 16 && std::endian::native == std::endian::little) {
        png_set_swap(job.png);
    }
    for (int y = 0; y < job.height; ++y) {
        png_write_row(job.png, job.rows[y]);
    }
    png_write_end(job.png, job.info);
    return true;
}

template <typename T>
Bytes encode(const Image<T>& image) {
    RIH_REQUIRE(image.width() >= 1 && image.height() >= 1 && image.width() <= kMaxImageSide &&
                    image.height() <= kMaxImageSide &&
                    (image.channels() == 1 || image.channels() == 3),
                "a PNG holds 1 or 3 channels and sides of 1 to {}; got {} x {} x {}",
                kMaxImageSide,
                image.width(),
                image.height(),
                image.channels());
    Messages messages;
    Bytes bytes;
    WriteJob job;
    job.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &messages, on_error, on_warning);
    RIH_ASSERT(job.png != nullptr, "libpng gives no write struct");
    job.info = png_create_info_struct(job.png);
    png_set_write_fn(job.png, &bytes, append, flush);
    job.width = image.width();
    job.height = image.height();
    job.channels = image.channels();
    job.bits = static_cast<int>(sizeof(T)) * 8;
    std::vector<const std::uint8_t*> rows;
    for (int y = 0; y < image.height(); ++y) {
        rows.push_back(reinterpret_cast<const std::uint8_t*>(&image.at(0, y)));
    }
    job.rows = rows.data();
    const bool good = job.info != nullptr && write_png(job);
    png_destroy_write_struct(&job.png, &job.info);
    RIH_ASSERT(good, "libpng: {}", messages.text);
    return bytes;
}

// ---- reading

struct Source {
    const std::uint8_t* next = nullptr;
    std::size_t left = 0;
};

void take(png_structp png, png_bytep data, png_size_t size) {
    auto* const source = static_cast<Source*>(png_get_io_ptr(png));
    if (size > source->left) {
        png_error(png, "the file ends too early");
    }
    std::memcpy(data, source->next, size);
    source->next += size;
    source->left -= size;
}

struct ReadJob {
    png_structp png = nullptr;
    png_infop info = nullptr;
    png_uint_32 width = 0, height = 0;
    int bits = 0, colour_type = 0;
};

bool read_png_header(ReadJob& job) {
    if (setjmp(png_jmpbuf(job.png))) {
        return false;
    }
    // Chunks of text, profiles and the like are bounded, and damaged ones are errors.
    png_set_chunk_cache_max(job.png, 64);
    png_set_chunk_malloc_max(job.png, 1u << 20);
    png_set_crc_action(job.png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_user_limits(job.png, kMaxImageSide, kMaxImageSide);
    png_read_info(job.png, job.info);
    png_get_IHDR(job.png,
                 job.info,
                 &job.width,
                 &job.height,
                 &job.bits,
                 &job.colour_type,
                 nullptr,
                 nullptr,
                 nullptr);
    if (job.bits == 16 && std::endian::native == std::endian::little) {
        png_set_swap(job.png);
    }
    return true;
}

bool read_png_rows(const ReadJob& job, std::uint8_t** rows) {
    if (setjmp(png_jmpbuf(job.png))) {
        return false;
    }
    png_set_interlace_handling(job.png);
    png_read_update_info(job.png, job.info);
    png_read_image(job.png, rows);
    png_read_end(job.png, nullptr);
    return true;
}

struct ReadStructs {
    ReadJob job;
    ~ReadStructs() { png_destroy_read_struct(&job.png, &job.info, nullptr); }
};

template <typename T>
Image<T> decode(std::span<const std::uint8_t> bytes, const std::string& what) {
    RIH_REQUIRE(bytes.size() >= 8 && png_sig_cmp(bytes.data(), 0, 8) == 0, "{}: not a PNG", what);
    Messages messages;
    Source source{bytes.data(), bytes.size()};
    ReadStructs structs;
    ReadJob& job = structs.job;
    job.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &messages, on_error, on_warning);
    RIH_ASSERT(job.png != nullptr, "libpng gives no read struct");
    job.info = png_create_info_struct(job.png);
    RIH_ASSERT(job.info != nullptr, "libpng gives no info struct");
    png_set_read_fn(job.png, &source, take);
    RIH_REQUIRE(read_png_header(job), "{}: damaged PNG ({})", what, messages.text);

    constexpr int kBits = static_cast<int>(sizeof(T)) * 8;
    const bool rgb = job.colour_type == PNG_COLOR_TYPE_RGB;
    RIH_REQUIRE(job.bits == kBits && (rgb || job.colour_type == PNG_COLOR_TYPE_GRAY),
                "{}: a PNG of {} bits, colour type {}; grey or RGB of {} bits is needed",
                what,
                job.bits,
                job.colour_type,
                kBits);
    const int channels = rgb ? 3 : 1;
    check_decoded_size(job.width, job.height, sizeof(T) * channels, bytes.size(), what);
    Image<T> image(static_cast<int>(job.width), static_cast<int>(job.height), channels);
    std::vector<std::uint8_t*> rows;
    for (int y = 0; y < image.height(); ++y) {
        rows.push_back(reinterpret_cast<std::uint8_t*>(&image.at(0, y)));
    }
    RIH_REQUIRE(read_png_rows(job, rows.data()), "{}: damaged PNG ({})", what, messages.text);
    return image;
}

} // namespace

Bytes encode_png(const Image8& image) {
    return encode(image);
}

Bytes encode_png(const Image16& image) {
    return encode(image);
}

Image8 decode_png8(std::span<const std::uint8_t> bytes, const std::string& what) {
    return decode<std::uint8_t>(bytes, what);
}

Image16 decode_png16(std::span<const std::uint8_t> bytes, const std::string& what) {
    return decode<std::uint16_t>(bytes, what);
}

} // namespace rih
