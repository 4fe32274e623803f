// SPDX-License-Identifier: Apache-2.0
// Where two-hand poses come from (paper 3.1, "Initial pose generation"). A source gives raw pairs:
// natural, but not yet valid; the engine augments, optimises and filters them.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/hand/anatomy.h"
#include "renderih/hand/kinematics.h"
#include "renderih/posing/sources/hand_shapes.h"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace rih {

/// A raw pair; arrays are indexed by index_of(side).
struct PoseSeed {
    std::array<FingerAngles, 2> angles{}; ///< A-MANO angles, radians
    std::array<Mat3, 2> world_from_hand{Mat3::Identity(), Mat3::Identity()}; ///< wrist rotations
    std::array<Vec3, 2> translation{Vec3::Zero(), Vec3::Zero()};             ///< as HandPose's, m
    std::string source;           ///< "open", "neuralannot", "poses"
    std::string source_id;        ///< arrangement and shapes, or capture and frame
    Vec3 approach = Vec3::Zero(); ///< unit, right hand to left, across the contact; zero: not known
    Vec3 body_direction = Vec3::Zero(); ///< unit, from the hands to the person; zero: not known
    std::array<double, 2> forearm_flexion{0, 0}, forearm_deviation{0, 0}; ///< suggested, radians
    /// Whether the source says whose hands these are: angles and translation are then of hands of
    /// `shape` [S] each, else of those that draw() was given.
    bool has_shape = false;
    std::array<VecX, 2> shape;
    double intended_gap_m = 0; ///< of the two skins where they meet; 0: contact
};

class PoseSource {
  public:
    virtual ~PoseSource();

    /// One raw pair for hands of this identity: a function of the hands and of `rng`'s state alone.
    virtual PoseSeed draw(const std::array<ShapedHand, 2>& hands, Rng& rng) const = 0;

    /// The single hands that draws are made of, as right hands; what draws could share is one
    /// family. `hands` as given to make_pose_source.
    virtual std::vector<HandShape> hand_shapes(const HandPair& hands) const = 0;

    /// Digest of the data that draws depend on.
    virtual std::string fingerprint() const = 0;

    /// How many distinct poses or arrangements there are to draw from.
    virtual std::size_t size() const = 0;
};

/// `spec` is "open" (shapes and arrangements as data) or a file: InterHand2.6M's
/// MANO_NeuralAnnot.json or a poses npz of ours, told apart by content. `assets` is the built asset
/// folder; the committed data is found beside it (see asset_file in sources/asset_files.h). `hands`
/// must outlive the source. Throws UserError.
std::unique_ptr<PoseSource> make_pose_source(const std::string& spec,
                                             const std::filesystem::path& assets,
                                             const HandPair& hands);

/// One of several sources that mix by weight.
struct SourceSpec {
    std::string spec;  ///< as make_pose_source takes it
    double weight = 1; ///< relative frequency of its draws
};

/// "SPEC" or "SPEC=WEIGHT", as in "open=0.7" and "poses.npz=0.3"; what follows the last "=" is a
/// weight when it reads as a number, else it is part of the name. Throws UserError for a weight
/// that is not above zero.
SourceSpec parse_source_spec(const std::string& text);

/// The sources of a list of "SPEC" or "SPEC=WEIGHT" as one, whose draws pick among them by weight.
/// Throws UserError, also for an empty list and a source that is named twice.
std::unique_ptr<PoseSource> make_mixed_source(const std::vector<std::string>& specs,
                                              const std::filesystem::path& assets,
                                              const HandPair& hands);

} // namespace rih
