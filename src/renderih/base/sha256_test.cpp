// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/sha256.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, KnownAnswers) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PiecesAndFilesAgreeWithTheWhole) {
    const std::string text(200000, 'x');
    Sha256 digest;
    digest.update(as_bytes(std::string_view(text).substr(0, 70001)));
    digest.update(as_bytes(std::string_view(text).substr(70001)));
    const TempFolder folder;
    write_file_atomically(folder.path() / "f", text);
    EXPECT_EQ(digest.finish(), sha256_hex(text));
    EXPECT_EQ(sha256_of_file(folder.path() / "f"), sha256_hex(text));
    EXPECT_THROW(sha256_of_file(folder.path() / "none"), UserError);
}

} // namespace
} // namespace rih
