// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/distributions.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <numeric>

namespace rih {
namespace {

using testing::Contains;
using testing::ElementsAre;

const Distribution& named(const std::vector<Distribution>& list, const std::string& title) {
    const auto found = std::ranges::find(list, title, &Distribution::title);
    if (found == list.end()) {
        throw std::out_of_range(title);
    }
    return *found;
}

std::uint64_t total(const Distribution& distribution) {
    return std::accumulate(
        distribution.counts.begin(), distribution.counts.end(), std::uint64_t{0});
}

TEST(Distribution, CountsIntoHalfOpenBinsAndClampsTheEnds) {
    Distribution d{.low = 0, .high = 4};
    d.counts.resize(4);
    for (const double value : {-7.0, 0.0, 1.0, 1.999, 3.0, 4.0, 1e300, std::nan("")}) {
        count(value, d);
    }
    EXPECT_THAT(d.counts, ElementsAre(2, 2, 0, 3));
}

TEST(Distribution, RowsAreCountedOnceAColumn) {
    std::vector<PageRow> rows(5);
    rows[0].mask_iou = 0.5;
    rows[1].worn = {"ring", "watch"};
    rows[2].place = "street";
    rows[3].monk = 10;
    rows[4].ita_class = "brown";
    const auto list = row_distributions(rows);
    for (const Distribution& distribution : list) {
        if (distribution.labels.empty()) {
            EXPECT_EQ(total(distribution), 5 * distribution.columns.size()) << distribution.title;
        } else {
            EXPECT_EQ(distribution.labels.size(), distribution.counts.size());
        }
    }
    EXPECT_EQ(named(list, "Overlap of the hands' masks (IoU)").counts[20], 1u);
    EXPECT_EQ(total(named(list, "Worn")), 2u);
    EXPECT_THROW(named(list, "Near the hands"), std::out_of_range); // no row has any
    EXPECT_EQ(named(list, "Skin tone by Monk swatch").counts.back(), 1u);
    const Distribution& classes = named(list, "Skin tone by ITA class");
    EXPECT_EQ(classes.labels.front(), "very_light"); // from light to dark, also without a row
    EXPECT_THAT(classes.labels, Contains("brown"));
}

TEST(Distribution, RareLabelsAreCountedTogether) {
    std::vector<PageRow> rows(60);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].source_id = "pose " + std::to_string(i % 40);
    }
    const auto list = row_distributions(rows);
    const Distribution& sources = named(list, "Source of the pose");
    EXPECT_EQ(sources.labels.back(), "16 others");
    EXPECT_EQ(total(sources), 60u);
    EXPECT_EQ(sources.counts.front(), 2u); // the most frequent first
}

TEST(Distribution, AnglesHaveTable2sLimits) {
    PairAngles pair{};
    pair[0][0].bend = 30 * kDegree; // index root of the right hand
    const auto list = angle_distributions(std::vector<PairAngles>{pair});
    ASSERT_EQ(list.size(), 45u);
    EXPECT_EQ(list.front().title, "thumb1 twist");
    EXPECT_EQ(list.back().title, "pinky3 bend");
    const Distribution& bend = named(list, "index1 bend");
    EXPECT_EQ(total(bend), 2u); // both hands
    const auto bin = static_cast<std::size_t>((30 - bend.low) / (bend.high - bend.low) * 40);
    EXPECT_EQ(bend.counts[bin], 1u);
    EXPECT_DOUBLE_EQ(bend.limits[0], table2_limits()[0].bend.low / kDegree);
    EXPECT_DOUBLE_EQ(bend.limits[1], table2_limits()[0].bend.high / kDegree);
    EXPECT_THAT(named(list, "index2 splay").limits, ElementsAre(0, 0));
}

} // namespace
} // namespace rih
