// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/pierced_faces.h"

#include <algorithm>
#include <array>
#include <vector>

namespace rih {

namespace {

using Real = long double;

/// Six volumes of products of three lengths below a metre: what rounding leaves of them.
constexpr Real kRounding = 1e-22L; // m^3

struct Vec {
    Real x, y, z;
};

Vec operator-(const Vec& a, const Vec& b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}

/// Six times the signed volume of a tetrahedron, 0 within rounding.
Real volume(const Vec& a, const Vec& b, const Vec& c, const Vec& d) {
    const Vec u = b - a, v = c - a, w = d - a;
    const Real value = (u.y * v.z - u.z * v.y) * w.x + (u.z * v.x - u.x * v.z) * w.y +
                       (u.x * v.y - u.y * v.x) * w.z;
    return value > kRounding || value < -kRounding ? value : 0;
}

bool pierces(const Vec& p, const Vec& q, const std::array<Vec, 3>& face) {
    const auto& [a, b, c] = face;
    if (!(volume(a, b, c, p) * volume(a, b, c, q) < 0)) {
        return false;
    }
    const Real u = volume(p, q, a, b), v = volume(p, q, b, c), w = volume(p, q, c, a);
    // Through an edge of the face counts: hands that mirror each other meet edge to edge.
    return (u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0);
}

Vec corner(const TriMesh& mesh, int vertex) {
    return {mesh.vertices(vertex, 0), mesh.vertices(vertex, 1), mesh.vertices(vertex, 2)};
}

struct FaceBox {
    std::size_t face;
    Vec3 low, high;
};

/// Along which faces lie most apart.
int longest_axis(const TriMesh& mesh) {
    int axis = 0;
    (mesh.vertices.colwise().maxCoeff() - mesh.vertices.colwise().minCoeff()).maxCoeff(&axis);
    return axis;
}

} // namespace

std::size_t count_pierced_faces(const TriMesh& a, const TriMesh& b) {
    if (a.faces.empty() || b.faces.empty()) {
        return 0;
    }
    std::vector<FaceBox> boxes;
    for (std::size_t f = 0; f < b.faces.size(); ++f) {
        const auto& face = b.faces[f];
        FaceBox box{f, b.vertices.row(face[0]).transpose(), b.vertices.row(face[0]).transpose()};
        for (const int v : face) {
            box.low = box.low.cwiseMin(b.vertices.row(v).transpose());
            box.high = box.high.cwiseMax(b.vertices.row(v).transpose());
        }
        boxes.push_back(box);
    }
    const int axis = longest_axis(b);
    double widest = 0;
    for (const FaceBox& box : boxes) {
        widest = std::max(widest, box.high[axis] - box.low[axis]);
    }
    const auto start = [axis](const FaceBox& box) { return box.low[axis]; };
    std::ranges::sort(boxes, {}, start);
    std::size_t count = 0;
    for (const auto& corners : a.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            const int from = corners[k], to = corners[(k + 1) % 3];
            if (from > to) {
                continue; // its other face has it the other way round
            }
            const Vec3 p = a.vertices.row(from).transpose(), q = a.vertices.row(to).transpose();
            const Vec3 low = p.cwiseMin(q), high = p.cwiseMax(q);
            auto box = std::ranges::lower_bound(boxes, low[axis] - widest, {}, start);
            for (; box != boxes.end() && box->low[axis] <= high[axis]; ++box) {
                if ((box->low.array() <= high.array()).all() &&
                    (box->high.array() >= low.array()).all()) {
                    const auto& face = b.faces[box->face];
                    count += pierces(corner(a, from),
                                     corner(a, to),
                                     {corner(b, face[0]), corner(b, face[1]), corner(b, face[2])});
                }
            }
        }
    }
    return count;
}

} // namespace rih
