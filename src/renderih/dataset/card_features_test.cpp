// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/card_features.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CardFeatures, NamesThePicturesThatThereAre) {
    const std::string text =
        card_features(R"({"image": {"rgb_format": "webp", "normal": true, "uv": false}})");
    EXPECT_THAT(text, HasSubstr("dataset_info:\n  features:\n  - name: __key__\n"));
    EXPECT_THAT(text, HasSubstr("  - name: json\n    dtype: json\n"));
    EXPECT_THAT(text, HasSubstr("  - name: rgb.webp\n    dtype: image\n"));
    EXPECT_THAT(text, HasSubstr("  - name: normal.png\n"));
    EXPECT_THAT(text, Not(HasSubstr("uv.png")));
    EXPECT_THAT(text, Not(HasSubstr("albedo.png")));
}

TEST(CardFeatures, SaysNothingOfOtherConfigurations) {
    for (const char* json : {"{}",
                             R"({"image": 1})",
                             R"({"image": {"rgb_format": 7}})",
                             R"({"image": {"rgb_format": "jpg\n- split: evil"}})"}) {
        EXPECT_EQ(card_features(json), "") << json;
    }
}

} // namespace
} // namespace rih
