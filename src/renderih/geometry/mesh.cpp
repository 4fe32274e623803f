// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/mesh.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

namespace rih {
namespace {

using Edge = std::pair<int, int>;

std::vector<Edge> sorted_directed_edges(const Triangles& faces) {
    std::vector<Edge> edges;
    edges.reserve(3 * faces.size());
    for (const auto& f : faces) {
        for (int k = 0; k < 3; ++k) {
            edges.emplace_back(f[k], f[(k + 1) % 3]);
        }
    }
    std::sort(edges.begin(), edges.end());
    return edges;
}

std::ptrdiff_t count_of(const std::vector<Edge>& sorted, const Edge& edge) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), edge);
    return last - first;
}

/// The edges that a surface has, either way round, and those of the fans that close it.
class EdgeSet {
  public:
    explicit EdgeSet(const Triangles& faces) : given_(sorted_directed_edges(faces)) {}

    void add(const Edge& edge) { added_.insert(std::minmax(edge.first, edge.second)); }
    bool contains(const Edge& edge) const {
        return std::binary_search(given_.begin(), given_.end(), edge) ||
               std::binary_search(given_.begin(), given_.end(), Edge{edge.second, edge.first}) ||
               added_.contains(std::minmax(edge.first, edge.second));
    }

  private:
    std::vector<Edge> given_;
    std::set<Edge> added_; // the lower vertex first
};

/// True when a fan about `loop[hub]` makes no edge that the surface has already: such an edge would
/// be shared by four faces.
bool fan_is_free(const EdgeSet& edges, const std::vector<int>& loop, std::size_t hub) {
    const std::size_t n = loop.size();
    for (std::size_t k = 2; k + 1 < n; ++k) {
        if (edges.contains({loop[hub], loop[(hub + k) % n]})) {
            return false;
        }
    }
    return true;
}

/// The position in `loop` of the lowest vertex whose fan is free, or of the lowest of all.
std::size_t choose_hub(const EdgeSet& edges, const std::vector<int>& loop) {
    std::vector<std::size_t> order(loop.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return loop[a] < loop[b];
    });
    const auto free = std::find_if(
        order.begin(), order.end(), [&](std::size_t hub) { return fan_is_free(edges, loop, hub); });
    return free == order.end() ? order.front() : *free;
}

} // namespace

void check_mesh(const Points& vertices, const Triangles& faces, std::string_view name) {
    RIH_REQUIRE(vertices.allFinite(),
                "{}: a vertex coordinate is not a finite number; check the pose or file it is from",
                name);
    for (std::size_t i = 0; i < faces.size(); ++i) {
        for (const int v : faces[i]) {
            RIH_REQUIRE(v >= 0 && v < vertices.rows(),
                        "{}: face {} names vertex {}, but there are {} vertices",
                        name,
                        i,
                        v,
                        vertices.rows());
        }
    }
}

Points vertex_normals(const Points& vertices, const Triangles& faces) {
    Points normals = Points::Zero(vertices.rows(), 3);
    for (const auto& f : faces) {
        const Vec3 a = vertices.row(f[0]), b = vertices.row(f[1]), c = vertices.row(f[2]);
        const Vec3 twice_area = (b - a).cross(c - a);
        for (const int v : f) {
            normals.row(v) += twice_area;
        }
    }
    for (Eigen::Index v = 0; v < normals.rows(); ++v) {
        const double length = normals.row(v).norm();
        if (length > 0) {
            normals.row(v) /= length;
        }
    }
    return normals;
}

double signed_volume(const TriMesh& mesh) {
    if (mesh.faces.empty()) {
        return 0;
    }
    // The origin of the tetrahedra is arbitrary; one near the mesh keeps cancellation small.
    const Vec3 origin = mesh.vertices.row(mesh.faces[0][0]);
    double six_volumes = 0;
    for (const auto& f : mesh.faces) {
        const Vec3 a = mesh.vertices.row(f[0]).transpose() - origin;
        const Vec3 b = mesh.vertices.row(f[1]).transpose() - origin;
        const Vec3 c = mesh.vertices.row(f[2]).transpose() - origin;
        six_volumes += a.dot(b.cross(c));
    }
    return six_volumes / 6;
}

