// SPDX-License-Identifier: Apache-2.0
// Wall-clock seconds, for reports of speed; nothing that is written depends on it.
#pragma once

#include <chrono>

namespace rih {

class Stopwatch {
  public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

    /// Seconds since the start or the last lap.
    double lap() {
        const Clock::time_point now = Clock::now();
        const double seconds = std::chrono::duration<double>(now - lap_).count();
        lap_ = now;
        return seconds;
    }

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now(), lap_ = start_;
};

} // namespace rih
