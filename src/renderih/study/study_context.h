// SPDX-License-Identifier: Apache-2.0
// What every study is given, and the list of studies.
#pragma once

#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/base/table.h"
#include "renderih/posing/pose_engine.h"
#include "renderih/study/study.h"

#include <fmt/format.h>

#include <algorithm>

namespace rih {

/// Colours of the kinds of poses, the same in every chart.
inline constexpr const char* kRawColour = "#3b6fb6";
inline constexpr const char* kAugmentedColour = "#c8b8a0";
inline constexpr const char* kOptimisedColour = "#d1603d";

struct StudyContext {
    const StudyOptions& options;
    const AssetFolder& assets;
    const HandPair& hands;
    int threads = 1;

    std::uint64_t seed() const { return options.generate.seed; }
    std::uint64_t count() const { return options.count; }
    const PosingOptions& posing() const { return options.generate.posing; }
    std::filesystem::path file(const std::string& name) const { return options.out / name; }
};

/// Writes FILE.csv and returns the table as Markdown.
std::string write_table(const StudyContext& context, const std::string& name, const Table& table);

/// measure(trace) of the first draw of poses 0 .. count - 1, in order.
template <typename T, typename Measure>
std::vector<T> map_traces(const StudyContext& context,
                          const PosingOptions& posing,
                          const std::string& what,
                          std::uint64_t count,
                          const Measure& measure) {
    const PoseEngine engine(context.hands, posing, context.assets.path);
    std::vector<T> results(count);
    Progress progress(what, count);
    const std::size_t batches = (count + PoseEngine::kBatch - 1) / PoseEngine::kBatch;
    parallel_for(batches, context.threads, [&](std::size_t b) {
        std::vector<std::uint64_t> ids;
        for (std::uint64_t id = b * PoseEngine::kBatch;
             id < std::min<std::uint64_t>(count, (b + 1) * PoseEngine::kBatch);
             ++id) {
            ids.push_back(id);
        }
        for (const PoseTrace& trace : engine.trace_all(context.seed(), ids)) {
            results[trace.pair.id] = measure(trace);
            progress.step();
        }
    });
    return results;
}

// Each returns the Markdown of its tables and pictures.
std::string study_ablation(const StudyContext& context);
std::string study_angles(const StudyContext& context);
std::string study_contact(const StudyContext& context);
std::string study_fields(const StudyContext& context);
std::string study_images(const StudyContext& context);
std::string study_naturalness(const StudyContext& context);
std::string study_pairs(const StudyContext& context);
std::string study_problems(const StudyContext& context);
std::string study_tsne(const StudyContext& context);
std::string study_wrists(const StudyContext& context);

} // namespace rih
