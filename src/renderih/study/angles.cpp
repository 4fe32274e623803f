// SPDX-License-Identifier: Apache-2.0
// Histograms of every angle that Table 2 lets move, over raw, augmented and released poses.
#include "renderih/base/file.h"
#include "renderih/base/svg.h"
#include "renderih/study/study_context.h"

#include <algorithm>
#include <array>

namespace rih {

namespace {

constexpr int kBins = 30;
constexpr double kPanelWidth = 150, kPanelHeight = 90, kLeft = 10, kTop = 30;
constexpr std::array<int, 5> kFingerOrder{4, 0, 1, 3, 2}; // thumb to little finger, mano16 fingers
constexpr std::array<const char*, 5> kFingerNames{"thumb", "index", "middle", "ring", "pinky"};
constexpr std::array<const char*, 4> kRowNames{
    "root bend", "middle bend", "end bend", "root splay"};

/// Row 0 .. 2: bend of the root, middle and end joint; 3: splay of the root. Radians.
double angle_of(const FingerAngles& angles, int finger, int row) {
    return row < 3 ? angles[3 * finger + row].bend : angles[3 * finger].splay;
}
AngleRange range_of(int finger, int row) {
    const auto& limits = table2_limits();
    return row < 3 ? limits[3 * finger + row].bend : limits[3 * finger].splay;
}

struct Poses {
    std::vector<FingerAngles> raw, augmented, released;
};

std::vector<double> values_of(const std::vector<FingerAngles>& poses, int finger, int row) {
    std::vector<double> values;
    for (const FingerAngles& pose : poses) {
        values.push_back(angle_of(pose, finger, row) / kDegree);
    }
    return values;
}

void draw_histogram(Svg& svg,
                    const std::vector<double>& values,
                    double low,
                    double high,
                    double left,
                    double bottom,
                    const std::string& colour) {
    std::array<double, kBins> share{};
    for (const double value : values) {
        const int bin = static_cast<int>((value - low) / (high - low) * kBins);
        share[std::clamp(bin, 0, kBins - 1)] += 1.0 / static_cast<double>(values.size());
    }
    std::vector<std::pair<double, double>> line;
    const double height = kPanelHeight - 30, width = kPanelWidth - 15;
    for (int b = 0; b < kBins; ++b) {
        // The full height is a quarter of the poses in one bin; higher peaks are cut.
        const double y = bottom - height * std::min(1.0, share[b] / 0.25);
        line.emplace_back(left + width * b / kBins, y);
        line.emplace_back(left + width * (b + 1) / kBins, y);
    }
    svg.line(line, colour, 1.4);
}

std::string draw(const Poses& poses) {
    Svg svg(2 * kLeft + 5 * kPanelWidth, kTop + 4 * kPanelHeight + 20);
    svg.text(kLeft, 16, "Joint angles, degrees; grey: Table 2.", 12);
    const std::array<std::pair<const char*, const char*>, 3> legend{std::pair{"raw", kRawColour},
                                                                    {"augmented", kAugmentedColour},
                                                                    {"released", kOptimisedColour}};
    double x = 260;
    for (const auto& [name, colour] : legend) {
        svg.rect(x, 9, 14, 4, colour);
        svg.text(x + 18, 16, name, 12);
        x += 100;
    }
    for (int column = 0; column < 5; ++column) {
        for (int row = 0; row < 4; ++row) {
            const int finger = kFingerOrder[column];
            const AngleRange limits = range_of(finger, row);
            const double low = limits.low / kDegree - 8, high = limits.high / kDegree + 8;
            const double left = kLeft + kPanelWidth * column;
            const double bottom = kTop + kPanelHeight * (row + 1) - 12;
            const double width = kPanelWidth - 15;
            const auto at = [&](double degrees) {
                return left + width * (degrees - low) / (high - low);
            };
            svg.rect(at(limits.low / kDegree),
                     bottom - kPanelHeight + 30,
                     at(limits.high / kDegree) - at(limits.low / kDegree),
                     kPanelHeight - 30,
                     "#eeeeee");
            draw_histogram(svg,
                           values_of(poses.augmented, finger, row),
                           low,
                           high,
                           left,
                           bottom,
                           kAugmentedColour);
            draw_histogram(
                svg, values_of(poses.raw, finger, row), low, high, left, bottom, kRawColour);
            draw_histogram(svg,
                           values_of(poses.released, finger, row),
                           low,
                           high,
                           left,
                           bottom,
                           kOptimisedColour);
            svg.text(left,
                     bottom - kPanelHeight + 26,
                     fmt::format("{} {}", kFingerNames[column], kRowNames[row]));
            svg.text(at(limits.low / kDegree),
                     bottom + 10,
                     fmt::format("{:.0f}", limits.low / kDegree),
                     9,
                     "middle");
            svg.text(at(limits.high / kDegree),
                     bottom + 10,
                     fmt::format("{:.0f}", limits.high / kDegree),
                     9,
                     "middle");
        }
    }
    return svg.str();
}

std::string middle_of(const std::vector<double>& values) {
    return fmt::format(
        "{} .. {}", figure(quantile_of(values, 0.05), 0), figure(quantile_of(values, 0.95), 0));
}

} // namespace

std::string study_angles(const StudyContext& context) {
    struct One {
        PairParameters raw, augmented, optimised;
        bool released = false;
    };
    const std::vector<One> all = map_traces<One>(
        context, context.posing(), "angles", context.count(), [](const PoseTrace& trace) {
            return One{trace.raw, trace.augmented, trace.optimised, trace.failure.empty()};
        });
    Poses poses;
    for (const One& one : all) {
        for (int h = 0; h < 2; ++h) {
            poses.raw.push_back(one.raw.angles[h]);
            poses.augmented.push_back(one.augmented.angles[h]);
            if (one.released) {
                poses.released.push_back(one.optimised.angles[h]);
            }
        }
    }
    Table table{
        {"angle, degrees", "Table 2", "raw, 5 .. 95 %", "augmented", "released", "outside, %"}, {}};
    for (int column = 0; column < 5; ++column) {
        for (int row = 0; row < 4; ++row) {
            const int finger = kFingerOrder[column];
            const AngleRange limits = range_of(finger, row);
            const std::vector<double> released = values_of(poses.released, finger, row);
            const double outside = std::count_if(released.begin(), released.end(), [&](double v) {
                return limit_excess(v * kDegree, limits) != 0;
            });
            table.rows.push_back(
                {fmt::format("{} {}", kFingerNames[column], kRowNames[row]),
                 fmt::format("{:.0f} .. {:.0f}", limits.low / kDegree, limits.high / kDegree),
                 middle_of(values_of(poses.raw, finger, row)),
                 middle_of(values_of(poses.augmented, finger, row)),
                 middle_of(released),
                 figure(100 * outside / static_cast<double>(released.size()), 1)});
        }
    }
    write_file_atomically(context.file("angles.svg"), std::string_view(draw(poses)));
    return write_table(context, "angles", table) + "\n![Joint angles](angles.svg)\n";
}

} // namespace rih
