// SPDX-License-Identifier: Apache-2.0
// Runs a plan: `renderih train` and `renderih eval` once for each run and seed, as processes of
// their own, so that a fault in one loses nothing. What is finished is on disk and is not done
// again.
#pragma once

#include "renderih/learn/experiment/experiment_plan.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rih::learn {

struct ExperimentOptions {
    std::filesystem::path out;
    std::string scale = "small";
    std::map<std::string, std::filesystem::path> sets; ///< name -> data set
    std::filesystem::path configs;                     ///< of training, for the scale's `train`
    std::string hand;                                  ///< as for eval --hand
    int threads = 0;                                   ///< 0: every core
};

/// One judged network: figures of one group.
struct ExperimentFigures {
    std::string run, set, group;
    int seed = 0;
    std::vector<double> values; ///< by the plan's measures, mm; NaN: not measured
};

/// Runs a command of this program with these arguments and gives what it printed; throws when it
/// fails. Tests give their own.
using RunCommand = std::function<std::string(const std::vector<std::string>& arguments)>;
RunCommand run_this_program();

/// `plan.scale(options.scale)` says how large it is. Runs of which some set is not in
/// `options.sets` are left out. A second call with the same plan and sets goes on; with others it
/// is a UserError, and so is a plan of which no run is left.
std::vector<ExperimentFigures> run_experiment(const ExperimentPlan& plan,
                                              const ExperimentOptions& options,
                                              const RunCommand& command);

/// The runs whose sets are all there, with the runs that they begin with.
std::vector<ExperimentRun> runs_with_sets(const ExperimentPlan& plan,
                                          const std::map<std::string, std::filesystem::path>& sets);

} // namespace rih::learn
