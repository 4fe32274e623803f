// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace rih {

std::string human_duration(double seconds) {
    const auto s = static_cast<long>(std::ceil(seconds));
    if (s < 120) {
        return fmt::format("{} s", s);
    }
    const long minutes = (s + 30) / 60;
    if (minutes < 120) {
        return fmt::format("{} min", minutes);
    }
    return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string Progress::line(const std::string& what,
                           std::size_t done,
                           std::size_t total,
                           std::size_t new_items,
                           double seconds) {
    std::string text = fmt::format("{} {}/{}", what, done, total);
    if (new_items > 0 && seconds > 0) {
        const double rate = static_cast<double>(new_items) / seconds;
        text +=
            rate >= 1 ? fmt::format(", {:.1f}/s", rate) : fmt::format(", {:.1f} s each", 1 / rate);
        if (done < total) {
            text +=
                fmt::format(", {} left", human_duration(static_cast<double>(total - done) / rate));
        }
    }
    return text;
}

Progress::Progress(std::string what, std::size_t total, std::size_t done)
    : what_(std::move(what)), total_(total), done_(done), first_(done),
      terminal_(::isatty(STDERR_FILENO) != 0), start_(Clock::now()), drawn_(start_) {}

Progress::~Progress() {
    const std::lock_guard lock(mutex_);
    draw({}, true);
}

void Progress::step(const std::string& note) {
    const std::lock_guard lock(mutex_);
    ++done_;
    const double pause = terminal_ ? 0.2 : 20.0;
    if (std::chrono::duration<double>(Clock::now() - drawn_).count() >= pause) {
        draw(note, false);
    }
}

void Progress::draw(const std::string& note, bool last) {
    drawn_ = Clock::now();
    const double seconds = std::chrono::duration<double>(drawn_ - start_).count();
    std::string text = line(what_, done_, total_, done_ - first_, seconds);
    if (!note.empty()) {
        text += ", " + note;
    }
    if (last) {
        text += fmt::format(", {} in all", human_duration(seconds));
    }
    fmt::print(stderr, "{}{}{}", terminal_ ? "\r\033[K" : "", text, last || !terminal_ ? "\n" : "");
    std::fflush(stderr);
}

} // namespace rih
