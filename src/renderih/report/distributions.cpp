// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/distributions.h"

#include "renderih/base/error.h"
#include "renderih/scene/skin/skin_identity.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace rih {

namespace {

using Json = nlohmann::ordered_json;

struct Numeric {
    const char *title, *group;
    std::vector<std::string> columns;
    double low, high;
    int bins;
};

/// What is drawn of the columns of numbers.
std::vector<Numeric> numeric_plots() {
    return {{"Overlap of the hands' masks (IoU)", "Picture", {"mask_iou"}, 0, 1, 40},
            {"Visible keypoints of a hand",
             "Picture",
             {"right_visible_joints", "left_visible_joints"},
             0,
             22,
             22},
            {"Camera distance, m", "Picture", {"distance_m"}, 0.2, 1.1, 36},
            {"Azimuth on the camera's track, degrees", "Picture", {"azimuth_deg"}, 0, 360, 36},
            {"Camera track (4: first person)", "Picture", {"track"}, 0, 5, 5},
            {"Exposure, EV", "Picture", {"exposure_ev"}, -12, 8, 40},
            {"Nearest distance of the hands, mm", "Interaction", {"min_distance_mm"}, 0, 10, 40},
            {"Contact area within 2 mm, cm²", "Interaction", {"contact_cm2"}, 0, 30, 40},
            {"Deepest own part in another, mm",
             "Interaction",
             {"right_self_penetration_mm", "left_self_penetration_mm"},
             0,
             5,
             40},
            {"Wrist flexion, degrees",
             "Interaction",
             {"right_flexion_deg", "left_flexion_deg"},
             -90,
             90,
             36},
            {"Skin tone, ITA in degrees", "Appearance", {"ita_deg"}, -65, 65, 39},
            {"Discriminator's probability of natural",
             "Making",
             {"right_naturalness", "left_naturalness"},
             0,
             1,
             40},
            {"Draws until a valid pair", "Making", {"attempts"}, 0, 20, 20},
            {"Augmentation level", "Making", {"augmentation"}, 0, 8, 8}};
}

struct Labelled {
    const char *title, *group, *column;
    std::vector<std::string> first; ///< labels that come first, in this order, also without a row
};

std::vector<Labelled> labelled_plots() {
    std::vector<std::string> classes;
    for (const ItaClass& tone : ita_classes()) {
        classes.emplace_back(tone.name);
    }
    return {{"Skin tone by ITA class", "Appearance", "ita_class", classes},
            {"Place", "Appearance", "place", {}},
            {"Worn", "Appearance", "worn", {}},
            {"Near the hands", "Appearance", "near", {}},
            {"Split", "Making", "split", {"train", "val", "test"}},
            {"Source of the pose", "Making", "source_id", {}}};
}

/// Labels beyond these are counted together.
constexpr std::size_t kMostLabels = 24;

Distribution of_labels(const Labelled& plot, std::span<const PageRow> rows) {
    std::map<std::string, std::uint64_t> counts;
    for (const PageRow& row : rows) {
        for (const std::string& word : word_column(plot.column).of(row)) {
            ++counts[word];
        }
    }
    std::vector<std::pair<std::string, std::uint64_t>> others;
    Distribution distribution{.title = plot.title, .group = plot.group, .columns = {plot.column}};
    for (const std::string& label : plot.first) {
        distribution.labels.push_back(label);
        distribution.counts.push_back(counts[label]);
        counts.erase(label);
    }
    others.assign(counts.begin(), counts.end());
    std::ranges::stable_sort(
        others, std::greater{}, &std::pair<std::string, std::uint64_t>::second);
    for (std::size_t i = 0; i < others.size(); ++i) {
        if (distribution.labels.size() < kMostLabels) {
            distribution.labels.push_back(others[i].first);
            distribution.counts.push_back(others[i].second);
        } else {
            if (distribution.labels.size() == kMostLabels) {
                distribution.labels.push_back(fmt::format("{} others", others.size() - i));
                distribution.counts.push_back(0);
            }
            distribution.counts.back() += others[i].second;
        }
    }
    return distribution;
}

Distribution of_monk(std::span<const PageRow> rows) {
    Distribution distribution{
        .title = "Skin tone by Monk swatch", .group = "Appearance", .columns = {"monk"}};
    for (int tone = 1; tone <= 10; ++tone) {
        distribution.labels.push_back(std::to_string(tone));
        distribution.counts.push_back(
            static_cast<std::uint64_t>(std::ranges::count(rows, tone, &PageRow::monk)));
    }
    return distribution;
}

/// mano16 joints in the order in which people count fingers.
constexpr std::array<int, kFingerJointCount> kJointsThumbFirst{
    13, 14, 15, 1, 2, 3, 4, 5, 6, 10, 11, 12, 7, 8, 9};

struct Axis {
    const char* name;
    double JointAngles::* angle;
    AngleRange JointLimits::* limits;
    double low_deg, high_deg;
    int bins;
};
constexpr std::array<Axis, 3> kAxes{
    // An odd number of bins has 0, the one value of most limits, in the middle of one.
    {{"twist", &JointAngles::twist, &JointLimits::twist, -20, 20, 41},
     {"splay", &JointAngles::splay, &JointLimits::splay, -40, 40, 41},
     {"bend", &JointAngles::bend, &JointLimits::bend, -40, 120, 40}}};

} // namespace

