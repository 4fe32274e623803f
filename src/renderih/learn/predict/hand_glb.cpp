// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/predict/hand_glb.h"

#include "renderih/base/error.h"
#include "renderih/learn/net/hand_names.h"
#include "renderih/learn/predict/overlay.h"

#include <tiny_gltf.h>

#include <cstring>
#include <sstream>

namespace rih::learn {

namespace {

constexpr double kRoughness = 0.6;

/// Sums of the adjoining faces' normals, weighted by area, of length 1.
Points vertex_normals(const Points& vertices, const Triangles& faces) {
    Points normals = Points::Zero(vertices.rows(), 3);
    for (const std::array<int, 3>& face : faces) {
        const Eigen::RowVector3d a = vertices.row(face[0]);
        const Eigen::RowVector3d normal =
            (vertices.row(face[1]) - a).cross(vertices.row(face[2]) - a);
        for (const int corner : face) {
            normals.row(corner) += normal;
        }
    }
    for (Eigen::Index v = 0; v < normals.rows(); ++v) {
        const double length = normals.row(v).norm();
        normals.row(v) = length > 0 ? Eigen::RowVector3d(normals.row(v) / length)
                                    : Eigen::RowVector3d(0, 0, 1); // must be of length 1 too
    }
    return normals;
}

/// Appends to the model's one buffer; returns the accessor.
template <typename T>
int add_accessor(tinygltf::Model& model,
                 const std::vector<T>& numbers,
                 int target,
                 int component_type,
                 int type) {
    std::vector<unsigned char>& data = model.buffers[0].data;
    tinygltf::BufferView view;
    view.buffer = 0;
    view.byteOffset = data.size();
    view.byteLength = numbers.size() * sizeof(T);
    view.target = target;
    data.resize(data.size() + view.byteLength);
    if (!numbers.empty()) {
        std::memcpy(data.data() + view.byteOffset, numbers.data(), view.byteLength);
    }
    model.bufferViews.push_back(view);
    tinygltf::Accessor accessor;
    accessor.bufferView = static_cast<int>(model.bufferViews.size()) - 1;
    accessor.componentType = component_type;
    accessor.type = type;
    accessor.count = numbers.size() / (type == TINYGLTF_TYPE_VEC3 ? 3 : 1);
    model.accessors.push_back(accessor);
    return static_cast<int>(model.accessors.size()) - 1;
}

int add_points(tinygltf::Model& model, const Points& points) {
    std::vector<float> numbers;
    for (Eigen::Index v = 0; v < points.rows(); ++v) {
        for (Eigen::Index c = 0; c < 3; ++c) {
            numbers.push_back(static_cast<float>(points(v, c)));
        }
    }
    const int accessor = add_accessor(model,
                                      numbers,
                                      TINYGLTF_TARGET_ARRAY_BUFFER,
                                      TINYGLTF_COMPONENT_TYPE_FLOAT,
                                      TINYGLTF_TYPE_VEC3);
    // Bounds, of the floats as stored: glTF asks for them.
    const Eigen::RowVector3f low = points.colwise().minCoeff().cast<float>();
    const Eigen::RowVector3f high = points.colwise().maxCoeff().cast<float>();
    model.accessors.back().minValues = {low[0], low[1], low[2]};
    model.accessors.back().maxValues = {high[0], high[1], high[2]};
    return accessor;
}

} // namespace

Bytes hands_glb(const PicturedPrediction& prediction) {
    tinygltf::Model model;
    model.asset.version = "2.0";
    model.asset.generator = "renderih";
    model.buffers.emplace_back();
    tinygltf::Node root;
    root.name = "camera_axes";
    root.rotation = {1, 0, 0, 0}; // half a turn about x
    root.children = {1, 2};
    model.nodes.push_back(root);
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const PicturedHand& from = prediction.hands[hand];
        RIH_ASSERT(from.vertices.rows() > 0 && !from.faces.empty(), "a hand without a surface");
        tinygltf::Material material;
        material.name = kHandNames[hand];
        const std::array<double, 3>& colour = kHandColours[hand];
        material.pbrMetallicRoughness.baseColorFactor = {colour[0], colour[1], colour[2], 1};
        material.pbrMetallicRoughness.metallicFactor = 0;
        material.pbrMetallicRoughness.roughnessFactor = kRoughness;
        model.materials.push_back(material);

        std::vector<std::uint32_t> corners;
        for (const std::array<int, 3>& face : from.faces) {
            corners.insert(corners.end(), face.begin(), face.end());
        }
        tinygltf::Primitive surface;
        surface.mode = TINYGLTF_MODE_TRIANGLES;
        surface.material = static_cast<int>(hand);
        surface.attributes["POSITION"] = add_points(model, from.vertices);
        surface.attributes["NORMAL"] = add_points(model, vertex_normals(from.vertices, from.faces));
        surface.indices = add_accessor(model,
                                       corners,
                                       TINYGLTF_TARGET_ELEMENT_ARRAY_BUFFER,
                                       TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT,
                                       TINYGLTF_TYPE_SCALAR);
        tinygltf::Mesh mesh;
        mesh.name = kHandNames[hand];
        mesh.primitives.push_back(surface);
        model.meshes.push_back(mesh);
        tinygltf::Node node;
        node.name = kHandNames[hand];
        node.mesh = static_cast<int>(hand);
        model.nodes.push_back(node);
    }
    tinygltf::Scene scene;
    scene.nodes = {0};
    model.scenes.push_back(scene);
    model.defaultScene = 0;
    std::ostringstream stream;
    tinygltf::TinyGLTF writer;
    RIH_ASSERT(writer.WriteGltfSceneToStream(&model, stream, false, true), "glTF was not written");
    const std::string text = std::move(stream).str();
    return {text.begin(), text.end()};
}

} // namespace rih::learn
