// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/testing/test_hand.h"

#include "renderih/base/rng.h"
#include "renderih/hand/hand_io.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace rih {

namespace {

constexpr int kCellsY = 2, kCellsZ = 11;        // the box's lattice across the arm
constexpr double kHalfY = 0.012, kHalfZ = 0.04; // m
constexpr std::array kLayerX{
    0.20, 0.13, 0.06, 0.012, 0.0, -0.015, -0.03, -0.045, -0.06, -0.075, -0.09};
constexpr int kLayers = static_cast<int>(kLayerX.size());
constexpr int kWristLayer = 4;
constexpr int kThumbLayer = 5; // the thumb's socket covers two layers from here on
constexpr double kBlend = 0.006;

struct Finger {
    int number;    // of mano16: 0 index, 1 middle, 2 pinky, 3 ring, 4 thumb
    int first_z;   // first lattice column of the socket
    double length; // m, of the three bones together
    double radius;
};
constexpr std::array<Finger, 4> kFingers{Finger{2, 0, 0.060, 0.0065},
                                         Finger{3, 3, 0.074, 0.0070},
                                         Finger{1, 6, 0.080, 0.0075},
                                         Finger{0, 9, 0.072, 0.0075}};
constexpr Finger kThumb{4, 0, 0.085, 0.0085};

using Patch = std::array<std::array<int, 3>, 3>; // [u][v] vertex ids of a 2 x 2 socket

/// Grows the arrays of the model as the surface is laid.
class Builder {
  public:
    HandModel build();

  private:
    struct Vertex {
        Vec3 position;
        std::array<double, kJointCountWithForearm> weight{};
        Vec3 lengthen = Vec3::Zero(); // displacement of a longer finger, m per unit
        Vec3 thicken = Vec3::Zero();
        bool back = false;
    };

    int add_vertex(const Vec3& position);
    void add_quad(std::array<int, 4> quad, const Vec3& outward, int part, bool nail = false);
    int box_vertex(int layer, int y, int z);
    void lay_box();
    void lay_finger(const Finger& finger, const Patch& socket, const Vec3& along, const Vec3& side);
    void set_regressor(int joint, const std::vector<int>& ring) { ring_of_joint_[joint] = ring; }

