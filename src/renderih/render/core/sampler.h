// SPDX-License-Identifier: Apache-2.0
// The numbers of one path: Owen-scrambled Sobol' points, shuffled and scrambled anew for every
// pixel and every pair of dimensions (Burley, "Practical hash-based Owen scrambling", JCGT 2020),
// and a plain random stream for what has no fixed dimension. All of it is a function of (seed, id,
// pixel, sample).
#pragma once

#include "renderih/base/rng.h"
#include "renderih/math/sampling.h"
#include "renderih/math/vec.h"

#include <cstdint>

namespace rih {

RIH_HD inline std::uint32_t reverse_bits(std::uint32_t x) {
    x = ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
    x = ((x >> 2) & 0x33333333u) | ((x & 0x33333333u) << 2);
    x = ((x >> 4) & 0x0f0f0f0fu) | ((x & 0x0f0f0f0fu) << 4);
    x = ((x >> 8) & 0x00ff00ffu) | ((x & 0x00ff00ffu) << 8);
    return (x >> 16) | (x << 16);
}

/// Owen's nested uniform scrambling in base 2: each bit is flipped by a hash of the bits above it.
/// On the reversed word that is a hash in which bits only influence higher ones (Laine and Karras
/// 2011).
RIH_HD inline std::uint32_t scramble_reversed(std::uint32_t x, std::uint32_t seed) {
    x ^= x * 0x3d20adeau;
    x += seed;
    x *= (seed >> 16) | 1u;
    x ^= x * 0x05526c56u;
    x ^= x * 0x53a22864u;
    return x;
}

/// Second dimension of the Sobol' sequence, reversed; the first, reversed, is the index itself.
RIH_HD inline std::uint32_t sobol_second_reversed(std::uint32_t index) {
    index ^= (index >> 16) & 0x0000ffffu;
    index ^= (index >> 8) & 0x00ff00ffu;
    index ^= (index >> 4) & 0x0f0f0f0fu;
    index ^= (index >> 2) & 0x33333333u;
    index ^= (index >> 1) & 0x55555555u;
    return index;
}

class PathSampler {
  public:
    RIH_HD
    PathSampler(std::uint64_t seed, std::uint64_t id, std::uint32_t pixel, std::uint32_t sample)
        : random_(seed, id, mix_bits((std::uint64_t{pixel} << 32 | sample) + 1)),
          pixel_key_(pixel_key(seed, id, pixel)), reversed_sample_(reverse_bits(sample)) {}

    RIH_HD float next_1d() {
        const std::uint64_t key = next_key();
        const std::uint32_t index = shuffled_index(key);
        return to_unit(
            reverse_bits(scramble_reversed(index, static_cast<std::uint32_t>(key >> 32))));
    }

    RIH_HD Vec2f next_2d() {
        const std::uint64_t key = next_key();
        const std::uint64_t scramble = mix_bits(key);
        const std::uint32_t index = shuffled_index(key);
        return {
            to_unit(reverse_bits(scramble_reversed(index, static_cast<std::uint32_t>(scramble)))),
            to_unit(reverse_bits(scramble_reversed(sobol_second_reversed(index),
                                                   static_cast<std::uint32_t>(scramble >> 32))))};
    }

    /// Independent uniform number, for loops of unknown length.
    RIH_HD float next_random() { return random_.uniform_float(); }

  private:
    RIH_HD static std::uint64_t
    pixel_key(std::uint64_t seed, std::uint64_t id, std::uint32_t pixel) {
        Rng rng(seed, id, mix_bits(~std::uint64_t{pixel}));
        return rng.next_u64();
    }
    RIH_HD std::uint64_t next_key() {
        return mix_bits(pixel_key_ + 0x9E3779B97F4A7C15ull * ++dimension_);
    }
    RIH_HD std::uint32_t shuffled_index(std::uint64_t key) const {
        return reverse_bits(scramble_reversed(reversed_sample_, static_cast<std::uint32_t>(key)));
    }
    RIH_HD static float to_unit(std::uint32_t bits) {
        return static_cast<float>(bits >> 8) * 0x1p-24f;
    }

    Rng random_;
    std::uint64_t pixel_key_;
    std::uint64_t dimension_ = 0;
    std::uint32_t reversed_sample_;
};

} // namespace rih
