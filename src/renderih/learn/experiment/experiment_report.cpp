// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/experiment/experiment_report.h"

#include "renderih/base/file.h"
#include "renderih/base/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace rih::learn {

namespace {

constexpr double kLeft = 60, kTop = 30, kWidth = 520, kHeight = 300, kBelow = 150;
constexpr std::array<const char*, 6> kColours{
    "#3b6fb6", "#d1603d", "#4b9b5f", "#8a5fb0", "#c79a2b", "#5a5a5a"};

double spread_of(const std::vector<double>& values) {
    if (values.size() < 2) {
        return std::nan("");
    }
    const double mean = mean_of(values);
    double squares = 0;
    for (const double value : values) {
        squares += (value - mean) * (value - mean);
    }
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::string label_of(const ExperimentRow& row, bool sets, bool groups) {
    std::string label = row.run;
    if (sets) {
        label += " on " + row.set;
    }
    if (groups) {
        label += ", " + row.group;
    }
    return label;
}

bool has_several_sets(const std::vector<ExperimentRow>& rows) {
    return std::ranges::any_of(rows, [&](const auto& row) { return row.set != rows[0].set; });
}

/// A round step that divides `range` into about five.
double round_step(double range) {
    const double rough = std::max(range, 1e-9) / 5;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough) {
            return factor * power;
        }
    }
    return 10 * power;
}

/// One point of the plot.
struct Mark {
    std::string label, line;
    double x = 0, mean = 0, spread = 0;
};

std::vector<Mark> marks_of(const ExperimentPlan& plan, const std::vector<ExperimentRow>& rows) {
    const bool sets = has_several_sets(rows);
    std::vector<Mark> marks;
    for (const ExperimentRow& row : rows) {
        const ExperimentRun& run = plan.run(row.run);
        Mark mark{
            label_of(row, sets, plan.groups), run.series, run.x, row.means[0], row.spreads[0]};
        if (plan.x_label.empty()) {
            mark.x = static_cast<double>(marks.size());
            mark.line.clear();
        } else if (!mark.line.empty() && sets) {
            mark.line += " on " + row.set;
        }
        if (std::isfinite(mark.mean)) {
            marks.push_back(std::move(mark));
        }
    }
    return marks;
}

} // namespace

