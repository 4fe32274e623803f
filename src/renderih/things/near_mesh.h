// SPDX-License-Identifier: Apache-2.0
// Near things as meshes: all that they are lies in their numbers (docs/dataset_format.md).
#pragma once

#include "renderih/scene/scene.h"

#include <map>
#include <string>
#include <vector>

namespace rih {

/// A kind and everything else that its mesh is made of, by name, as in the record.
struct NearThing {
    std::string kind; ///< "table", "wall" or one of on_table_kinds()
    std::map<std::string, double> numbers;
};

/// `style` of tables and walls counts to these.
inline constexpr int kTableStyles = 7, kWallStyles = 7;

/// Kinds that stand on a table: "mug", "bottle", ...
const std::vector<std::string>& on_table_kinds();

/// The upright cylinder that holds a thing on a table, about its foot, m.
struct NearExtent {
    double radius = 0, height = 0;
};
NearExtent extent_of(const NearThing& thing);

/// Whether a disc of `radius` about `foot` lies on the table's top.
bool is_on_table(const NearThing& table, const Vec3& foot, double radius);

bool is_near_kind(const std::string& kind);

/// The mesh of a near thing, world, with its materials; id and labels are those of other objects.
/// Throws UserError for numbers that are missing or out of range, for they may come from a file.
SceneMesh mesh_of_near(const NearThing& thing);

} // namespace rih
