// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/app.h"

#include "renderih/base/error.h"
#include "renderih/cli/commands.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <new>

namespace rih {

namespace {

ExitStatus complain(ExitStatus status, const std::string& message) {
    fmt::print(stderr, "renderih: {}\n", message);
    return status;
}

} // namespace

ExitStatus run_app(int argc, const char* const* argv) {
    CLI::App app("Natural, valid, exactly labelled images of two interacting hands.", "renderih");
    app.set_version_flag("--version", RIH_VERSION);
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::simple);
    Action run;
    add_generate(app, run);
    add_poses(app, run);
    add_verify(app, run);
    add_report(app, run);
    add_render(app, run);
    add_hand(app, run);
    add_inspect(app, run);
    add_measure(app, run);
    add_bench(app, run);
    add_train_discriminator(app, run);
    try {
        app.parse(argc, argv);
        return run();
    } catch (const CLI::ParseError& error) {
        const int status = app.exit(error); // prints help, version or the complaint
        return status == 0 ? ExitStatus::Done : ExitStatus::WrongUse;
    } catch (const UserError& error) {
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
