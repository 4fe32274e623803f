// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/strokes.h"

#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/texel_noise.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

constexpr float kCellMm = 3;
constexpr float kReach = 2.5f; // widths; bell() ends there
constexpr float kFadingMm = 5; // within which a line's strength changes

Vec2f sum(Vec2f a, Vec2f b, float t = 1) {
    return {a.x + t * b.x, a.y + t * b.y};
}
float distance(Vec2f a, Vec2f b) {
    return std::hypot(b.x - a.x, b.y - a.y);
}

} // namespace

std::vector<Vec2f> smooth_curve(const std::vector<Vec2f>& control, float step_mm) {
    std::vector<Vec2f> points;
    const auto last = static_cast<int>(control.size()) - 1;
    const auto at = [&](int i) {
        return control[static_cast<std::size_t>(std::clamp(i, 0, last))];
    };
    for (int i = 0; i < last; ++i) {
        const Vec2f a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
        const int count = std::max(1, static_cast<int>(std::ceil(distance(b, c) / step_mm)));
        for (int k = 0; k < count; ++k) {
            const float t = static_cast<float>(k) / static_cast<float>(count);
            const auto axis = [t](float p, float q, float r, float s) {
                return 0.5f * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t +
                               (3 * q - p - 3 * r + s) * t * t * t);
            };
            points.push_back({axis(a.x, b.x, c.x, d.x), axis(a.y, b.y, c.y, d.y)});
        }
    }
    points.push_back(control.back());
    return points;
}

std::vector<Vec2f> wandering(std::vector<Vec2f> points, float wander_mm, float size_mm, Rng& rng) {
    const std::uint32_t seed = rng.next_u32();
    for (Vec2f& point : points) {
        const Vec3f place{point.x / size_mm, point.y / size_mm, 0};
        point = {point.x + wander_mm * texel_noise(place, seed),
                 point.y + wander_mm * texel_noise(place, seed ^ 0x77u)};
    }
    return points;
}

void StrokeField::add(const Stroke& stroke) {
    float length = 0;
    for (std::size_t i = 1; i < stroke.points.size(); ++i) {
        length += distance(stroke.points[i - 1], stroke.points[i]);
    }
    const auto share = [&](float s) { // of the full strength at s mm from the start
        const float end = std::max(stroke.taper * length, 1e-3f);
        return smooth_step(0, end, s) * smooth_step(0, end, length - s);
    };
    const auto kept = [&](Vec2f at) { // a line of its own, wherever it lies
        const float wave = texel_noise({at.x / kFadingMm, at.y / kFadingMm, length}, 0x5a17u);
        return 1 - stroke.fading * std::clamp(0.5f + wave, 0.0f, 1.0f);
    };
    float s = 0;
    for (std::size_t i = 1; i < stroke.points.size(); ++i) {
        const Vec2f from = stroke.points[i - 1], to = stroke.points[i];
        const float piece = distance(from, to);
        if (piece < 1e-4f) {
            continue;
        }
        const float a = share(s), b = share(s + piece);
        pieces_.push_back({from,
                           sum(to, from, -1),
                           1 / (piece * piece),
                           stroke.width * (0.4f + 0.6f * a),
                           stroke.width * (0.4f + 0.6f * b),
                           stroke.strength * a * kept(from),
                           stroke.strength * b * kept(to)});
        s += piece;
    }
}

void StrokeField::finish() {
    if (pieces_.empty()) {
        return;
    }
    Vec2f high{-1e9f, -1e9f};
    low_ = {1e9f, 1e9f};
    const auto box = [](const Piece& p, Vec2f& least, Vec2f& most) {
        const float margin = kReach * std::max(p.width_from, p.width_to);
        const Vec2f to = sum(p.from, p.along);
        least = {std::min(p.from.x, to.x) - margin, std::min(p.from.y, to.y) - margin};
        most = {std::max(p.from.x, to.x) + margin, std::max(p.from.y, to.y) + margin};
    };
    for (const Piece& piece : pieces_) {
        Vec2f a, b;
        box(piece, a, b);
        low_ = {std::min(low_.x, a.x), std::min(low_.y, a.y)};
        high = {std::max(high.x, b.x), std::max(high.y, b.y)};
    }
    columns_ = static_cast<int>((high.x - low_.x) / kCellMm) + 1;
    rows_ = static_cast<int>((high.y - low_.y) / kCellMm) + 1;
    std::vector<std::vector<int>> cells(static_cast<std::size_t>(columns_) * rows_);
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        Vec2f a, b;
        box(pieces_[i], a, b);
        for (int y = static_cast<int>((a.y - low_.y) / kCellMm);
             y <= static_cast<int>((b.y - low_.y) / kCellMm);
             ++y) {
            for (int x = static_cast<int>((a.x - low_.x) / kCellMm);
                 x <= static_cast<int>((b.x - low_.x) / kCellMm);
                 ++x) {
                cells[static_cast<std::size_t>(y) * columns_ + x].push_back(static_cast<int>(i));
            }
        }
    }
    first_.assign(1, 0);
    members_.clear();
    for (const std::vector<int>& cell : cells) {
        members_.insert(members_.end(), cell.begin(), cell.end());
        first_.push_back(static_cast<int>(members_.size()));
    }
}

float StrokeField::at(Vec2f place) const {
    const float fx = (place.x - low_.x) / kCellMm, fy = (place.y - low_.y) / kCellMm;
    if (pieces_.empty() || !(fx >= 0 && fy >= 0 && fx < static_cast<float>(columns_) &&
                             fy < static_cast<float>(rows_))) {
        return 0;
    }
    const std::size_t cell = static_cast<std::size_t>(fy) * static_cast<std::size_t>(columns_) +
                             static_cast<std::size_t>(fx);
    float strongest = 0;
    for (int i = first_[cell]; i < first_[cell + 1]; ++i) {
        const Piece& piece =
            pieces_[static_cast<std::size_t>(members_[static_cast<std::size_t>(i)])];
        const Vec2f to = sum(place, piece.from, -1);
        const float t =
            std::clamp((to.x * piece.along.x + to.y * piece.along.y) * piece.inverse_square_length,
                       0.0f,
                       1.0f);
        const float dx = to.x - t * piece.along.x, dy = to.y - t * piece.along.y;
        const float width = mixed(piece.width_from, piece.width_to, t);
        const float square = (dx * dx + dy * dy) / (width * width);
        if (square < kReach * kReach) {
            strongest = std::max(
                strongest, std::exp(-square) * mixed(piece.strength_from, piece.strength_to, t));
        }
    }
    return strongest;
}

} // namespace rih
