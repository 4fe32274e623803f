// SPDX-License-Identifier: Apache-2.0
// What stands in a room of each kind.
#include "renderih/math/sampling.h"
#include "renderih/places/draws.h"
#include "renderih/places/room_builder.h"

#include <algorithm>

namespace rih {

Stand RoomBuilder::before(int side, float along, float away) const {
    return walls_[side].at({along * lengths_[side], 0, away});
}

bool RoomBuilder::is_free(const Stand& stand, float radius) const {
    const float x = stand.origin.x - scene_.eye.x, z = stand.origin.z - scene_.eye.z;
    return std::sqrt(x * x + z * z) > radius + 0.55f;
}

bool RoomBuilder::has_opening(int side, float from, float to) const {
    for (const Opening& o : openings_[side]) {
        if (o.right + 0.2f > from && o.left - 0.2f < to) {
            return true;
        }
    }
    return false;
}

void RoomBuilder::pictures(int side, int count) {
    for (int i = 0; i < count; ++i) {
        const float along = (i + between(rng_, 0.3f, 0.7f)) / count;
        const float wide = between(rng_, 0.3f, 1.0f), high = between(rng_, 0.3f, 0.8f);
        const float middle = along * lengths_[side];
        if (has_opening(side, middle - 0.5f * wide, middle + 0.5f * wide)) {
            continue;
        }
        const int canvas = scene_.add({.pattern = Pattern::Picture,
                                       .colour_a = one_of(kThings, rng_),
                                       .colour_b = one_of(kWallPaints, rng_),
                                       .relief = 0,
                                       .seed = rng_.next_u32()});
        const Stand place = before(side, along, 0.001f).at({0, between(rng_, 1.25f, 1.5f), 0});
        add_picture(mesh_, place, wide, high, chance(rng_, 0.5f) ? m_.dark : m_.wood, canvas);
    }
}

void RoomBuilder::dining(float x, float z) {
    const Stand at{{x, floor_, z}, kPiF * rng_.uniform_float()};
    const float wide = between(rng_, 1.1f, 1.7f);
    if (!is_free(at, 0.55f * wide)) {
        return;
    }
    add_table(mesh_, at, {wide, 0.74f, 0.8f}, m_.wood, chance(rng_, 0.3f) ? m_.white : m_.wood);
    add_clutter(mesh_, at.at({0, 0.74f, 0}), 0.8f * wide, 0.5f, m_, rng_);
    for (const float side : {-1.0f, 1.0f}) {
        for (const float cx : {-0.3f * wide, 0.3f * wide}) {
            const Stand chair =
                at.at({cx, 0, side * between(rng_, 0.45f, 0.7f)}, side > 0 ? kPiF : 0);
            if (is_free(chair, 0.2f)) {
                add_chair(mesh_,
                          chair.at({}, between(rng_, -0.3f, 0.3f)),
                          m_.second_wood,
                          m_.second_wood);
            }
        }
    }
}

void RoomBuilder::rug(float x, float z, float wide, float deep) {
    const int material = scene_.add({.pattern = chance(rng_, 0.6f) ? Pattern::Rug : Pattern::Carpet,
                                     .colour_a = one_of(kCloths, rng_),
                                     .colour_b = one_of(kThings, rng_),
                                     .size = between(rng_, 0.12f, 0.35f),
                                     .relief = 1,
                                     .seed = rng_.next_u32()});
    mesh_.box({{x, floor_, z}, 0},
              {-0.5f * wide, 0, -0.5f * deep},
              {0.5f * wide, 0.012f, 0.5f * deep},
              material,
              0.004f);
}

void RoomBuilder::living() {
    const Stand sofa = before(left_side_, 0.5f, 0.06f);
    add_sofa(mesh_, sofa, between(rng_, 1.5f, 2.3f), m_, rng_);
    const float rug_width = between(rng_, 1.6f, 2.6f);
    rug(middle_.x, middle_.z, rug_width, between(rng_, 1.2f, 2));
    const Stand low_table = before(left_side_, 0.5f, 1.45f);
    if (is_free(low_table, 0.4f)) {
        add_table(mesh_, low_table, {1, 0.42f, 0.55f}, m_.wood, m_.wood);
        add_clutter(mesh_, low_table.at({0, 0.42f, 0}), 0.9f, 0.45f, m_, rng_);
    }
    const Stand stand = before(right_side_, 0.5f, 0.02f);
    add_cupboard(mesh_, stand, {1.5f, 0.5f, 0.42f}, 3, 1, m_.second_wood, m_.metal);
    add_monitor(mesh_, stand.at({0, 0.5f, 0.2f}), 1.1f, m_);
    add_shelf(mesh_,
              before(right_side_, 0.14f, 0.01f),
              {0.8f, between(rng_, 1.6f, 2.1f), 0.3f},
              m_,
              rng_);
    pictures(left_side_, 2);
    add_plant(mesh_, before(window_side_, 0.06f, 0.35f), between(rng_, 0.8f, 1.5f), m_, rng_);
    dining(middle_.x + 0.3f * width_, middle_.z + 0.28f * depth_);
}

void RoomBuilder::bedroom() {
    const Stand bed = before(left_side_, 0.45f, 0.03f);
    add_bed(mesh_, bed, chance(rng_, 0.6f) ? 1.6f : 1, m_, rng_);
    for (const float side : {-1.15f, 1.15f}) {
        add_cupboard(
            mesh_, bed.at({side, 0, 0}), {0.45f, 0.48f, 0.38f}, 1, 2, m_.second_wood, m_.metal);
        table_lamp(bed.at({side, 0.48f, 0.18f}));
    }
    add_cupboard(mesh_,
                 before(right_side_, 0.6f, 0.01f),
                 {1.6f, 2.05f, 0.58f},
                 3,
                 1,
                 chance(rng_, 0.5f) ? m_.white : m_.second_wood,
                 m_.metal);
    rug(middle_.x, middle_.z, 1.8f, 1.3f);
    pictures(left_side_, 2);
    pictures(door_side_, 1);
    add_chair(mesh_, before(window_side_, 0.12f, 0.5f), m_.second_wood, m_.second_wood);
    add_plant(mesh_, before(window_side_, 0.93f, 0.35f), between(rng_, 0.6f, 1.3f), m_, rng_);
}

void RoomBuilder::kitchen() {
    const int fronts =
        chance(rng_, 0.5f)
            ? m_.white
            : (chance(rng_, 0.5f) ? m_.second_wood
                                  : plain(0.6f * one_of(kWallPaints, rng_), 0.04f, 0.3f));
    const float run = lengths_[left_side_] - 0.9f;
    const Stand counter = walls_[left_side_].at({0.5f * run + 0.05f, 0, 0});
    const int doors = std::max(3, static_cast<int>(run / 0.55f));
    add_cupboard(mesh_, counter, {run, 0.87f, 0.6f}, doors, 1, fronts, m_.metal);
    mesh_.box(counter,
              {-0.5f * run, 0.87f, 0},
              {0.5f * run, 0.91f, 0.63f},
              chance(rng_, 0.5f) ? m_.stone : m_.wood,
              0.004f);
    mesh_.quad(counter, {-0.5f * run, 0.91f, 0.004f}, {run, 0, 0}, {0, 0.54f, 0}, tiles_);
    add_cupboard(mesh_, counter.at({0, 1.4f, 0}), {run, 0.72f, 0.34f}, doors, 1, fronts, m_.metal);
    add_clutter(mesh_, counter.at({0.1f * run, 0.91f, 0.3f}), 0.75f * run, 0.4f, m_, rng_);
    mesh_.box(counter,
              {-0.3f * run, 0.9f, 0.1f},
              {-0.3f * run + 0.55f, 0.916f, 0.52f},
              m_.dark,
              0.003f); // hob
    mesh_.box(counter,
              {0.2f * run, 0.8f, 0.12f},
              {0.2f * run + 0.5f, 0.914f, 0.5f},
              m_.metal,
              0.004f); // sink
    mesh_.cylinder(counter,
                   {0.2f * run + 0.25f, 0.91f, 0.08f},
                   {0.2f * run + 0.25f, 1.2f, 0.08f},
                   {0.014f, 0.014f},
                   10,
                   m_.metal);
    mesh_.cylinder(counter,
                   {0.2f * run + 0.25f, 1.2f, 0.08f},
                   {0.2f * run + 0.25f, 1.18f, 0.28f},
                   {0.012f, 0.012f},
                   10,
                   m_.metal);
    add_cupboard(mesh_,
                 walls_[left_side_].at({run + 0.5f, 0, 0}),
                 {0.62f, 1.85f, 0.62f},
                 1,
                 2,
                 chance(rng_, 0.5f) ? m_.metal : m_.white,
                 m_.metal);
    dining(middle_.x + between(rng_, -0.2f, 0.2f) * width_, middle_.z + 0.26f * depth_);
    dining(middle_.x - 0.28f * width_, middle_.z - 0.2f * depth_);
    add_shelf(mesh_, before(right_side_, 0.3f, 0.01f), {1, 1.3f, 0.28f}, m_, rng_);
    pictures(right_side_, 2);
}

void RoomBuilder::office() {
    for (const int side : {left_side_, right_side_}) {
        const int count = std::max(1, static_cast<int>(lengths_[side] / 1.9f));
        for (int i = 0; i < count; ++i) {
            const Stand desk = before(side, (i + 0.5f) / count, 0.42f);
            add_table(mesh_,
                      desk,
                      {1.5f, 0.73f, 0.75f},
                      chance(rng_, 0.5f) ? m_.white : m_.wood,
                      m_.metal);
            const Stand foot = desk.at({between(rng_, -0.2f, 0.2f), 0.73f, -0.15f});
            add_monitor(mesh_, foot, between(rng_, 0.5f, 0.66f), m_);
            mesh_.box(desk, {-0.22f, 0.73f, 0.1f}, {0.22f, 0.75f, 0.24f}, m_.dark, 0.004f);
            add_clutter(mesh_, desk.at({0.5f, 0.73f, 0.05f}), 0.45f, 0.4f, m_, rng_);
            const Stand chair = desk.at({0, 0, 0.75f}, kPiF + between(rng_, -0.6f, 0.6f));
            if (is_free(chair, 0.3f)) {
                add_office_chair(mesh_, chair, m_);
            }
        }
    }
    add_shelf(mesh_, before(door_side_, 0.85f, 0.01f), {1, 1.9f, 0.34f}, m_, rng_);
    add_plant(mesh_, before(window_side_, 0.05f, 0.4f), 1.2f, m_, rng_);
    if (!has_opening(
            left_side_, 0.5f * lengths_[left_side_] - 0.9f, 0.5f * lengths_[left_side_] + 0.9f)) {
        add_picture(mesh_,
                    before(left_side_, 0.5f, 0.001f).at({0, 1.3f, 0}),
                    1.6f,
                    0.9f,
                    m_.metal,
                    m_.white);
    }
    pictures(door_side_, 1);
}

void RoomBuilder::workshop() {
    const Stand bench = before(left_side_, 0.5f, 0.38f);
    add_table(mesh_, bench, {0.8f * lengths_[left_side_], 0.88f, 0.7f}, m_.wood, m_.wood);
    add_clutter(mesh_, bench.at({0, 0.88f, 0}), 0.7f * lengths_[left_side_], 0.5f, m_, rng_);
    const Stand board = before(left_side_, 0.5f, 0.001f).at({0, 1.25f, 0});
    mesh_.box(board,
              {-0.35f * lengths_[left_side_], 0, 0},
              {0.35f * lengths_[left_side_], 0.8f, 0.015f},
              m_.second_wood,
              0.002f);
    for (int i = 0; i < 14; ++i) { // tools on their hooks
        const float x = lengths_[left_side_] * (0.7f * (i + 0.5f) / 14 - 0.35f),
                    long_m = between(rng_, 0.15f, 0.4f);
        const float top = 0.72f - 0.2f * rng_.uniform_float();
        mesh_.box(board,
                  {x - 0.012f, top - long_m, 0.02f},
                  {x + 0.012f, top, 0.04f},
                  chance(rng_, 0.5f) ? m_.metal : m_.things[i % 8],
                  0.005f);
        mesh_.box(board,
                  {x - 0.03f, top - 0.03f, 0.018f},
                  {x + 0.03f, top + 0.02f, 0.045f},
                  m_.metal,
                  0.006f);
    }
    for (int i = 0; i < 2; ++i) {
        add_shelf(
            mesh_, before(right_side_, 0.25f + 0.5f * i, 0.01f), {1.4f, 1.9f, 0.5f}, m_, rng_);
    }
    for (int i = 0; i < 7; ++i) {
        const Stand at{{low_.x + width_ * between(rng_, 0.1f, 0.9f),
                        floor_,
                        low_.z + depth_ * between(rng_, 0.1f, 0.9f)},
                       kTwoPiF * rng_.uniform_float()};
        const float s = between(rng_, 0.25f, 0.5f);
        if (is_free(at, 0.9f * s)) {
            mesh_.box(at,
                      {-s, 0, -0.7f * s},
                      {s, s, 0.7f * s},
                      i % 2 == 0 ? m_.things[6] : m_.things[i],
                      0.006f);
        }
    }
}

void RoomBuilder::classroom() {
    const int rows = std::max(2, static_cast<int>(depth_ / 1.6f)),
              columns = std::max(2, static_cast<int>(width_ / 1.9f));
    for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
            const Stand desk{{low_.x + width_ * (i + 0.5f) / columns,
                              floor_,
                              low_.z + depth_ * (j + 0.55f) / rows},
                             0};
            if (!is_free(desk, 0.65f)) {
                continue;
            }
            add_table(mesh_, desk, {1.25f, 0.73f, 0.55f}, m_.wood, m_.metal);
            if (chance(rng_, 0.6f)) {
                add_clutter(mesh_, desk.at({0, 0.73f, 0}), 1, 0.35f, m_, rng_);
            }
            for (const float x : {-0.3f, 0.3f}) {
                const Stand chair = desk.at({x, 0, 0.5f}, kPiF + between(rng_, -0.4f, 0.4f));
                if (is_free(chair, 0.22f)) {
                    add_chair(mesh_, chair, m_.second_wood, m_.metal);
                }
            }
        }
    }
    const int board = chance(rng_, 0.5f) ? m_.white : plain({0.02f, 0.05f, 0.035f});
    add_picture(
        mesh_, before(right_side_, 0.5f, 0.001f).at({0, 0.95f, 0}), 3, 1.25f, m_.metal, board);
    add_shelf(mesh_, before(door_side_, 0.88f, 0.01f), {0.9f, 1.7f, 0.35f}, m_, rng_);
    pictures(left_side_, 3);
}

