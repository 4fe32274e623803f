// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/verify.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/dataset/reader.h"
#include "renderih/hand/hand_io.h"
#include "renderih/pipeline/dataset_hands.h"
#include "renderih/pipeline/label_check.h"

#include <nlohmann/json.hpp>

#include <mutex>
#include <optional>

namespace rih {

namespace {

/// Everything of one record that verify reads.
std::map<std::string, Bytes> pictures_of(const ShardReader& shard, std::uint64_t record) {
    std::map<std::string, Bytes> members;
    for (const char* name :
         {"rgb.jpg", "rgb.png", "rgb.webp", "seg.png", "depth.png", "amodal.png"}) {
        if (shard.has_member(record, name)) {
            members[name] = shard.member(record, name);
        }
    }
    return members;
}

struct Collector {
    std::mutex mutex;
    std::vector<Finding> findings;
    std::vector<CheckCount> counts;

    void add(const Finding& finding) {
        const std::lock_guard lock(mutex);
        findings.push_back(finding);
    }
    void count(const std::array<bool, kLabelChecks.size()>& failed) {
        const std::lock_guard lock(mutex);
        for (std::size_t i = 0; i < failed.size(); ++i) {
            ++counts[i].records;
            counts[i].failed += failed[i];
        }
    }
};

} // namespace

std::string VerifySummary::text() const {
    std::string text;
    for (const Finding& finding : findings) {
        text += finding.text() + "\n";
    }
    for (const CheckCount& check : checks) {
        text += fmt::format("{} {}: {} of {} records\n",
                            check.failed == 0 ? "ok " : "OFF",
                            check.name,
                            check.records - check.failed,
                            check.records);
    }
    text += findings.empty()
                ? fmt::format("{}: {} records in {} shards verified, nothing is off",
                              folder.string(),
                              records,
                              shards)
                : fmt::format(
                      "{}: {} findings in {} records", folder.string(), findings.size(), records);
    return text;
}

std::string VerifySummary::json() const {
    nlohmann::ordered_json json{{"folder", folder.string()},
                                {"ok", findings.empty()},
                                {"shards", shards},
                                {"records", records},
                                {"checks", nlohmann::ordered_json::array()},
                                {"findings", nlohmann::ordered_json::array()}};
    for (const CheckCount& check : checks) {
        json["checks"].push_back(
            {{"name", check.name}, {"records", check.records}, {"failed", check.failed}});
    }
    for (const Finding& finding : findings) {
        json["findings"].push_back(
            {{"file", finding.file}, {"key", finding.key}, {"what", finding.what}});
    }
    return json.dump();
}

VerifySummary verify(const VerifyOptions& options) {
    const int threads = resolve_thread_count(options.threads);
    VerifySummary summary;
    summary.folder = options.folder;
    const DatasetReader reader(options.folder);
    const HandPair hands = hands_of_dataset(reader, options.hand);

    Collector collector;
    IntegrityOptions integrity;
    integrity.threads = threads;
    collector.findings = check_integrity(options.folder, integrity);
    CheckCount bytes{"every byte is the one that was written", reader.record_count(), 0};
    for (const Finding& finding : collector.findings) {
        bytes.failed += finding.key.empty() ? 0 : 1;
    }
    bytes.failed =
        std::min(std::max<std::uint64_t>(bytes.failed, !collector.findings.empty()), bytes.records);

    for (const std::string_view name : kLabelChecks) {
        collector.counts.push_back({std::string(name), 0, 0});
    }
    const LabelChecker checker(hands, subdivision_levels_of(reader.description()));
    std::vector<std::pair<ShardId, std::uint64_t>> work;
    for (const ManifestRow& row : reader.shards()) {
        ++summary.shards;
        for (const std::uint64_t record : reader.plan().records_of(row.shard)) {
            work.emplace_back(row.shard, record);
        }
    }
    summary.records = work.size();
    {
        Progress progress("verified records", work.size());
        parallel_for(work.size(), threads, [&](std::size_t i) {
            const auto& [shard, number] = work[i];
            Finding finding;
            finding.file = shard.name() + ".tar";
            finding.key = fmt::format("{:012}", number);
            std::array<bool, kLabelChecks.size()> failed{};
            try {
                const auto opened = reader.open_shard(shard);
                checker.check(opened->record(number),
                              pictures_of(*opened, number),
                              [&](int check, const std::string& what) {
                                  failed[static_cast<std::size_t>(check)] = true;
                                  finding.what = what;
                                  collector.add(finding);
                              });
            } catch (const UserError& error) {
                failed.fill(true); // what cannot be read is not right
                finding.what = error.what();
                collector.add(finding);
            }
            collector.count(failed);
            progress.step();
        });
    }
    summary.checks = std::move(collector.counts);
    summary.checks.insert(summary.checks.begin(), bytes);
    summary.findings = std::move(collector.findings);
    std::stable_sort(
        summary.findings.begin(), summary.findings.end(), [](const Finding& a, const Finding& b) {
            return std::tie(a.file, a.key) < std::tie(b.file, b.key);
        });
    return summary;
}

} // namespace rih
