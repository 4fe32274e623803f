// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/codecs.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/base/temp_folder.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace rih {
namespace {

template <typename T>
Image<T> noise(int width, int height, int channels) {
    Rng rng(1, 2, "noise");
    Image<T> image(width, height, channels);
    for (T& value : image.values()) {
        value = static_cast<T>(rng.next_u32());
    }
    return image;
}

Image8 smooth(int width, int height) {
    Image8 image(width, height, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            image.at(x, y, 0) = static_cast<std::uint8_t>(40 + 180 * x / width);
            image.at(x, y, 1) = static_cast<std::uint8_t>(40 + 180 * y / height);
            image.at(x, y, 2) = 90;
        }
    }
    return image;
}

int largest_difference(const Image8& a, const Image8& b) {
    int largest = 0;
    for (std::size_t i = 0; i < a.values().size(); ++i) {
        largest = std::max(largest, std::abs(int{a.values()[i]} - int{b.values()[i]}));
    }
    return largest;
}

TEST(Codecs, PngRoundTripsAreExact) {
    for (const int channels : {1, 3}) {
        const auto small = noise<std::uint8_t>(37, 21, channels);
        EXPECT_EQ(decode_png8(encode_png(small), "small"), small);
        const auto deep = noise<std::uint16_t>(37, 21, channels);
        EXPECT_EQ(decode_png16(encode_png(deep), "deep"), deep);
    }
    EXPECT_EQ(encode_png(smooth(30, 20)), encode_png(smooth(30, 20)));
}

TEST(Codecs, PngKeepsMostSignificantByteFirst) {
    // The value 0x0102 must be stored as 01 02: with the bytes swapped our own round trip would
    // still hold, but every other program would read other depths.
    Image16 image(1, 1, 1);
    image.at(0, 0) = 0x0102;
    const Bytes swapped_reader = encode_png(image);
    EXPECT_EQ(decode_png16(swapped_reader, "one").at(0, 0), 0x0102);
    // A stored deflate block is not guaranteed, so look at the filtered row through zlib's Adler
    // sum: filter byte 0 or 1..4 then the two bytes; for one pixel every filter leaves 01 02.
    // Adler-32 of {f, 1, 2}: a = 1 + f + 3, b = (1 + f) + (2 + f) + (4 + f).
    bool found = false;
    for (unsigned f = 0; f <= 4; ++f) {
        const unsigned a = 4 + f, b = 7 + 3 * f;
        const std::uint8_t sum[] = {
            0, static_cast<std::uint8_t>(b), 0, static_cast<std::uint8_t>(a)};
        found |= std::search(swapped_reader.begin(), swapped_reader.end(), sum, sum + 4) !=
                 swapped_reader.end();
    }
    EXPECT_TRUE(found);
}

TEST(Codecs, PngReadersDoNotConvertSilently) {
    EXPECT_THROW(decode_png8(encode_png(noise<std::uint16_t>(4, 4, 1)), "deep"), UserError);
    EXPECT_THROW(decode_png16(encode_png(noise<std::uint8_t>(4, 4, 1)), "small"), UserError);
}

TEST(Codecs, JpegIsCloseAndRepeatable) {
    const Image8 image = smooth(64, 48);
    const Bytes bytes = encode_jpeg(image, 95);
    EXPECT_EQ(bytes, encode_jpeg(image, 95));
    EXPECT_LE(largest_difference(decode_jpeg(bytes, "smooth"), image), 4);
    EXPECT_LT(encode_jpeg(image, 30).size(), bytes.size());
}

TEST(Codecs, JpegDoesNotSubsampleColour) {
    // One-pixel red and blue columns: with 4:2:0 they would become purple.
    Image8 image(32, 32, 3);
    for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 32; ++x) {
            image.at(x, y, x % 2 == 0 ? 0 : 2) = 200;
        }
    }
    EXPECT_LE(largest_difference(decode_jpeg(encode_jpeg(image, 98), "columns"), image), 20);
}

TEST(Codecs, WebpLosslessIsExactAndLossyIsClose) {
    const auto image = noise<std::uint8_t>(37, 21, 3);
    EXPECT_EQ(decode_webp(encode_webp(image, 100), "noise"), image);
    const Image8 soft = smooth(64, 48);
    EXPECT_EQ(encode_webp(soft, 90), encode_webp(soft, 90));
    EXPECT_LE(largest_difference(decode_webp(encode_webp(soft, 90), "soft"), soft), 24);
}

TEST(Codecs, EncodersNameWhatTheyCannotWrite) {
    EXPECT_THROW(encode_png(Image8(4, 4, 2)), UserError);
    EXPECT_THROW(encode_png(Image8()), UserError);
    EXPECT_THROW(encode_jpeg(Image8(4, 4, 1), 90), UserError);
    EXPECT_THROW(encode_jpeg(Image8(4, 4, 3), 0), UserError);
    EXPECT_THROW(encode_webp(Image8(4, 4, 3), 101), UserError);
    EXPECT_THROW(encode_exr(ImageF(4, 4, 3), {"R"}), UserError);
}

