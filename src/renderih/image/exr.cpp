// SPDX-License-Identifier: Apache-2.0
// EXR through OpenEXR, from and to memory. OpenEXR's exceptions become UserErrors; it runs on the
// calling thread alone, so that results and memory do not depend on a pool.
#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/image/exr_header.h"

#include <ImfChannelList.h>
#include <ImfCompression.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfIO.h>
#include <ImfInputFile.h>
#include <ImfOutputFile.h>
#include <ImfThreading.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <half.h>
#include <limits>

namespace rih {
namespace {

static_assert(static_cast<int>(ExrCompression::Zip) == Imf::ZIP_COMPRESSION &&
              static_cast<int>(ExrCompression::Dwab) == Imf::DWAB_COMPRESSION);

class MemoryIn : public Imf::IStream {
  public:
    MemoryIn(std::span<const std::uint8_t> bytes, const std::string& what)
        : Imf::IStream(what.c_str()), bytes_(bytes) {}

    bool read(char out[], int count) override {
        const auto size = static_cast<std::uint64_t>(count);
        if (count < 0 || position_ > bytes_.size() || size > bytes_.size() - position_) {
            throw std::runtime_error("the file ends too early");
        }
        std::memcpy(out, bytes_.data() + position_, size);
        position_ += size;
        return position_ < bytes_.size();
    }

    std::uint64_t tellg() override { return position_; }
    void seekg(std::uint64_t position) override { position_ = position; }
    void clear() override {}

  private:
    std::span<const std::uint8_t> bytes_;
    std::uint64_t position_ = 0;
};

class MemoryOut : public Imf::OStream {
  public:
    MemoryOut() : Imf::OStream("memory") {}

    void write(const char data[], int count) override {
        const auto size = static_cast<std::size_t>(count);
        bytes_.resize(std::max(bytes_.size(), position_ + size));
        std::memcpy(bytes_.data() + position_, data, size);
        position_ += size;
    }

    std::uint64_t tellp() override { return position_; }
    void seekp(std::uint64_t position) override { position_ = position; }
    Bytes take() { return std::move(bytes_); }

  private:
    Bytes bytes_;
    std::size_t position_ = 0;
};

void check_finite(const ImageF& image, const std::string& what) {
    const auto bad = std::find_if(image.values().begin(), image.values().end(), [](float value) {
        return !std::isfinite(value);
    });
    if (bad != image.values().end()) {
        const auto pixel = (bad - image.values().begin()) / image.channels();
        throw_user_error("{}: the pixel ({}, {}) is not a finite number",
                         what,
                         pixel % image.width(),
                         pixel / image.width());
    }
}

} // namespace

ImageF decode_exr(std::span<const std::uint8_t> bytes, const std::string& what) {
    const ExrHeader header = check_exr_header(bytes, what);
    constexpr std::array<const char*, 3> kNames{"R", "G", "B"};
    for (const char* name : kNames) {
        RIH_REQUIRE(std::find(header.channels.begin(), header.channels.end(), name) !=
                        header.channels.end(),
                    "{}: the EXR file has no channel '{}'; linear R, G and B are needed",
                    what,
                    name);
    }
    ImageF image(header.width, header.height, 3);
    try {
        MemoryIn stream(bytes, what);
        Imf::InputFile file(stream, 0);
        const Imath::Box2i window = file.header().dataWindow();
        RIH_REQUIRE(window.min.x == header.min_x && window.min.y == header.min_y &&
                        window.max.x - window.min.x + 1 == header.width &&
                        window.max.y - window.min.y + 1 == header.height,
                    "{}: the EXR header is damaged",
                    what);
        constexpr std::size_t kPixel = 3 * sizeof(float);
        const std::size_t row = kPixel * static_cast<std::size_t>(header.width);
        Imf::FrameBuffer frame;
        for (std::size_t c = 0; c < kNames.size(); ++c) {
            char* const first = reinterpret_cast<char*>(image.values().data() + c);
            frame.insert(kNames[c], Imf::Slice::Make(Imf::FLOAT, first, window, kPixel, row));
        }
        file.setFrameBuffer(frame);
        file.readPixels(window.min.y, window.max.y);
    } catch (const UserError&) {
        throw;
    } catch (const std::exception& error) {
        throw_user_error("{}: damaged EXR ({})", what, printable(error.what(), 200));
    }
    check_finite(image, what);
    return image;
}

ImageF read_exr(const std::filesystem::path& path) {
    constexpr std::uint64_t kMaxFile = 1ull << 30;
    return decode_exr(read_file(path, kMaxFile), path.string());
}

Bytes encode_exr(const ImageF& image,
                 const std::vector<std::string>& channels,
                 const ExrOptions& options) {
    RIH_REQUIRE(image.width() >= 1 && image.height() >= 1 && image.width() <= kMaxImageSide &&
                    image.height() <= kMaxImageSide,
                "an EXR needs sides of 1 to {}; got {} x {}",
                kMaxImageSide,
                image.width(),
                image.height());
    RIH_REQUIRE(static_cast<std::size_t>(image.channels()) == channels.size(),
                "{} channel names for a picture of {} channels",
                channels.size(),
                image.channels());
    const bool half_precision = options.precision == ExrPrecision::Half;
    const Imf::PixelType type = half_precision ? Imf::HALF : Imf::FLOAT;
    std::vector<half> halves;
    if (half_precision) {
        halves.assign(image.values().begin(), image.values().end());
    }
    const std::size_t value = half_precision ? sizeof(half) : sizeof(float);
    const std::size_t pixel = value * channels.size();
    // OpenEXR takes one kind of slice for reading and writing, hence the const_cast.
    char* const first = half_precision
                            ? reinterpret_cast<char*>(halves.data())
                            : reinterpret_cast<char*>(const_cast<float*>(image.values().data()));
    MemoryOut stream;
    try {
        Imf::Header header(image.width(), image.height());
        header.compression() = static_cast<Imf::Compression>(options.compression);
        Imf::FrameBuffer frame;
        for (std::size_t c = 0; c < channels.size(); ++c) {
            header.channels().insert(channels[c], Imf::Channel(type));
            frame.insert(channels[c],
                         Imf::Slice(type,
                                    first + c * value,
                                    pixel,
                                    pixel * static_cast<std::size_t>(image.width())));
        }
        Imf::OutputFile file(stream, header, 0);
        file.setFrameBuffer(frame);
        file.writePixels(image.height());
    } catch (const std::exception& error) {
        throw_user_error("cannot make an EXR file: {}", error.what());
    }
    return stream.take();
}

void write_exr(const std::filesystem::path& path,
               const ImageF& image,
               const std::vector<std::string>& channels) {
    write_file_atomically(path, encode_exr(image, channels));
}

} // namespace rih
