// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/process_usage.h"

#include "renderih/base/error.h"

#include <sys/resource.h>

namespace rih {

ProcessUsage process_usage() {
    rusage usage{};
    RIH_ASSERT(getrusage(RUSAGE_SELF, &usage) == 0, "getrusage");
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
            static_cast<double>(usage.ru_maxrss) / 1024};
}

} // namespace rih