    HandModel model_;
    std::vector<Vertex> vertices_;
    std::map<std::array<int, 3>, int> box_vertices_;
    std::array<std::vector<int>, kJointCountWithForearm> ring_of_joint_;
};

int Builder::add_vertex(const Vec3& position) {
    vertices_.push_back({.position = position});
    return static_cast<int>(vertices_.size()) - 1;
}

void Builder::add_quad(std::array<int, 4> quad, const Vec3& outward, int part, bool nail) {
    const auto at = [&](int i) { return vertices_[quad[i]].position; };
    if ((at(2) - at(0)).cross(at(3) - at(1)).dot(outward) < 0) {
        std::reverse(quad.begin(), quad.end());
    }
    model_.quads.push_back(quad);
    model_.part_of_quad.push_back(static_cast<std::uint8_t>(part));
    model_.nail_of_quad.push_back(nail);
}

int Builder::box_vertex(int layer, int y, int z) {
    const auto [it, is_new] = box_vertices_.try_emplace({layer, y, z}, 0);
    if (is_new) {
        // Narrower towards the elbow.
        const double narrow = layer < kWristLayer ? 0.75 : 1.0;
        it->second = add_vertex({kLayerX[layer],
                                 kHalfY * (2.0 * y / kCellsY - 1),
                                 narrow * kHalfZ * (2.0 * z / kCellsZ - 1)});
        Vertex& vertex = vertices_[it->second];
        const double forearm = layer < kWristLayer ? 1.0 : (layer == kWristLayer ? 0.5 : 0.0);
        vertex.weight[kForearmJoint] = forearm;
        vertex.weight[0] = 1 - forearm;
        vertex.back = y == kCellsY;
    }
    return it->second;
}

void Builder::lay_box() {
    const int palm = kPartOfJoint[0] + 1, forearm = forearm_part(Side::Right);
    const auto is_thumb_socket = [](int layer) {
        return layer == kThumbLayer || layer == kThumbLayer + 1;
    };
    for (int l = 0; l + 1 < kLayers; ++l) {
        const int part = l < kWristLayer ? forearm : palm;
        for (int y : {0, kCellsY}) {
            for (int z = 0; z < kCellsZ; ++z) {
                add_quad({box_vertex(l, y, z),
                          box_vertex(l + 1, y, z),
                          box_vertex(l + 1, y, z + 1),
                          box_vertex(l, y, z + 1)},
                         Vec3(0, y - 1, 0),
                         part);
            }
        }
        for (int z : {0, kCellsZ}) {
            for (int y = 0; y < kCellsY && !(z == kCellsZ && is_thumb_socket(l)); ++y) {
                add_quad({box_vertex(l, y, z),
                          box_vertex(l + 1, y, z),
                          box_vertex(l + 1, y + 1, z),
                          box_vertex(l, y + 1, z)},
                         Vec3(0, 0, z == 0 ? -1 : 1),
                         part);
            }
        }
    }
    for (int l : {0, kLayers - 1}) {
        for (int z = 0; z < kCellsZ; ++z) {
            const bool socket = l > 0 && z % 3 != 2; // columns 2, 5, 8 lie between fingers
            for (int y = 0; y < kCellsY && !socket; ++y) {
                add_quad({box_vertex(l, y, z),
                          box_vertex(l, y + 1, z),
                          box_vertex(l, y + 1, z + 1),
                          box_vertex(l, y, z + 1)},
                         Vec3(l == 0 ? 1 : -1, 0, 0),
                         l == 0 ? forearm : palm);
            }
        }
    }
    std::vector<int> wrist;
    for (const auto& [key, vertex] : box_vertices_) {
        if (key[0] == kWristLayer) {
            wrist.push_back(vertex);
        }
    }
    set_regressor(0, wrist);
    set_regressor(kForearmJoint, wrist);
}

void Builder::lay_finger(const Finger& finger,
                         const Patch& socket,
                         const Vec3& along,
                         const Vec3& side) {
    // Bones of 0.45, 0.3 and 0.25 of the length; three rings a bone, the first of each at a joint.
    const std::array<double, 4> bone_start{0, 0.45, 0.75, 1.0};
    const Vec3 up = side.cross(along).normalized() * (side.cross(along).y() > 0 ? 1 : -1);
    Vec3 root = Vec3::Zero();
    std::vector<int> socket_ring;
    for (int u = 0; u < 3; ++u) {
        for (int v = 0; v < 3; ++v) {
            if (u != 1 || v != 1) {
                root += vertices_[socket[u][v]].position / 8;
                socket_ring.push_back(socket[u][v]);
            }
        }
    }
    const int first_joint = 1 + 3 * finger.number;
    set_regressor(first_joint, socket_ring);
    for (const int v : socket_ring) {
        vertices_[v].weight[0] = vertices_[v].weight[first_joint] = 0.5;
    }

    Patch previous = socket;
    constexpr int kRings = 9;
    for (int ring = 1; ring <= kRings; ++ring) {
        const int segment = (ring - 1) / 3; // of the quads between the last ring and this one
        const bool last = ring == kRings;
        const double bone = bone_start[segment + 1] - bone_start[segment];
        const double s = finger.length * (bone_start[segment] + bone * ((ring - 1) % 3 + 1) / 3);
        const double radius = finger.radius * (last ? 0.7 : 1.0);
        Patch current{};
        std::vector<int> ring_vertices;
        for (int u = 0; u < 3; ++u) {
            for (int v = 0; v < 3; ++v) {
                const bool centre = u == 1 && v == 1;
                if (centre && !last) {
                    continue;
                }
                const Vec3 radial = centre ? Vec3(Vec3::Zero())
                                           : Vec3(((u - 1) * side + (v - 1) * up).normalized());
                const Vec3 axis_point = root + (s + (centre ? 0.003 : 0.0)) * along;
                const int id = add_vertex(axis_point + radius * radial);
                current[u][v] = id;
                Vertex& vertex = vertices_[id];
                vertex.lengthen = 0.04 * s * along;
                vertex.thicken = 0.05 * radius * radial;
                vertex.back = v == 2;
                // The share of joint k and all beyond it rises from 0 to 1 across its ring.
                double beyond = 0;
                for (int k = 2; k >= 0; --k) {
                    const double t = std::clamp(
                        0.5 + (s - finger.length * bone_start[k]) / (2 * kBlend), 0.0, 1.0);
                    const double reached = k == 0 ? 1.0 : t * t * (3 - 2 * t);
                    vertex.weight[first_joint + k] = reached - beyond;
                    beyond = reached;
                }
                if (centre) {
                    model_.tip_vertices[kTipOfFinger[finger.number]] = id;
                } else {
                    ring_vertices.push_back(id);
                }
            }
        }
        const int part = kPartOfJoint[first_joint + segment] + 1;
        constexpr std::array<std::array<int, 2>, 8> kAround{
            {{0, 0}, {1, 0}, {2, 0}, {2, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}}};
        for (int i = 0; i < 8; ++i) {
            const auto [u0, v0] = kAround[i];
            const auto [u1, v1] = kAround[(i + 1) % 8];
            const Vec3 outward = (u0 + u1 - 2) * side + (v0 + v1 - 2) * up;
            const bool nail = ring == kRings - 1 && v0 == 2 && v1 == 2;
            add_quad({previous[u0][v0], previous[u1][v1], current[u1][v1], current[u0][v0]},
                     outward,
                     part,
                     nail);
        }
        for (int u = 0; u < 2 && last; ++u) {
            for (int v = 0; v < 2; ++v) {
                add_quad(
                    {current[u][v], current[u + 1][v], current[u + 1][v + 1], current[u][v + 1]},
                    along,
                    part);
            }
        }
        if (ring % 3 == 0 && !last) {
            set_regressor(first_joint + ring / 3, ring_vertices);
        }
        previous = current;
    }
}

HandModel Builder::build() {
    model_.name = "test hand";
    model_.meta_json = R"({"shape_names": ["size", "finger length", "finger thickness", "map"]})";
    lay_box();
    for (const Finger& finger : kFingers) {
        Patch socket{};
        for (int u = 0; u < 3; ++u) {
            for (int v = 0; v < 3; ++v) {
                socket[u][v] = box_vertex(kLayers - 1, v, finger.first_z + u);
            }
        }
        lay_finger(finger, socket, Vec3(-1, 0, 0), Vec3(0, 0, 1));
    }
    Patch socket{};
    for (int u = 0; u < 3; ++u) {
        for (int v = 0; v < 3; ++v) {
            socket[u][v] = box_vertex(kThumbLayer + u, v, kCellsZ);
        }
    }
    const Vec3 along = Vec3(-0.7, -0.15, 0.7).normalized();
    const Vec3 side = (Vec3(-1, 0, 0) + Vec3(-1, 0, 0).dot(-along) * along).normalized();
    lay_finger(kThumb, socket, along, side);

    // Socket centres were never laid as part of a quad: drop them from the list of vertices.
    std::vector<int> new_of_old(vertices_.size(), -1);
    for (const auto& quad : model_.quads) {
        for (const int v : quad) {
            new_of_old[v] = 0;
        }
    }
    int count = 0;
    for (int& id : new_of_old) {
        id = id < 0 ? -1 : count++;
    }
    for (auto& quad : model_.quads) {
        for (int& v : quad) {
            v = new_of_old[v];
        }
    }
    for (int& tip : model_.tip_vertices) {
        tip = new_of_old[tip];
    }

    constexpr int kShapes = 4;
    Rng rng(1, 0, "test_hand");
    Mat3 map;
    for (double& entry : map.reshaped()) {
        entry = 0.02 * rng.truncated_normal(2);
    }
    model_.template_vertices.resize(count, 3);
    model_.shape_dirs.resize(3 * count, kShapes);
    model_.pose_dirs = MatX::Zero(3 * count, 9 * kFingerJointCount);
    model_.palm_of_vertex.resize(count);
    model_.skin_weights.resize(count, kJointCountWithForearm);
    model_.uv.resize(count, 2);
    for (std::size_t old = 0; old < vertices_.size(); ++old) {
        const int v = new_of_old[old];
        if (v < 0) {
            continue;
        }
        const Vertex& vertex = vertices_[old];
        model_.template_vertices.row(v) = vertex.position.transpose();
        model_.shape_dirs.middleRows<3>(3 * v) << 0.05 * vertex.position, vertex.lengthen,
            vertex.thicken, map * vertex.position;
        model_.palm_of_vertex[v] = std::clamp(0.5 - 0.5 * vertex.position.y() / kHalfY, 0.0, 1.0);
        model_.uv.row(v) << 0.5 + 2 * vertex.position.x(), 0.5 + 4 * vertex.position.z();
        for (int j = 0; j < kJointCountWithForearm; ++j) {
            if (vertex.weight[j] > 0) {
                model_.skin_weights.insert(v, j) = vertex.weight[j];
            }
            const bool moved_in_part = vertex.weight[j] > 0 && vertex.weight[j] < 1;
            if (j >= 1 && j < kJointCount && moved_in_part) {
                for (double& entry : model_.pose_dirs.block<3, 9>(3 * v, 9 * (j - 1)).reshaped()) {
                    entry = 2e-4 * rng.truncated_normal(2);
                }
            }
        }
    }
    model_.skin_weights.makeCompressed();
    model_.joint_regressor.resize(kJointCountWithForearm, count);
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        for (const int old : ring_of_joint_[j]) {
            model_.joint_regressor.coeffRef(j, new_of_old[old]) =
                1.0 / static_cast<double>(ring_of_joint_[j].size());
        }
    }
    model_.joint_regressor.makeCompressed();
    for (std::size_t q = 0; q < model_.quads.size(); ++q) {
        const auto [a, b, c, d] = model_.quads[q];
        model_.faces.push_back({a, b, c});
        model_.faces.push_back({a, c, d});
        for (int i = 0; i < 2; ++i) {
            model_.part_of_face.push_back(model_.part_of_quad[q]);
            model_.nail_of_face.push_back(model_.nail_of_quad[q]);
        }
    }
    model_.uv_faces = model_.faces;
    model_.quad_uv = model_.quads;
    model_.sha256 = hash_of(model_);
    return model_;
}

} // namespace

HandModel make_test_hand(Side side) {
    const HandModel right = Builder().build();
    return side == Side::Right ? right : mirror(right);
}

HandPair make_test_hand_pair() {
    return {{make_test_hand(Side::Right), make_test_hand(Side::Left)}};
}

} // namespace rih
