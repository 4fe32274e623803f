// SPDX-License-Identifier: Apache-2.0
// SCENE.json (docs/conventions.md, Scene): a scene with OBJ meshes and an environment, for users'
// own scenes and for comparison with other renderers.
#pragma once

#include "renderih/scene/scene.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace rih {

/// Reads a scene and the files it names; relative paths are relative to the JSON file. Every
/// UserError names the field. Fields that are not of the format are refused, so that a slip of the
/// pen is not a silent default.
///
/// Beyond docs/conventions.md, a mesh may say "use_obj_materials": true, and its faces then take
/// the material that the OBJ's usemtl names; an OBJ with vertex colours gives per-vertex albedo.
Scene read_scene(const std::filesystem::path& json_path);

/// The same from a text; `folder` is where relative paths start.
Scene parse_scene(std::string_view json,
                  const std::filesystem::path& folder,
                  const std::string& what);

/// Writes folder/scene.json with its OBJ files and environment.exr, and returns the JSON's path.
/// Per-vertex roughness and face labels have no place in the format: the materials' own roughness
/// is written.
std::filesystem::path write_scene(const std::filesystem::path& folder, const Scene& scene);

} // namespace rih
