// SPDX-License-Identifier: Apache-2.0
// Released pairs side by side, for a look: 0 .. count - 1 row by row, ten in a row.
#include "renderih/study/pair_picture.h"
#include "renderih/study/study_context.h"

#include "renderih/base/error.h"

#include <fmt/ranges.h>

namespace rih {

std::string study_pairs(const StudyContext& context) {
    constexpr std::size_t kColumns = 10, kMostPairs = 1000;
    constexpr int kSidePx = 200; // shows single fingers
    RIH_REQUIRE(context.count() <= kMostPairs,
                "count is {}; a sheet holds at most {} pairs",
                context.count(),
                kMostPairs);
    const PoseEngine engine(context.hands, context.posing(), context.assets.path);
    std::vector<std::vector<PictureHands>> columns(
        std::min<std::size_t>(kColumns, context.count()));
    for (std::size_t c = 0; c < columns.size(); ++c) {
        columns[c].resize((context.count() - c + kColumns - 1) / kColumns);
    }
    std::vector<std::string> names(context.count());
    Progress progress("pairs", context.count());
    const std::size_t batches = (context.count() + PoseEngine::kBatch - 1) / PoseEngine::kBatch;
    parallel_for(batches, context.threads, [&](std::size_t b) {
        std::vector<std::uint64_t> ids;
        for (std::uint64_t id = b * PoseEngine::kBatch;
             id < std::min<std::uint64_t>(context.count(), (b + 1) * PoseEngine::kBatch);
             ++id) {
            ids.push_back(id);
        }
        for (const PosePair& pair : engine.make_all(context.seed(), ids)) {
            PictureHands& picture = columns[pair.id % kColumns][pair.id / kColumns];
            for (int h = 0; h < 2; ++h) {
                picture.vertices[h] = pose_hand(context.hands.hands[h], pair.pose[h]).vertices;
            }
            names[pair.id] = pair.source_id;
            progress.step();
        }
    });
    write_contact_sheet(context.file("pairs.jpg"), context.hands, columns, kSidePx);
    std::string markdown = "![Released pairs, ten in a row](pairs.jpg)\n\n";
    for (std::size_t row = 0; row * kColumns < names.size(); ++row) {
        const auto first = names.begin() + static_cast<std::ptrdiff_t>(row * kColumns);
        const auto last = names.begin() +
                          static_cast<std::ptrdiff_t>(std::min(names.size(), (row + 1) * kColumns));
        markdown += fmt::format("{}. {}\n", row + 1, fmt::join(first, last, ", "));
    }
    return markdown;
}

} // namespace rih
