// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"

#include <gtest/gtest.h>

#include <string>

namespace rih {
namespace {

TEST(Printable, ReplacesWhatATerminalWouldObey) {
    EXPECT_EQ(printable("a\nb\x1b[2Jc\x7f\r"), "a?b?[2Jc??");
    EXPECT_EQ(printable("h\xc3\xa4nd \xf0\x9f\xa4\x9a"), "h\xc3\xa4nd \xf0\x9f\xa4\x9a");
    EXPECT_EQ(printable("\xc2\x9b"
                        "2J"),
              "?2J");                         // CSI as one character
    EXPECT_EQ(printable("\xe4x\xc3"), "?x?"); // Latin-1 and a cut character
    EXPECT_EQ(printable("abcdef", 3), "abc...");
    EXPECT_EQ(printable("ab\xc3\xa4", 3), "ab...");
}

TEST(UserError, IsOneLineWhateverAFileGaveToIt) {
    const std::string name_of_an_array = "a\nb\x1b[2J";
    try {
        RIH_REQUIRE(false, "t.npz: no array '{}'", name_of_an_array);
        FAIL();
    } catch (const UserError& error) {
        EXPECT_STREQ(error.what(), "t.npz: no array 'a?b?[2J'");
    }
}

} // namespace
} // namespace rih
