// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/packing.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/hand/testing/test_hand.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace rih {
namespace {

TEST(Base64, IsThatOfRfc4648) {
    EXPECT_EQ(base64(as_bytes("")), "");
    EXPECT_EQ(base64(as_bytes("f")), "Zg==");
    EXPECT_EQ(base64(as_bytes("fo")), "Zm8=");
    EXPECT_EQ(base64(as_bytes("foobar")), "Zm9vYmFy");
    EXPECT_EQ(base64(as_bytes("\xfb\xff\xfe")), "+//+");
}

TEST(Deflate, IsAZlibStream) {
    Bytes bytes(5000);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(i * i >> 4);
    }
    const Bytes packed = deflate(bytes);
    EXPECT_LT(packed.size(), bytes.size());
    Bytes again(bytes.size());
    uLongf size = again.size();
    ASSERT_EQ(::uncompress(again.data(), &size, packed.data(), packed.size()), Z_OK);
    EXPECT_EQ(size, bytes.size());
    EXPECT_EQ(again, bytes);
}

/// What the page does (web/src/packing.js), written again.
Points unpacked(const Bytes& bytes, const Vec3& origin, const std::vector<int>& before) {
    const std::size_t count = before.size();
    Points points(static_cast<Eigen::Index>(count), 3);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        std::vector<int> steps(count);
        for (std::size_t v = 0; v < count; ++v) {
            const int folded =
                bytes.at(2 * axis * count + v) + 256 * bytes.at((2 * axis + 1) * count + v);
            const int difference = folded % 2 == 0 ? folded / 2 : -(folded + 1) / 2;
            steps[v] =
                difference + (before[v] < 0 ? 0 : steps[static_cast<std::size_t>(before[v])]);
            points(static_cast<Eigen::Index>(v), static_cast<Eigen::Index>(axis)) =
                origin[static_cast<Eigen::Index>(axis)] + kVertexStep * steps[v];
        }
    }
    return points;
}

TEST(Vertices, ComeBackWithinHalfAStep) {
    const HandModel hand = make_test_hand();
    const std::vector<int> before = predecessors(hand.vertex_count(), hand.faces);
    const Vec3 origin(0.1, -0.2, 0.05);
    Bytes bytes;
    append_vertices(hand.template_vertices, origin, before, bytes);
    EXPECT_EQ(bytes.size(), 6 * before.size());
    const Points again = unpacked(bytes, origin, before);
    EXPECT_LE((again - hand.template_vertices).cwiseAbs().maxCoeff(), kVertexStep / 2 + 1e-12);
}

TEST(Vertices, PredecessorsAreEarlierNeighbours) {
    const std::vector<int> before = predecessors(5, {{0, 1, 2}, {2, 1, 4}});
    EXPECT_EQ(before, (std::vector<int>{-1, 0, 1, 2, 2}));
}

TEST(Vertices, FarOnesAreRefused) {
    const std::vector<int> before{-1, 0};
    Bytes bytes;
    for (const double far : {2.1, 1e300, std::nan("")}) {
        Points points = Points::Zero(2, 3);
        points(1, 1) = far;
        EXPECT_THROW(append_vertices(points, Vec3::Zero(), before, bytes), UserError) << far;
    }
}

} // namespace
} // namespace rih
