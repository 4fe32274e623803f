// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/verify.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/dataset/reader.h"
#include "renderih/hand/hand_io.h"
#include "renderih/pipeline/converted_check.h"
#include "renderih/pipeline/dataset_hands.h"
#include "renderih/pipeline/label_check.h"

#include <nlohmann/json.hpp>

#include <mutex>
#include <optional>
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
    template <typename Made>
    void count(const Made& made, const Made& failed) {
        const std::lock_guard lock(mutex);
        for (std::size_t i = 0; i < failed.size(); ++i) {
            counts[i].records += made[i];
            counts[i].failed += made[i] && failed[i];
        }
    }
};

/// Calls check(record, pictures, fail) for every record in reach. fail(kind, what) adds a finding,
/// and what check throws is one; it returns which of the checks `names` there was something for.
template <std::size_t Count, typename Check>
void check_records(const DatasetReader& reader,
                   const std::array<std::string_view, Count>& names,
                   int threads,
                   Collector& collector,
                   const Check& check) {
    for (const std::string_view name : names) {
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
        std::array<bool, Count> made{}, failed{};
        try {
            const auto opened = reader.open_shard(shard);
            made = check(opened->record(number),
                         pictures_of(*opened, number),
                         [&](auto kind, const std::string& what) {
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
}

template <typename Kind, typename Checker>
void summarise(const Checker& checker, const Collector& collector, VerifySummary& summary) {
    for (std::size_t i = 0; i < collector.counts.size(); ++i) {
        if (checker.applies(static_cast<Kind>(i))) {
            summary.checks.push_back(collector.counts[i]);
        }
    }
}

/// Makes the labels of every record in reach anew.
void check_labels(const DatasetReader& reader,
                  const HandPair& hands,
                  int threads,
                  VerifySummary& summary,
                  Collector& collector) {
    LabelCheckSetup setup = label_check_setup(reader);
    setup.threads = threads;
    const LabelChecker checker(hands, std::move(setup));
    check_records(reader,
                  kLabelChecks,
                  threads,
                  collector,
                  [&](const Record& record, const auto& pictures, const auto& fail) {
                      RIH_REQUIRE(!record.is_converted(),
                                  "says that it was converted, in a set that was generated");
                      return checker.check(record, pictures, fail);
                  });
    summarise<LabelKind>(checker, collector, summary);
}

/// Holds converted records against themselves: others' labels cannot be made again.
void check_converted(const DatasetReader& reader,
                     const std::string& given_hands,
                     int threads,
                     VerifySummary& summary,
                     Collector& collector) {
    std::optional<HandPair> hands;
    if (refers_to_hands(reader.description())) {
        hands.emplace(hands_of_dataset(reader, given_hands));
    }
    const ConvertedChecker checker(reader.description(), hands ? &*hands : nullptr);
    check_records(reader,
                  kConvertedChecks,
                  threads,
                  collector,
                  [&](const Record& record, const auto& pictures, const auto& fail) {
                      return checker.check(record, pictures, fail);
                  });
    summarise<ConvertedKind>(checker, collector, summary);
    summary.checksum_alone = "the picture's pixels and the labels, which are the source's";
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
    text += fmt::format("covered by checksum alone: {}\n", checksum_alone);
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
                                {"checksum_alone", checksum_alone},
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
    summary.checksum_alone = kChecksumAlone;
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
        if (data_source_of(reader.description()).empty()) {
            const HandPair hands = hands_of_dataset(reader, options.hand);
            check_labels(reader, hands, threads, summary, collector);
        } else {
            check_converted(reader, options.hand, threads, summary, collector);
        }
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