void RoomBuilder::hall() {
    for (int i = 0; i < 4; ++i) {
        const float x = low_.x + width_ * (i % 2 == 0 ? 0.22f : 0.78f),
                    z = low_.z + depth_ * (i < 2 ? 0.25f : 0.75f);
        const Stand foot{{x, floor_, z}, 0};
        if (is_free(foot, 0.4f)) {
            mesh_.cylinder(foot, {}, {0, height_, 0}, {0.24f, 0.22f}, 36, m_.stone);
            mesh_.box(foot, {-0.34f, 0, -0.34f}, {0.34f, 0.22f, 0.34f}, m_.stone, 0.02f);
            mesh_.box(
                foot, {-0.34f, height_ - 0.25f, -0.34f}, {0.34f, height_, 0.34f}, m_.stone, 0.02f);
        }
    }
    for (const int side : {left_side_, right_side_}) {
        add_sofa(mesh_, before(side, 0.3f, 0.08f), 1.9f, m_, rng_);
        add_plant(mesh_, before(side, 0.62f, 0.5f), 1.7f, m_, rng_);
        pictures(side, 3);
    }
    const Stand desk{{middle_.x, floor_, middle_.z - 0.3f * depth_}, 0};
    if (is_free(desk, 1.2f)) {
        mesh_.box(desk, {-1.2f, 0, -0.3f}, {1.2f, 1.05f, 0.3f}, m_.wood, 0.01f);
        mesh_.box(desk, {-1.3f, 1.05f, -0.4f}, {1.3f, 1.1f, 0.35f}, m_.stone, 0.008f);
        add_clutter(mesh_, desk.at({0, 1.1f, 0}), 2, 0.4f, m_, rng_);
    }
    rug(middle_.x, middle_.z, 3, 2.4f);
}

