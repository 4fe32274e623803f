// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/foreign/ply.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/testing/mutate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rih {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

const std::string kText = "ply\nformat ascii 1.0\ncomment x\nelement vertex 2\nproperty float z\n"
                          "property uchar red\nproperty double x\nproperty float y\n"
                          "element face 1\nproperty list uchar int vertex_indices\nend_header\n"
                          "3 7 1 2\n6 8 4.5 -5e-1\n3 0 1 0\n";

std::string error_of(const std::string& file) {
    try {
        ply_vertices(as_bytes(file), "x.ply");
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

TEST(Ply, ReadsTextAndBinaryWhateverStandsBesideTheCoordinates) {
    Points expected(2, 3);
    expected << 1, 2, 3, 4.5, -0.5, 6;
    EXPECT_EQ(ply_vertices(as_bytes(kText), "x"), expected);

    std::string binary = kText.substr(0, kText.find("end_header"));
    binary.replace(binary.find("ascii"), 5, "binary_little_endian");
    binary += "end_header\n";
    for (const auto& [z, x, y] : {std::tuple{3.0F, 1.0, 2.0F}, {6.0F, 4.5, -0.5F}}) {
        binary.append(reinterpret_cast<const char*>(&z), 4).append("\x07");
        binary.append(reinterpret_cast<const char*>(&x), 8);
        binary.append(reinterpret_cast<const char*>(&y), 4);
    }
    EXPECT_EQ(ply_vertices(as_bytes(binary), "x"), expected);
    EXPECT_THAT(error_of(binary.substr(0, binary.size() - 1)), HasSubstr("last vertex"));
}

TEST(Ply, NamesWhatIsWrong) {
    const auto with = [](const std::string& from, const std::string& to) {
        std::string changed = kText;
        changed.replace(changed.find(from), from.size(), to);
        return error_of(changed);
    };
    EXPECT_THAT(error_of(""), HasSubstr("x.ply"));
    EXPECT_THAT(with("ply", "obj"), HasSubstr("first line"));
    EXPECT_THAT(with("ascii", "binary_big_endian"), HasSubstr("format"));
    EXPECT_THAT(with("vertex 2", "vertex 2000000000"), HasSubstr("number of vertices"));
    EXPECT_THAT(with("vertex 2", "vertex -1"), HasSubstr("number of vertices"));
    EXPECT_THAT(with("vertex 2", "vertex 9"), HasSubstr("ends within a line"));
    EXPECT_THAT(with("property double x\n", ""), HasSubstr("x, y and z"));
    EXPECT_THAT(with("property double x", "property list uchar int x"), HasSubstr("no number"));
    EXPECT_THAT(with("element vertex", "element edge 3\nelement vertex"), HasSubstr("before"));
    EXPECT_THAT(with("4.5", "nan"), HasSubstr("no number"));
    EXPECT_THAT(with("4.5", "four"), HasSubstr("row of numbers"));
    EXPECT_THAT(with("end_header\n", ""), HasSubstr("x.ply"));
}

TEST(Ply, DamagedFilesAreRefusedOrRead) {
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const Bytes damaged = mutate(as_bytes(kText), i);
        const std::string error =
            error_of({reinterpret_cast<const char*>(damaged.data()), damaged.size()});
        EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    }
}

} // namespace
} // namespace rih
