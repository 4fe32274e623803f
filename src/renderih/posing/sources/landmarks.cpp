// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/landmarks.h"

#include "renderih/base/error.h"
#include "renderih/hand/anatomy.h"

#include <array>
#include <limits>
#include <set>

namespace rih {
namespace {

constexpr std::array<const char*, 5> kFingerNames{"index", "middle", "pinky", "ring", "thumb"};
constexpr std::array<const char*, 3> kSegmentNames{"root", "middle", "end"};

/// Vertices of each part within a hand (0 .. 15), element 16 the forearm.
std::vector<std::set<int>> vertices_of_parts(const HandModel& model) {
    std::vector<std::set<int>> parts(kPartsPerHand + 1);
    for (std::size_t face = 0; face < model.faces.size(); ++face) {
        const int part = model.part_of_face[face] == forearm_part(model.side)
                             ? kPartsPerHand
                             : model.part_of_face[face] - first_part(model.side);
        RIH_REQUIRE(part >= 0 && part <= kPartsPerHand,
                    "hand model {}: face {} has part {}",
                    model.name,
                    face,
                    model.part_of_face[face]);
        for (const int vertex : model.faces[face]) {
            parts[static_cast<std::size_t>(part)].insert(vertex);
        }
    }
    return parts;
}

/// Where a ray from inside leaves the skin, to the nearest vertex.
int vertex_along(const Points& vertices,
                 const std::set<int>& candidates,
                 const Vec3& origin,
                 const Vec3& direction) {
    int best = -1;
    double best_lateral = std::numeric_limits<double>::infinity();
    for (const int v : candidates) {
        const Vec3 offset = vertices.row(v).transpose() - origin;
        const double along = offset.dot(direction);
        const double lateral = (offset - along * direction).norm();
        if (along > 0 && lateral < best_lateral) {
            best_lateral = lateral;
            best = v;
        }
    }
    RIH_REQUIRE(best >= 0, "hand model: a part has no skin where a landmark should be");
    return best;
}

int nearest_vertex(const Points& vertices, const std::set<int>& candidates, const Vec3& point) {
    int best = -1;
    double best_distance = std::numeric_limits<double>::infinity();
    for (const int v : candidates) {
        const double distance = (vertices.row(v).transpose() - point).norm();
        if (distance < best_distance) {
            best_distance = distance;
            best = v;
        }
    }
    RIH_REQUIRE(best >= 0, "hand model: a part is empty");
    return best;
}

} // namespace

Mat3 hand_axes(const ShapedHand& hand) {
    const auto joint = [&](int j) { return Vec3(hand.rest_joints.row(j).transpose()); };
    const Vec3 fingers = (joint(4) - joint(0)).normalized();
    Vec3 thumb = joint(1) - joint(7);
    thumb = (thumb - thumb.dot(fingers) * fingers).normalized();
    const double sign = hand.model->side == Side::Right ? 1.0 : -1.0;
    const Vec3 palm = sign * thumb.cross(fingers);
    Mat3 axes;
    axes << fingers, palm, thumb;
    return axes;
}

HandLandmarks::HandLandmarks(const HandModel& model) {
    const ShapedHand hand = shape_hand(model, VecX::Zero(model.shape_count()));
    const Points& vertices = hand.rest_vertices;
    const auto joint = [&](int j) { return Vec3(hand.rest_joints.row(j).transpose()); };
    const std::vector<std::set<int>> parts = vertices_of_parts(model);
    const Mat3 axes = hand_axes(hand);
    const Vec3 palm = axes.col(1), thumb = axes.col(2);

    // The palm: places along the line from the wrist to the middle finger's root.
    const std::set<int>& palm_part = parts[15];
    const auto along_palm = [&](double t) { return Vec3((1 - t) * joint(0) + t * joint(4)); };
    vertices_of_["palm"] = {vertex_along(vertices, palm_part, along_palm(0.66), palm)};
    vertices_of_["palm_heel"] = {vertex_along(vertices, palm_part, along_palm(0.3), palm)};
    vertices_of_["palm_front"] = {vertex_along(vertices, palm_part, along_palm(0.9), palm)};
    vertices_of_["back"] = {vertex_along(vertices, palm_part, along_palm(0.6), -palm)};
    vertices_of_["back_front"] = {vertex_along(vertices, palm_part, along_palm(0.92), -palm)};
    vertices_of_["edge"] = {vertex_along(vertices, palm_part, along_palm(0.6), -thumb)};
    std::set<int> wrist = palm_part;
    wrist.insert(parts[kPartsPerHand].begin(), parts[kPartsPerHand].end());
    vertices_of_["wrist_front"] = {vertex_along(vertices, wrist, joint(0), palm)};
    vertices_of_["wrist_back"] = {vertex_along(vertices, wrist, joint(0), -palm)};
    vertices_of_["web"] = {nearest_vertex(vertices, palm_part, 0.5 * (joint(14) + joint(1)))};

    // Fingers: around the middle of each bone, in its A-MANO frame (anatomy.h).
    const AnatomyFrames frames = anatomy_frames(hand);
    const double sign = model.side == Side::Right ? 1.0 : -1.0;
    for (int j = 1; j < kJointCount; ++j) {
        const int finger = finger_of_joint(j), segment = segment_of_joint(j);
        const std::string prefix = std::string(kFingerNames[finger]) + "_";
        const int tip = model.tip_vertices[kTipOfFinger[finger]];
        const Vec3 child = segment < 2 ? joint(j + 1) : Vec3(vertices.row(tip).transpose());
        const Vec3 middle = joint(j) + (segment < 2 ? 0.5 : 0.6) * (child - joint(j));
        const Vec3 back = sign * frames[j - 1].col(1), thumb_side = sign * frames[j - 1].col(2);
        const std::set<int>& part = parts[static_cast<std::size_t>(kPartOfJoint[j])];
        const std::string name = prefix + kSegmentNames[segment];
        vertices_of_[name + "_front"] = {vertex_along(vertices, part, middle, -back)};
        vertices_of_[name + "_back"] = {vertex_along(vertices, part, middle, back)};
        vertices_of_[name + "_thumb_side"] = {vertex_along(vertices, part, middle, thumb_side)};
        vertices_of_[name + "_little_side"] = {vertex_along(vertices, part, middle, -thumb_side)};
        vertices_of_[prefix + "tip"] = {tip};
    }
    vertices_of_["pinch"] = {vertices_of_["thumb_end_front"][0],
                             vertices_of_["index_end_front"][0]};
    vertices_of_["grip"] = {vertices_of_["thumb_end_front"][0],
                            vertices_of_["middle_middle_front"][0]};
}

Vec3 HandLandmarks::point(const std::string& name, const Points& vertices) const {
    const auto found = vertices_of_.find(name);
    RIH_REQUIRE(found != vertices_of_.end(),
                "unknown landmark \"{}\"; names are palm, back, index_tip, thumb_end_front, ...",
                name);
    Vec3 sum = Vec3::Zero();
    for (const int v : found->second) {
        sum += vertices.row(v).transpose();
    }
    return sum / static_cast<double>(found->second.size());
}

} // namespace rih
