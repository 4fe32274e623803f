// SPDX-License-Identifier: Apache-2.0
#include "renderih/math/sampling.h"
#include "renderih/places/draws.h"
#include "renderih/places/room_builder.h"

#include <algorithm>

namespace rih {

RoomBuilder::RoomBuilder(PlaceScene& scene, RoomKind kind, Hour hour, Rng& rng)
    : scene_(scene), mesh_(scene.mesh), kind_(kind), rng_(rng) {
    const bool big = kind == RoomKind::Classroom || kind == RoomKind::Hall;
    const bool small = kind == RoomKind::Bathroom;
    const float scale = big ? 1.7f : (small ? 0.75f : 1.0f);
    width_ = scale * between(rng, 3.6f, 5.8f);
    depth_ = scale * between(rng, 3.4f, 5.4f);
    height_ = kind == RoomKind::Hall ? between(rng, 3.6f, 5.2f) : between(rng, 2.4f, 3.1f);
    dark_outside_ = hour == Hour::Night || hour == Hour::Dusk;
    lamps_on_ = dark_outside_ || chance(rng, hour == Hour::Overcast ? 0.7f : 0.4f);
    materials();
}

void RoomBuilder::build() {
    // The eye stands off the middle of the room.
    const float left = -width_ * between(rng_, 0.36f, 0.64f);
    const float back = -depth_ * between(rng_, 0.36f, 0.64f);
    floor_ = (chance(rng_, 0.55f) ? 0.35f : 0.35f + 3 * (1 + rng_.uniform_index(4)));
    low_ = {left, floor_, back};
    const Vec3f high = low_ + Vec3f{width_, height_, depth_};
    scene_.eye = {0, floor_ + between(rng_, 1.1f, 1.6f), 0};
    scene_.is_room = true;
    scene_.room_low = low_ - Vec3f{0.06f, 0.06f, 0.06f};
    scene_.room_high = high + Vec3f{0.06f, 0.06f, 0.06f};
    // Walls by their left ends, seen from inside.
    constexpr float kQuarter = 0.5f * kPiF;
    walls_[0] = {{low_.x, floor_, low_.z}, 0};
    walls_[1] = {{low_.x, floor_, high.z}, kQuarter};
    walls_[2] = {{high.x, floor_, high.z}, 2 * kQuarter};
    walls_[3] = {{high.x, floor_, low_.z}, 3 * kQuarter};
    for (int i = 0; i < 4; ++i) {
        lengths_[i] = i % 2 == 0 ? width_ : depth_;
    }
    middle_ = low_ + Vec3f{0.5f * width_, 0, 0.5f * depth_};
    shell();
    left_side_ = (window_side_ + 1) % 4;
    right_side_ = (window_side_ + 3) % 4;
    furnish();
    lights();
}

PlaceScene make_room_scene(RoomKind kind, Hour hour, Rng& rng) {
    PlaceScene scene;
    constexpr std::array<OutdoorKind, 6> kViews{OutdoorKind::Street,
                                                OutdoorKind::Suburb,
                                                OutdoorKind::Park,
                                                OutdoorKind::Square,
                                                OutdoorKind::Meadow,
                                                OutdoorKind::Yard};
    const OutdoorKind outside = kViews[rng.uniform_index(kViews.size())];
    set_hour(scene, hour, outside != OutdoorKind::Meadow, rng);
    RoomBuilder(scene, kind, hour, rng).build();
    const Vec3f half = 0.5f * (scene.room_high - scene.room_low);
    const float clear = std::sqrt(half.x * half.x + half.z * half.z) + 1.5f;
    add_outdoors(scene, outside, hour, std::min(clear, 9.0f), rng);
    return scene;
}

} // namespace rih
