// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/predict/hand_glb.h"

#include <gtest/gtest.h>
#include <tiny_gltf.h>

#include <cstring>

namespace rih::learn {
namespace {

/// Two triangles in one plane before the camera, facing it.
PicturedPrediction prediction() {
    PicturedPrediction result;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        PicturedHand& to = result.hands[hand];
        to.vertices.resize(4, 3);
        const double x = hand == 0 ? 0.1 : -0.3;
        to.vertices << x, 0, 0.5, x + 0.1, 0, 0.5, x, 0.2, 0.5, x + 0.1, 0.2, 0.5;
        to.faces = {{0, 2, 1}, {1, 2, 3}}; // counter-clockwise seen from the origin: y goes down
    }
    return result;
}

TEST(HandGlb, IsReadByTheLibraryAsItWasWritten) {
    const Bytes bytes = hands_glb(prediction());
    tinygltf::TinyGLTF reader;
    tinygltf::Model model;
    std::string error, warning;
    ASSERT_TRUE(reader.LoadBinaryFromMemory(
        &model, &error, &warning, bytes.data(), static_cast<unsigned>(bytes.size())))
        << error;
    EXPECT_TRUE(error.empty() && warning.empty()) << error << warning;
    ASSERT_EQ(model.meshes.size(), 2u);
    EXPECT_EQ(model.nodes[0].rotation, (std::vector<double>{1, 0, 0, 0}));
    EXPECT_EQ(model.scenes[0].nodes, std::vector<int>{0});
    for (int hand = 0; hand < 2; ++hand) {
        const tinygltf::Node& node = model.nodes[static_cast<std::size_t>(hand) + 1];
        EXPECT_EQ(node.name, hand == 0 ? "right" : "left");
        const auto& surface = model.meshes[static_cast<std::size_t>(node.mesh)].primitives.at(0);
        const auto accessor = [&](int index) -> const tinygltf::Accessor& {
            return model.accessors[static_cast<std::size_t>(index)];
        };
        const auto floats = [&](int index) {
            const tinygltf::BufferView& view =
                model.bufferViews[static_cast<std::size_t>(accessor(index).bufferView)];
            std::vector<float> numbers(view.byteLength / sizeof(float));
            std::memcpy(
                numbers.data(), model.buffers[0].data.data() + view.byteOffset, view.byteLength);
            return numbers;
        };
        const int position = surface.attributes.at("POSITION");
        EXPECT_EQ(accessor(position).count, 4u);
        EXPECT_FLOAT_EQ(floats(position)[3], hand == 0 ? 0.2f : -0.2f);
        EXPECT_EQ(accessor(position).minValues[0], floats(position)[0]);
        EXPECT_EQ(accessor(position).maxValues[1], floats(position)[7]);
        EXPECT_EQ(floats(surface.attributes.at("NORMAL"))[2], -1); // towards the camera
        EXPECT_EQ(accessor(surface.indices).count, 6u);
    }
}

} // namespace
} // namespace rih::learn
