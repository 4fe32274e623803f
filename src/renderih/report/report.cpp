// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/report.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/pipeline/dataset_hands.h"
#include "renderih/report/packing.h"
#include "renderih/report/page.h"
#include "renderih/report/page_source.h"

namespace rih {

namespace {

/// A page holds many pictures: these take about 40 KB a record.
constexpr PageSizes kSizes = {.thumbnail = 224, .picture = 512};

std::vector<PageRow> even_choice(std::span<const PageRow> rows, std::size_t most) {
    if (rows.size() <= most) {
        return {rows.begin(), rows.end()};
    }
    std::vector<PageRow> chosen;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if ((i + 1) * most / rows.size() > i * most / rows.size()) {
            chosen.push_back(rows[i]);
        }
    }
    return chosen;
}

/// The block of one thing, or nothing when the record's files are damaged: verify says so.
template <typename Make>
std::string block_of(const char* kind, std::uint64_t record, const Make& make) {
    try {
        return data_block(fmt::format("/{}/{}", kind, record_key(record)), make());
    } catch (const UserError&) {
        return {};
    }
}

/// What is wanted at once of every record, then what one record's view needs.
struct Blocks {
    std::string small, large;
};

Blocks blocks_of(const PageSource& source, const PageRow& row, bool first_of_pose) {
    const std::uint64_t record = row.record;
    Blocks blocks;
    blocks.small = block_of("thumbnail", record, [&] { return base64(source.thumbnail(record)); });
    blocks.large = block_of("picture", record, [&] { return base64(source.picture(record)); });
    blocks.large += block_of("labels", record, [&] { return base64(source.labels(record)); });
    blocks.large += block_of("details", record, [&] { return base64(source.details(record)); });
    if (first_of_pose) {
        blocks.large +=
            block_of("vertices", record, [&] { return base64(source.vertices(record)); });
    }
    return blocks;
}

} // namespace

ReportSummary write_report(const ReportOptions& options) {
    RIH_REQUIRE(
        options.max_pictures >= 0, "pictures is {}; it must be 0 or more", options.max_pictures);
    const DatasetReader reader(options.folder, [](const std::string&) {}); // verify names the rows
    require_generated(reader, "the report");
    std::optional<VerifySummary> verified;
    if (options.check) {
        verified = verify({options.folder, options.hand, options.threads});
    }
    const HandPair hands = hands_of_dataset(reader, options.hand);
    const DatasetScan scan = scan_dataset(reader, hands, options.threads);
    const std::vector<PageRow> rows =
        even_choice(scan.rows, static_cast<std::size_t>(options.max_pictures));

    const PageSource source(reader, hands, kSizes);
    std::vector<Blocks> blocks(rows.size());
    {
        Progress progress("pictures", rows.size());
        parallel_for(rows.size(), options.threads, [&](std::size_t i) {
            const bool first_of_pose = i == 0 || rows[i - 1].pose != rows[i].pose;
            blocks[i] = blocks_of(source, rows[i], first_of_pose);
            progress.step();
        });
    }

    const PageText text = page_text();
    std::string page(text.before_head);
    page += page_head({&reader, &hands, &scan, rows, std::move(verified), false});
    page += text.before_blocks;
    for (const Blocks& block : blocks) {
        page += block.small;
    }
    page += data_block("/faces", base64(source.faces()));
    for (const Blocks& block : blocks) {
        page += block.large;
    }
    page += text.after_blocks;
    write_file_atomically(options.out, page);
    return {scan.rows.size(), rows.size(), page.size()};
}

} // namespace rih
