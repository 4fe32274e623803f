// SPDX-License-Identifier: Apache-2.0
// The static plan of a data set: which records there are, which split each pose belongs to, and
// which records lie in which shard. It is a function of its five numbers alone and holds no list,
// so a plan of any size costs nothing and every process sees the same one.
#pragma once

#include "renderih/dataset/record.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace rih {

/// A shard holds whole poses: the views of one must fit.
inline constexpr int kMaxRecordsPerShard = 100'000;

struct PlanOptions {
    std::uint64_t seed = 0;
    std::uint64_t poses = 0; ///< 1 .. 10^9
    int views = 1;           ///< of each pose, 1 .. kMaxRecordsPerShard
    /// Parts of the poses that go to train, val and test; they sum to 1.
    std::array<double, 3> split_fractions = {0.9, 0.05, 0.05};
    /// Records a shard, rounded down to whole poses; 0 chooses an eighth of all, within 64 .. 2000.
    int records_per_shard = 0;
};

/// NNNNN.tar of one split.
struct ShardId {
    Split split = Split::Train;
    int index = 0;
    /// "train/00000"
    std::string name() const;
    auto operator<=>(const ShardId&) const = default;
};

class DatasetPlan {
  public:
    /// Throws UserError that names the option out of range.
    explicit DatasetPlan(const PlanOptions& options);

    const PlanOptions& options() const { return options_; } ///< records_per_shard resolved
    std::uint64_t record_count() const;
    std::uint64_t record_count(const ShardId& shard) const;
    int shard_count() const; ///< of all splits
    int shard_count(Split split) const;
    std::uint64_t pose_count(Split split) const;

    /// Record r shows pose r / views, view r % views.
    std::uint64_t pose_of(std::uint64_t record) const;
    int view_of(std::uint64_t record) const;

    /// The split of a pose depends on (seed, fractions, pose) alone: in each ten consecutive poses,
    /// a shuffle keyed by the seed hands the places to the splits, so that after any number of tens
    /// a split has its fraction, rounded up. With ten poses or more no split is empty (but one
    /// whose fraction is 0), and more poses leave the split of the earlier ones as it is.
    Split split_of(std::uint64_t pose) const;
    /// How many poses before it are of its split.
    std::uint64_t rank_in_split(std::uint64_t pose) const;

    /// The shards of train, val, test in this order; shard s of all belongs to `--shard I/N` when
    /// s % N == I.
    ShardId shard(int number) const;
    std::vector<ShardId> shards_of_part(int part, int parts) const;
    bool contains(const ShardId& shard) const;
    ShardId shard_of(std::uint64_t record) const;
    /// The records of a shard, ascending: every view of consecutive poses of its split.
    std::vector<std::uint64_t> records_of(const ShardId& shard) const;

  private:
    static constexpr int kBlock = 10; // poses shuffled together
    std::uint64_t poses_before_block(Split split, std::uint64_t block) const;
    std::array<Split, kBlock> splits_of_block(std::uint64_t block) const;
    std::uint64_t count_before(Split split, std::uint64_t pose) const;
    std::uint64_t pose_at(Split split, std::uint64_t rank) const;

    PlanOptions options_;
    Split rest_ = Split::Train; // takes what the others leave
    std::uint64_t poses_per_shard_ = 1;
};

} // namespace rih
