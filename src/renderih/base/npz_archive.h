// SPDX-License-Identifier: Apache-2.0
// What reading and writing .npz files share of libzip.
#pragma once

#include <zip.h>

#include <memory>
#include <string>

namespace rih {

inline constexpr std::string_view kNpySuffix = ".npy";

struct ZipDiscard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
using ZipArchive = std::unique_ptr<zip_t, ZipDiscard>;

/// Adds the array `name` from `source`, whose owner the archive becomes: deflate, no time stamp.
void add_npy_entry(zip_t* archive, const std::string& name, zip_source_t* source);

} // namespace rih
