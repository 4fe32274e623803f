// SPDX-License-Identifier: Apache-2.0
// What the page asks for, one thing at a time, as bytes: the same whether they are written into it
// (report) or sent to it (view). Any number of threads may ask at once.
#pragma once

#include "renderih/dataset/reader.h"
#include "renderih/hand/kinematics.h"

#include <array>
#include <memory>
#include <string>

namespace rih {

/// Longest sides, px.
struct PageSizes {
    int thumbnail = 256;
    int picture = 640;
};

/// The parameters of both hands as the record holds them. Throws UserError for a shape of another
/// length than the hands'.
PairPose pose_of_record(const Record& record, const HandPair& hands);

class PageSource {
  public:
    /// Both must outlive this.
    PageSource(const DatasetReader& reader, const HandPair& hands, const PageSizes& sizes);

    /// Each throws UserError when the record is not there or damaged.
    Bytes thumbnail(std::uint64_t record) const; ///< WebP
    Bytes picture(std::uint64_t record) const;   ///< WebP
    /// LabelChannels as lossless WebP; empty when the record has no label images.
    Bytes labels(std::uint64_t record) const;
    /// A zlib stream of {json: KEY.json as it is, depth_m: [near, far] or null, members: [names]}.
    Bytes details(std::uint64_t record) const;
    /// The posed vertices of both hands, world: a zlib stream of three float64, the origin, and
    /// append_vertices() of right and left.
    Bytes vertices(std::uint64_t record) const;
    /// Both hands' surfaces: a zlib stream of, for right and left, uint32 V and F, uint32 [F][3]
    /// vertices of faces, uint8 [F] part_of_face.
    Bytes faces() const;
    /// A member as it is in the shard, by its name without the key.
    Bytes member(std::uint64_t record, std::string_view name) const;

    bool has(std::uint64_t record) const;

  private:
    std::shared_ptr<const ShardReader> shard_of(std::uint64_t record) const;

    const DatasetReader* reader_;
    const HandPair* hands_;
    PageSizes sizes_;
    std::array<std::vector<int>, 2> predecessors_;
    std::array<std::shared_ptr<const PoseCorrectives>, 2> correctives_;
};

} // namespace rih
