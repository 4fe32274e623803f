// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/pipeline/make_places.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_places_command(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("places", "Make generated environments ahead of use, or look at them");
    command->footer("Example:\n  renderih places --count 20 --previews previews\n"
                    "`renderih generate` makes those that it draws; docs/places.md tells more.");
    struct Flags {
        MakePlacesOptions options;
        RunFlags run;
    };
    auto flags = std::make_shared<Flags>();
    add_path(*command,
             "--out",
             flags->options.out,
             "folder to keep them in (default: $RENDERIH_PLACES, else beside the assets)");
    command->add_option("--first", flags->options.first, "number of the first one")
        ->capture_default_str();
    command->add_option("--count", flags->options.count, "how many")->capture_default_str();
    add_path(*command, "--previews", flags->options.previews, "folder for a small JPEG of each");
    add_run_flags(*command, flags->run);
    command->callback([flags, &run] {
        run = [flags] {
            flags->options.threads = flags->run.threads;
            make_places(flags->options,
                        find_assets(flags->run.assets),
                        [](const std::string& line) { fmt::print("{}\n", line); });
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
