// SPDX-License-Identifier: Apache-2.0
// The one place where threads start. Work items are independent and write to their own slot, so no
// result depends on how many threads there are.
#pragma once

#include <cstddef>
#include <functional>

namespace rih {

/// Threads to use: `requested` when positive, else every core of this machine.
int resolve_thread_count(int requested);

/// Calls body(i) once for each i in [0, count), on at most `threads` threads, low i first. The
/// first exception ends the loop (running items finish) and is thrown to the caller.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& body);

/// Calls body() where libraries that start TBB tasks of their own get no thread but this one, so
/// that what they build does not depend on how many there are.
void run_on_one_thread(const std::function<void()>& body);

} // namespace rih
