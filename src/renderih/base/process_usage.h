// SPDX-License-Identifier: Apache-2.0
// What this process has taken of the machine so far, for reports of speed.
#pragma once

namespace rih {

struct ProcessUsage {
    double cpu_seconds = 0;     ///< of all its threads, in user and system mode
    double peak_memory_mib = 0; ///< the most that was resident at one time
};

ProcessUsage process_usage();

} // namespace rih
