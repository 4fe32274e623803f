// SPDX-License-Identifier: Apache-2.0
#include "renderih/study/study.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/hand/hand_io.h"
#include "renderih/study/study_context.h"

#include <algorithm>
#include <array>

namespace rih {

namespace {

struct Entry {
    const char* name;
    const char* summary;
    std::string (*run)(const StudyContext&);
};
constexpr std::array kStudies{
    Entry{
        "ablation", "each term left out, and vertices for anchors (Figures 3, 16)", study_ablation},
    Entry{"angles", "histograms of joint angles against Table 2", study_angles},
    Entry{"contact", "how often each place of the hand touches the other", study_contact},
    Entry{"fields", "one distance field a hand against sixteen (Figure 14)", study_fields},
    Entry{"images",
          "statistics of the pictures in --data against published ones, exposure of the hands",
          study_images},
    Entry{"naturalness",
          "raw, augmented and optimised poses before judges that never saw their family (Table 3)",
          study_naturalness},
    Entry{"pairs", "released pairs side by side, for a look", study_pairs},
    Entry{"problems",
          "the optimiser's starts and results for other implementations (bench/poses_torch.py)",
          study_problems},
    Entry{"tsne", "poses for the embedding of Figure 9 (tools/studies/draw_tsne.py)", study_tsne},
    Entry{"wrists", "coverage of the relative wrist pose", study_wrists},
};

const Entry& entry_of(const std::string& name) {
    const auto found = std::find_if(
        kStudies.begin(), kStudies.end(), [&](const Entry& entry) { return entry.name == name; });
    RIH_REQUIRE(found != kStudies.end(),
                "there is no study \"{}\"; the studies are {}",
                name,
                fmt::join(study_names(), ", "));
    return *found;
}

} // namespace

std::vector<std::string> study_names() {
    std::vector<std::string> names;
    for (const Entry& entry : kStudies) {
        names.emplace_back(entry.name);
    }
    return names;
}

std::string study_summary(const std::string& name) {
    return entry_of(name).summary;
}

std::string write_table(const StudyContext& context, const std::string& name, const Table& table) {
    write_file_atomically(context.file(name + ".csv"), std::string_view(table.csv()));
    return table.markdown();
}

std::string
run_study(const std::string& name, const StudyOptions& options, const AssetFolder& assets) {
    constexpr std::uint64_t kMaxCount = 1'000'000;
    const Entry& entry = entry_of(name);
    RIH_REQUIRE(options.count >= 2 && options.count <= kMaxCount,
                "count is {}; it must lie in 2 .. {}",
                options.count,
                kMaxCount);
    options.generate.posing.validate();
    make_folder(options.out);
    const HandPair hands = load_hand_pair(options.generate.hand, assets.path);
    const StudyContext context{options, assets, hands, resolve_thread_count(options.threads)};
    const std::string markdown = entry.run(context);
    write_file_atomically(options.out / (name + ".md"), std::string_view(markdown));
    return markdown;
}

} // namespace rih