void count(double value, Distribution& distribution) {
    if (!std::isfinite(value)) { // of a record that verify lists as nonsense
        return;
    }
    const auto bins = static_cast<double>(distribution.counts.size());
    const double at = (value - distribution.low) / (distribution.high - distribution.low) * bins;
    ++distribution.counts[static_cast<std::size_t>(std::clamp(std::floor(at), 0.0, bins - 1))];
}

std::vector<Distribution> row_distributions(std::span<const PageRow> rows) {
    std::vector<Distribution> list;
    for (Numeric& plot : numeric_plots()) {
        Distribution distribution{.title = plot.title,
                                  .group = plot.group,
                                  .columns = std::move(plot.columns),
                                  .low = plot.low,
                                  .high = plot.high};
        distribution.counts.resize(static_cast<std::size_t>(plot.bins));
        for (const std::string& name : distribution.columns) {
            const NumberColumn& column = number_column(name);
            for (const PageRow& row : rows) {
                count(column.of(row), distribution);
            }
        }
        list.push_back(std::move(distribution));
    }
    for (const Labelled& plot : labelled_plots()) {
        Distribution distribution = of_labels(plot, rows);
        if (!distribution.labels.empty()) { // nothing near any hands: nothing to draw
            list.push_back(std::move(distribution));
        }
    }
    list.push_back(of_monk(rows));
    return list;
}

std::vector<Distribution> angle_distributions(std::span<const PairAngles> poses) {
    std::vector<Distribution> list;
    for (const int joint : kJointsThumbFirst) {
        const auto j = static_cast<std::size_t>(joint - 1);
        for (const Axis& axis : kAxes) {
            const AngleRange& range = table2_limits()[j].*axis.limits;
            Distribution distribution{.title = fmt::format("{} {}", kJointNames[j + 1], axis.name),
                                      .group = "Angles",
                                      .low = axis.low_deg,
                                      .high = axis.high_deg,
                                      .limits = {range.low / kDegree, range.high / kDegree}};
            distribution.counts.resize(static_cast<std::size_t>(axis.bins));
            for (const PairAngles& pair : poses) {
                for (const FingerAngles& angles : pair) {
                    count(angles[j].*axis.angle / kDegree, distribution);
                }
            }
            list.push_back(std::move(distribution));
        }
    }
    return list;
}

Json to_json(const Distribution& distribution) {
    return {{"title", distribution.title},
            {"group", distribution.group},
            {"columns", distribution.columns},
            {"low", distribution.low},
            {"high", distribution.high},
            {"labels", distribution.labels},
            {"limits", distribution.limits},
            {"counts", distribution.counts}};
}

} // namespace rih
