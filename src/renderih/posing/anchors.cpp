// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/anchors.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <queue>

namespace rih {

namespace {

using Graph = std::vector<std::vector<std::pair<int, double>>>; // neighbour, edge length

Graph edge_graph(const HandModel& model) {
    Graph graph(model.vertex_count());
    for (const auto& face : model.faces) {
        for (int k = 0; k < 3; ++k) {
            // Each inner edge occurs in both directions, once in either face.
            const int a = face[k], b = face[(k + 1) % 3];
            const double length =
                (model.template_vertices.row(a) - model.template_vertices.row(b)).norm();
            graph[a].emplace_back(b, length);
            graph[b].emplace_back(a, length);
        }
    }
    return graph;
}

/// Lowers `distance` to the geodesic (edge-path) distance from `source` within `radius`.
void spread(const Graph& graph, int source, double radius, std::vector<double>& distance) {
    using Item = std::pair<double, int>;
    std::priority_queue<Item, std::vector<Item>, std::greater<>> front;
    distance[source] = 0;
    front.emplace(0.0, source);
    while (!front.empty()) {
        const auto [reached, vertex] = front.top();
        front.pop();
        if (reached > distance[vertex]) {
            continue;
        }
        for (const auto& [next, length] : graph[vertex]) {
            if (reached + length <= radius && reached + length < distance[next]) {
                distance[next] = reached + length;
                front.emplace(reached + length, next);
            }
        }
    }
}

/// Candidates in order, each kept when no kept one lies within `radius`; at most `limit`.
std::vector<int>
sample(const Graph& graph, const std::vector<int>& order, double radius, std::size_t limit) {
    std::vector<double> distance(graph.size(), std::numeric_limits<double>::infinity());
    std::vector<int> kept;
    for (const int vertex : order) {
        if (kept.size() == limit) {
            break;
        }
        if (distance[vertex] > radius) {
            kept.push_back(vertex);
            spread(graph, vertex, radius, distance);
        }
    }
    return kept;
}

/// Hand vertices, those with the highest frequency first, equal ones by id.
std::vector<int> contact_order(const HandModel& model, const VecX& frequency) {
    RIH_REQUIRE(frequency.size() == model.vertex_count(),
                "anchors: {} contact frequencies for a hand of {} vertices",
                frequency.size(),
                model.vertex_count());
    const std::vector<bool> of_hand = hand_vertices(model);
    std::vector<int> order(model.vertex_count());
    std::iota(order.begin(), order.end(), 0);
    std::erase_if(order, [&](int v) { return !of_hand[v]; });
    std::stable_sort(
        order.begin(), order.end(), [&](int a, int b) { return frequency[a] > frequency[b]; });
    return order;
}

/// How often a part touches the other hand: fingertips most, then the other segments and the thumb,
/// then the palm. By part within a hand (joint_order.h): pinky end, middle, root; ring; middle;
/// index; thumb; palm.
constexpr std::array<double, kPartsPerHand> kPartContact{
    0.85, 0.6, 0.5, 0.95, 0.65, 0.5, 1.0, 0.7, 0.5, 1.0, 0.75, 0.55, 0.95, 0.7, 0.5, 0.45};

} // namespace

std::vector<bool> hand_vertices(const HandModel& model) {
    std::vector<bool> of_hand(model.vertex_count(), false);
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        if (model.part_of_face[f] == forearm_part(model.side)) {
            continue;
        }
        for (const int vertex : model.faces[f]) {
            of_hand[vertex] = true;
        }
    }
    return of_hand;
}

VecX contact_prior(const HandModel& model) {
    VecX prior = VecX::Zero(model.vertex_count());
    const int first = first_part(model.side);
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        const int part = model.part_of_face[f] - first;
        if (part < 0 || part >= kPartsPerHand) {
            continue;
        }
        for (const int vertex : model.faces[f]) {
            prior[vertex] = std::max(prior[vertex], kPartContact[part]);
        }
    }
    if (model.palm_of_vertex.size() == prior.size()) {
        // The palmar side touches most, finger sides next, the back least.
        for (int v = 0; v < prior.size(); ++v) {
            prior[v] *= 0.35 + 0.65 * std::clamp(model.palm_of_vertex[v], 0.0, 1.0);
        }
    }
    return prior;
}