std::vector<ExperimentRow> experiment_rows(const ExperimentPlan& plan,
                                           const std::vector<ExperimentFigures>& figures) {
    std::vector<ExperimentRow> rows;
    for (const ExperimentRun& run : plan.runs) {
        // Seeds come one after the other: groups in the order in which they first appear.
        for (const ExperimentFigures& first : figures) {
            const auto is_same = [&](const auto& other) {
                return other.run == first.run && other.set == first.set &&
                       other.group == first.group;
            };
            if (first.run != run.name || std::ranges::any_of(rows, is_same)) {
                continue;
            }
            ExperimentRow row{first.run, first.set, first.group, 0, {}, {}};
            for (std::size_t m = 0; m < plan.measures.size(); ++m) {
                std::vector<double> values;
                for (const ExperimentFigures& other : figures) {
                    if (is_same(other) && std::isfinite(other.values[m])) {
                        values.push_back(other.values[m]);
                    }
                }
                row.means.push_back(mean_of(values));
                row.spreads.push_back(spread_of(values));
            }
            row.seeds = static_cast<int>(std::ranges::count_if(figures, is_same));
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

Table experiment_table(const ExperimentPlan& plan, const std::vector<ExperimentRow>& rows) {
    Table table{{"run", "judged on"}, {}};
    if (plan.groups) {
        table.columns.emplace_back("group");
    }
    table.columns.emplace_back("seeds");
    for (const std::string& measure : plan.measures) {
        table.columns.push_back(measure);
    }
    for (const ExperimentRow& row : rows) {
        std::vector<std::string> cells{row.run, row.set};
        if (plan.groups) {
            cells.push_back(row.group);
        }
        cells.push_back(std::to_string(row.seeds));
        for (std::size_t m = 0; m < row.means.size(); ++m) {
            cells.push_back(figure(row.means[m], 2) + (std::isfinite(row.spreads[m])
                                                           ? " +- " + figure(row.spreads[m], 2)
                                                           : std::string{}));
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

Table experiment_numbers(const ExperimentPlan& plan, const std::vector<ExperimentRow>& rows) {
    Table table{{"run", "judged_on", "group", "x", "seeds"}, {}};
    for (const std::string& measure : plan.measures) {
        table.columns.push_back(measure);
        table.columns.push_back(measure + "_spread");
    }
    for (const ExperimentRow& row : rows) {
        std::vector<std::string> cells{row.run,
                                       row.set,
                                       row.group,
                                       fmt::format("{}", plan.run(row.run).x),
                                       std::to_string(row.seeds)};
        for (std::size_t m = 0; m < row.means.size(); ++m) {
            cells.push_back(figure(row.means[m], 4));
            cells.push_back(figure(row.spreads[m], 4));
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

std::string experiment_plot(const ExperimentPlan& plan, const std::vector<ExperimentRow>& rows) {
    const std::vector<Mark> marks = marks_of(plan, rows);
    const bool by_row = plan.x_label.empty();
    Svg svg(kLeft + kWidth + 30, kTop + kHeight + kBelow);
    svg.text(kLeft, 18, fmt::format("{} ({})", plan.title, plan.measures[0]), 13);
    if (marks.empty()) {
        return svg.str();
    }
    double low_x = marks[0].x, high_x = low_x, high_y = 0;
    for (const Mark& mark : marks) {
        low_x = std::min(low_x, mark.x);
        high_x = std::max(high_x, mark.x);
        high_y = std::max(high_y, mark.mean + (mark.spread > 0 ? mark.spread : 0));
    }
    const double step = round_step(high_y), top = step * std::ceil(high_y / step + 1e-9);
    const auto to_x = [&](double x) {
        return kLeft + 20 + (kWidth - 40) * (high_x > low_x ? (x - low_x) / (high_x - low_x) : 0.5);
    };
    const auto to_y = [&](double y) { return kTop + kHeight * (1 - y / top); };
    for (double y = 0; y <= top + step / 2; y += step) {
        svg.line({{kLeft, to_y(y)}, {kLeft + kWidth, to_y(y)}}, "#dddddd");
        svg.text(kLeft - 6, to_y(y) + 3, fmt::format("{:g}", y), 10, "end");
    }
    std::map<std::string, std::vector<std::pair<double, double>>> lines;
    std::vector<std::string> names;
    for (const Mark& mark : marks) {
        if (!mark.line.empty()) {
            if (lines[mark.line].empty()) {
                names.push_back(mark.line);
            }
            lines[mark.line].emplace_back(to_x(mark.x), to_y(mark.mean));
        }
    }
    const auto colour_of = [&](const std::string& line) {
        const auto place = std::ranges::find(names, line) - names.begin();
        return kColours[static_cast<std::size_t>(place) % kColours.size()];
    };
    double legend = kTop + kHeight + 40;
    for (const std::string& name : names) {
        svg.line(lines[name], colour_of(name), 1.5);
        svg.dot(kLeft + 6, legend - 3, 4, colour_of(name));
        svg.text(kLeft + 16, legend, name, 11);
        legend += 15;
    }
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const Mark& mark = marks[i];
        const char* colour = mark.line.empty() ? kColours[0] : colour_of(mark.line);
        const double x = to_x(mark.x);
        if (mark.spread > 0) {
            svg.line({{x, to_y(mark.mean - mark.spread)}, {x, to_y(mark.mean + mark.spread)}},
                     colour);
        }
        svg.dot(x, to_y(mark.mean), 4, colour);
        svg.text(x, to_y(mark.mean) - 8, fmt::format("{:.1f}", mark.mean), 9, "middle");
        if (by_row) {
            // Names stand below each other, so that long ones do not run into their neighbours.
            svg.text(x, kTop + kHeight + 14, std::to_string(i + 1), 10, "middle");
            svg.text(kLeft, legend, fmt::format("{} {}", i + 1, mark.label), 10);
            legend += 13;
        } else {
            svg.text(x, kTop + kHeight + 14, fmt::format("{:g}", mark.x), 10, "middle");
        }
    }
    svg.text(kLeft + kWidth / 2, kTop + kHeight + 28, plan.x_label, 11, "middle");
    return svg.str();
}

std::string write_experiment_report(const ExperimentPlan& plan,
                                    const std::vector<ExperimentFigures>& figures,
                                    const std::filesystem::path& out) {
    const std::vector<ExperimentRow> rows = experiment_rows(plan, figures);
    Table by_seed{{"run", "judged_on", "group", "seed"}, {}};
    by_seed.columns.insert(by_seed.columns.end(), plan.measures.begin(), plan.measures.end());
    for (const ExperimentFigures& one : figures) {
        std::vector<std::string> cells{one.run, one.set, one.group, std::to_string(one.seed)};
        for (const double value : one.values) {
            cells.push_back(figure(value, 4));
        }
        by_seed.rows.push_back(std::move(cells));
    }
    std::string text = fmt::format("# {}\n\n{}\n\nSplit {}, protocol {}, mm, mean +- standard "
                                   "deviation over seeds.\n\n",
                                   plan.title,
                                   plan.about,
                                   plan.split,
                                   plan.protocol);
    text += experiment_table(plan, rows).markdown();
    std::set<std::string> done;
    for (const ExperimentRow& row : rows) {
        done.insert(row.run);
    }
    std::string left_out;
    for (const ExperimentRun& run : plan.runs) {
        if (!done.contains(run.name)) {
            left_out += fmt::format("- {}\n", run.name);
        }
    }
    if (!left_out.empty()) {
        text += "\nLeft out, for want of their data sets:\n\n" + left_out;
    }
    text += "\n![plot](plot.svg)\n";
    write_file_atomically(out / "table.md", std::string_view(text));
    write_file_atomically(out / "table.csv",
                          std::string_view(experiment_numbers(plan, rows).csv()));
    write_file_atomically(out / "figures.csv", std::string_view(by_seed.csv()));
    write_file_atomically(out / "plot.svg", std::string_view(experiment_plot(plan, rows)));
    return text;
}

} // namespace rih::learn
