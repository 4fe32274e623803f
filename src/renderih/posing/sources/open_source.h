// SPDX-License-Identifier: Apache-2.0
// The open source of raw pairs: hand shapes (hand_shapes.h) put together by arrangements
// (arrangements.h). A draw picks an arrangement, shapes both hands, turns them as the arrangement
// says with jitter, brings the landmarks together and lets the hands settle (placement.h), so that
// it fits every identity and every hand model.
#pragma once

#include "renderih/posing/sources/arrangements.h"
#include "renderih/posing/sources/hand_shapes.h"
#include "renderih/posing/sources/landmarks.h"
#include "renderih/posing/sources/pose_source.h"

namespace rih {

class OpenSource : public PoseSource {
  public:
    /// Throws UserError when an arrangement names a shape or a landmark that is not there.
    OpenSource(std::vector<HandShape> shapes,
               std::vector<Arrangement> arrangements,
               const HandPair& hands,
               std::string fingerprint);

    PoseSeed draw(const std::array<ShapedHand, 2>& hands, Rng& rng) const override;
    /// A draw of one arrangement. `index` < arrangements().size().
    PoseSeed
    draw_arrangement(std::size_t index, const std::array<ShapedHand, 2>& hands, Rng& rng) const;

    std::vector<HandShape> hand_shapes(const HandPair&) const override { return shapes_; }
    std::string fingerprint() const override { return fingerprint_; }
    std::size_t size() const override;
    const std::vector<Arrangement>& arrangements() const { return arrangements_; }
    const HandLandmarks& landmarks(Side side) const { return landmarks_[index_of(side)]; }

  private:
    std::vector<HandShape> shapes_;
    std::vector<Arrangement> arrangements_;
    /// For each arrangement and each of its hands: the alternatives, each one or several shapes.
    std::vector<std::array<std::vector<std::vector<std::size_t>>, 2>> choices_;
    std::array<HandLandmarks, 2> landmarks_;
    std::string fingerprint_;
};

/// Flexion and deviation within the ranges that turn the forearm nearest to `to_elbow` (unit,
/// world). `axes` are hand_axes of the side.
std::array<double, 2> aim_forearm(Side side,
                                  const Mat3& world_from_hand,
                                  const Mat3& axes,
                                  const Vec3& to_elbow,
                                  const ArrangedHand& ranges);

} // namespace rih
