// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/batch_source.h"

#include "renderih/base/error.h"

#include <algorithm>

namespace rih::learn {

namespace {

/// Copies `values` into row `row` of an array whose rows are as long as they are.
template <typename Range, typename Number>
void copy_row(const Range& values, int row, std::vector<Number>& into) {
    std::ranges::copy(values,
                      into.begin() + static_cast<std::ptrdiff_t>(row) *
                                         static_cast<std::ptrdiff_t>(std::size(values)));
}

} // namespace

TrainingBatch make_batch(const BatchShape& shape) {
    const auto batch = static_cast<std::size_t>(shape.batch);
    const auto size = static_cast<std::size_t>(shape.image_size);
    const auto vertices = static_cast<std::size_t>(shape.vertices);
    TrainingBatch made;
    made.shape = shape;
    made.images.resize(batch * 3 * size * size);
    const auto cells =
        static_cast<std::size_t>(shape.map_size) * static_cast<std::size_t>(shape.map_size);
    made.parts.resize(batch * cells);
    made.depth.resize(batch * cells);
    for (BatchHand& hand : made.hands) {
        hand.has_hand.resize(batch);
        hand.has_vertices.resize(batch);
        hand.joint_valid.resize(batch * kJoints);
        hand.vertices_in_cam.resize(batch * vertices * 3);
        hand.joints_in_cam.resize(batch * kJoints * 3);
        hand.vertices_px.resize(batch * vertices * 2);
        hand.joints_px.resize(batch * kJoints * 2);
    }
    made.intrinsics.resize(batch * 4);
    made.keys.resize(batch);
    made.sources.resize(batch);
    made.mask_iou.resize(batch);
    made.ita_deg.resize(batch);
    return made;
}

void set_row(TrainingBatch& batch, int row, const TrainingItem& item) {
    const auto size = static_cast<std::size_t>(batch.shape.image_size);
    const auto vertices = static_cast<std::size_t>(batch.shape.vertices);
    RIH_ASSERT(row >= 0 && row < batch.shape.batch && item.image.size() == 3 * size * size,
               "row {} of {}, an image of {} values",
               row,
               batch.shape.batch,
               item.image.size());
    const auto at = static_cast<std::size_t>(row);
    copy_row(item.image, row, batch.images);
    RIH_ASSERT(item.parts.size() * static_cast<std::size_t>(batch.shape.batch) ==
                       batch.parts.size() &&
                   item.depth.size() == item.parts.size(),
               "maps of {} and {} cells for {}",
               item.parts.size(),
               item.depth.size(),
               batch.shape.map_size);
    copy_row(item.parts, row, batch.parts);
    copy_row(item.depth, row, batch.depth);
    for (std::size_t side = 0; side < 2; ++side) {
        const ItemHand& from = item.hands[side];
        BatchHand& to = batch.hands[side];
        RIH_ASSERT(from.vertices_in_cam.size() == 3 * vertices &&
                       from.vertices_px.size() == 2 * vertices,
                   "{} and {} numbers for {} vertices",
                   from.vertices_in_cam.size(),
                   from.vertices_px.size(),
                   vertices);
        to.has_hand[at] = from.has_hand ? 1.0F : 0.0F;
        to.has_vertices[at] = from.has_vertices ? 1.0F : 0.0F;
        copy_row(from.joint_valid, row, to.joint_valid);
        copy_row(from.vertices_in_cam, row, to.vertices_in_cam);
        copy_row(from.joints_in_cam, row, to.joints_in_cam);
        copy_row(from.vertices_px, row, to.vertices_px);
        copy_row(from.joints_px, row, to.joints_px);
    }
    copy_row(item.intrinsics, row, batch.intrinsics);
    batch.keys[at] = item.key;
    batch.sources[at] = item.source;
    batch.mask_iou[at] = item.mask_iou;
    batch.ita_deg[at] = item.ita_deg;
}

} // namespace rih::learn
