// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/npz_rows.h"

#include "renderih/base/error.h"
#include "renderih/base/npz_archive.h"
#include "renderih/base/npz_array.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <tuple>

namespace rih {
namespace {

FileDescriptor unnamed_file(const AtomicFile& beside) {
    std::string name = beside.path().string() + ".rows.XXXXXX";
    FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
    if (file.get() < 0) {
        beside.fail("create a temporary file beside it");
    }
    ::unlink(name.c_str()); // gone with its descriptor
    return file;
}

} // namespace

/// One array as libzip reads it: header, then the rows, each filled up with zeros to the final
/// width.
class NpzRows::Entry {
  public:
    Entry(const Array& array, int waiting) : array_(array), waiting_(waiting) {
        std::size_t rows = 0;
        for (const Chunk& chunk : array.chunks) {
            rows += chunk.rows;
            row_bytes_ = std::max(row_bytes_, chunk.row_bytes);
        }
        std::vector<std::size_t> shape{rows};
        shape.insert(shape.end(), array.tail.begin(), array.tail.end());
        header_ = npy_header(array.descr, shape);
        size_ = header_.size() + rows * row_bytes_;
    }

    static zip_int64_t
    callback(void* self, void* data, zip_uint64_t length, zip_source_cmd_t command) {
        return static_cast<Entry*>(self)->answer(data, length, command);
    }

  private:
    static constexpr std::size_t kBlock = 1 << 16; // bytes, or one row

    zip_int64_t answer(void* data, zip_uint64_t length, zip_source_cmd_t command) {
        switch (command) {
        case ZIP_SOURCE_SUPPORTS:
            return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN,
                                                  ZIP_SOURCE_READ,
                                                  ZIP_SOURCE_CLOSE,
                                                  ZIP_SOURCE_STAT,
                                                  ZIP_SOURCE_ERROR,
                                                  ZIP_SOURCE_FREE,
                                                  -1);
        case ZIP_SOURCE_OPEN:
            block_ = header_;
            taken_ = chunk_ = row_ = 0;
            return 0;
        case ZIP_SOURCE_READ:
            return read(static_cast<std::uint8_t*>(data), length);
        case ZIP_SOURCE_STAT: {
            auto* info = static_cast<zip_stat_t*>(data);
            zip_stat_init(info);
            info->size = size_;
            info->valid = ZIP_STAT_SIZE;
            return sizeof(zip_stat_t);
        }
        case ZIP_SOURCE_ERROR:
            return zip_error_to_data(&error_, data, length);
        default:
            return 0;
        }
    }

    zip_int64_t read(std::uint8_t* target, std::size_t length) {
        std::size_t done = 0;
        while (done < length) {
            if (taken_ == block_.size() && !next_block()) {
                break;
            }
            const std::size_t n = std::min(length - done, block_.size() - taken_);
            std::memcpy(target + done, block_.data() + taken_, n);
            done += n;
            taken_ += n;
        }
        return error_.zip_err == ZIP_ER_OK ? static_cast<zip_int64_t>(done) : -1;
    }

    /// False at the end and on an error.
    bool next_block() {
        while (chunk_ < array_.chunks.size() && row_ == array_.chunks[chunk_].rows) {
            ++chunk_;
            row_ = 0;
        }
        if (chunk_ == array_.chunks.size()) {
            return false;
        }
        const Chunk& chunk = array_.chunks[chunk_];
        const std::size_t rows =
            std::min(chunk.rows - row_, std::max<std::size_t>(1, kBlock / row_bytes_));
        stored_.resize(rows * chunk.row_bytes);
        for (std::size_t done = 0; done < stored_.size();) {
            const ssize_t n =
                ::pread(waiting_,
                        stored_.data() + done,
                        stored_.size() - done,
                        static_cast<off_t>(chunk.offset + row_ * chunk.row_bytes + done));
            if (n <= 0 && !(n < 0 && errno == EINTR)) {
                zip_error_set(&error_, ZIP_ER_READ, n < 0 ? errno : EIO);
                return false;
            }
            done += static_cast<std::size_t>(std::max<ssize_t>(n, 0));
        }
        block_.assign(rows * row_bytes_, 0);
        for (std::size_t r = 0; r < rows; ++r) {
            std::copy_n(stored_.begin() + static_cast<std::ptrdiff_t>(r * chunk.row_bytes),
                        chunk.row_bytes,
                        block_.begin() + static_cast<std::ptrdiff_t>(r * row_bytes_));
        }
        row_ += rows;
        taken_ = 0;
        return true;
    }

    const Array& array_;
    int waiting_;
    Bytes header_;
    std::size_t row_bytes_ = 1;
    std::uint64_t size_ = 0;
    zip_error_t error_{};
    Bytes stored_, block_;
    std::size_t taken_ = 0, chunk_ = 0, row_ = 0;
};

NpzRows::NpzRows(const std::filesystem::path& path) : file_(path), waiting_(unnamed_file(file_)) {}

void NpzRows::append(const std::map<std::string, NpyOutput>& rows) {
    for (const auto& [name, output] : rows) {
        const std::vector<std::size_t>& shape = output.array.shape;
        RIH_ASSERT(!shape.empty() && (output.type != NpyType::Text || shape.size() == 1),
                   "array \"{}\" has no rows",
                   name);
        const std::vector<std::size_t> tail(shape.begin() + 1, shape.end());
        Bytes bytes;
        const std::string descr = append_npy_values(output, name, bytes);
        const auto [it, fresh] = arrays_.try_emplace(name, Array{output.type, descr, tail, {}});
        Array& array = it->second;
        RIH_ASSERT(array.type == output.type && array.tail == tail,
                   "rows of array \"{}\" differ in type or extent",
                   name);
        const std::size_t row_bytes = shape[0] == 0 ? 0 : bytes.size() / shape[0];
        if (row_bytes == 0) {
            continue;
        }
        const bool widest = std::all_of(array.chunks.begin(),
                                        array.chunks.end(),
                                        [&](const Chunk& c) { return c.row_bytes < row_bytes; });
        array.descr = widest ? descr : array.descr;
        for (std::size_t done = 0; done < bytes.size();) {
            const ssize_t n = ::write(waiting_.get(), bytes.data() + done, bytes.size() - done);
            if (n < 0 && errno != EINTR) {
                file_.fail("write rows to a temporary file beside it");
            }
            done += static_cast<std::size_t>(std::max<ssize_t>(n, 0));
        }
        array.chunks.push_back({waiting_bytes_, shape[0], row_bytes});
        waiting_bytes_ += bytes.size();
    }
}

void NpzRows::finish() {
    int code = 0;
    ZipArchive archive(zip_open(file_.temporary().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
    if (archive == nullptr) {
        file_.fail("create");
    }
    std::vector<Entry> entries; // must live until the archive is closed
    entries.reserve(arrays_.size());
    for (const auto& [name, array] : arrays_) {
        Entry& entry = entries.emplace_back(array, waiting_.get());
        add_npy_entry(
            archive.get(), name, zip_source_function(archive.get(), Entry::callback, &entry));
    }
    RIH_REQUIRE(zip_close(archive.get()) == 0,
                "{}: cannot write: {}",
                file_.path().string(),
                zip_strerror(archive.get()));
    std::ignore = archive.release(); // closed
    file_.commit();
}

} // namespace rih