std::vector<int> anchors_by_hops(const HandModel& model, const VecX& frequency, int count) {
    const std::vector<int> order = contact_order(model, frequency);
    const std::size_t wanted = std::min<std::size_t>(count, order.size());
    Graph hops = edge_graph(model);
    for (auto& neighbours : hops) {
        for (auto& [vertex, length] : neighbours) {
            length = 1;
        }
    }
    std::vector<int> kept;
    std::vector<bool> taken(model.vertex_count(), false);
    for (const int skipped : {2, 1, 0}) {
        std::vector<double> distance(hops.size(), std::numeric_limits<double>::infinity());
        for (const int vertex : kept) {
            spread(hops, vertex, skipped, distance);
        }
        for (const int vertex : order) {
            if (kept.size() == wanted) {
                return kept;
            }
            if (!taken[vertex] && distance[vertex] > skipped) {
                taken[vertex] = true;
                kept.push_back(vertex);
                spread(hops, vertex, skipped, distance);
            }
        }
    }
    return kept;
}

std::vector<int>
anchors_by_radius(const HandModel& model, const VecX& frequency, int count, double* radius_m) {
    const std::vector<int> order = contact_order(model, frequency);
    const Graph graph = edge_graph(model);
    const std::size_t wanted = std::min<std::size_t>(count, order.size());
    double low = 0, high = 0.1;
    for (int i = 0; i < 24; ++i) {
        const double radius = 0.5 * (low + high);
        (sample(graph, order, radius, wanted).size() == wanted ? low : high) = radius;
    }
    *radius_m = low;
    return sample(graph, order, low, wanted);
}

Anchors make_anchors(const HandModel& model, int count) {
    return make_anchors(model, contact_prior(model), count);
}

Anchors make_anchors(const HandModel& model, const VecX& frequency, int count) {
    const std::vector<bool> of_hand = hand_vertices(model);
    Anchors anchors;
    if (count == 0) {
        anchors.vertices = contact_order(model, frequency);
    } else if (std::count(of_hand.begin(), of_hand.end(), true) < kHopMeshVertices) {
        anchors.vertices = anchors_by_hops(model, frequency, count);
    } else {
        anchors.vertices = anchors_by_radius(model, frequency, count, &anchors.radius_m);
    }

    anchors.faces.resize(anchors.vertices.size());
    std::vector<int> anchor_of_vertex(model.vertex_count(), -1);
    for (std::size_t a = 0; a < anchors.vertices.size(); ++a) {
        anchor_of_vertex[anchors.vertices[a]] = static_cast<int>(a);
    }
    for (const auto& face : model.faces) {
        for (const int vertex : face) {
            if (anchor_of_vertex[vertex] >= 0) {
                anchors.faces[anchor_of_vertex[vertex]].push_back(face);
            }
        }
    }
    return anchors;
}

Points anchor_normals(const Anchors& anchors, const Points& vertices, Side side) {
    Points normals = Points::Zero(static_cast<Eigen::Index>(anchors.vertices.size()), 3);
    const double sign = side == Side::Right ? 1 : -1;
    for (std::size_t a = 0; a < anchors.faces.size(); ++a) {
        Vec3 sum = Vec3::Zero();
        for (const auto& face : anchors.faces[a]) {
            const Vec3 origin = vertices.row(face[0]);
            const Vec3 u = vertices.row(face[1]), v = vertices.row(face[2]);
            sum += (u - origin).cross(v - origin);
        }
        const double length = sum.norm();
        if (length > 0) {
            normals.row(static_cast<Eigen::Index>(a)) = sign / length * sum;
        }
    }
    return normals;
}

} // namespace rih
