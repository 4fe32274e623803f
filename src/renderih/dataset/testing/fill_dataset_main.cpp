// SPDX-License-Identifier: Apache-2.0
// fill_dataset DIR does what `renderih generate` does with its output folder, with test records in
// place of pictures: milliseconds a run, so that a test can let every single call of it go wrong.
#include "renderih/dataset/testing/test_dataset.h"

#include <exception>

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "use: fill_dataset DIR\n");
        return 2;
    }
    try {
        const int made = rih::fill_dataset(
            argv[1], {.seed = 7, .poses = 12, .views = 2, .records_per_shard = 6});
        fmt::print("made {} records\n", made);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "renderih: {}\n", error.what());
        return 1;
    }
}
