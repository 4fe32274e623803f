// SPDX-License-Identifier: Apache-2.0
// A table of the paper as a plan: which networks are trained on which data, from where, and on what
// they are judged (configs/experiments/*.toml, docs/training.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rih::learn {

/// One line of a plan: a network, or the mean hand.
struct ExperimentRun {
    std::string name;               ///< as in the table
    std::vector<std::string> sets;  ///< names of data sets that it trains on
    std::vector<double> weights;    ///< of the sets; empty: by their records
    std::vector<double> fractions;  ///< of the sets' poses; empty: all
    std::string init;               ///< the run whose network it begins with; empty: none
    bool mean_hand = false;         ///< nothing is trained: the mean of the sets' hands
    std::vector<std::string> judge; ///< sets that it is judged on; empty: the plan's
    double x = 0;                   ///< its place on the plot's axis
    std::string series;             ///< runs of a series are joined by a line; empty: none
    std::string train_toml;         ///< what it changes in the plan's training configuration
};

/// How large the experiment is: one for two cores, one for GPUs.
struct ExperimentScale {
    std::string name;       ///< "small", "full"
    std::string train;      ///< training configuration of configs/train/
    int seeds = 1;          ///< 0, 1 ... of every run
    std::string train_toml; ///< what every run changes in it
};

struct ExperimentPlan {
    std::string title;
    std::string about; ///< what the table shows, and where in the paper it is
    std::vector<ExperimentScale> scales;
    std::string split = "test"; ///< that is judged
    std::string protocol = "P2";
    std::vector<std::string> measures = {"pa_mpjpe_mm", "mpjpe_mm", "smpjpe_mm"};
    std::vector<std::string> judge; ///< sets that runs are judged on
    bool groups = false;            ///< a row for each group of mask IoU
    std::string x_label;            ///< of the plot; empty: one place a row
    std::string text;               ///< the file
    std::vector<ExperimentRun> runs;

    /// Every set that is named, in order of appearance.
    std::vector<std::string> set_names() const;
    const ExperimentRun& run(const std::string& name) const;
    /// Throws UserError that lists the names.
    const ExperimentScale& scale(const std::string& name) const;
};

/// Reads and checks a plan. Throws UserError that names file and key.
ExperimentPlan read_experiment(const std::filesystem::path& path);
ExperimentPlan experiment_from_toml(const std::string& text, const std::string& what);

/// `base` with the values of `changes` in place of its own, as TOML.
std::string
merged_toml(const std::string& base, const std::string& changes, const std::string& what);

} // namespace rih::learn
