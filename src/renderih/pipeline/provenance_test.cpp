// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/provenance.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/testing/test_hand.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

AssetFolder listed() {
    AssetFolder assets;
    assets.files["environments/a.exr"] = {"1", "CC0-1.0", {"skies 1"}};
    assets.files["environments/b.exr"] = {"2", "CC0-1.0", {"skies 1", "more 2"}};
    assets.files["hand/right.npz"] = {"3", "Apache-2.0", {"hands 1"}};
    assets.files["poses/packages.json"] = {"4", "MIT", {"poses 1"}};
    return assets;
}

std::vector<std::string> sources_of(const std::vector<AssetLicence>& licences) {
    std::vector<std::string> sources;
    for (const AssetLicence& licence : licences) {
        sources.push_back(licence.licence + " " + licence.source);
    }
    return sources;
}

TEST(Licences, AreOfWhatIsUsed) {
    const HandPair hands = make_test_hand_pair();
    EXPECT_EQ(sources_of(licences_of_inputs({}, listed(), hands)),
              (std::vector<std::string>{
                  "CC0-1.0 more 2", "CC0-1.0 skies 1", "Apache-2.0 hands 1", "MIT poses 1"}));
}

// What lies in the folder but is not listed has no digest, and no part in a data set.
TEST(Assets, EnvironmentsAreThoseListed) {
    EXPECT_EQ(listed().in_folder("environments"),
              (std::vector<std::string>{"environments/a.exr", "environments/b.exr"}));
    EXPECT_TRUE(listed().in_folder("env").empty());
}

// MANO's files under MANO's licence and a user's poses under their own, not under the open ones'.
TEST(Licences, OfUsersFilesAreTheirOwn) {
    const TempFolder folder;
    HandPair hands = make_test_hand_pair();
    GenerateOptions options;
    options.hand.clear();
    for (const char* name : {"right.pkl", "left.pkl", "poses.npz"}) {
        write_file_atomically(folder.path() / name, std::string_view(name));
    }
    options.hand =
        (folder.path() / "right.pkl").string() + "," + (folder.path() / "left.pkl").string();
    options.posing.sources = {(folder.path() / "poses.npz").string() + "=0.3"};
    options.posing.discriminator = (folder.path() / "judge.npz").string();
    write_file_atomically(options.posing.discriminator, std::string_view("weights"));
    for (const bool mano : {true, false}) {
        hands.hands[0].meta_json = mano ? R"({"format":"MANO"})" : R"({"licence":"mine"})";
        const auto found = sources_of(licences_of_inputs(options, listed(), hands));
        ASSERT_THAT(found, SizeIs(6));
        EXPECT_THAT(found[2], HasSubstr(mano ? "MANO: non-commercial" : "its own"));
        EXPECT_THAT(found[2], HasSubstr("right.pkl, sha256 "));
        EXPECT_THAT(found[3], HasSubstr("left.pkl, sha256 "));
        EXPECT_THAT(found[4], HasSubstr("its own poses.npz, sha256 "));
        EXPECT_THAT(found[5], HasSubstr("its own judge.npz, sha256 "));
    }
}

TEST(Hands, OfOneFileAreMirroredButNotMano) {
    const TempFolder folder;
    const auto path = folder.path() / "hand.npz";
    HandModel hand = make_test_hand();
    save_hand(path, hand);
    EXPECT_TRUE(mirrors_users_hand(path.string()));
    EXPECT_FALSE(mirrors_users_hand("open"));
    EXPECT_EQ(load_hands(path.string(), {})[Side::Left].side, Side::Left);
    hand.meta_json = R"({"format":"MANO"})"; // as `renderih hand` writes a MANO file
    save_hand(path, hand);
    EXPECT_THROW(load_hands(path.string(), {}), UserError);
}

} // namespace
} // namespace rih
