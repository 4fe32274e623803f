// SPDX-License-Identifier: Apache-2.0
// Arrays inside a parsed pickle: numpy's own, chumpy's wrappers around them, scipy's sparse
// matrices (made dense) and plain numbers.
#pragma once

#include "renderih/base/npz.h"
#include "renderih/hand/pickle.h"

namespace rih {

/// The array that `node` stands for. `name` is its key, `where` the file, for messages. Throws
/// UserError when it is none, or takes more than `bytes_left` in memory; what it takes is
/// subtracted.
NpyArray array_of_pickle(const Pickle& pickle,
                         int node,
                         const std::string& name,
                         const std::string& where,
                         std::uint64_t& bytes_left);

} // namespace rih
