// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/learn/mesh/mesh_hierarchy.h"

#include <Eigen/Cholesky>

#include <cmath>
#include <map>
#include <queue>
#include <set>

namespace rih::learn {

namespace {

constexpr std::size_t kNeighbours = 10; // nodes that a vertex is a combination of
constexpr double kFit = 1e3;            // weight of reproducing positions against small weights

/// A node of a level: the slots it fills.
using Node = std::vector<int>;

struct Link {
    int vertex = 0;
    double length = 0;
};

std::vector<std::vector<Link>> links_of(const Points& rest, const Triangles& faces) {
    std::set<std::pair<int, int>> edges;
    for (const std::array<int, 3>& face : faces) {
        for (std::size_t corner = 0; corner < 3; ++corner) {
            edges.emplace(std::minmax(face[corner], face[(corner + 1) % 3]));
        }
    }
    std::vector<std::vector<Link>> links(static_cast<std::size_t>(rest.rows()));
    for (const auto& [a, b] : edges) {
        const double length = (rest.row(a) - rest.row(b)).norm();
        links[static_cast<std::size_t>(a)].push_back({b, length});
        links[static_cast<std::size_t>(b)].push_back({a, length});
    }
    return links;
}

/// The nodes met first on the way along edges from `vertex`, nearest first: near on the surface, so
/// that one finger never hangs on another.
std::vector<int> nearest_nodes(int vertex,
                               const std::vector<std::vector<Link>>& links,
                               const std::vector<int>& node_of_vertex) {
    std::map<int, double> reached;
    std::set<int> done;
    std::vector<int> nodes;
    std::priority_queue<std::pair<double, int>, std::vector<std::pair<double, int>>, std::greater<>>
        queue;
    queue.emplace(0.0, vertex);
    while (!queue.empty() && nodes.size() < kNeighbours) {
        const auto [distance, here] = queue.top();
        queue.pop();
        if (!done.insert(here).second) {
            continue;
        }
        const int node = node_of_vertex[static_cast<std::size_t>(here)];
        if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) {
            nodes.push_back(node);
        }
        for (const Link& link : links[static_cast<std::size_t>(here)]) {
            const double length = distance + link.length;
            const auto known = reached.find(link.vertex);
            if (known == reached.end() || length < known->second) {
                reached[link.vertex] = length;
                queue.emplace(length, link.vertex);
            }
        }
    }
    return nodes;
}

/// Weights a of sum 1 that minimise sum(a_i^2 e^(|d_0i|^2 / h^2)) + kFit mean(|sum(a_i d_si)|^2) /
/// h^2, where d_si = c_si - x_s leads from the vertex to place i in shape s and h is the mean
/// distance in the first one.
VecX combination(const std::vector<Points>& offsets) {
    const Eigen::Index count = offsets.front().rows();
    const double h = offsets.front().rowwise().norm().mean();
    if (count == 1 || h == 0) {
        return VecX::Constant(count, 1.0 / static_cast<double>(count));
    }
    MatX system = MatX::Zero(count, count);
    for (const Points& of_shape : offsets) {
        system += of_shape * of_shape.transpose();
    }
    system *= kFit / (h * h * static_cast<double>(offsets.size()));
    system.diagonal() += (offsets.front().rowwise().squaredNorm() / (h * h)).array().exp().matrix();
    const VecX solution = system.llt().solve(VecX::Ones(count));
    return solution / solution.sum();
}

} // namespace

Eigen::SparseMatrix<double, Eigen::RowMajor> upsampling_matrix(const MeshHierarchy& hierarchy,
                                                               int level,
                                                               std::span<const Points> shapes,
                                                               const Triangles& faces) {
    RIH_ASSERT(!shapes.empty(), "no shapes");
    std::vector<Points> places; // [slots, 3] of each shape
    for (const Points& shape : shapes) {
        RIH_ASSERT(shape.rows() == hierarchy.vertex_count, "{} vertices", shape.rows());
        places.emplace_back(averaging_matrix(hierarchy, level) * shape);
    }
    const auto slots = static_cast<std::size_t>(hierarchy.slots(level));
    const std::size_t below = hierarchy.vertex_of_slot.size() / slots;
    // Slots of one node lie over the same vertices.
    std::vector<int> node_of_vertex(static_cast<std::size_t>(hierarchy.vertex_count), -1);
    std::vector<Node> nodes;
    for (int slot = 0; slot < hierarchy.slots(level); ++slot) {
        const auto first = hierarchy.vertex_of_slot.begin() +
                           static_cast<std::ptrdiff_t>(static_cast<std::size_t>(slot) * below);
        int& node = node_of_vertex[static_cast<std::size_t>(*first)];
        if (node < 0) {
            node = static_cast<int>(nodes.size());
            nodes.emplace_back();
            for (auto vertex = first; vertex != first + static_cast<std::ptrdiff_t>(below);
                 ++vertex) {
                node_of_vertex[static_cast<std::size_t>(*vertex)] = node;
            }
        }
        nodes[static_cast<std::size_t>(node)].push_back(slot);
    }

    const std::vector<std::vector<Link>> links = links_of(shapes.front(), faces);
    std::vector<Eigen::Triplet<double>> entries;
    for (int vertex = 0; vertex < hierarchy.vertex_count; ++vertex) {
        const std::vector<int> near = nearest_nodes(vertex, links, node_of_vertex);
        std::vector<int> first_slots; // one of each node: all of a node lie in one place
        for (const int node : near) {
            first_slots.push_back(nodes[static_cast<std::size_t>(node)].front());
        }
        std::vector<Points> offsets;
        for (std::size_t s = 0; s < shapes.size(); ++s) {
            offsets.emplace_back(places[s](first_slots, Eigen::all).rowwise() -
                                 shapes[s].row(vertex));
        }
        const VecX weights = combination(offsets);
        for (std::size_t i = 0; i < near.size(); ++i) {
            const Node& node = nodes[static_cast<std::size_t>(near[i])];
            for (const int slot : node) {
                entries.emplace_back(vertex,
                                     slot,
                                     weights[static_cast<Eigen::Index>(i)] /
                                         static_cast<double>(node.size()));
            }
        }
    }
    Eigen::SparseMatrix<double, Eigen::RowMajor> matrix(hierarchy.vertex_count,
                                                        static_cast<Eigen::Index>(slots));
    matrix.setFromTriplets(entries.begin(), entries.end());
    return matrix;
}

} // namespace rih::learn
