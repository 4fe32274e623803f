// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/parts.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <set>

namespace rih {

namespace {

using Edge = std::pair<int, int>; // undirected, lower vertex first

Edge edge_of(int a, int b) {
    return {std::min(a, b), std::max(a, b)};
}

std::set<Edge> edges_of(const Triangles& faces) {
    std::set<Edge> edges;
    for (const auto& [a, b, c] : faces) {
        edges.insert({edge_of(a, b), edge_of(b, c), edge_of(c, a)});
    }
    return edges;
}

/// Fills each border loop with a fan about one of its own vertices: the lowest whose spokes are no
/// edges already (two edges between the same vertices would make four faces meet).
Triangles close_with_fans(const Triangles& faces) {
    Triangles closed = faces;
    std::set<Edge> edges = edges_of(faces);
    for (const std::vector<int>& loop : border_loops(faces)) {
        std::vector<std::size_t> hubs(loop.size());
        for (std::size_t i = 0; i < hubs.size(); ++i) {
            hubs[i] = i;
        }
        std::sort(hubs.begin(), hubs.end(), [&](auto a, auto b) { return loop[a] < loop[b]; });
        const std::size_t n = loop.size();
        const auto at = [&](std::size_t hub, std::size_t i) { return loop[(hub + i) % n]; };
        const auto is_free = [&](std::size_t hub) {
            for (std::size_t i = 2; i + 1 < n; ++i) {
                if (edges.contains(edge_of(loop[hub], at(hub, i)))) {
                    return false;
                }
            }
            return true;
        };
        const auto hub = std::find_if(hubs.begin(), hubs.end(), is_free);
        if (hub == hubs.end()) {
            continue; // the caller sees that the result is open
        }
        for (std::size_t i = 1; i + 1 < n; ++i) { // against the border's direction
            closed.push_back({loop[*hub], at(*hub, i + 1), at(*hub, i)});
            edges.insert(edge_of(loop[*hub], at(*hub, i)));
        }
    }
    return closed;
}

HandPart make_part(const HandModel& model, int part) {
    const int number = first_part(model.side) + part;
    const std::string_view joint = kJointNames[kJointOfPart[part]];
    HandPart result;
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        if (model.part_of_face[f] == number) {
            result.skin_faces.push_back(model.faces[f]);
        }
    }
    RIH_REQUIRE(!result.skin_faces.empty(),
                "hand model \"{}\": no face belongs to part {} ({})",
                model.name,
                number,
                joint);
    for (const auto& face : result.skin_faces) {
        result.vertices.insert(result.vertices.end(), face.begin(), face.end());
    }
    std::sort(result.vertices.begin(), result.vertices.end());
    result.vertices.erase(std::unique(result.vertices.begin(), result.vertices.end()),
                          result.vertices.end());
    for (auto& face : result.skin_faces) {
        for (int& v : face) {
            v = static_cast<int>(
                std::lower_bound(result.vertices.begin(), result.vertices.end(), v) -
                result.vertices.begin());
        }
    }
    result.faces = close_with_fans(result.skin_faces);
    RIH_REQUIRE(is_closed(result.faces),
                "hand model \"{}\": part {} ({}) cannot be closed by fans over its borders",
                model.name,
                number,
                joint);
    return result;
}

} // namespace

std::array<HandPart, kPartsPerHand> closed_parts(const HandModel& model) {
    std::array<HandPart, kPartsPerHand> parts;
    for (int p = 0; p < kPartsPerHand; ++p) {
        parts[p] = make_part(model, p);
    }
    return parts;
}

} // namespace rih
