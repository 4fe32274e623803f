// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/generate_options.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rih {
namespace {

GenerateOptions from_toml(const std::string& text) {
    const TempFolder folder;
    write_file_atomically(folder.path() / "c.toml", text);
    GenerateOptions options;
    read_toml(folder.path() / "c.toml", options);
    return options;
}

std::string complaint(const std::string& text) {
    try {
        from_toml(text).validate();
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

TEST(GenerateOptions, TomlSetsNestedFieldsAndLeavesTheRest) {
    const GenerateOptions options = from_toml("seed = 5\nsplit_fractions = [0.8, 0.1, 0.1]\n"
                                              "[image]\nspp = 9\nrgb_format = \"png\"\n"
                                              "[posing]\nwithout = [\"adversarial\"]\n"
                                              "max_self_penetration = 0.001\n");
    EXPECT_EQ(options.seed, 5u);
    EXPECT_EQ(options.image.spp, 9);
    EXPECT_EQ(options.image.rgb_format, "png");
    EXPECT_EQ(options.posing.without, std::vector<std::string>{"adversarial"});
    EXPECT_EQ(options.posing.max_self_penetration, 0.001);
    EXPECT_EQ(options.split_fractions[0], 0.8);
    EXPECT_EQ(options.views, GenerateOptions{}.views);
}

TEST(GenerateOptions, ComplaintsNameTheField) {
    using testing::HasSubstr;
    EXPECT_THAT(complaint("sede = 1"), HasSubstr("sede"));
    EXPECT_THAT(complaint("[image]\nspp = \"many\""), HasSubstr("image.spp"));
    EXPECT_THAT(complaint("[image]\nspp = 0"), HasSubstr("image.spp"));
    EXPECT_THAT(complaint("[image]\nring = 1.5"), HasSubstr("image.ring"));
    EXPECT_THAT(complaint("[image]\nsleeve = -0.1"), HasSubstr("image.sleeve"));
    EXPECT_THAT(complaint("views = -1"), HasSubstr("views"));
    EXPECT_THAT(complaint("views = 99999999999"), HasSubstr("views"));
    EXPECT_THAT(complaint("split_fractions = [1]"), HasSubstr("split_fractions"));
    EXPECT_THAT(complaint("split_fractions = [0.5, 0.1, 0.1]"), HasSubstr("split_fractions"));
    EXPECT_THAT(complaint("[image]\nrgb_format = \"gif\""), HasSubstr("gif"));
    EXPECT_THAT(complaint("views = "), HasSubstr("c.toml:1"));
    EXPECT_THAT(complaint("[image]\ndenoise = tru\n"), testing::Not(HasSubstr("\n")));
    EXPECT_EQ(complaint(""), "");
}

TEST(GenerateOptions, JsonHoldsEveryFieldThatTomlSets) {
    EXPECT_EQ(from_toml("[image]\nnormal = true").to_json().find("\"normal\":true") ==
                  std::string::npos,
              false);
    EXPECT_NE(from_toml("seed = 3").to_json(), from_toml("seed = 4").to_json());
    EXPECT_NE(from_toml("[posing]\nanatomy = 2.5").to_json(), GenerateOptions{}.to_json());
}

TEST(GenerateOptions, ComeBackFromTheirJson) {
    const GenerateOptions options =
        from_toml("seed = 5\nposes = 7\nsplit_fractions = [0.8, 0.1, 0.1]\n"
                  "[image]\nspp = 9\nuv = true\n"
                  "[posing]\nwithout = [\"adversarial\", \"self\"]\n");
    const std::string json = options.to_json();
    EXPECT_EQ(options_from_json(json, "x").to_json(), json);
    const auto refused = [&](const std::string& from, const std::string& to) {
        std::string changed = json;
        changed.replace(changed.find(from), from.size(), to);
        EXPECT_THROW(options_from_json(changed, "x"), UserError) << to;
    };
    refused("\"spp\":9", "\"spp\":-9");
    refused("\"spp\":9", "\"spp\":\"9\"");
    refused("\"spp\":9", "\"spp\":9.5");
    refused("\"spp\":9", "\"spp\":9,\"more\":1");
    refused("\"uv\":true,", "");
    refused("[0.8,0.1,0.1]", "[0.8,0.1]");
}

TEST(GenerateOptions, Size) {
    ImageOptions image;
    set_size("640x480", image);
    EXPECT_EQ(image.width, 640);
    EXPECT_EQ(image.height, 480);
    for (const char* bad :
         {"", "x", "640", "640x", "x480", "640x-1", "640x480x3", "a640x480", "0x4"}) {
        EXPECT_THROW(set_size(bad, image), UserError) << bad;
    }
}

} // namespace
} // namespace rih
