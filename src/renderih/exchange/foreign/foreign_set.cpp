// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/foreign/foreign_set.h"

#include "renderih/base/sha256.h"

namespace rih {

void ForeignSet::note_digest(const std::filesystem::path& file) {
    digests_[file.filename().string()] = sha256_of_file(file);
}

} // namespace rih
