// SPDX-License-Identifier: Apache-2.0
// Items stacked into batches, each array contiguous with the batch as its first axis, ready to be
// wrapped as a tensor without a copy.
#pragma once

#include "renderih/learn/data/training_item.h"

#include <cstdint>
#include <vector>

namespace rih::learn {

/// Extents of the arrays of a batch.
struct BatchShape {
    int batch = 0;      ///< B; the last batch of an evaluation may have fewer
    int image_size = 0; ///< S, pixels
    int vertices = 0;   ///< V, of one hand
    int map_size = 0;   ///< M, of the maps of parts and depth; 0: there are none
};

struct BatchHand {
    std::vector<float> has_hand;        ///< [B] 0 or 1
    std::vector<float> has_vertices;    ///< [B] 0 or 1
    std::vector<float> joint_valid;     ///< [B, 21] 0 or 1
    std::vector<float> vertices_in_cam; ///< [B, V, 3] m
    std::vector<float> joints_in_cam;   ///< [B, 21, 3] m
    std::vector<float> vertices_px;     ///< [B, V, 2]
    std::vector<float> joints_px;       ///< [B, 21, 2]
};

struct TrainingBatch {
    BatchShape shape;
    std::vector<float> images;       ///< [B, 3, S, S] sRGB 0 .. 1
    std::vector<std::int64_t> parts; ///< [B, M, M] part numbers, kNoPart or kUnknownPart
    std::vector<float> depth;        ///< [B, M, M] m
    std::array<BatchHand, 2> hands;  ///< right, left
    std::vector<float> intrinsics;   ///< [B, 4] fx, fy, cx, cy
    std::vector<std::uint64_t> keys; ///< [B]
    std::vector<int> sources;        ///< [B]
    std::vector<float> mask_iou;     ///< [B], NaN: not known
    std::vector<float> ita_deg;      ///< [B], NaN: not known
};

/// A batch of zeros and of masks that are 0.
TrainingBatch make_batch(const BatchShape& shape);
/// Writes an item into row `row`. Throws InternalError when its extents are others.
void set_row(TrainingBatch& batch, int row, const TrainingItem& item);

/// An endless row of batches: batch n is a function of n and of what the source was made from.
class BatchSource {
  public:
    virtual ~BatchSource() = default;
    /// The next batch. Throws UserError when a record cannot be read.
    virtual TrainingBatch next() = 0;
    /// Makes batch `number`, counted from the start of epoch 0, the next one: for resuming.
    virtual void seek(std::uint64_t number) = 0;
    /// Batches until the data have been seen once; `next()` then begins the next epoch.
    virtual std::uint64_t batches_per_epoch() const = 0;
    virtual BatchShape shape() const = 0;
};

} // namespace rih::learn
