// SPDX-License-Identifier: Apache-2.0
// Writes files in the layout of MANO's from any hand: the pickle of Python 2 with chumpy arrays and
// a scipy regressor, and the .npz of the same keys. For tests only; MANO itself may not be used.
#pragma once

#include "renderih/base/file.h"
#include "renderih/base/npz.h"
#include "renderih/hand/hand_model.h"

#include <filesystem>

namespace rih {

struct ManoFileOptions {
    /// How chumpy's objects are made: __newobj__ (protocol 2) or copy_reg._reconstructor.
    bool new_object = true;
    /// shapedirs as chumpy.reordering.Select instead of chumpy.ch.Ch.
    bool select = false;
};

/// The pickle's bytes. The forearm of `hand` is left out; an empty `hands_mean` is zero.
Bytes mano_pickle(const HandModel& hand,
                  const VecX& hands_mean = {},
                  const ManoFileOptions& options = {});

void write_mano_npz(const std::filesystem::path& path,
                    const HandModel& hand,
                    const VecX& hands_mean = {});

} // namespace rih
