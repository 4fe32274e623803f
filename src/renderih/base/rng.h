// SPDX-License-Identifier: Apache-2.0
// Counter-based random numbers: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011). A generator is a pure function of (seed, id, stream), so
// a record never depends on threads, shards, order or interruption.
#pragma once

#include "renderih/base/hd.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace rih {

struct PhiloxCounter {
    std::uint32_t v[4];
};
struct PhiloxKey {
    std::uint32_t v[2];
};

/// One block of Philox 4x32-10: four random words that are a function of counter and key.
RIH_HD inline PhiloxCounter philox4x32(PhiloxCounter counter, PhiloxKey key) {
    constexpr std::uint32_t kMul0 = 0xD2511F53u, kMul1 = 0xCD9E8D57u;
    constexpr std::uint32_t kWeyl0 = 0x9E3779B9u, kWeyl1 = 0xBB67AE85u;
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = std::uint64_t{kMul0} * counter.v[0];
        const std::uint64_t p1 = std::uint64_t{kMul1} * counter.v[2];
        counter = {{static_cast<std::uint32_t>(p1 >> 32) ^ counter.v[1] ^ key.v[0],
                    static_cast<std::uint32_t>(p1),
                    static_cast<std::uint32_t>(p0 >> 32) ^ counter.v[3] ^ key.v[1],
                    static_cast<std::uint32_t>(p0)}};
        key.v[0] += kWeyl0;
        key.v[1] += kWeyl1;
    }
    return counter;
}

/// FNV-1a; turns a stream's name into a number at compile time.
constexpr std::uint64_t hash_name(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325ull;
    for (const char c : name) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    }
    return hash;
}

/// The finaliser of SplitMix64: a bijection that spreads every bit.
RIH_HD constexpr std::uint64_t mix_bits(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

/// A stream of random numbers keyed by (seed, id, stream name). Cheap to make and to copy.
class Rng {
  public:
    Rng(std::uint64_t seed, std::uint64_t id, std::string_view stream)
        : Rng(seed, id, hash_name(stream)) {}

    RIH_HD Rng(std::uint64_t seed, std::uint64_t id, std::uint64_t stream) {
        const std::uint64_t key = mix_bits(mix_bits(seed + 0x9E3779B97F4A7C15ull) ^ stream);
        key_ = {{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}};
        counter_ = {{0, 0, static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32)}};
    }

    /// Uniform over all 32-bit words.
    RIH_HD std::uint32_t next_u32() {
        if (used_ == 4) {
            block_ = philox4x32(counter_, key_);
            if (++counter_.v[0] == 0) {
                ++counter_.v[1];
            }
            used_ = 0;
        }
        return block_.v[used_++];
    }

    RIH_HD std::uint64_t next_u64() {
        const std::uint64_t low = next_u32();
        return low | (std::uint64_t{next_u32()} << 32);
    }

    /// Uniform in [0, 1), 24 bits.
    RIH_HD float uniform_float() { return static_cast<float>(next_u32() >> 8) * 0x1p-24f; }

    /// Uniform in [0, 1), 53 bits.
    RIH_HD double uniform() { return static_cast<double>(next_u64() >> 11) * 0x1p-53; }

    RIH_HD double uniform(double low, double high) { return low + (high - low) * uniform(); }

    /// Uniform over 0 .. count - 1; count > 0. The bias is below 2^-32 for every count in use.
    RIH_HD std::uint32_t uniform_index(std::uint32_t count) {
        return static_cast<std::uint32_t>((next_u64() >> 32) * std::uint64_t{count} >> 32);
    }

    /// Standard normal (Box-Muller; one value a call, so that the count of draws is plain).
    double normal();

    /// Two independent ones for the price of one.
    std::array<double, 2> normal_pair();

    /// Normal with limits: drawn again until it lies within +-limit standard deviations.
    double truncated_normal(double limit);

  private:
    PhiloxKey key_{};
    PhiloxCounter counter_{};
    PhiloxCounter block_{};
    unsigned used_ = 4;
};

} // namespace rih
