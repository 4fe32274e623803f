// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/terms/part_surfaces.h"

namespace rih {

PartSurfaces::PartSurfaces(const ClosedParts& parts, const Points& vertices) : parts_(&parts) {
    pose(vertices);
    distances_.reserve(kPartsPerHand);
    for (int p = 0; p < kPartsPerHand; ++p) {
        distances_.emplace_back(TriMesh{part_vertices_[p], parts[p].faces});
    }
    stale_.fill(false);
}

void PartSurfaces::pose(const Points& vertices) {
    hand_box_.setEmpty();
    for (int p = 0; p < kPartsPerHand; ++p) {
        const std::vector<int>& ids = (*parts_)[p].vertices;
        Points& own = part_vertices_[p];
        own.resize(static_cast<Eigen::Index>(ids.size()), 3);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            own.row(static_cast<Eigen::Index>(i)) = vertices.row(ids[i]);
        }
        boxes_[p] = Eigen::AlignedBox3d(own.colwise().minCoeff().transpose(),
                                        own.colwise().maxCoeff().transpose());
        hand_box_.extend(boxes_[p]);
        stale_[p] = true;
    }
}

std::optional<PartDepth> PartSurfaces::depth(int part, const Vec3& query) {
    if (!boxes_[part].contains(query)) {
        return std::nullopt;
    }
    if (stale_[part]) {
        distances_[part].update(part_vertices_[part]);
        stale_[part] = false;
    }
    if (!distances_[part].inside(query)) {
        return std::nullopt;
    }
    const ClosestPoint nearest = distances_[part].closest_point(query);
    // On the surface itself the depth is zero and has no direction.
    if (nearest.distance <= 0) {
        return std::nullopt;
    }
    PartDepth result;
    result.depth = nearest.distance;
    result.slope = (query - nearest.point) / nearest.distance;
    result.barycentric = nearest.barycentric;
    const HandPart& surface = (*parts_)[part];
    for (int k = 0; k < 3; ++k) {
        result.corners[k] = surface.vertices[surface.faces[nearest.face][k]];
    }
    return result;
}

} // namespace rih
