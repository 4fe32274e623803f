// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/card.h"

#include "renderih/base/temp_folder.h"
#include "renderih/dataset/testing/test_dataset.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const PlanOptions kPlan = {.seed = 7, .poses = 20, .views = 2, .records_per_shard = 4};

std::string card_in(const fs::path& dir) {
    return read_text_file(dir / "README.md", 1 << 20);
}

TEST(Card, CountsWhatTheRowsSay) {
    const DatasetPlan plan(kPlan);
    CardStatistics statistics;
    Record record = make_test_record(plan, 0);
    record.split = Split::Val;
    record.interaction.mask_iou = 0.1; // the upper bound belongs to its bin
    record.interaction.contact_area_mm2 = 0;
    record.appearance.monk = 10;
    record.track = 4;
    for (RecordHand& hand : record.hands) {
        hand.joint_visible.fill(false);
        hand.joint_occluded_by.fill(OccludedBy::Self);
        hand.joint_visible[0] = true;
        hand.joint_occluded_by[0] = OccludedBy::None;
    }
    add_row(flat_row_json(record), "row", statistics);
    record.interaction.mask_iou = 0;
    record.interaction.contact_area_mm2 = 3;
    record.split = Split::Train;
    add_row(flat_row_json(record), "row", statistics);
    EXPECT_THAT(statistics.records, ElementsAre(1, 1, 0));
    EXPECT_THAT(statistics.overlap[2], ElementsAre(0, 1, 0));
    EXPECT_THAT(statistics.overlap[0], ElementsAre(1, 0, 0));
    EXPECT_THAT(statistics.touching, ElementsAre(1, 0, 0));
    EXPECT_THAT(statistics.first_person, ElementsAre(1, 1, 0));
    EXPECT_THAT(statistics.monk[9], ElementsAre(1, 1, 0));
    EXPECT_THAT(statistics.ita_class.at("tan"), ElementsAre(1, 1, 0));
    EXPECT_THAT(statistics.keypoints, ElementsAre(4, 80, 0, 0, 0));
    EXPECT_EQ(statistics.things.at("worn_ring"), 2u);
    EXPECT_FALSE(statistics.things.contains("worn_watch"));
}

TEST(Card, RowsAreNotBelieved) {
    CardStatistics statistics;
    const std::string row = flat_row_json(make_test_record(DatasetPlan(kPlan), 0));
    for (const auto& [from, to] : std::map<std::string, std::string>{
             {"\"monk\":6", "\"monk\":11"},
             {"\"split\":\"", "\"split\":\"other"},
             {"\"ita_class\":", "\"ita_klass\":"},
             {"\"right_visible_joints\":", "\"right_visible_joints\":4444"}}) {
        std::string bad = row;
        const auto at = bad.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        bad.replace(at, from.size(), to);
        EXPECT_THROW(add_row(bad, "row", statistics), UserError) << to;
    }
}

TEST(Card, IsCompletedOnceTheSetIsFinished) {
    const TempFolder folder;
    const fs::path dir = folder.path() / "set";
    fill_dataset(dir, kPlan, {.part = 0, .parts = 2});
    const std::string first = card_in(dir);
    EXPECT_FALSE(complete_card(dir));
    EXPECT_EQ(card_in(dir), first);
    fill_dataset(dir, kPlan);
    EXPECT_TRUE(complete_card(dir));
    const std::string card = card_in(dir);
    EXPECT_THAT(first, Not(HasSubstr("What is in it")));
    EXPECT_THAT(card, HasSubstr("What is in it"));
    EXPECT_THAT(card, HasSubstr("| tan | 36 | 2 | 2 | 100.0 % |"));
    EXPECT_THAT(card, HasSubstr("| skies | CC0-1.0 | elsewhere |"));
    EXPECT_FALSE(complete_card(dir)); // nothing left to do
    EXPECT_EQ(card_in(dir), card);
}

TEST(Card, LeavesOnesOwnWordsAlone) {
    const TempFolder folder;
    const fs::path dir = folder.path() / "set";
    fill_dataset(dir, kPlan);
    overwrite(dir / "README.md", "mine");
    EXPECT_FALSE(complete_card(dir));
    EXPECT_EQ(card_in(dir), "mine");
    fs::remove(dir / "README.md");
    EXPECT_TRUE(complete_card(dir));
}

} // namespace
} // namespace rih
