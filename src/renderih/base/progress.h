// SPDX-License-Identifier: Apache-2.0
// Progress of long work on standard error: a line that is drawn again on a terminal, a line now and
// then otherwise. The clock words these lines; nothing that is written into a file depends on it.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace rih {

class Progress {
  public:
    /// `done` items are finished already (a resumed run); the rate counts only the new ones.
    Progress(std::string what, std::size_t total, std::size_t done = 0);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// One more item is finished; any thread may call it. `note` is appended to the line.
    void step(const std::string& note = {});

    /// "name 12/40, 1.5/s, 19 s left"
    static std::string line(const std::string& what,
                            std::size_t done,
                            std::size_t total,
                            std::size_t new_items,
                            double seconds);

  private:
    using Clock = std::chrono::steady_clock;
    void draw(const std::string& note, bool last);

    std::mutex mutex_;
    std::string what_;
    std::size_t total_, done_, first_;
    bool terminal_;
    Clock::time_point start_, drawn_;
};

/// "45 s", "12 min", "3 h 20 min"
std::string human_duration(double seconds);

} // namespace rih
