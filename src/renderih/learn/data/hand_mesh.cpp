// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/hand_mesh.h"

#include "renderih/base/error.h"

#include <cmath>
#include <utility>

namespace rih::learn {

namespace {

using Weights = std::vector<std::pair<int, double>>; // vertex of the mesh, weight

/// What is left of a joint's row when the forearm is gone: the least change of the weights that
/// keeps their sum 1 and the joint of the template in its place.
void complete(Weights& row, const Points& vertices, const Vec3& joint) {
    constexpr double kHandSize = 0.1; // m; brings both kinds of equation to one scale
    const auto count = static_cast<Eigen::Index>(row.size());
    Eigen::Matrix<double, 4, Eigen::Dynamic> equations(4, count);
    VecX weights(count);
    for (Eigen::Index i = 0; i < count; ++i) {
        const auto [vertex, weight] = row[static_cast<std::size_t>(i)];
        equations.col(i) << 1, (vertices.row(vertex).transpose() - joint) / kHandSize;
        weights[i] = weight;
    }
    const Vec4 wanted(1, 0, 0, 0);
    const Eigen::Matrix4d normal = equations * equations.transpose();
    weights += equations.transpose() * normal.inverse() * (wanted - equations * weights);
    for (Eigen::Index i = 0; i < count; ++i) {
        row[static_cast<std::size_t>(i)].second = weights[i];
    }
}

Weights joint_row(const HandModel& model,
                  int joint,
                  const std::vector<int>& mesh_vertex,
                  const Points& vertices) {
    constexpr double kLeast = 0.25; // of a row's weight must lie on the hand
    Weights row;
    Vec3 place = Vec3::Zero();
    double kept = 0, lost = 0;
    using Row = Eigen::SparseMatrix<double, Eigen::RowMajor>::InnerIterator;
    for (Row entry(model.joint_regressor, joint); entry; ++entry) {
        const auto v = static_cast<std::size_t>(entry.col());
        place += entry.value() * model.template_vertices.row(entry.col()).transpose();
        if (mesh_vertex[v] >= 0) {
            row.emplace_back(mesh_vertex[v], entry.value());
            kept += entry.value();
        } else {
            lost += std::abs(entry.value());
        }
    }
    if (lost > 0) {
        RIH_REQUIRE(kept >= kLeast && row.size() >= 4,
                    "hand {}: joint {} hangs on vertices of the forearm",
                    model.name,
                    kJointNames[static_cast<std::size_t>(joint)]);
        complete(row, vertices, place);
    }
    return row;
}

} // namespace

HandMesh hand_mesh(const HandModel& model) {
    const auto count = static_cast<std::size_t>(model.vertex_count());
    std::vector<int> mesh_vertex(count, -1); // of each vertex of the model
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        if (model.part_of_face[f] != forearm_part(model.side)) {
            for (const int v : model.faces[f]) {
                mesh_vertex[static_cast<std::size_t>(v)] = 0;
            }
        }
    }
    HandMesh mesh;
    for (std::size_t v = 0; v < count; ++v) {
        if (mesh_vertex[v] == 0) {
            mesh_vertex[v] = mesh.vertex_count();
            mesh.model_vertices.push_back(static_cast<int>(v));
        }
    }
    mesh.template_vertices = model.template_vertices(mesh.model_vertices, Eigen::all);
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        if (model.part_of_face[f] != forearm_part(model.side)) {
            std::array<int, 3> face = model.faces[f];
            for (int& v : face) {
                v = mesh_vertex[static_cast<std::size_t>(v)];
            }
            mesh.faces.push_back(face);
        }
    }
    std::vector<Eigen::Triplet<float>> entries;
    for (int k = 0; k < kKeypointCount; ++k) {
        const int from = kMano21Source[static_cast<std::size_t>(k)];
        if (from >= kJointCount) {
            const int tip = model.tip_vertices[static_cast<std::size_t>(from - kJointCount)];
            const int vertex = mesh_vertex[static_cast<std::size_t>(tip)];
            RIH_REQUIRE(vertex >= 0, "hand {}: tip vertex {} lies on the forearm", model.name, tip);
            entries.emplace_back(k, vertex, 1.0F);
            continue;
        }
        for (const auto& [vertex, weight] :
             joint_row(model, from, mesh_vertex, mesh.template_vertices)) {
            entries.emplace_back(k, vertex, static_cast<float>(weight));
        }
    }
    mesh.joint_regressor.resize(kKeypointCount, mesh.vertex_count());
    mesh.joint_regressor.setFromTriplets(entries.begin(), entries.end());
    return mesh;
}

std::array<HandMesh, 2> hand_meshes(const HandPair& hands) {
    return {hand_mesh(hands[Side::Right]), hand_mesh(hands[Side::Left])};
}

} // namespace rih::learn
