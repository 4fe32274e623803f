// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/pipeline/record_maker.h"
#include "renderih/scene/scene_file.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_scene(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand(
        "scene", "Write the scene of one record as SCENE.json with its OBJ and EXR files");
    command->footer("Example:\n  renderih scene --seed 1 --record 0 --out scene\n"
                    "For `renderih render`, for other renderers (bench/peers/) and for editing.");
    struct Flags {
        GenerateOptions options;
        std::filesystem::path out, assets;
        std::string size;
        std::uint64_t record = 0;
    };
    auto flags = std::make_shared<Flags>();
    add_path(*command, "--out", flags->out, "folder to write")->required();
    add_unsigned(*command, "--record", flags->record, "number of the record in its data set");
    add_posing_flags(*command, flags->options);
    command->add_option("--views", flags->options.views, "pictures of each pose in that data set")
        ->capture_default_str();
    add_places(*command, flags->options.image);
    command->add_option("--size", flags->size, "WIDTHxHEIGHT in pixels (default 512x334)");
    add_path(*command, "--assets", flags->assets, "folder of the built assets");
    command->callback([flags, &run] {
        run = [flags] {
            if (!flags->size.empty()) {
                set_size(flags->size, flags->options.image);
            }
            flags->options.validate();
            const RecordMaker maker(flags->options, find_assets(flags->assets), 1);
            fmt::print("wrote {}\n",
                       write_scene(flags->out, maker.scene_of_record(flags->record)).string());
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
