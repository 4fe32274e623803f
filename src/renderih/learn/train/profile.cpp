// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/profile.h"

#include "renderih/dataset/json_writer.h"

#include <fmt/format.h>

#include <ranges>

namespace rih::learn {

namespace {

constexpr std::size_t kOperatorsShown = 8;

} // namespace

std::string TrainProfile::text() const {
    std::string text =
        fmt::format("{} steps: {:.1f} ms a step, {:.1f} images a second; {:.1f} % of the time in "
                    "torch's operators, {:.2f} % waiting for data, {:.1f} % elsewhere; making "
                    "the data takes {:.2f} ms of a core a step",
                    steps,
                    1000 * seconds / steps,
                    images / seconds,
                    100 * torch_s / seconds,
                    100 * waited_s / seconds,
                    100 * (1 - (torch_s + waited_s) / seconds),
                    1000 * loader_cpu_s / steps);
    for (const auto& [name, spent] : operators | std::views::take(kOperatorsShown)) {
        text += fmt::format("\n{:6.1f} % {}", 100 * spent / seconds, name);
    }
    return text;
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
    json.key("operator_shares");
    json.begin_object();
    for (const auto& [name, spent] : operators) {
        json.field(name, spent / seconds);
    }
    json.end_object();
    json.end_object();
    return json.take();
}

} // namespace rih::learn
