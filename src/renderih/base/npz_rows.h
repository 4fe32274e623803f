// SPDX-License-Identifier: Apache-2.0
// An .npz that grows by rows: they wait on disk, so that memory does not grow with their number.
#pragma once

#include "renderih/base/atomic_file.h"
#include "renderih/base/npz.h"

namespace rih {

class NpzRows {
  public:
    /// Opens the unnamed file beside `path` in which the rows wait: what cannot be written is told
    /// before there is anything to lose. Throws UserError.
    explicit NpzRows(const std::filesystem::path& path);

    /// Adds rows to each of the arrays, which have at least one axis (texts have one) and the same
    /// type and extents beyond the first axis whenever they are named.
    void append(const std::map<std::string, NpyOutput>& rows);

    /// Writes the bytes that write_npz() would write of the whole arrays, atomically. To be called
    /// once. Throws UserError.
    void finish();

  private:
    struct Chunk {
        std::uint64_t offset = 0; ///< in the waiting file
        std::size_t rows = 0, row_bytes = 0;
    };
    struct Array {
        NpyType type = NpyType::Float64;
        std::string descr; ///< numpy's name of the type; of texts the longest's
        std::vector<std::size_t> tail;
        std::vector<Chunk> chunks;
    };
    class Entry;

    AtomicFile file_;
    FileDescriptor waiting_;
    std::uint64_t waiting_bytes_ = 0;
    std::map<std::string, Array> arrays_;
};

} // namespace rih
