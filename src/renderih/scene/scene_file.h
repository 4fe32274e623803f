// SPDX-License-Identifier: Apache-2.0
// SCENE.json (docs/rendering.md): a scene with OBJ meshes and an environment, for users'
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
/// At most 64 Mi pixels and as many texels, 256 meshes, 4096 materials, and 5 million triangles an
/// OBJ file.
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
