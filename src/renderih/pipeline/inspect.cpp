// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/inspect.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/dataset/reader.h"
#include "renderih/geometry/interaction.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/hand_summary.h"
#include "renderih/posing/pose_file.h"
#include "renderih/scene/scene_file.h"

#include <algorithm>

namespace rih {

namespace {

std::string describe_dataset(const std::filesystem::path& folder) {
    const DatasetReader reader(folder);
    const DatasetDescription& description = reader.description();
    const DatasetPlan& plan = reader.plan();
    std::string text = fmt::format(
        "{}: data set, schema {}, seed {}; {} of {} records finished, {} poses with {} views\n",
        folder.string(),
        kSchema,
        description.plan.seed,
        reader.record_count(),
        plan.record_count(),
        plan.options().poses,
        plan.options().views);
    for (const Split split : {Split::Train, Split::Val, Split::Test}) {
        text += fmt::format("  {}: {} poses in {} shards\n",
                            name_of(split),
                            plan.pose_count(split),
                            plan.shard_count(split));
    }
    for (const ManifestRow& row : reader.shards()) {
        text += fmt::format("  {}.tar: {} records, {:.1f} MB\n",
                            row.shard.name(),
                            row.records,
                            static_cast<double>(row.bytes) / 1e6);
    }
    return text + fmt::format("  configuration {}", reader.description().configuration_json);
}

std::string describe_poses(const std::filesystem::path& path) {
    const PoseFile file = read_poses(path);
    std::size_t touching = 0;
    int attempts = 0;
    for (const PosePair& pair : file.pairs) {
        touching += pair.min_distance_m < kContactDistance;
        attempts += pair.attempts;
    }
    return fmt::format("{}: {} pose pairs, seed {}; {} nearer than 2 mm, {} draws in all",
                       path.string(),
                       file.pairs.size(),
                       file.seed,
                       touching,
                       attempts);
}

std::string describe_scene(const std::filesystem::path& path) {
    const Scene scene = read_scene(path);
    std::string text = fmt::format("{}: scene, {}x{} pixels, environment {} at strength {}, turned "
                                   "{} degrees",
                                   path.string(),
                                   scene.camera.width,
                                   scene.camera.height,
                                   scene.environment->name,
                                   scene.environment_strength,
                                   scene.environment_rotation_deg);
    for (const SceneMesh& mesh : scene.meshes) {
        text += fmt::format("\n  mesh {}: id {}, {} vertices, {} triangles",
                            mesh.name,
                            mesh.id,
                            mesh.vertices.rows(),
                            mesh.faces.size());
    }
    return text;
}

} // namespace

std::string inspect(const std::filesystem::path& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        return describe_dataset(path);
    }
    const std::string ending = path.extension().string();
    if (ending == ".json") {
        return describe_scene(path);
    }
    if (ending == ".npz") {
        const NpzArrays arrays = read_npz(path);
        if (arrays.contains("pose") && arrays.contains("translation")) {
            return describe_poses(path);
        }
    }
    if (ending == ".npz" || ending == ".pkl") {
        // A hand's file may be of either side; the reader wants to be told.
        try {
            return hand_summary(load_hand(path, Side::Right));
        } catch (const UserError&) {
            return hand_summary(load_hand(path, Side::Left));
        }
    }
    throw_user_error("{}: is no data set folder, hand (.npz, .pkl), poses (.npz) or scene (.json)",
                     path.string());
}

} // namespace rih
