// SPDX-License-Identifier: Apache-2.0
// Batches of training items out of our data sets: mixed, sub-sampled, cropped, augmented, on
// threads that work ahead. Batch n depends on the sources, the options and n alone, not on threads
// or time.
#pragma once

#include "renderih/learn/data/batch_source.h"
#include "renderih/learn/data/crop.h"
#include "renderih/learn/data/record_source.h"

#include <memory>

namespace rih::learn {

/// One data set of a mixture.
struct DataSource {
    std::filesystem::path dir;
    HandPair hands;      ///< that its labels refer to
    double weight = 0;   ///< share of an epoch, relative to the other sources'; 0: its records
    double fraction = 1; ///< of its poses that are used, (0, 1]; smaller ones lie in larger ones
};

struct LoaderOptions {
    int batch = 64; ///< B
    Split split = Split::Train;
    /// In random order, and what fills no whole batch is left out; false: every record once, in
    /// order, the last batch as small as it is.
    bool shuffle = true;
    bool augment = true;
    CropOptions crop = {};
    AugmentationOptions augmentation = {};
    /// 0: as many as the sources have records together, and at least a batch (of few records, some
    /// then come more than once).
    std::uint64_t epoch_items = 0;
    std::uint64_t seed = 0;
    int threads = 0;       ///< 0: every core
    int batches_ahead = 3; ///< made before they are asked for
    void validate() const; ///< throws UserError that names the option
};

/// Opens the sources. Throws UserError when one cannot be read, has no records in the split, or has
/// hands of another mesh than the first.
std::unique_ptr<BatchSource> open_loader(std::vector<DataSource> sources,
                                         const LoaderOptions& options);

} // namespace rih::learn
