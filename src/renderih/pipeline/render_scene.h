// SPDX-License-Identifier: Apache-2.0
// A scene to a picture with the label channels asked for, in memory or as an EXR file.
#pragma once

#include "renderih/scene/scene.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct RenderSceneOptions {
    int spp = 64;
    int threads = 0;
    std::uint64_t seed = 0;
    std::string subsurface = "walk"; ///< or "profile"
    bool denoise = false;
    std::vector<std::string>
        aovs; ///< depth_z, normal, shading_normal, part, hand, amodal, uv, albedo, position

    /// Throws UserError naming the option.
    void validate() const;
};

/// Seconds of the parts.
struct RenderSceneTimes {
    double read = 0, build = 0, render = 0, denoise = 0, write = 0;
};

/// What render_scene() makes: "radiance" (linear Rec.709) and each aov, in the order asked for.
struct SceneRendering {
    struct Layer {
        std::string name;
        ImageF values; // [H, W, C]
    };
    std::vector<Layer> layers;
    RenderSceneTimes times;
};

/// Throws UserError.
SceneRendering render_scene(Scene scene, const RenderSceneOptions& options);

struct RenderSceneFiles {
    std::filesystem::path scene, out;
};

/// Reads a scene file and writes the layers into one EXR file. Throws UserError.
RenderSceneTimes render_scene_file(const RenderSceneFiles& files,
                                   const RenderSceneOptions& options);

} // namespace rih
