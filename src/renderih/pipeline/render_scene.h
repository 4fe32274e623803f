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
    std::string subsurface = "walk"; ///< or "profile"
    bool denoise = false;
    std::vector<std::string>
        aovs; ///< depth_z, normal, shading_normal, part, hand, uv, albedo, position
};

/// Seconds of the parts.
struct RenderSceneTimes {
    double read = 0, build = 0, render = 0, denoise = 0, write = 0;
};

/// Throws UserError.
RenderSceneTimes render_scene_file(const RenderSceneOptions& options);

} // namespace rih
