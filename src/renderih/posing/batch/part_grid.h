// SPDX-License-Identifier: Apache-2.0
// The inside distance of one closed part (Omega of eq. 2) tabulated on a grid in its bone's frame,
// the hand flat and shaped. A part that bends with its neighbours is then taken as rigid: the exact
// distance of the posed surface (terms/part_surfaces.h) is the twin that tells the error.
#pragma once

#include "renderih/geometry/signed_distance.h"
#include "renderih/hand/parts.h"
#include "renderih/posing/batch/lanes.h"

#include <memory>
#include <vector>

namespace rih {

class PartGrid {
  public:
    /// `rest_vertices` [V, 3] are the shaped hand's, in m; `spacing` m between the grid's nodes.
    /// `any_shape` is the part's surface in any shape, for its search tree.
    PartGrid(const HandPart& part,
             const MeshDistance& any_shape,
             const Points& rest_vertices,
             double spacing);

    /// The same part of the mirror image's hand (x turned round); shares the table.
    PartGrid mirrored() const;

    /// Depth > 0 and its slope by the query for the lanes that lie inside, 0 elsewhere. The query
    /// is in the rest frame, m. Trilinear; `slope` is the exact derivative of that.
    struct Sample {
        Lanes depth;
        Vec3Lanes slope;
    };
    Sample sample(const Vec3Lanes& rest_query) const {
        const Vec3Lanes q{(rest_query.x * Lanes(x_sign_) - Lanes(low_[0])) *
                              Lanes(inverse_spacing_),
                          (rest_query.y - Lanes(low_[1])) * Lanes(inverse_spacing_),
                          (rest_query.z - Lanes(low_[2])) * Lanes(inverse_spacing_)};
        const LaneMask within = not_less(min(min(q.x, q.y), q.z), 0.0f) &
                                less(q.x, static_cast<float>(count_[0] - 1)) &
                                less(q.y, static_cast<float>(count_[1] - 1)) &
                                less(q.z, static_cast<float>(count_[2] - 1));
        if (!any(within)) {
            return {0.0f, {0.0f, 0.0f, 0.0f}};
        }
        return interpolate(q, within);
    }

    /// The table: depth (m, negative outside) at low + spacing (x, y, z), x running fastest.
    const std::vector<float>& depths() const { return *depth_; }
    const std::array<int, 3>& count() const { return count_; }
    const std::array<float, 3>& low() const { return low_; }

    /// A ball around the part in the rest frame.
    const Eigen::Vector3f& centre() const { return centre_; }
    float radius() const { return radius_; }

    /// The part's own vertices in the order of its faces. [part.vertices, 3]
    static Points vertices_of(const HandPart& part, const Points& hand_vertices);

  private:
    Sample interpolate(const Vec3Lanes& q, LaneMask within) const;

    std::array<int, 3> count_{};
    std::array<float, 3> low_{}; // m, of node (0, 0, 0)
    float spacing_ = 0, inverse_spacing_ = 0;
    std::shared_ptr<const std::vector<float>> depth_; // m; x runs fastest
    float x_sign_ = 1;                                // -1: the table is the mirror image's
    Eigen::Vector3f centre_;
    float radius_ = 0;
};

} // namespace rih
