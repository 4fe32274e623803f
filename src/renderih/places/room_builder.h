// SPDX-License-Identifier: Apache-2.0
// How rooms are put together (room.h): the shell, what stands in it by its kind, the lamps.
#pragma once

#include "renderih/places/furniture.h"
#include "renderih/places/room.h"

#include <array>
#include <vector>

namespace rih {

inline constexpr std::array<Vec3f, 10> kWallPaints{{{0.78f, 0.77f, 0.74f},
                                                    {0.72f, 0.68f, 0.6f},
                                                    {0.62f, 0.64f, 0.63f},
                                                    {0.45f, 0.52f, 0.5f},
                                                    {0.5f, 0.42f, 0.36f},
                                                    {0.3f, 0.36f, 0.42f},
                                                    {0.62f, 0.5f, 0.34f},
                                                    {0.3f, 0.35f, 0.27f},
                                                    {0.55f, 0.38f, 0.33f},
                                                    {0.8f, 0.79f, 0.78f}}};
inline constexpr std::array<Vec3f, 9> kCloths{{{0.22f, 0.22f, 0.23f},
                                               {0.45f, 0.4f, 0.33f},
                                               {0.09f, 0.13f, 0.2f},
                                               {0.28f, 0.09f, 0.07f},
                                               {0.13f, 0.19f, 0.13f},
                                               {0.5f, 0.34f, 0.1f},
                                               {0.55f, 0.53f, 0.5f},
                                               {0.3f, 0.2f, 0.14f},
                                               {0.2f, 0.3f, 0.33f}}};
inline constexpr std::array<Vec3f, 8> kThings{{{0.5f, 0.06f, 0.05f},
                                               {0.06f, 0.12f, 0.3f},
                                               {0.08f, 0.22f, 0.12f},
                                               {0.6f, 0.55f, 0.45f},
                                               {0.1f, 0.09f, 0.085f},
                                               {0.55f, 0.36f, 0.06f},
                                               {0.33f, 0.2f, 0.14f},
                                               {0.45f, 0.47f, 0.5f}}};

/// A hole in a wall, in the wall's own metres.
struct Opening {
    float left, right, low, high;
};

class RoomBuilder {
  public:
    RoomBuilder(PlaceScene& scene, RoomKind kind, Hour hour, Rng& rng);
    void build();

  private:
    int plain(Vec3f colour, float reflectance = 0, float polish = 0);
    int wood(float polish);
    int cloth(Vec3f colour);
    int plaster(Vec3f colour);
    void materials();
    /// A rectangle of a wall, with the wall's own texture coordinates.
    void panel(const Stand& wall, float x0, float y0, float x1, float y1, int material);
    void wall(int side, const std::vector<Opening>& openings, int material);
    void window(int side, const Opening& o);
    void door(int side, const Opening& o);
    void shell();
    /// A stand before a wall, its back to it.
    Stand before(int side, float along, float away) const;
    /// Whether something of this radius would stand in the eye's way.
    bool is_free(const Stand& stand, float radius) const;
    /// Whether a window or door lies between two places along a wall.
    bool has_opening(int side, float from, float to) const;
    void pictures(int side, int count);
    void dining(float x, float z);
    void rug(float x, float z, float wide, float deep);
    void living();
    void bedroom();
    void kitchen();
    void office();
    void workshop();
    void classroom();
    void hall();
    void bathroom();
    void furnish();
    /// Warm, neutral or cool white of unit luminance.
    Vec3f lamp_colour();
    int lamp_material(Vec3f radiance);
    /// A shining ball of a luminous flux in lm.
    void ball(const Stand& stand, Vec3f centre, Vec3f radii, float lumen, Vec3f colour);
    void table_lamp(const Stand& stand);
    void lights();

    PlaceScene& scene_;
    PlaceMesh& mesh_;
    RoomKind kind_;
    Rng& rng_;
    float width_ = 0, depth_ = 0, height_ = 0, floor_ = 0;
    Vec3f low_;
    bool dark_outside_ = false, lamps_on_ = false, crossbar_ = false, curtains_ = false;
    std::array<Stand, 4> walls_;
    std::array<float, 4> lengths_{};
    std::array<std::vector<Opening>, 4> openings_;
    Vec3f middle_; ///< of the floor
    int window_side_ = 0, door_side_ = 0, accent_side_ = 0;
    int left_side_ = 0, right_side_ = 0; ///< of the window wall: for what stands against a wall
    RoomMaterials m_;
    int wall_ = 0, accent_ = 0, floor_material_ = 0, ceiling_ = 0, trim_ = 0, tiles_ = 0,
        curtain_ = 0;
};

} // namespace rih
