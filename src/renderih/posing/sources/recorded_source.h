// SPDX-License-Identifier: Apache-2.0
// A source of pairs that somebody recorded: a list of poses, drawn uniformly. Hands of another
// shape keep the recorded wrists where they were.
#pragma once

#include "renderih/hand/hand_pose.h"
#include "renderih/posing/sources/cover.h"
#include "renderih/posing/sources/pose_source.h"

namespace rih {

/// One hand as recorded. The wrist's place is kept instead of the translation, since the wrist
/// of a model lies at (its rest joint of this shape) + translation.
struct RecordedHand {
    std::array<Eigen::Vector3f, kJointCount> axis_angle; // relative to the flat hand
    Eigen::Vector3f wrist;                               // m, world
    Eigen::VectorXf shape;                               // [S] or empty
};
struct RecordedPair {
    std::array<RecordedHand, 2> hands;
    std::string id;
    std::string sequence; // frames of one motion share it; empty: `id` stands alone
};

/// Shape coefficients are in standard deviations; our own runs draw up to 6. Far beyond, a hand is
/// none, and its distance grids would take minutes.
inline constexpr double kMaxShapeCoefficient = 10;

class RecordedSource : public PoseSource {
  public:
    /// Throws UserError when there is no pair.
    RecordedSource(std::string name, std::vector<RecordedPair> pairs, std::string fingerprint);

    PoseSeed draw(const std::array<ShapedHand, 2>& hands, Rng& rng) const override;
    /// Pair `index` < size() for these hands; its intended gap is the least distance of the skins
    /// without forearms.
    PoseSeed seed(std::size_t index, const std::array<ShapedHand, 2>& hands) const;

    /// Both hands of every pair, clamped to Table 2; those of a sequence are one family.
    std::vector<HandShape> hand_shapes(const HandPair& hands) const override;
    std::string fingerprint() const override { return fingerprint_; }
    std::size_t size() const override { return pairs_.size(); }

  private:
    std::string name_;
    std::vector<RecordedPair> pairs_;
    std::string fingerprint_;
};

/// Rest joints as a linear function of shape, for many shapes of one model.
class JointsOfShape {
  public:
    explicit JointsOfShape(const HandModel& model);
    /// Rest joints [17, 3]; coefficients beyond the model's are an error, missing ones are zero.
    Points operator()(const Eigen::VectorXf& shape) const;

  private:
    Points mean_;
    std::vector<Points> directions_;
};

/// What distinctness looks at (cover.h), the angles in the A-MANO frames of the mean hand.
std::vector<PairSignature> pair_signatures(const std::vector<RecordedPair>& pairs,
                                           const HandPair& hands);

/// A poses npz of ours (docs/dataset_format.md): `pose` [N,2,16,3], `translation` [N,2,3], `shape`
/// [N,2,S] of these hands; optional is `source_id` [N], whose text up to the first ':' is the
/// pair's sequence. Throws UserError, also for no pose and a shape beyond kMaxShapeCoefficient.
std::vector<RecordedPair> read_recorded_poses(const std::filesystem::path& path,
                                              const HandPair& hands);

} // namespace rih
