// SPDX-License-Identifier: Apache-2.0
// The pixels along the outline of a hand, which hold light of both sides.
#include "renderih/image/denoiser.h"

#include <algorithm>
#include <cstdlib>

namespace rih {

/// An outline pixel is a mixture of its own surface's light and that beyond the edge, in a part
/// that the guides do not tell: as its centre is on the surface, about uniform in 1/2 .. 1. The
/// pixel itself tells the part too, as far as the two differ by more than its noise.
void Denoiser::find_mixtures(const ImageF& result) {
    mixtures_.assign(sites_.size(), {});
    constexpr float kPartMean = 0.75f, kPartVariance = 1 / 48.0f; // uniform in 1/2 .. 1
    for_each_outline([&](int x, int y, std::size_t i) {
        Vec3f own, beyond;
        float own_weight = 0, beyond_weight = 0, noise = 0;
        for (int qy = std::max(y - 2, 0); qy <= std::min(y + 2, height_ - 1); ++qy) {
            for (int qx = std::max(x - 2, 0); qx <= std::min(x + 2, width_ - 1); ++qx) {
                const std::size_t j = index(qx, qy);
                const float w = kB3[qx - x + 2] * kB3[qy - y + 2];
                if (sites_[j].on_outline) {
                    continue; // a mixture itself
                }
                if (sites_[j].surface == sites_[i].surface) {
                    own += w * light_[j].rgb;
                    noise += w * raw_variance_[j];
                    own_weight += w;
                } else {
                    beyond += w * pixel(result, j);
                    beyond_weight += w;
                }
            }
        }
        if (own_weight == 0 || beyond_weight == 0) {
            return; // too thin to know
        }
        const Vec3f a = albedo(i);
        own = own / own_weight * a;
        beyond = beyond / beyond_weight;
        noise = noise / own_weight * luminance(a) * luminance(a);
        const Vec3f seen = pixel(radiance_, i);
        const float step = luminance(own - beyond);
        const float gain = kPartVariance * step / (kPartVariance * step * step + noise + 1e-24f);
        const float surprise = luminance(seen - beyond) - kPartMean * step;
        const float part = std::clamp(kPartMean + gain * surprise, 0.5f, 1.0f);
        mixtures_[i] = {seen, beyond + part * (own - beyond), seen, true};
    });
}

/// visit(j, weight) on the known outline pixels of the same edge: of one surface, whose normals do
/// not lead away from each other as those of a finger's two sides do.
template <typename Visit>
void Denoiser::for_each_along(int x, int y, int reach, const Visit& visit) const {
    const Site& here = sites_[index(x, y)];
    for (int qy = std::max(y - reach, 0); qy <= std::min(y + reach, height_ - 1); ++qy) {
        for (int qx = std::max(x - reach, 0); qx <= std::min(x + reach, width_ - 1); ++qx) {
            const std::size_t j = index(qx, qy);
            if (!mixtures_[j].known || sites_[j].surface != here.surface) {
                continue;
            }
            const Vec3f& n = sites_[j].normal;
            const bool itself = qx == x && qy == y;
            const float cosine = n.x * here.normal.x + n.y * here.normal.y + n.z * here.normal.z;
            const int tent = (reach + 1 - std::abs(qx - x)) * (reach + 1 - std::abs(qy - y));
            if (itself || cosine > 0) {
                visit(j, static_cast<float>(tent) * (itself ? 1 : cosine));
            }
        }
    }
}

/// What the two sides do not explain is light at grazing angles that inner pixels lack, as of a rim
/// before the sun, or noise. A rim has neighbours as bright along the edge. A pixel far above all
/// of them but one holds a lucky path, and is cut down to what theirs make likely.
void Denoiser::cut_outline_fireflies() {
    constexpr float kSlack = 1.25f; // times its mixture a pixel may always be
    constexpr float kFactor = 3;
    for_each_outline([&](int x, int y, std::size_t i) {
        Mixture& here = mixtures_[i];
        for (int c = 0; c < 3 && here.known; ++c) {
            const float plain = kSlack * here.mixed[c];
            if (here.seen[c] <= plain) {
                continue;
            }
            float most = 0, second = 0;
            for_each_along(x, y, 3, [&](std::size_t j, float) {
                if (j != i) {
                    const float excess = mixtures_[j].seen[c] - mixtures_[j].mixed[c];
                    second = std::max(second, std::min(most, excess));
                    most = std::max(most, excess);
                }
            });
            here.kept[c] = std::min(here.seen[c], plain + kFactor * second);
        }
    });
}

/// The mean light along the edge is kept: what a neighbourhood holds more than its mixtures is
/// spread over it, what it lacks makes them darker in proportion, and what was cut off is spread
/// further. Half way to the luminance that the pixel itself holds: how far it is covered, of which
/// a rim as thin as a pixel makes much, only itself knows. Nor does a pixel that meets the edge in
/// a corner share such a rim with those that have it along a side.
void Denoiser::mend_outline(ImageF& result) {
    constexpr float kMostBack = 0.25f; // of a pixel's light: more would make dashes of white dots
    find_mixtures(result);
    cut_outline_fireflies();
    for_each_outline([&](int x, int y, std::size_t i) {
        if (!mixtures_[i].known) {
            return;
        }
        Vec3f kept, mixed, taken;
        float weights = 0, taken_weights = 0;
        for_each_along(x, y, 6, [&](std::size_t j, float w) {
            taken += w * (mixtures_[j].seen - mixtures_[j].kept);
            taken_weights += w;
        });
        for_each_along(x, y, 2, [&](std::size_t j, float w) {
            if (sites_[j].on_side != sites_[i].on_side) {
                return;
            }
            kept += w * mixtures_[j].kept;
            mixed += w * mixtures_[j].mixed;
            weights += w;
        });
        Vec3f even;
        for (int c = 0; c < 3; ++c) {
            const float own = mixtures_[i].mixed[c];
            even[c] = kept[c] >= mixed[c] ? own + (kept[c] - mixed[c]) / weights
                                          : own * (kept[c] / mixed[c]);
        }
        const float light = luminance(even);
        const float ratio = light > 0 ? luminance(mixtures_[i].kept) / light : 1;
        const float half_way = 0.5f * (1 + std::min(ratio, 100.0f));
        for (int c = 0; c < 3; ++c) {
            const float back = std::min(taken[c] / taken_weights, kMostBack * even[c]);
            result.at(x, y, c) = half_way * even[c] + back;
        }
    });
}

/// A background pixel at the outline sees a sliver of the hand, in which one lucky path makes a
/// white dot. It cannot well be brighter than all that it may be a mixture of, the background near
/// by and the hand's mended outline, unless others like it are: in a gap between two fingers all
/// are.
void Denoiser::cut_background_outline(ImageF& result) const {
    constexpr float kSlack = 1.1f;
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            if (sites_[index(x, y)].surface != 0 || !near_a_hand(x, y)) {
                continue;
            }
            Vec3f limit, most, second; // the latter of the doubtful pixels around
            for (int qy = std::max(y - 2, 0); qy <= std::min(y + 2, height_ - 1); ++qy) {
                for (int qx = std::max(x - 2, 0); qx <= std::min(x + 2, width_ - 1); ++qx) {
                    const bool doubtful = sites_[index(qx, qy)].surface == 0 && near_a_hand(qx, qy);
                    for (int c = 0; c < 3; ++c) {
                        if (!doubtful) {
                            limit[c] = std::max(limit[c], result.at(qx, qy, c));
                        } else if (qx != x || qy != y) {
                            const float other = radiance_.at(qx, qy, c);
                            second[c] = std::max(second[c], std::min(most[c], other));
                            most[c] = std::max(most[c], other);
                        }
                    }
                }
            }
            for (int c = 0; c < 3; ++c) {
                const float bound = kSlack * std::max(limit[c], second[c]);
                result.at(x, y, c) = std::min(result.at(x, y, c), bound);
            }
        }
    }
}

/// Whether one of the eight pixels around is a hand's: the pixel filter reaches that far.
bool Denoiser::near_a_hand(int x, int y) const {
    for (int qy = std::max(y - 1, 0); qy <= std::min(y + 1, height_ - 1); ++qy) {
        for (int qx = std::max(x - 1, 0); qx <= std::min(x + 1, width_ - 1); ++qx) {
            if (sites_[index(qx, qy)].surface != 0) {
                return true;
            }
        }
    }
    return false;
}

} // namespace rih
