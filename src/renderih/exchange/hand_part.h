// SPDX-License-Identifier: Apache-2.0
// The hand itself as other formats know it: without the forearm that our models have.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/hand/hand_model.h"
#include "renderih/hand/hand_pose.h"

#include <string>
#include <vector>

namespace rih {

/// Vertices of the faces that are no forearm's, ascending; of a MANO file its own, in their order.
class HandPart {
  public:
    explicit HandPart(const HandModel& hand);

    const std::vector<int>& vertices() const { return vertices_; }
    const Triangles& faces() const { return faces_; } ///< of these vertices, open at the wrist

    /// Of a record's hand, in the camera's frame. [V, 3] m
    Points in_cam(const Record& record) const;
    /// In the model's own frame. [V, 3] m
    Points posed(const HandPose& pose) const;
    /// In the rest pose of the mean shape. [V, 3] m
    Points at_rest() const;
    /// Keypoints as most readers take them off a posed mesh: MANO's regressor on its vertices, and
    /// the tips. They lie millimetres from the joints that the mesh was posed about. [21, 3] Throws
    /// UserError, naming `where`, when the mesh has not this hand's vertices.
    Points regressed_keypoints(const Points& vertices, const std::string& where) const;

  private:
    const HandModel* hand_; // must outlive this
    std::vector<int> vertices_;
    Triangles faces_;
};

/// A file of MANO's rather than a hand of ours: it has a mean pose.
bool has_mano_parameters(const HandPair& hands);

} // namespace rih
