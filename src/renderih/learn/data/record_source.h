// SPDX-License-Identifier: Apache-2.0
// The records of one split of a data set as pictures and 3D labels; vertices are posed from the
// record's parameters with the hands that the set refers to.
#pragma once

#include "renderih/dataset/reader.h"
#include "renderih/hand/kinematics.h"
#include "renderih/image/image.h"
#include "renderih/learn/data/hand_mesh.h"

#include <filesystem>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>

namespace rih::learn {

/// One hand before any crop. Arrays are empty, and stay so, where has_hand or has_vertices is
/// false.
struct LabelHand {
    bool has_hand = false;
    bool has_vertices = false;
    Points vertices_in_cam;      // [V, 3] m
    Points joints_in_cam;        // [21, 3] m: regressed from the vertices, else the stored ones
    Points stored_joints_in_cam; // [21, 3] m, as the record has them
    std::array<bool, kKeypointCount> joint_valid{}, stored_joint_valid{}; // what of them is known
};

/// What each pixel of a picture shows.
struct LabelImages {
    Image8 parts;  // 1 channel: numbers of docs/conventions.md
    Image16 depth; // 1 channel: depth_z in units of 0.1 mm, 0 = none
};

struct PictureLabels {
    std::uint64_t key = 0;
    Intrinsics intrinsics;
    std::array<LabelHand, 2> hands; // right, left
    double mask_iou = std::numeric_limits<double>::quiet_NaN();
    double ita_deg = std::numeric_limits<double>::quiet_NaN();
    std::optional<LabelImages> images; // only when filled in from RecordSource::label_images()
};

/// Whether finished shards of the set hold records of `split`. Throws UserError when it cannot be
/// read.
bool has_records(const std::filesystem::path& dir, Split split);

class RecordSource {
  public:
    /// The records of `split` in finished shards, in ascending order; of the poses only the
    /// `fraction` (0, 1] that comes first in a shuffle keyed by the set's seed: a smaller fraction
    /// is part of a larger one, and views of a pose stay together. Throws UserError when the set
    /// cannot be read or nothing is left.
    RecordSource(std::filesystem::path dir, HandPair hands, Split split, double fraction = 1);
    RecordSource(const RecordSource&) = delete;
    RecordSource& operator=(const RecordSource&) = delete;

    const std::filesystem::path& dir() const { return reader_.dir(); }
    const HandPair& hands() const { return hands_; }
    const std::array<HandMesh, 2>& meshes() const { return meshes_; }
    std::size_t size() const { return records_.size(); }
    std::uint64_t key(std::size_t i) const { return records_[i].record; }
    /// The place of a record; throws UserError when the split has no such record.
    std::size_t find(std::uint64_t record) const;

    /// Both throw UserError, naming file and record, for what cannot be read. Any thread may call.
    PictureLabels labels(std::size_t i) const;
    Image8 picture(std::size_t i) const; // 3 channels
    /// None where the data set does not have them. Throws as they do.
    std::optional<LabelImages> label_images(std::size_t i) const;

  private:
    struct Place {
        std::uint64_t record;
        ShardId shard;
    };
    struct Parameters; // of a record, what labels are made from
    std::shared_ptr<const Parameters> parameters(std::size_t i) const;
    std::string name_of_record(const Place& place) const; // in messages

    DatasetReader reader_;
    HandPair hands_;
    std::array<HandMesh, 2> meshes_;
    std::array<std::shared_ptr<const PoseCorrectives>, 2> correctives_;
    std::vector<Place> records_; // ascending
    mutable std::mutex mutex_;
    /// By record, of the first so many that were asked for: reading JSON takes longer than posing.
    mutable std::vector<std::shared_ptr<const Parameters>> read_; // under mutex_
    mutable std::size_t read_count_ = 0;                          // under mutex_
};

/// [21, 3] joints of [V, 3] vertices.
Points regressed_joints(const HandMesh& mesh, const Points& vertices);

} // namespace rih::learn