bool is_closed(const Triangles& faces) {
    const std::vector<Edge> edges = sorted_directed_edges(faces);
    if (std::adjacent_find(edges.begin(), edges.end()) != edges.end()) {
        return false;
    }
    return std::all_of(edges.begin(), edges.end(), [&](const Edge& e) {
        return e.first != e.second &&
               std::binary_search(edges.begin(), edges.end(), Edge{e.second, e.first});
    });
}

bool has_border(const Triangles& faces) {
    // Each edge as one number, its direction in the lowest bit.
    std::vector<std::uint64_t> keys;
    keys.reserve(3 * faces.size());
    for (const auto& f : faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            const auto from = static_cast<std::uint32_t>(f[k]);
            const auto to = static_cast<std::uint32_t>(f[(k + 1) % 3]);
            if (from != to) {
                keys.push_back(std::uint64_t{std::min(from, to)} << 33 |
                               std::uint64_t{std::max(from, to)} << 1 | (from < to ? 1u : 0u));
            }
        }
    }
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 0; i < keys.size();) {
        const std::uint64_t edge = keys[i] >> 1;
        int balance = 0;
        for (; i < keys.size() && keys[i] >> 1 == edge; ++i) {
            balance += (keys[i] & 1) != 0 ? 1 : -1;
        }
        if (balance != 0) {
            return true;
        }
    }
    return false;
}

std::vector<std::vector<int>> border_loops(const Triangles& faces) {
    // Each face is a cycle, so what is left after edges cancel against their reverse has as many
    // edges into a vertex as out of it: walks along it can end only where they began.
    const std::vector<Edge> edges = sorted_directed_edges(faces);
    std::map<int, std::multiset<int>> next_of;
    for (auto e = edges.begin(); e != edges.end();) {
        const std::ptrdiff_t copies = count_of(edges, *e);
        const std::ptrdiff_t excess = copies - count_of(edges, {e->second, e->first});
        for (std::ptrdiff_t i = 0; i < excess; ++i) {
            next_of[e->first].insert(e->second);
        }
        e += copies;
    }

    std::vector<std::vector<int>> loops;
    while (!next_of.empty()) {
        // A vertex met again closes a loop that is cut off, so that loops which touch in a vertex
        // come out one by one, each simple.
        std::vector<int> path{next_of.begin()->first};
        std::map<int, std::size_t> place{{path[0], 0}};
        while (!path.empty()) {
            const auto out = next_of.find(path.back());
            if (out == next_of.end()) {
                break; // back at the start, all its edges used
            }
            const int to = *out->second.begin();
            out->second.erase(out->second.begin());
            if (out->second.empty()) {
                next_of.erase(out);
            }
            const auto seen = place.find(to);
            if (seen == place.end()) {
                place.emplace(to, path.size());
                path.push_back(to);
                continue;
            }
            const std::size_t from = seen->second;
            loops.emplace_back(path.begin() + static_cast<std::ptrdiff_t>(from), path.end());
            for (std::size_t i = from + 1; i < path.size(); ++i) {
                place.erase(path[i]);
            }
            path.resize(from + 1);
        }
        RIH_ASSERT(path.size() == 1, "a border walk ended away from its start");
    }
    return loops;
}

Triangles close_borders(const Triangles& faces) {
    Triangles closed = faces;
    EdgeSet edges(faces);
    for (const std::vector<int>& loop : border_loops(faces)) {
        const std::size_t n = loop.size();
        if (n < 3) {
            continue; // two faces glued the wrong way; no triangle can mend it, is_closed tells
        }
        const std::size_t hub = choose_hub(edges, loop);
        for (std::size_t k = 1; k + 1 < n; ++k) {
            edges.add({loop[hub], loop[(hub + k) % n]});
            closed.push_back({loop[hub], loop[(hub + k + 1) % n], loop[(hub + k) % n]});
        }
    }
    return closed;
}

} // namespace rih
