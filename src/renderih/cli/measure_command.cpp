// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/pipeline/measure_meshes.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_measure(CLI::App& app, Action& run) {
    struct Options {
        std::filesystem::path a, b;
        bool json = false;
    };
    CLI::App* command = app.add_subcommand(
        "measure", "Measure how two meshes meet: intersection, depth, volume, distance, contact");
    command->footer("Example:\n  renderih measure right.obj left.obj --json");
    auto options = std::make_shared<Options>();
    command->add_option("A", options->a, "OBJ file in metres; contact area is that of this one")
        ->required();
    command->add_option("B", options->b, "the other OBJ file")->required();
    command->add_flag("--json", options->json, "print one JSON object");
    command->callback([options, &run] {
        run = [options] {
            const MeshMeasures measures = measure_meshes(options->a, options->b);
            fmt::print("{}\n", options->json ? measures.json() : measures.text());
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