TEST(Codecs, ExrRoundTripFloatAndHalf) {
    ImageF image(19, 300, 3);
    Rng rng(3, 0, "exr");
    for (float& value : image.values()) {
        value = static_cast<float>(rng.uniform(0.0, 20000.0));
    }
    EXPECT_EQ(decode_exr(encode_exr(image, {"R", "G", "B"}), "float"), image);
    const ImageF half =
        decode_exr(encode_exr(image, {"R", "G", "B"}, {.precision = ExrPrecision::Half}), "half");
    for (std::size_t i = 0; i < image.values().size(); ++i) {
        EXPECT_NEAR(half.values()[i], image.values()[i], image.values()[i] * 5e-4f);
    }
    const TempFolder folder;
    write_exr(folder.path() / "a.exr", image, {"R", "G", "B"});
    EXPECT_EQ(read_exr(folder.path() / "a.exr"), image);
    EXPECT_EQ(encode_exr(image, {"R", "G", "B"}), encode_exr(image, {"R", "G", "B"}));
}

TEST(Codecs, ExrChannelsGoByNameNotByOrder) {
    ImageF image(1, 1, 3);
    image.values() = {1.0f, 2.0f, 3.0f};
    const ImageF read = decode_exr(encode_exr(image, {"B", "R", "G"}), "order");
    EXPECT_EQ(read.values(), (std::vector<float>{2.0f, 3.0f, 1.0f}));
    EXPECT_THROW(decode_exr(encode_exr(image, {"X", "Y", "Z"}), "xyz"), UserError);
}

TEST(Codecs, ExrRefusesPixelsThatAreNotFinite) {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        ImageF image(4, 4, 3, 1.0f);
        image.at(2, 1, 1) = bad;
        try {
            decode_exr(encode_exr(image, {"R", "G", "B"}), "bad.exr");
            FAIL() << "read";
        } catch (const UserError& error) {
            EXPECT_NE(std::string(error.what()).find("(2, 1)"), std::string::npos) << error.what();
        }
    }
}

Bytes hdr_file(const std::string& head, const std::vector<std::uint8_t>& pixels) {
    Bytes bytes(head.begin(), head.end());
    bytes.insert(bytes.end(), pixels.begin(), pixels.end());
    return bytes;
}

TEST(Codecs, HdrReadsTheThreeLayouts) {
    const std::string head = "#?RADIANCE\n# made here\nFORMAT=32-bit_rle_rgbe\n\n";
    // Mantissas 128, 64, 32 at exponent 129 are 1, 0.5, 0.25.
    const ImageF flat =
        decode_hdr(hdr_file(head + "-Y 1 +X 2\n", {128, 64, 32, 129, 128, 64, 32, 130}), "flat");
    EXPECT_EQ(flat.values(), (std::vector<float>{1, 0.5f, 0.25f, 2, 1, 0.5f}));

    const ImageF old =
        decode_hdr(hdr_file(head + "-Y 1 +X 4\n", {128, 64, 32, 129, 1, 1, 1, 3}), "old");
    EXPECT_FLOAT_EQ(old.at(3, 0, 0), 1.0f);

    // Eight pixels: red a run, green eight literals, blue a run, exponent a run.
    const ImageF fresh = decode_hdr(
        hdr_file(head + "-Y 1 +X 8\n",
                 {2, 2, 0, 8, 136, 128, 8, 0, 32, 64, 96, 128, 160, 192, 224, 136, 0, 136, 129}),
        "new");
    EXPECT_FLOAT_EQ(fresh.at(5, 0, 0), 1.0f);
    EXPECT_FLOAT_EQ(fresh.at(5, 0, 1), 1.25f);
    EXPECT_FLOAT_EQ(fresh.at(5, 0, 2), 0.0f);

    const ImageF exposed = decode_hdr(
        hdr_file("#?RADIANCE\nEXPOSURE=2\n\n-Y 1 +X 1\n", {128, 64, 32, 129}), "exposed");
    EXPECT_FLOAT_EQ(exposed.at(0, 0, 0), 0.5f);
}

TEST(Codecs, HdrRefusesWhatItWouldMisread) {
    EXPECT_THROW(decode_hdr(hdr_file("#?RADIANCE\n\n+Y 1 +X 1\n", {1, 2, 3, 4}), "flipped"),
                 UserError);
    EXPECT_THROW(
        decode_hdr(hdr_file("#?RADIANCE\nFORMAT=32-bit_rle_xyze\n\n-Y 1 +X 1\n", {1, 2, 3, 4}),
                   "xyz"),
        UserError);
    EXPECT_THROW(decode_hdr(hdr_file("#?RADIANCE\n\n-Y 99999 +X 99999\n", {}), "huge"), UserError);
    EXPECT_THROW(decode_hdr(hdr_file("#?RADIANCE\n\n-Y 16000 +X 16000\n", {}), "hollow"),
                 UserError);
}

} // namespace
} // namespace rih
