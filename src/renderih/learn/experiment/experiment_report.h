// SPDX-License-Identifier: Apache-2.0
// The figures of an experiment as the paper shows them: a row a run with mean and spread over
// seeds, and a plot of the first measure.
#pragma once

#include "renderih/base/table.h"
#include "renderih/learn/experiment/run_experiment.h"

namespace rih::learn {

/// Mean and spread (standard deviation of a sample; NaN of one seed) of one row.
struct ExperimentRow {
    std::string run, set, group;
    int seeds = 0;
    std::vector<double> means, spreads; ///< by the plan's measures
};

/// By run, set and group, in the plan's order.
std::vector<ExperimentRow> experiment_rows(const ExperimentPlan& plan,
                                           const std::vector<ExperimentFigures>& figures);

/// "12.34 +- 0.21" a cell, for people.
Table experiment_table(const ExperimentPlan& plan, const std::vector<ExperimentRow>& rows);
/// A column a number, means and spreads, for programs.
Table experiment_numbers(const ExperimentPlan& plan, const std::vector<ExperimentRow>& rows);
std::string experiment_plot(const ExperimentPlan& plan, const std::vector<ExperimentRow>& rows);

/// Writes table.md, table.csv, figures.csv (a row a seed) and plot.svg into `out`; gives the text
/// of table.md.
std::string write_experiment_report(const ExperimentPlan& plan,
                                    const std::vector<ExperimentFigures>& figures,
                                    const std::filesystem::path& out);

} // namespace rih::learn
