// SPDX-License-Identifier: Apache-2.0
// From a pose id to its records: each step in the order of docs/architecture.md. A record is a
// function of (options, assets, its number) alone.
#pragma once

#include "renderih/dataset/plan.h"
#include "renderih/dataset/tar.h"
#include "renderih/pipeline/asset_folder.h"
#include "renderih/pipeline/environment_draw.h"
#include "renderih/pipeline/generate_options.h"
#include "renderih/pipeline/hand_surface.h"
#include "renderih/pipeline/light_store.h"
#include "renderih/posing/pose_engine.h"
#include "renderih/render/render.h"
#include "renderih/scene/tracks.h"
#include "renderih/things/thing.h"

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace rih {

/// A pose pair with all that its views share.
struct PosedPair {
    PosePair pair;
    std::array<HandState, 2> states;
    std::array<Points, 2> keypoints; // [21, 3] world
    SkinIdentity skin;
    std::vector<Thing> things;                 // what the person wears
    Scene scene;                               // hands with their skin, then things; in no light
    std::shared_ptr<const SceneTracer> tracer; // of `scene`
};

/// Where a record's time goes, added up over records.
struct RecordStageSeconds {
    double hands = 0;   ///< of poses: subdivision, skin, ray tracing structure
    double view = 0;    ///< camera and light
    double render = 0;  ///< radiance and label images
    double denoise = 0; ///< the filter
    double sensor = 0;
    double numbers = 0; ///< masks, visibility of joints
    double encode = 0;

    RecordStageSeconds& operator+=(const RecordStageSeconds& other);
};

/// One view, ready to be rendered.
struct ViewScene {
    Camera camera;
    CameraLens lens;
    SceneTracer tracer;
};

struct MadeRecord {
    Record record;
    std::vector<Member> members; // encoded pictures
};

/// The options' hands, poses, environments and surfaces, loaded once. Thread-safe.
class RecordMaker {
  public:
    /// `threads` >= 1 make records at a time.
    RecordMaker(const GenerateOptions& options, const AssetFolder& assets, int threads);

    const HandPair& hands() const { return *hands_; }
    const PoseEngine& engine() const { return *engine_; }

    PosedPair make_pose(std::uint64_t pose_id) const;
    /// The first half of it.
    PosePair make_pair(std::uint64_t pose_id) const;
    /// The second half: from a pose pair to surfaces with skin.
    PosedPair dress(PosePair pair) const;

    /// The scene of one view; fills in what is drawn for the record.
    ViewScene
    make_view(const PosedPair& posed, int view, std::uint64_t record_id, Record& record) const;

    /// A record's scene as plain data, for other renderers.
    Scene scene_of_record(std::uint64_t record_id) const;

    /// What every record says it was made from.
    void set_digests(const ProvenanceDigests& digests) { digests_ = digests; }

    MadeRecord make_record(const PosedPair& posed,
                           int view,
                           std::uint64_t record_id,
                           Split split,
                           RecordStageSeconds* spent = nullptr) const;

  private:
    GenerateOptions options_;
    DatasetPlan plan_;
    std::unique_ptr<const HandPair> hands_;
    std::unique_ptr<const PoseEngine> engine_;
    std::vector<HandSurface> surfaces_;                       // right, left
    std::array<std::shared_ptr<const SkinAtlas>, 2> atlases_; // or null: no uv
    std::array<std::vector<int>, 2> forearm_ends_; // vertices where a model's forearm stops
    ProvenanceDigests digests_;
    std::unique_ptr<const LightStore> lights_;
    std::optional<const EnvironmentDraw> environments_;
};

} // namespace rih
