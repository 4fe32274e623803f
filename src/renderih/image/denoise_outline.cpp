// SPDX-License-Identifier: Apache-2.0
// The pixels along the outline of a hand, which hold light of both sides.
#include "renderih/image/denoiser.h"

#include <algorithm>

namespace rih {

/// An outline pixel is a mixture of its own surface's light and that beyond the edge, in a part
/// that the guides do not tell: as its centre is on the surface, about uniform in 1/2 .. 1. The
/// pixel itself tells the part too, as far as the two differ by more than its noise. What then is
/// not explained is noise, or light at grazing angles that inner pixels lack: what it is for most
/// pixels along the edge is put back. One lucky path (a rim before a lamp has many) changes no
/// median, where a mean would make a white dash of it.
void Denoiser::mend_outline(ImageF& result) const {
    struct Mixture {
        float seen = 0, mixed = 0; // luminance
        Vec3f rgb;
    };
    std::vector<Mixture> mixtures(sites_.size());
    const auto around = [&](int x, int y, const auto& visit) {
        for (int qy = std::max(y - 2, 0); qy <= std::min(y + 2, height_ - 1); ++qy) {
            for (int qx = std::max(x - 2, 0); qx <= std::min(x + 2, width_ - 1); ++qx) {
                visit(index(qx, qy), kB3[qx - x + 2] * kB3[qy - y + 2]);
            }
        }
    };
    const auto for_each_outline = [&](const auto& visit) {
        for (int y = 0; y < height_; ++y) {
            for (int x = 0; x < width_; ++x) {
                const std::size_t i = index(x, y);
                if (sites_[i].surface != 0 && sites_[i].on_outline) {
                    visit(x, y, i);
                }
            }
        }
    };
    constexpr float kPartMean = 0.75f, kPartVariance = 1 / 48.0f; // uniform in 1/2 .. 1
    for_each_outline([&](int x, int y, std::size_t i) {
        Vec3f own, beyond;
        float own_weight = 0, beyond_weight = 0, noise = 0;
        around(x, y, [&](std::size_t j, float w) {
            if (sites_[j].on_outline) {
                return; // a mixture itself
            }
            if (sites_[j].surface == sites_[i].surface) {
                own += w * light_[j].rgb;
                noise += w * raw_variance_[j];
                own_weight += w;
            } else {
                beyond += w * pixel(result, j);
                beyond_weight += w;
            }
        });
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
        const float part = std::clamp(kPartMean + gain * surprise, 0.0f, 1.0f);
        const Vec3f rgb = beyond + part * (own - beyond);
        mixtures[i] = {luminance(seen), luminance(rgb), rgb};
    });
    std::vector<float> ratios;
    for_each_outline([&](int x, int y, std::size_t i) {
        if (mixtures[i].mixed <= 0) {
            return;
        }
        ratios.clear();
        for (int qy = std::max(y - 3, 0); qy <= std::min(y + 3, height_ - 1); ++qy) {
            for (int qx = std::max(x - 3, 0); qx <= std::min(x + 3, width_ - 1); ++qx) {
                const std::size_t j = index(qx, qy);
                if (sites_[j].surface == sites_[i].surface && mixtures[j].mixed > 0) {
                    ratios.push_back(mixtures[j].seen / mixtures[j].mixed);
                }
            }
        }
        const auto median = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
        std::nth_element(ratios.begin(), median, ratios.end());
        const Vec3f rgb = std::clamp(*median, 0.5f, 2.0f) * mixtures[i].rgb;
        for (int c = 0; c < 3; ++c) {
            result.at(x, y, c) = rgb[c];
        }
    });
}

/// A background pixel at the outline sees a sliver of the hand, in which one lucky path makes a
/// white dot. It cannot well be brighter than all that it may be a mixture of: the background near
/// by and the hand's mended outline.
void Denoiser::cut_background_outline(ImageF& result) const {
    constexpr float kSlack = 1.1f;
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            if (sites_[index(x, y)].surface != 0 || !near_a_hand(x, y)) {
                continue;
            }
            Vec3f limit;
            for (int qy = std::max(y - 2, 0); qy <= std::min(y + 2, height_ - 1); ++qy) {
                for (int qx = std::max(x - 2, 0); qx <= std::min(x + 2, width_ - 1); ++qx) {
                    if (sites_[index(qx, qy)].surface == 0 && near_a_hand(qx, qy)) {
                        continue; // as doubtful as this one
                    }
                    for (int c = 0; c < 3; ++c) {
                        limit[c] = std::max(limit[c], result.at(qx, qy, c));
                    }
                }
            }
            for (int c = 0; c < 3; ++c) {
                result.at(x, y, c) = std::min(result.at(x, y, c), kSlack * limit[c]);
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
