// SPDX-License-Identifier: Apache-2.0
// The program `renderih`: arguments in, exit status out.
#pragma once

namespace rih {

/// Exit statuses of design: 0 done, 1 bad input or failed verification, 2 wrong use, 3 our fault.
enum class ExitStatus : int { Done = 0, BadInput = 1, WrongUse = 2, OurFault = 3 };

/// Parses, runs the command, prints one line for any failure.
ExitStatus run_app(int argc, const char* const* argv);

} // namespace rih
