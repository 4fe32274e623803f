// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/profile.h"

#include "renderih/dataset/json_writer.h"

#include <fmt/format.h>

namespace rih::learn {

std::string TrainProfile::text() const {
    return fmt::format(
        "{} steps: {:.1f} ms a step, {:.1f} images a second; {:.1f} % of the time in "
        "torch's operators, {:.2f} % waiting for data, {:.1f} % elsewhere; making "
        "the data takes {:.2f} ms of a core a step",
        steps,
        1000 * seconds / steps,
        images / seconds,
        100 * torch_s / seconds,
        100 * waited_s / seconds,
        100 * (1 - (torch_s + waited_s) / seconds),
        1000 * loader_cpu_s / steps);
}

std::string TrainProfile::json() const {
    JsonWriter json;
    json.begin_object();
    json.field("steps", steps);
    json.field("images_per_second", images / seconds);
    json.field("ms_per_step", 1000 * seconds / steps);
    json.field("torch_share", torch_s / seconds);
    json.field("waiting_share", waited_s / seconds);
    json.field("loader_core_ms_per_step", 1000 * loader_cpu_s / steps);
    json.end_object();
    return json.take();
}

} // namespace rih::learn
