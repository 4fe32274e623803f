// SPDX-License-Identifier: Apache-2.0
// A scene file to an EXR picture with the channels asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct RenderSceneOptions {
    std::filesystem::path scene, out;
    int spp = 64;
    int threads = 0;
    std::uint64_t seed = 0;
    std::vector<std::string>
        aovs; ///< depth_z, normal, shading_normal, part, hand, uv, albedo, position
};

/// Throws UserError.
void render_scene_file(const RenderSceneOptions& options);

} // namespace rih
