// SPDX-License-Identifier: Apache-2.0
// The page itself: web/page.html, which this program holds, and the JSON that it starts from.
#pragma once

#include "renderih/pipeline/verify.h"
#include "renderih/report/dataset_scan.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rih {

/// The page's text around its two marks: where the head's JSON goes, and where blocks of data go.
struct PageText {
    std::string_view before_head, before_blocks, after_blocks;
};
PageText page_text();

struct PageFacts {
    const DatasetReader* reader = nullptr;
    const HandPair* hands = nullptr;
    const DatasetScan* scan = nullptr;
    std::span<const PageRow> rows;         ///< those that the page has pictures of
    std::optional<VerifySummary> verified; ///< none: was not asked for
    bool live = false;                     ///< pictures come from a server
};

/// The head: what the page knows at once. JSON that may stand inside a script element.
std::string page_head(const PageFacts& facts);

/// A script element that holds data and runs nothing. `text` must be script_safe, as base64 is.
std::string data_block(std::string_view id, std::string_view text);

/// JSON that may stand inside a script element: no "</script>", no "<!--".
std::string script_safe(std::string json);

} // namespace rih
