// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/anchors.h"

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

/// How often a part touches the other hand: fingertips most, then the other segments and the thumb,
/// then the palm. By part within a hand (joint_order.h): pinky end, middle, root; ring; middle;
/// index; thumb; palm.
constexpr std::array<double, kPartsPerHand> kPartContact{
    0.85, 0.6, 0.5, 0.95, 0.65, 0.5, 1.0, 0.7, 0.5, 1.0, 0.75, 0.55, 0.95, 0.7, 0.5, 0.45};

} // namespace

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

Anchors make_anchors(const HandModel& model, int count) {
    const VecX prior = contact_prior(model);
    std::vector<int> order(model.vertex_count());
    std::iota(order.begin(), order.end(), 0);
    std::erase_if(order, [&](int v) { return prior[v] <= 0; });
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return prior[a] > prior[b]; });

    // The largest radius that still leaves `count` anchors; every radius is tried from the same
    // order, so the first `count` of it are the paper's sequence.
    const Graph graph = edge_graph(model);
    const std::size_t wanted = std::min<std::size_t>(count, order.size());
    double low = 0, high = 0.1;
    for (int i = 0; i < 24; ++i) {
        const double radius = 0.5 * (low + high);
        (sample(graph, order, radius, wanted).size() == wanted ? low : high) = radius;
    }
    Anchors anchors;
    anchors.radius_m = low;
    anchors.vertices = sample(graph, order, low, wanted);

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
