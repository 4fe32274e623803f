// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/solid_pieces.h"

#include "renderih/base/error.h"
#include "renderih/geometry/test_meshes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::make_box;

struct Box {
    double half;
    Vec3 middle;
    bool turned = false; ///< clockwise from outside
};

TriMesh joined(const std::vector<Box>& boxes) {
    TriMesh result;
    for (const Box& box : boxes) {
        const TriMesh one = make_box(box.half);
        const auto first = static_cast<int>(result.vertices.rows());
        result.vertices.conservativeResize(first + 8, 3);
        result.vertices.bottomRows(8) = one.vertices.rowwise() + box.middle.transpose();
        for (const auto& [a, b, c] : one.faces) {
            result.faces.push_back(
                {first + (box.turned ? b : a), first + (box.turned ? a : b), first + c});
        }
    }
    return result;
}

std::string error_of(const std::vector<Box>& boxes) {
    try {
        require_solid(joined(boxes), "boxes");
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

TEST(SolidPieces, SolidsAndTheirCavitiesPass) {
    EXPECT_EQ(error_of({{1, {0, 0, 0}}, {1, {5, 0, 0}}}), "");
    EXPECT_EQ(error_of({{1, {0, 0, 0}}, {1, {1, 0, 0}}}), ""); // overlapping solids
    EXPECT_EQ(error_of({{1, {0, 0, 0}}, {0.5, {0, 0, 0}, true}}), "");
    EXPECT_EQ(error_of({{0.2, {0.5, 0, 0}, true}, {0.2, {-0.5, 0, 0}, true}, {1, {0, 0, 0}}}), "");
    // A solid in the cavity, and a cavity in that.
    EXPECT_EQ(
        error_of(
            {{1, {0, 0, 0}}, {0.8, {0, 0, 0}, true}, {0.6, {0, 0, 0}}, {0.4, {0, 0, 0}, true}}),
        "");
}

TEST(SolidPieces, APieceTurnedRoundIsTheUsersErrorAndIsNamed) {
    // Its volume hides behind that of the larger one.
    EXPECT_THAT(error_of({{2, {9, 0, 0}}, {1, {0, 0, 0}, true}}),
                ::testing::HasSubstr("boxes: the piece of 12 faces about (0, 0, 0) is clockwise"));
    // It leaves the solid that it would be a cavity of.
    EXPECT_THAT(error_of({{2, {0, 0, 0}}, {1, {1.5, 0, 0}, true}}),
                ::testing::HasSubstr("meets the piece"));
    // A cavity in a cavity.
    EXPECT_NE(error_of({{1, {0, 0, 0}}, {0.8, {0, 0, 0}, true}, {0.4, {0, 0, 0}, true}}), "");
    EXPECT_NE(error_of({{1, {0, 0, 0}, true}}), "");
}

TEST(SolidPieces, APieceInAPlaneIsTheUsersError) {
    TriMesh mesh = joined({{1, {0, 0, 0}}});
    mesh.vertices.conservativeResize(11, 3);
    mesh.vertices.bottomRows(3) << 5.1, 0.3, 0.7, 6.3, 0.9, 0.2, 5.5, 1.1, 0.4;
    mesh.faces.push_back({8, 9, 10});
    mesh.faces.push_back({8, 10, 9});
    EXPECT_THROW(require_solid(mesh, "box and sheet"), UserError);
}

} // namespace
} // namespace rih
