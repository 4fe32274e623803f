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
#include <set>

namespace rih {

namespace {

/// A record's pictures by name.
std::map<std::string, Bytes> pictures_of(const ShardReader& shard, std::uint64_t record) {
    std::map<std::string, Bytes> members;
    for (const TarMember& member : shard.entry(record).members) {
        if (member.name != "json") {
            members[member.name] = shard.member(record, member.name);
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
    void count(const LabelChecker::Made& made, const LabelChecker::Made& failed) {
        const std::lock_guard lock(mutex);
        for (std::size_t i = 0; i < failed.size(); ++i) {
            counts[i].records += made[i];
            counts[i].failed += made[i] && failed[i];
        }
    }
};

/// Makes the labels of every record in reach anew.
void check_labels(const DatasetReader& reader,
                  const HandPair& hands,
                  int threads,
                  VerifySummary& summary,
                  Collector& collector) {
    const LabelChecker checker(hands, label_check_setup(reader));
    for (const std::string_view name : kLabelChecks) {
        collector.counts.push_back({std::string(name), 0, 0});
    }
    std::vector<std::pair<ShardId, std::uint64_t>> work;
    for (const ManifestRow& row : reader.shards()) {
        for (const std::uint64_t record : reader.plan().records_of(row.shard)) {
            work.emplace_back(row.shard, record);
        }
    }
    Progress progress("verified records", work.size());
    parallel_for(work.size(), threads, [&](std::size_t i) {
        const auto& [shard, number] = work[i];
        Finding finding;
        finding.file = shard.name() + ".tar";
        finding.key = record_key(number);
        LabelChecker::Made made{}, failed{};
        try {
            const auto opened = reader.open_shard(shard);
            made = checker.check(opened->record(number),
                                 pictures_of(*opened, number),
                                 [&](LabelKind kind, const std::string& what) {
                                     failed[static_cast<std::size_t>(kind)] = true;
                                     finding.what = what;
                                     collector.add(finding);
                                 });
        } catch (const UserError& error) {
            finding.what = error.what();
            collector.add(finding);
        }
        collector.count(made, failed);
        progress.step();
    });
    for (std::size_t i = 0; i < kLabelChecks.size(); ++i) {
        if (checker.applies(static_cast<LabelKind>(i))) {
            summary.checks.push_back(collector.counts[i]);
        }
    }
}

} // namespace

std::string VerifySummary::text() const {
    std::string text;
    for (const Finding& finding : findings) {
        text += finding.text() + "\n";
    }
    for (const CheckCount& check : checks) {
        text += fmt::format("{} {}: {} of {} records\n",
                            check.failed > 0     ? "OFF"
                            : check.records == 0 ? "-  "
                                                 : "ok ",
                            check.name,
                            check.records - check.failed,
                            check.records);
    }
    text += fmt::format("covered by checksum alone: {}\n", kChecksumAlone);
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
                                {"checksum_alone", kChecksumAlone},
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
    Collector collector;
    collector.findings = check_integrity(options.folder, threads);
    const bool is_whole = collector.findings.empty();

    // What is wrong with the manifest has been found: read on with the rows that are right.
    const DatasetReader reader(options.folder, [](const std::string&) {});
    summary.records = reader.record_count();
    summary.shards = reader.shards().size();
    CheckCount bytes{"every byte is the one that was written", summary.records, 0};
    std::set<std::string> changed;
    for (const Finding& finding : collector.findings) {
        changed.insert(finding.key);
    }
    bytes.failed = std::min<std::uint64_t>(changed.size(), bytes.records);
    summary.checks.push_back(bytes);
    try {
        check_labels(reader, hands_of_dataset(reader, options.hand), threads, summary, collector);
    } catch (const UserError& error) {
        if (is_whole) {
            throw;
        }
        collector.add(
            {"dataset.json", "", fmt::format("no label can be checked: {}", error.what())});
    }
    summary.findings = std::move(collector.findings);
    std::stable_sort(
        summary.findings.begin(), summary.findings.end(), [](const Finding& a, const Finding& b) {
            return std::tie(a.file, a.key) < std::tie(b.file, b.key);
        });
    return summary;
}

} // namespace rih
