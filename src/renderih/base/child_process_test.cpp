// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/child_process.h"

#include "renderih/base/error.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(ChildProcess, PassesArgumentsAsTheyAre) {
    const ChildResult result =
        run_child("/bin/sh", {"-c", "printf '%s|' \"$@\"; exit 3", "sh", "a b", "$HOME", ""});
    EXPECT_EQ(result.output, "a b|$HOME||");
    EXPECT_EQ(result.status, 3);
}

TEST(ChildProcess, TellsASignal) {
    EXPECT_EQ(run_child("/bin/sh", {"-c", "kill -9 $$"}).status, 128 + 9);
}

TEST(ChildProcess, IsStoppedWhenItWritesTooMuch) {
    EXPECT_THROW(run_child("/bin/sh", {"-c", "while :; do echo much; done"}, 10'000), UserError);
}

TEST(ChildProcess, ThatIsNotThereIsNamed) {
    try {
        run_child("/no/such/program", {});
        FAIL();
    } catch (const UserError& error) {
        EXPECT_NE(std::string(error.what()).find("/no/such/program"), std::string::npos);
    }
}

} // namespace
} // namespace rih
