// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/plan.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr std::uint64_t kMaxPoses = 1'000'000'000;
constexpr int kMaxShardsPerSplit = 100'000; // five digits
constexpr std::array<Split, 3> kSplits = {Split::Train, Split::Val, Split::Test};

std::size_t number_of(Split split) {
    return static_cast<std::size_t>(split);
}

} // namespace

std::string ShardId::name() const {
    return fmt::format("{}/{:05}", name_of(split), index);
}

DatasetPlan::DatasetPlan(const PlanOptions& options) : options_(options) {
    RIH_REQUIRE(options.poses >= 1 && options.poses <= kMaxPoses,
                "poses = {} is outside 1 .. {}",
                options.poses,
                kMaxPoses);
    RIH_REQUIRE(options.views >= 1 && options.views <= kMaxRecordsPerShard,
                "views = {} is outside 1 .. {}",
                options.views,
                kMaxRecordsPerShard);
    RIH_REQUIRE(options.records_per_shard >= 0 && options.records_per_shard <= kMaxRecordsPerShard,
                "records_per_shard = {} is outside 0 .. {}",
                options.records_per_shard,
                kMaxRecordsPerShard);
    double sum = 0;
    for (const double fraction : options.split_fractions) {
        RIH_REQUIRE(fraction >= 0 && fraction <= 1, // false for NaN
                    "split_fractions: {} is outside 0 .. 1",
                    fraction);
        sum += fraction;
    }
    RIH_REQUIRE(std::abs(sum - 1) < 1e-6, "split_fractions sum to {}, not to 1", sum);
    RIH_REQUIRE(options.poses * static_cast<std::uint64_t>(options.views) <= kMaxRecords,
                "poses x views = {} is beyond {}",
                options.poses * static_cast<std::uint64_t>(options.views),
                kMaxRecords);

    const auto& fractions = options.split_fractions;
    rest_ = kSplits[static_cast<std::size_t>(std::max_element(fractions.begin(), fractions.end()) -
                                             fractions.begin())];
    const std::uint64_t views = static_cast<std::uint64_t>(options.views);
    if (options.records_per_shard == 0) {
        options_.records_per_shard =
            static_cast<int>(std::clamp<std::uint64_t>(options.poses * views / 8, 64, 2000));
    }
    poses_per_shard_ =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(options_.records_per_shard) / views);
    for (const Split split : kSplits) {
        const std::uint64_t shards = (pose_count(split) + poses_per_shard_ - 1) / poses_per_shard_;
        RIH_REQUIRE(shards <= kMaxShardsPerSplit,
                    "records_per_shard = {} makes {} shards of {}, more than {}: raise it",
                    options_.records_per_shard,
                    shards,
                    name_of(split),
                    kMaxShardsPerSplit);
    }
}

std::uint64_t DatasetPlan::record_count() const {
    return options_.poses * static_cast<std::uint64_t>(options_.views);
}

std::uint64_t DatasetPlan::record_count(const ShardId& shard) const {
    RIH_ASSERT(contains(shard), "the plan has no shard {}", shard.name());
    const std::uint64_t first = static_cast<std::uint64_t>(shard.index) * poses_per_shard_;
    return std::min(poses_per_shard_, pose_count(shard.split) - first) *
           static_cast<std::uint64_t>(options_.views);
}

int DatasetPlan::shard_count(Split split) const {
    return static_cast<int>((pose_count(split) + poses_per_shard_ - 1) / poses_per_shard_);
}

int DatasetPlan::shard_count() const {
    int count = 0;
    for (const Split split : kSplits) {
        count += shard_count(split);
    }
    return count;
}

std::uint64_t DatasetPlan::pose_count(Split split) const {
    return count_before(split, options_.poses);
}

std::uint64_t DatasetPlan::pose_of(std::uint64_t record) const {
    return record / static_cast<std::uint64_t>(options_.views);
}

int DatasetPlan::view_of(std::uint64_t record) const {
    return static_cast<int>(record % static_cast<std::uint64_t>(options_.views));
}

std::uint64_t DatasetPlan::poses_before_block(Split split, std::uint64_t block) const {
    if (split == rest_) {
        std::uint64_t others = 0;
        for (const Split other : kSplits) {
            others += other == rest_ ? 0 : poses_before_block(other, block);
        }
        return block * kBlock - others;
    }
    // The tiny subtrahend keeps a product like 20 x 0.05 from being rounded up past its integer.
    const double quota =
        static_cast<double>(block * kBlock) * options_.split_fractions[number_of(split)];
    return static_cast<std::uint64_t>(std::ceil(std::max(0.0, quota - 1e-6)));
}

