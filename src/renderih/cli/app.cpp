// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/app.h"

#include "renderih/base/error.h"
#include "renderih/cli/commands.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <system_error>

namespace rih {

namespace {

ExitStatus complain(ExitStatus status, const std::string& message) {
    fmt::print(stderr, "renderih: {}\n", printable(message));
    return status;
}

/// Wrong use in one line.
std::string usage_line(const CLI::App* app, const CLI::Error& error) {
    std::string command = app->get_name();
    for (const CLI::App* chosen : app->get_subcommands()) {
        command += " " + chosen->get_name();
    }
    return fmt::format(
        "renderih: {} ({} --help says more)\n", printable(error.what()), printable(command));
}

/// What was printed may not have arrived: a full disk, a closed pipe.
ExitStatus flushed(ExitStatus status) {
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        return complain(ExitStatus::BadInput,
                        fmt::format("cannot write to standard output: {}", std::strerror(errno)));
    }
    return status;
}

} // namespace

ExitStatus run_app(int argc, const char* const* argv) {
    CLI::App app("Natural, valid, exactly labelled images of two interacting hands.", "renderih");
    app.set_version_flag("--version", RIH_VERSION);
    app.require_subcommand(1);
    app.failure_message(usage_line);
    Action run;
    add_generate(app, run);
    add_poses(app, run);
    add_status(app, run);
    add_merge(app, run);
    add_slurm(app, run);
    add_verify(app, run);
    add_report(app, run);
    add_view(app, run);
    add_export(app, run);
    add_convert(app, run);
    add_render(app, run);
    add_places_command(app, run);
    add_scene(app, run);
    add_hand(app, run);
    add_inspect(app, run);
    add_measure(app, run);
    add_bench(app, run);
    add_anchors(app, run);
    add_train_discriminator(app, run);
    add_study(app, run);
    add_train(app, run);
    add_eval(app, run);
    add_predict(app, run);
    add_experiment(app, run);
    try {
        app.parse(argc, argv);
        return flushed(run());
    } catch (const CLI::ParseError& error) {
        const int status = app.exit(error); // prints help, version or the complaint
        return status == 0 ? flushed(ExitStatus::Done) : ExitStatus::WrongUse;
    } catch (const UserError& error) {
        return complain(ExitStatus::BadInput, error.what());
    } catch (const std::system_error& error) { // of files and folders: names too long, loops
        return complain(ExitStatus::BadInput, error.what());
    } catch (const std::bad_alloc&) {
        return complain(ExitStatus::BadInput,
                        "out of memory; try fewer --threads or a smaller --size");
    } catch (const std::exception& error) {
        return complain(ExitStatus::OurFault,
                        fmt::format("internal error, please report it: {}", error.what()));
    }
}

} // namespace rih
