// SPDX-License-Identifier: Apache-2.0
// The renderer's face: a scene in, radiance and label images out. Which ray tracer works behind it
// stays behind it.
#pragma once

#include "renderih/scene/lens.h"
#include "renderih/scene/scene.h"

#include <cstdint>
#include <memory>

namespace rih {

class EnvironmentTable; // environment_table.h

struct RenderOptions {
    int spp = 64;           ///< samples a pixel
    std::uint64_t seed = 0; ///< with `id` the key of every random number of this picture
    std::uint64_t id = 0;
    int threads = 1;      ///< the picture is the same on any number
    bool radiance = true; ///< false: label images alone
    /// Half the samples where many neighbours show the same smooth surface: for pictures that are
    /// denoised, which takes their light together.
    bool spare_smooth = false;
    bool count_rays = false; ///< fill RenderResult::rays, for a little time
    CameraLens lens{};       ///< of the radiance; label images are those of a pinhole
};

/// Label images at each pixel's centre ray; 0 / NaN-free defaults where nothing is hit.
struct LabelImages {
    ImageF depth_z;          // [H, W] m, 0 = nothing
    ImageF geometric_normal; // [H, W, 3] camera frame, unit
    ImageF shading_normal;   // [H, W, 3] camera frame, unit
    ImageF detail_normal;    // [H, W, 3] the latter bent by the mesh's maps, as light sees it
    Image8 part;             // [H, W] face_label
    Image8 hand;             // [H, W] 0 nothing, else mesh id + 1
    ImageF uv;               // [H, W, 2]
    ImageF albedo;           // [H, W, 3]
    ImageF position;         // [H, W, 3] world, m
    /// [H, W] bit i: the centre ray hits the meshes with id i, were they alone, on a face whose
    /// label they do not ignore (SceneMesh::amodal_ignores).
    Image8 amodal;
};

struct RenderResult {
    ImageF radiance; // [H, W, 3] linear Rec.709; empty if not asked for
    /// [H, W, 3] a draw of radiance's own error: mean 0, and as great as that is, or a little
    /// greater where samples are stratified. Half the difference of the means of either half of a
    /// pixel's samples. Empty if a pixel has only one.
    ImageF noise;
    LabelImages labels;
    std::uint64_t samples = 0; ///< camera rays of the radiance
    std::uint64_t rays = 0;    ///< of the radiance, all of them
};

/// A scene made ready for rays: build once, then render any number of cameras. Immutable and
/// thread-safe after construction.
class SceneTracer {
  public:
    explicit SceneTracer(const Scene& scene);
    ~SceneTracer();
    SceneTracer(SceneTracer&&) noexcept;
    SceneTracer& operator=(SceneTracer&&) noexcept;

    /// The same meshes in another light; shares all that does not depend on it. `strength` and
    /// `rotation_deg` as those of a Scene.
    SceneTracer in_light(std::shared_ptr<const EnvironmentTable> environment,
                         double strength,
                         double rotation_deg) const;

    RenderResult render(const Camera& camera, const RenderOptions& options) const;

    /// The mesh id of the first surface between two world points (open segment, shortened by
    /// `margin` m at the far end), or -1 when the segment is free. For joint visibility.
    int first_hit(const Vec3& from_in_world, const Vec3& to_in_world, double margin) const;

  private:
    struct Impl;
    explicit SceneTracer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace rih
