// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/parallel.h"

#include "renderih/base/error.h"

#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace rih {

int resolve_thread_count(int requested) {
    RIH_REQUIRE(requested >= 0, "threads is {}; it must be 0 (every core) or more", requested);
    return requested > 0 ? requested
                         : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& body) {
    const auto workers = static_cast<int>(
        std::min<std::size_t>(count, static_cast<std::size_t>(resolve_thread_count(threads))));
    if (workers <= 1) {
        for (std::size_t i = 0; i < count; ++i) {
            body(i);
        }
        return;
    }
    // A shared counter hands out items in order: early items finish early, which keeps the progress
    // steady and the set of half-done shards small.
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    tbb::task_arena arena(workers);
    arena.execute([&] {
        tbb::task_group group;
        for (int worker = 0; worker < workers; ++worker) {
            group.run([&] {
                try {
                    for (std::size_t i; !failed && (i = next++) < count;) {
                        body(i);
                    }
                } catch (...) {
                    failed = true;
                    throw;
                }
            });
        }
        group.wait();
    });
}

void run_on_one_thread(const std::function<void()>& body) {
    tbb::task_arena arena(1);
    arena.execute(body);
}

} // namespace rih
