// SPDX-License-Identifier: Apache-2.0
#include "renderih/cluster/process.h"

#include "renderih/base/error.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

using testing::HasSubstr;

TEST(Process, ArgumentsArriveAsTheyAreAndBothOutputsComeBack) {
    const ProcessResult result = run_process({"sh",
                                              "-c",
                                              R"(printf %s "$1"; echo "it is $2" >&2; exit 7)",
                                              "sh",
                                              "a b'\"$c\n*",
                                              "late"});
    EXPECT_EQ(result.output, "a b'\"$c\n*");
    EXPECT_EQ(result.errors, "it is late\n");
    EXPECT_EQ(result.status, 7);
}

// More than a pipe holds, on both: whoever reads one to its end first waits for ever.
TEST(Process, MuchOutputOnBothPipesDoesNotHang) {
    const ProcessResult result = run_process(
        {"sh",
         "-c",
         "head -c 300000 /dev/zero >&2; head -c 500000 /dev/zero; head -c 9 /dev/zero >&2"});
    EXPECT_EQ(result.output.size(), 500000u);
    EXPECT_EQ(result.errors.size(), 300009u);
}

TEST(Process, ASignalIsNoSuccessAndInputIsEmpty) {
    EXPECT_EQ(run_process({"sh", "-c", "kill -9 $$"}).status, 128 + 9);
    EXPECT_EQ(run_process({"cat"}).output, "");
}

TEST(Process, AProgramThatIsNotThereIsNamed) {
    try {
        run_process({"no-such-program-here"});
        FAIL();
    } catch (const UserError& error) {
        EXPECT_THAT(error.what(), HasSubstr("no-such-program-here: there is no such program"));
    }
}

} // namespace
} // namespace rih
