// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/grouped_surface.h"

#include "renderih/base/error.h"

#include <algorithm>

namespace rih {

GroupedSurface::GroupedSurface(Points vertices,
                               Triangles faces,
                               std::vector<std::uint8_t> group_of_face)
    : vertices_(std::move(vertices)), faces_(std::move(faces)),
      group_of_face_(std::move(group_of_face)) {
    RIH_ASSERT(group_of_face_.size() == faces_.size(),
               "{} groups of {} faces",
               group_of_face_.size(),
               faces_.size());
    check_mesh(vertices_, faces_, "surface in groups");
    std::vector<std::map<std::uint8_t, int>> groups(static_cast<std::size_t>(vertices_.rows()));
    parts_[0] = {};
    for (std::size_t f = 0; f < faces_.size(); ++f) {
        parts_[group_of_face_[f]] = {};
        for (const int v : faces_[f]) {
            ++groups[static_cast<std::size_t>(v)][group_of_face_[f]];
        }
    }
    for (const auto& counts : groups) {
        const auto most = std::max_element(
            counts.begin(), counts.end(), [](auto& a, auto& b) { return a.second < b.second; });
        group_of_vertex_.push_back(most == counts.end() ? 0 : most->first);
    }
    for (auto& [group, part] : parts_) {
        Triangles chosen;
        for (std::size_t f = 0; f < faces_.size(); ++f) {
            if (group == 0 || group_of_face_[f] == 0 || group_of_face_[f] == group) {
                part.face_of.push_back(static_cast<int>(f));
                chosen.push_back(faces_[f]);
            }
        }
        if (!chosen.empty()) {
            part.tree.emplace(vertices_, chosen);
        }
    }
    normals_ = vertex_normals(vertices_, faces_);
}

void GroupedSurface::update(const Points& vertices) {
    vertices_ = vertices;
    normals_ = vertex_normals(vertices_, faces_);
    for (auto& [group, part] : parts_) {
        if (part.tree) {
            part.tree->update(vertices);
        }
    }
}

VecX GroupedSurface::vertex_areas() const {
    VecX areas = VecX::Zero(vertices_.rows());
    for (const auto& [a, b, c] : faces_) {
        const Vec3 p = vertices_.row(a), q = vertices_.row(b), r = vertices_.row(c);
        const double third = (q - p).cross(r - p).norm() / 6;
        areas[a] += third;
        areas[b] += third;
        areas[c] += third;
    }
    return areas;
}

std::optional<ClosestPoint> GroupedSurface::closest(const Vec3& query, int group) const {
    const auto found = parts_.find(group);
    const Part& part = found != parts_.end() ? found->second : parts_.at(0);
    if (!part.tree) {
        return std::nullopt;
    }
    std::optional<ClosestPoint> closest = part.tree->closest(query);
    if (closest) {
        closest->face = part.face_of[static_cast<std::size_t>(closest->face)];
    }
    return closest;
}

Vec3 GroupedSurface::normal_at(int face, const Vec3& barycentric) const {
    Vec3 normal = Vec3::Zero();
    for (int k = 0; k < 3; ++k) {
        const int v = faces_[static_cast<std::size_t>(face)][static_cast<std::size_t>(k)];
        normal += barycentric[k] * Vec3(normals_.row(v));
    }
    return normal.normalized();
}

} // namespace rih
