// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/vertices_inside.h"

#include "renderih/geometry/triangle_tree.h"

#include <algorithm>
#include <numeric>

namespace rih {
namespace {

/// Union-find over vertices; the root of a set is its lowest vertex.
class VertexSets {
  public:
    explicit VertexSets(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), 0);
    }
    int root(int v) {
        while (at(v) != v) {
            at(v) = at(at(v));
            v = at(v);
        }
        return v;
    }
    void join(int a, int b) {
        a = root(a);
        b = root(b);
        at(std::max(a, b)) = std::min(a, b);
    }

  private:
    int& at(int v) { return parent_[static_cast<std::size_t>(v)]; }
    std::vector<int> parent_;
};

} // namespace

std::vector<int> crossing_faces(std::span<const std::pair<int, int>> pairs, bool second) {
    std::vector<int> faces;
    faces.reserve(pairs.size());
    for (const auto& pair : pairs) {
        faces.push_back(second ? pair.second : pair.first);
    }
    std::sort(faces.begin(), faces.end());
    faces.erase(std::unique(faces.begin(), faces.end()), faces.end());
    return faces;
}

std::vector<int> vertex_windings(const Points& vertices,
                                 const Triangles& faces,
                                 std::span<const int> crossing,
                                 const MeshDistance& solid,
                                 const Vec3& shift) {
    const auto count = static_cast<std::size_t>(vertices.rows());
    std::vector<std::uint8_t> crosses(faces.size(), 0), used(count, 0);
    for (const int f : crossing) {
        crosses[static_cast<std::size_t>(f)] = 1;
    }
    VertexSets sets(count);
    for (std::size_t f = 0; f < faces.size(); ++f) {
        for (const int v : faces[f]) {
            used[static_cast<std::size_t>(v)] = 1;
        }
        if (crosses[f] == 0) {
            sets.join(faces[f][0], faces[f][1]);
            sets.join(faces[f][1], faces[f][2]);
        }
    }
    std::vector<int> windings(count, 0);
    for (std::size_t v = 0; v < count; ++v) {
        if (used[v] == 0) {
            continue;
        }
        const int root = sets.root(static_cast<int>(v));
        if (root != static_cast<int>(v)) { // the lowest of its set: it has been asked already
            windings[v] = windings[static_cast<std::size_t>(root)];
            continue;
        }
        const Vec3 x = vertices.row(static_cast<Eigen::Index>(v)).transpose() + shift;
        windings[v] = solid.maybe_inside(x) ? solid.tree().signed_crossings(x) : 0;
    }
    return windings;
}

std::vector<std::uint8_t> vertices_inside(const Points& vertices,
                                          const Triangles& faces,
                                          std::span<const int> crossing,
                                          const MeshDistance& solid,
                                          const Vec3& shift) {
    const std::vector<int> windings = vertex_windings(vertices, faces, crossing, solid, shift);
    std::vector<std::uint8_t> inside;
    inside.reserve(windings.size());
    for (const int winding : windings) {
        inside.push_back(winding > 0 ? 1 : 0);
    }
    return inside;
}

} // namespace rih
