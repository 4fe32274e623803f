// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/file.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/base/temp_folder.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace rih {
namespace {

TEST(File, RoundTripAndReplace) {
    const TempFolder folder;
    const auto path = folder.path() / "a";
    write_file_atomically(path, "first");
    write_file_atomically(path, "second");
    EXPECT_EQ(read_text_file(path, 100), "second");
    // Nothing temporary is left behind.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, RefusesWhatIsMissingTooLargeOrNoFile) {
    const TempFolder folder;
    EXPECT_THROW(read_file(folder.path() / "none", 10), UserError);
    EXPECT_THROW(read_file(folder.path(), 10), UserError);
    write_file_atomically(folder.path() / "a", "12345678901");
    EXPECT_THROW(read_file(folder.path() / "a", 10), UserError);
}

TEST(File, PipesAreNeitherWaitedForNorReplaced) {
    const TempFolder folder;
    const auto pipe = folder.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THROW(read_file(pipe, 10), UserError); // nobody writes: an open for reading would wait
    EXPECT_THROW(sha256_of_file(pipe), UserError);
    EXPECT_THROW(write_file_atomically(pipe, "x"), UserError);
    std::filesystem::create_symlink(pipe, folder.path() / "link");
    EXPECT_THROW(write_file_atomically(folder.path() / "link", "x"), UserError);
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
    EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "link"));
}

TEST(File, FailedWriteLeavesTheOldFile) {
    const TempFolder folder;
    EXPECT_THROW(write_file_atomically(folder.path() / "no" / "a", "x"), UserError);
    std::filesystem::create_directory(folder.path() / "taken");
    EXPECT_THROW(write_file_atomically(folder.path() / "taken", "x"), UserError);
    EXPECT_TRUE(std::filesystem::is_directory(folder.path() / "taken"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

} // namespace
} // namespace rih
