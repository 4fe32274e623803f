// SPDX-License-Identifier: Apache-2.0
// Damaged pictures: each of thousands of mutations is read or refused with a UserError, within
// bounded memory. Run under the asan preset too.
#include "renderih/base/error.h"
#include "renderih/base/process_usage.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/image/codecs.h"

#include <functional>
#include <gtest/gtest.h>

namespace rih {
namespace {

constexpr std::uint64_t kMutations = 1200;
using Reader = std::function<void(const Bytes&)>;

void expect_robust(const Bytes& good, const Reader& read) {
    EXPECT_NO_THROW(read(good));
    const double before = process_usage().peak_memory_mib;
    int refused = 0;
    for (std::uint64_t i = 0; i < kMutations; ++i) {
        try {
            read(mutate(good, i));
        } catch (const UserError& error) {
            ++refused;
            EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
        } catch (const std::exception& error) {
            ADD_FAILURE() << "mutation " << i << ": " << error.what();
        }
    }
    EXPECT_GT(refused, static_cast<int>(kMutations) / 4); // every cut file at least
    EXPECT_LT(process_usage().peak_memory_mib - before, 512);
}

template <typename T>
Image<T> pattern(int channels) {
    Image<T> image(48, 40, channels);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            for (int c = 0; c < channels; ++c) {
                image.at(x, y, c) = static_cast<T>(x * 5 + y * (c + 1));
            }
        }
    }
    return image;
}

TEST(DamagedFiles, Png8) {
    expect_robust(encode_png(pattern<std::uint8_t>(3)),
                  [](const Bytes& bytes) { decode_png8(bytes, "png"); });
}

TEST(DamagedFiles, Png16) {
    expect_robust(encode_png(pattern<std::uint16_t>(1)),
                  [](const Bytes& bytes) { decode_png16(bytes, "png"); });
}

TEST(DamagedFiles, Jpeg) {
    expect_robust(encode_jpeg(pattern<std::uint8_t>(3), 90),
                  [](const Bytes& bytes) { decode_jpeg(bytes, "jpeg"); });
}

TEST(DamagedFiles, Webp) {
    expect_robust(encode_webp(pattern<std::uint8_t>(3), 100),
                  [](const Bytes& bytes) { decode_webp(bytes, "webp"); });
}

TEST(DamagedFiles, ExrFloat) {
    expect_robust(encode_exr(pattern<float>(3), {"R", "G", "B"}),
                  [](const Bytes& bytes) { decode_exr(bytes, "exr"); });
}

TEST(DamagedFiles, ExrOfEveryCompression) {
    for (int compression = 0; compression <= static_cast<int>(ExrCompression::Dwab);
         ++compression) {
        SCOPED_TRACE(compression);
        expect_robust(encode_exr(pattern<float>(3),
                                 {"R", "G", "B"},
                                 {.precision = ExrPrecision::Half,
                                  .compression = static_cast<ExrCompression>(compression)}),
                      [](const Bytes& bytes) { decode_exr(bytes, "exr"); });
    }
}

TEST(DamagedFiles, Hdr) {
    // Rows of the new run-length layout: a run and literals in each plane.
    std::string text = "#?RADIANCE\nEXPOSURE=1.5\nFORMAT=32-bit_rle_rgbe\n\n-Y 20 +X 40\n";
    Bytes bytes(text.begin(), text.end());
    for (int y = 0; y < 20; ++y) {
        bytes.insert(bytes.end(), {2, 2, 0, 40});
        for (int plane = 0; plane < 4; ++plane) {
            bytes.insert(bytes.end(), {128 + 30, static_cast<std::uint8_t>(120 + y), 10});
            for (int i = 0; i < 10; ++i) {
                bytes.push_back(static_cast<std::uint8_t>(100 + i));
            }
        }
    }
    expect_robust(bytes, [](const Bytes& damaged) { decode_hdr(damaged, "hdr"); });
}

} // namespace
} // namespace rih
