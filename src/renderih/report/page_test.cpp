// SPDX-License-Identifier: Apache-2.0
// The page that the program holds, and what is put into it.
#include "renderih/report/page.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace rih {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string whole_page() {
    const PageText text = page_text();
    return std::string(text.before_head) + std::string(text.before_blocks) +
           std::string(text.after_blocks);
}

TEST(Page, HasEachMarkOnce) {
    const std::string page = whole_page();
    EXPECT_THAT(page, Not(HasSubstr("<!--HEAD-->")));
    EXPECT_THAT(page, Not(HasSubstr("<!--BLOCKS-->")));
}

// It must show its first pictures while the rest is still being read: the head comes before the
// program, and the program before the blocks.
TEST(Page, StartsBeforeItsDataIsThere) {
    const PageText text = page_text();
    EXPECT_TRUE(text.before_head.ends_with("id=\"head\">"));
    EXPECT_THAT(std::string(text.before_blocks), HasSubstr("<script>"));
    EXPECT_LT(text.after_blocks.size(), 100u);
}

TEST(Page, IsAllowedNothingFromElsewhere) {
    const std::string page = whole_page();
    EXPECT_THAT(page, HasSubstr("Content-Security-Policy"));
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
    for (const char* outside : {"src=\"http", "href=\"http", "@import", "src=\"//"}) {
        EXPECT_THAT(page, Not(HasSubstr(outside)));
    }
}

TEST(Page, ShipsTheLicenceOfWhatIsInIt) {
    EXPECT_THAT(whole_page(), HasSubstr("SPDX-License-Identifier: MIT")); // three.js
}

TEST(ScriptSafe, NothingEndsTheScriptOrBeginsAComment) {
    const std::string hostile = R"x({"a":"</script><!--<script>alert(1)"})x";
    const std::string safe = script_safe(hostile);
    EXPECT_EQ(safe.find('<'), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(safe), nlohmann::json::parse(hostile));
}

} // namespace
} // namespace rih
