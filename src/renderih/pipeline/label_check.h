// SPDX-License-Identifier: Apache-2.0
// One record's labels made again from its parameters and held against what is stored. The hand is
// posed by ReferenceHand, pictures are made by the rasteriser, lines of sight are tested by brute
// force, intersections twice: nothing of the code that wrote the record but the subdivision, the
// skin's colours and the mesh measures.
#pragma once

#include "renderih/base/shared_cache.h"
#include "renderih/dataset/description.h"
#include "renderih/dataset/tar.h"
#include "renderih/hand/hand_model.h"
#include "renderih/pipeline/environment_draw.h"
#include "renderih/pipeline/generate_options.h"
#include "renderih/pipeline/hand_surface.h"
#include "renderih/pipeline/picture_check.h"
#include "renderih/pipeline/reference_hand.h"
#include "renderih/posing/discriminator.h"
#include "renderih/posing/hand_surfaces.h"
#include "renderih/scene/surface_maps.h"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace rih {

enum class LabelKind {
    Pictures,
    JointsInCam,
    JointsPx,
    Angles,
    Visibility,
    Parts,
    Depth,
    Extra,
    Numbers,
    Intersection,
    Measures,
    Camera,
    Draws,
    Things,
    Naturalness,
    Provenance,
};

/// By LabelKind.
inline constexpr std::array<std::string_view, 16> kLabelChecks{
    "pictures are those asked for and decode at their size",
    "joints_in_cam and root_offset_m agree with the pose",
    "joints_px agree with the camera",
    "joint angles lie in Table 2; forearm angles agree",
    "joint visibility",
    "seg and amodal images",
    "depth image",
    "normal, albedo and uv images",
    "boxes, counts and mask overlap",
    "no triangles of the hands intersect",
    "contact and penetration measures",
    "the camera is the one drawn for the record; track, azimuth and distance agree with it",
    "skin, light, lens and sensor are those drawn for the record",
    "what is worn or near is what was drawn for the record, and meets neither hands nor worn "
    "things",
    "naturalness agrees with the pose",
    "provenance names the configuration and assets"};

/// What no check makes again, since it would take the pose engine or the path tracer.
inline constexpr std::string_view kChecksumAlone =
    "the picture's pixels, exposure_ev, the sensor's gains, highlights_ev and shadows_ev; source, "
    "source_id, augmentation, attempts";

/// What the checks need of a data set beside its records.
struct LabelCheckSetup {
    GenerateOptions options;               ///< its configuration
    std::vector<std::string> environments; ///< names that a record draws from, in order
    std::optional<Discriminator> discriminator;
    ProvenanceDigests digests;
    int threads = 0; ///< that check at a time; 0: every core
};

class LabelChecker {
  public:
    /// `hands` must outlive this.
    LabelChecker(const HandPair& hands, LabelCheckSetup setup);

    /// Whether records of this data set are checked so: some pictures and weights are optional.
    bool applies(LabelKind kind) const;

    /// Calls fail(kind, what) for each thing that is off. Returns which checks could be made.
    using Fail = std::function<void(LabelKind kind, const std::string& what)>;
    using Made = std::array<bool, kLabelChecks.size()>;
    Made check(const Record& record,
               const std::map<std::string, Bytes>& members, ///< pictures by name
               const Fail& fail) const;

  private:
    struct Posed {
        Points vertices, keypoints;
        Points flat; // vertices of the flat hand of the same shape
        LimitSurface surface;
    };
    std::optional<std::array<Posed, 2>> pose(const Record& record, const Fail& fail) const;
    void
    check_joints(const Record& record, const std::array<Posed, 2>& posed, const Fail& fail) const;
    void check_angles(const Record& record, const Fail& fail) const;
    void check_camera(const Record& record, const Fail& fail) const;
    void
    check_view(const Record& record, const std::array<Posed, 2>& posed, const Fail& fail) const;
    void check_draws(const Record& record, const Fail& fail) const;
    std::vector<SceneMesh>
    check_things(const Record& record, const std::array<Posed, 2>& posed, const Fail& fail) const;
    void check_visibility(const Record& record,
                          const std::array<Posed, 2>& posed,
                          const std::vector<SceneMesh>& things,
                          const Fail& fail) const;
    std::vector<DrawnMesh> draw(const Record& record,
                                const std::array<Posed, 2>& posed,
                                std::vector<SceneMesh> things) const;
    void check_interaction(const Record& record,
                           const std::array<Posed, 2>& posed,
                           const Fail& fail) const;

    const HandPair* hands_;
    LabelCheckSetup setup_;
    DatasetPlan plan_;
    std::optional<const EnvironmentDraw> environments_; // unless the setup names none
    std::vector<ReferenceHand> references_;             // right, left
    std::vector<HandSurface> surfaces_;
    std::array<std::vector<int>, 2> forearm_ends_;
    std::array<std::shared_ptr<const SkinAtlas>, 2> atlases_; // if albedo is compared
    HandSurfaces exact_;
    /// By seed, pose and hand: views of a pose share them.
    mutable SharedCache<std::tuple<std::uint64_t, std::uint64_t, int>, SurfaceMaps> skins_;
};

} // namespace rih
