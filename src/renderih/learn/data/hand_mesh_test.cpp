// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/hand_mesh.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/kinematics.h"
#include "renderih/hand/testing/mano_file.h"
#include "renderih/hand/testing/mano_like.h"
#include "renderih/hand/testing/test_hand.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace rih::learn {
namespace {

HandModel open_hand() {
    return load_hand(std::filesystem::path(std::getenv("RENDERIH_ASSETS")) / "hand/right.npz",
                     Side::Right);
}

TEST(HandMesh, LeavesOutTheForearmAndKeepsItsFaces) {
    const HandModel model = open_hand();
    const HandMesh mesh = hand_mesh(model);
    std::set<std::array<int, 3>> expected;
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        if (model.part_of_face[f] <= 16) {
            expected.insert(model.faces[f]);
        }
    }
    std::set<std::array<int, 3>> found;
    for (const auto& face : mesh.faces) {
        found.insert({mesh.model_vertices[static_cast<std::size_t>(face[0])],
                      mesh.model_vertices[static_cast<std::size_t>(face[1])],
                      mesh.model_vertices[static_cast<std::size_t>(face[2])]});
    }
    EXPECT_EQ(found, expected);
    EXPECT_LT(mesh.vertex_count(), model.vertex_count());
    EXPECT_EQ(border_loops(mesh.faces).size(), 1U); // the wrist
}

// A file of MANO's layout gets a forearm when it is read; the mesh is the file's own vertices.
TEST(HandMesh, OfManosLayoutIsTheFilesOwn) {
    const TempFolder folder;
    const HandModel like = make_mano_like(open_hand()).hand;
    ASSERT_EQ(like.vertex_count(), 778);
    write_mano_npz(folder.path() / "right.npz", like);
    const HandModel read = load_hand(folder.path() / "right.npz", Side::Right);
    ASSERT_GT(read.vertex_count(), 778);
    const HandMesh mesh = hand_mesh(read);
    ASSERT_EQ(mesh.vertex_count(), 778);
    for (int v = 0; v < 778; ++v) {
        EXPECT_EQ(mesh.model_vertices[static_cast<std::size_t>(v)], v);
    }
    EXPECT_EQ(mesh.faces.size(), like.faces.size());
    EXPECT_TRUE(mesh.template_vertices.isApprox(like.template_vertices, 1e-6));
}

// The joints of a posed mesh lie where the skeleton's do: exactly at rest, within millimetres bent.
TEST(HandMesh, RegressesTheJoints) {
    const HandModel model = open_hand();
    const HandMesh mesh = hand_mesh(model);
    const Eigen::SparseMatrix<double, Eigen::RowMajor> regressor =
        mesh.joint_regressor.cast<double>();
    const VecX sums = regressor * VecX::Ones(mesh.vertex_count());
    EXPECT_LT((sums.array() - 1).abs().maxCoeff(), 1e-6);
    HandPose pose;
    pose.shape = VecX::Zero(model.shape_count());
    for (const double bend : {0.0, 0.6}) {
        for (std::size_t j = 1; j < 16; ++j) {
            pose.axis_angle[j] = Vec3(0, 0, bend);
        }
        pose.axis_angle[kForearmJoint] = Vec3(0, bend / 2, bend);
        const HandState state = pose_hand(model, pose);
        const Points joints = regressor * Points(state.vertices(mesh.model_vertices, Eigen::all));
        const double error = (joints - keypoints_mano21(model, state)).rowwise().norm().maxCoeff();
        EXPECT_LT(error, bend == 0 ? 1e-7 : 4e-3) << bend;
    }
}

TEST(HandMesh, NamesAJointThatHangsOnTheForearm) {
    HandModel model = make_test_hand();
    std::vector<bool> is_hand(static_cast<std::size_t>(model.vertex_count()));
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        for (const int v : model.faces[f]) {
            if (model.part_of_face[f] <= 16) {
                is_hand[static_cast<std::size_t>(v)] = true;
            }
        }
    }
    const auto forearm = std::ranges::find(is_hand, false) - is_hand.begin();
    std::vector<Eigen::Triplet<double>> entries;
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        entries.emplace_back(j, forearm, 1.0);
    }
    model.joint_regressor.setFromTriplets(entries.begin(), entries.end());
    try {
        hand_mesh(model);
        FAIL();
    } catch (const UserError& error) {
        EXPECT_NE(std::string(error.what()).find("joint wrist hangs on"), std::string::npos)
            << error.what();
    }
}

} // namespace
} // namespace rih::learn
