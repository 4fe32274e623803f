// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/signed_distance.h"

#include "renderih/base/error.h"
#include "renderih/geometry/triangle_tree.h"

#include <cmath>

namespace rih {

struct MeshDistance::Impl {
    TriangleTree tree;
};

MeshDistance::MeshDistance(const TriMesh& closed_mesh)
    : impl_(new Impl{TriangleTree(closed_mesh.vertices, closed_mesh.faces)}) {
    RIH_REQUIRE(!has_border(closed_mesh.faces),
                "the mesh has open borders, so it has no inside; close it first (close_borders)");
}

MeshDistance::MeshDistance(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MeshDistance::~MeshDistance() = default;
MeshDistance::MeshDistance(MeshDistance&&) noexcept = default;
MeshDistance& MeshDistance::operator=(MeshDistance&&) noexcept = default;

const TriangleTree& MeshDistance::tree() const {
    return impl_->tree;
}

MeshDistance MeshDistance::posed(const Points& vertices) const {
    return MeshDistance(std::unique_ptr<Impl>(new Impl{impl_->tree.posed(vertices)}));
}

void MeshDistance::update(const Points& vertices) {
    impl_->tree.update(vertices);
}

ClosestPoint MeshDistance::closest_point(const Vec3& query) const {
    const std::optional<ClosestPoint> closest = impl_->tree.closest(query);
    RIH_REQUIRE(closest.has_value(), "a query point is not finite");
    return *closest;
}

std::optional<ClosestPoint>
MeshDistance::closest_within(const Vec3& query, double max_distance, int* hint) const {
    return impl_->tree.closest(query, max_distance, hint);
}

double MeshDistance::winding_number(const Vec3& query) const {
    double solid_angle = 0;
    const TriangleTree& tree = impl_->tree;
    for (int i = 0; i < tree.leaf_count(); ++i) {
        for (int k = 0; k < tree.leaf_size(i); ++k) {
            // van Oosterom and Strackee 1983, eq. 8.
            const Triangle3 t = tree.leaf(i).triangle(k);
            const Vec3 a = t[0] - query, b = t[1] - query, c = t[2] - query;
            const double la = a.norm(), lb = b.norm(), lc = c.norm();
            const double denominator = la * lb * lc + a.dot(b) * lc + b.dot(c) * la + c.dot(a) * lb;
            solid_angle += 2 * std::atan2(a.dot(b.cross(c)), denominator);
        }
    }
    return solid_angle / (4 * kPi);
}

bool MeshDistance::maybe_inside(const Vec3& query) const {
    return impl_->tree.box().contains(query);
}

bool MeshDistance::inside(const Vec3& query) const {
    return maybe_inside(query) && impl_->tree.signed_crossings(query) > 0;
}

std::optional<double> MeshDistance::inside_point(const Vec3& query) const {
    if (!inside(query)) {
        return std::nullopt;
    }
    return closest_point(query).distance;
}

double MeshDistance::inside_distance(const Vec3& query) const {
    const double distance = closest_point(query).distance;
    return inside(query) ? distance : -distance;
}

double MeshDistance::inside_distance_clamped(const Vec3& query, Vec3* gradient) const {
    if (gradient != nullptr) {
        gradient->setZero();
    }
    if (!inside(query)) {
        return 0;
    }
    const ClosestPoint closest = closest_point(query);
    if (gradient != nullptr && closest.distance > 0) {
        *gradient = (query - closest.point) / closest.distance;
    }
    return closest.distance;
}

} // namespace rih
