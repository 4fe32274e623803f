// SPDX-License-Identifier: Apache-2.0
// What a person wears, and later what lies about: a kind, whose it is, the numbers drawn for it,
// and the mesh made from them and the posed hands. One file a kind makes the mesh.
#pragma once

#include "renderih/hand/parts.h"
#include "renderih/scene/scene.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rih {

enum class ThingKind { Sleeve, Ring, Bracelet, Watch };
inline constexpr std::array<ThingKind, 4> kThingKinds{
    ThingKind::Sleeve, ThingKind::Ring, ThingKind::Bracelet, ThingKind::Watch};
std::string_view name_of(ThingKind kind);

/// Fingers as people count them, thumb first: finger f has keypoints 1 + 4 f .. 4 + 4 f of mano21.
inline constexpr std::array<std::string_view, 5> kFingerNames{
    "thumb", "index", "middle", "ring", "pinky"};

struct Thing {
    ThingKind kind = ThingKind::Ring;
    std::optional<Side> side; ///< whose hand or arm; none: nobody's
    std::optional<int> finger;
    /// Everything else that its mesh is made of, by name, as in the record: docs/dataset_format.md.
    std::map<std::string, double> numbers;

    /// The number of that name, which must be there.
    double at(const std::string& name) const;
};

/// A posed hand as things are fitted to it: the surface that is rendered.
struct PosedSurface {
    Side side = Side::Right;
    Points vertices;                                             // [R, 3] world, m
    const Triangles* faces = nullptr;                            // [F]
    const std::vector<std::uint8_t>* part_of_triangle = nullptr; // [F]
    Points keypoints;                                            // [21, 3] mano21, world, m
};

/// Mesh ids of things beside those of the hands, 0 and 1.
constexpr int worn_mesh_id(Side side) {
    return 2 + index_of(side);
}
inline constexpr int kObjectMeshId = 4;

/// The mesh of a thing on the hands (right, left): labelled, with normals and materials, and an
/// albedo at each vertex; a sleeve's is in its maps, which fit_worn() adds. It may intersect
/// anything: fit_worn() asks.
SceneMesh mesh_of_thing(const Thing& thing, const std::array<PosedSurface, 2>& hands);

} // namespace rih
