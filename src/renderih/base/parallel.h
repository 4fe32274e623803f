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

} // namespace rih
