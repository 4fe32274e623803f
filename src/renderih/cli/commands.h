// SPDX-License-Identifier: Apache-2.0
// One function a subcommand: it declares its options on the app and, when chosen, sets `run`.
#pragma once

#include "renderih/cli/app.h"

#include <functional>

namespace CLI {
class App;
}

namespace rih {

/// What the chosen subcommand will do once parsing has succeeded.
using Action = std::function<ExitStatus()>;

void add_generate(CLI::App& app, Action& run);
void add_poses(CLI::App& app, Action& run);
void add_verify(CLI::App& app, Action& run);
void add_report(CLI::App& app, Action& run);
void add_view(CLI::App& app, Action& run);
void add_export(CLI::App& app, Action& run);
void add_convert(CLI::App& app, Action& run);
void add_render(CLI::App& app, Action& run);
void add_hand(CLI::App& app, Action& run);
void add_inspect(CLI::App& app, Action& run);
void add_measure(CLI::App& app, Action& run);
void add_bench(CLI::App& app, Action& run);
void add_merge(CLI::App& app, Action& run);
void add_status(CLI::App& app, Action& run);
void add_anchors(CLI::App& app, Action& run);
void add_train_discriminator(CLI::App& app, Action& run);
void add_places_command(CLI::App& app, Action& run);
void add_scene(CLI::App& app, Action& run);
void add_study(CLI::App& app, Action& run);
void add_train(CLI::App& app, Action& run);
void add_eval(CLI::App& app, Action& run);
void add_predict(CLI::App& app, Action& run);
void add_experiment(CLI::App& app, Action& run);
void add_slurm(CLI::App& app, Action& run);

} // namespace rih