void RoomBuilder::bathroom() {
    const Stand basin = before(left_side_, 0.35f, 0.01f);
    add_cupboard(mesh_, basin, {0.9f, 0.8f, 0.46f}, 2, 1, m_.second_wood, m_.metal);
    mesh_.box(basin, {-0.47f, 0.8f, 0}, {0.47f, 0.85f, 0.49f}, m_.ceramic, 0.015f);
    mesh_.pillow(basin, {0, 0.9f, 0.25f}, {0.26f, 0.06f, 0.18f}, 0.7f, m_.ceramic);
    mesh_.cylinder(basin, {0, 0.85f, 0.06f}, {0, 1.08f, 0.06f}, {0.016f, 0.014f}, 12, m_.metal);
    mesh_.cylinder(basin, {0, 1.08f, 0.06f}, {0, 1.06f, 0.2f}, {0.014f, 0.012f}, 12, m_.metal);
    const int mirror = plain({0.02f, 0.02f, 0.02f}, 0.9f, 1);
    add_picture(mesh_, basin.at({0, 1.15f, 0}), 0.85f, 0.8f, m_.metal, mirror);
    const Stand tub = before(right_side_, 0.5f, 0.42f);
    if (is_free(tub, 0.7f)) {
        mesh_.box(tub, {-0.85f, 0, -0.4f}, {0.85f, 0.5f, 0.38f}, m_.ceramic, 0.05f);
        mesh_.box(tub, {-0.75f, 0.49f, -0.3f}, {0.75f, 0.52f, 0.28f}, m_.white, 0.03f);
    }
    add_shelf(mesh_, before(left_side_, 0.85f, 0.01f), {0.5f, 1.6f, 0.3f}, m_, rng_);
    const Stand towel = before(door_side_, 0.9f, 0.05f).at({0, 0.75f, 0});
    add_curtain(mesh_, towel.at({-0.25f, 0, 0}), 0.5f, 0.75f, m_.cushion);
    add_plant(mesh_, before(window_side_, 0.1f, 0.25f), 0.6f, m_, rng_);
}

void RoomBuilder::furnish() {
    switch (kind_) {
    case RoomKind::Living:
        return living();
    case RoomKind::Bedroom:
        return bedroom();
    case RoomKind::Kitchen:
        return kitchen();
    case RoomKind::Office:
        return office();
    case RoomKind::Workshop:
        return workshop();
    case RoomKind::Classroom:
        return classroom();
    case RoomKind::Hall:
        return hall();
    case RoomKind::Bathroom:
        return bathroom();
    }
}

} // namespace rih
