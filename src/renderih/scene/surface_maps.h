// SPDX-License-Identifier: Apache-2.0
// What a surface shows between its vertices: colour, roughness and relief over a mesh's uv, eight
// bytes a texel, with coarser levels for views from afar.
#pragma once

#include <cstdint>
#include <vector>

namespace rih {

/// Relief is kept as slopes, not heights: slopes may be averaged, and a face that is stretched
/// shows them flatter. `fold` is the part of the relief that the mesh's own pose scales
/// (SceneMesh::vertex_fold).
struct SurfaceTexel {
    std::uint8_t albedo[3]{}; ///< (value / 255)^2 is linear Rec.709: finer steps in the dark
    std::uint8_t gloss = 0;   ///< low four bits: roughness, high four: weight of the coat
    std::uint8_t slope[2]{kNoSlope, kNoSlope}; ///< along u and v: (value - kNoSlope) / kSlopeSteps
    std::uint8_t fold[2]{kNoSlope, kNoSlope};  ///< likewise

    static constexpr std::uint8_t kNoSlope = 128;
};
static_assert(sizeof(SurfaceTexel) == 8);

inline constexpr float kSlopeSteps = 96; ///< so slopes reach 1.32, that is 53 degrees
/// Roughness r is kept as (r - kFirstRoughness) / kRoughnessStep.
inline constexpr float kFirstRoughness = 0.1f, kRoughnessStep = 0.05f;

std::uint8_t encode_albedo(double linear);
/// `dither` in 0 .. 1 decides between the two nearest steps of roughness; 0.5 rounds.
std::uint8_t encode_gloss(double roughness, double coat, double dither = 0.5);
std::uint8_t encode_slope(double slope);

/// Maps over v in 0 .. 1 (v = 0 is the lowest row, which is stored last) and u from 0 to
/// width / height, beyond which the last column goes on. Texels are square in uv.
struct SurfaceMaps {
    using Level = std::vector<SurfaceTexel>; // [height, width], row 0 on top
    int width = 0, height = 0;               ///< texels of level 0; those of level i >> i
    /// How far u = 0 .. 1 reaches on the surface at rest: the mean over the mesh, in which slopes
    /// are measured.
    double metres_per_uv = 0;
    std::vector<Level> levels;
};

inline constexpr int kMaxMapLevels = 6;
inline constexpr int kMapSideStep = 1 << (kMaxMapLevels - 1); ///< sides are multiples of this

/// Builds the coarser levels from level 0. Texels whose `covered` is 0 lie on no face: they take
/// what their covered neighbours on a coarser level have, so that no background bleeds in.
/// Throws InternalError when the arrays are not [height, width] or a side is no multiple.
SurfaceMaps make_surface_maps(int width,
                              int height,
                              double metres_per_uv,
                              SurfaceMaps::Level finest,
                              const std::vector<std::uint8_t>& covered);

} // namespace rih