std::array<Split, DatasetPlan::kBlock> DatasetPlan::splits_of_block(std::uint64_t block) const {
    std::array<Split, kBlock> splits;
    splits.fill(rest_);
    std::size_t place = 0;
    for (const Split split : kSplits) {
        if (split != rest_) {
            const std::uint64_t count =
                poses_before_block(split, block + 1) - poses_before_block(split, block);
            for (std::uint64_t i = 0; i < count; ++i) {
                RIH_ASSERT(place < splits.size(), "the splits ask for more than a block");
                splits[place++] = split;
            }
        }
    }
    Rng rng(options_.seed, block, "split");
    for (std::uint32_t i = kBlock; i > 1; --i) {
        std::swap(splits[i - 1], splits[rng.uniform_index(i)]);
    }
    return splits;
}

Split DatasetPlan::split_of(std::uint64_t pose) const {
    return splits_of_block(pose / kBlock)[pose % kBlock];
}

std::uint64_t DatasetPlan::rank_in_split(std::uint64_t pose) const {
    return count_before(split_of(pose), pose);
}

std::uint64_t DatasetPlan::count_before(Split split, std::uint64_t pose) const {
    const std::uint64_t block = pose / kBlock;
    std::uint64_t count = poses_before_block(split, block);
    const auto splits = splits_of_block(block);
    for (std::size_t i = 0; i < pose % kBlock; ++i) {
        count += splits[i] == split ? 1 : 0;
    }
    return count;
}

std::uint64_t DatasetPlan::pose_at(Split split, std::uint64_t rank) const {
    std::uint64_t low = 0, high = options_.poses / kBlock + 1; // before(low) <= rank < before(high)
    while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        (poses_before_block(split, middle) <= rank ? low : high) = middle;
    }
    std::uint64_t left = rank - poses_before_block(split, low);
    const auto splits = splits_of_block(low);
    for (std::size_t i = 0; i < splits.size(); ++i) {
        if (splits[i] == split && left-- == 0) {
            return low * kBlock + i;
        }
    }
    RIH_ASSERT(false, "{} has no pose of rank {}", name_of(split), rank);
}

ShardId DatasetPlan::shard(int number) const {
    for (const Split split : kSplits) {
        if (number < shard_count(split)) {
            return {split, number};
        }
        number -= shard_count(split);
    }
    RIH_ASSERT(false, "the plan has no shard so far back");
}

std::vector<ShardId> DatasetPlan::shards_of_part(int part, int parts) const {
    RIH_REQUIRE(parts >= 1 && part >= 0 && part < parts,
                "shard {}/{}: expected I/N with 0 <= I < N",
                part,
                parts);
    std::vector<ShardId> shards;
    const int count = shard_count();
    for (std::int64_t s = part; s < count; s += parts) {
        shards.push_back(shard(static_cast<int>(s)));
    }
    return shards;
}

bool DatasetPlan::contains(const ShardId& shard) const {
    return shard.index >= 0 && shard.index < shard_count(shard.split);
}

ShardId DatasetPlan::shard_of(std::uint64_t record) const {
    const std::uint64_t pose = pose_of(record);
    RIH_ASSERT(pose < options_.poses, "record {} is outside the plan", record);
    const Split split = split_of(pose);
    return {split, static_cast<int>(count_before(split, pose) / poses_per_shard_)};
}

std::vector<std::uint64_t> DatasetPlan::records_of(const ShardId& shard) const {
    RIH_ASSERT(contains(shard), "the plan has no shard {}", shard.name());
    const std::uint64_t first = static_cast<std::uint64_t>(shard.index) * poses_per_shard_;
    const std::uint64_t last = std::min(first + poses_per_shard_, pose_count(shard.split));
    const std::uint64_t views = static_cast<std::uint64_t>(options_.views);
    std::vector<std::uint64_t> records;
    for (std::uint64_t rank = first; rank < last; ++rank) {
        const std::uint64_t pose = pose_at(shard.split, rank);
        for (std::uint64_t view = 0; view < views; ++view) {
            records.push_back(pose * views + view);
        }
    }
    return records;
}

} // namespace rih
