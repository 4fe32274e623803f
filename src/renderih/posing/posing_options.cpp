// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/posing_options.h"

#include "renderih/base/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace rih {

namespace {

constexpr std::array<std::string_view, 5> kTermNames{
    "attraction", "anatomy", "adversarial", "penetration", "self"};

void require_range(const char* name, double value, double low, double high) {
    RIH_REQUIRE(std::isfinite(value) && value >= low && value <= high,
                "posing.{} is {}; it must lie in [{}, {}]",
                name,
                value,
                low,
                high);
}

} // namespace

void PosingOptions::validate() const {
    RIH_REQUIRE(!sources.empty(), "posing.sources is empty; name at least one, like \"open\"");
    require_range("iterations", iterations, 0, 100'000);
    require_range("schedule_end", schedule_end, 0, 100'000);
    require_range("rebuild_anchors_every", rebuild_anchors_every, 1, 100'000);
    require_range("learning_rate", learning_rate, 0, 1);
    require_range("learning_rate_factor", learning_rate_factor, 0, 1);
    require_range("plateau_patience", plateau_patience, 0, 100'000);
    require_range("translation_unit", translation_unit, 1e-6, 10);
    require_range("anchor_radius", anchor_radius, 1e-6, 1);
    require_range("anchor_count", anchor_count, 0, 100'000);
    require_range("attraction_start", weights.attraction_start, 0, 1e9);
    require_range("attraction_end", weights.attraction_end, 0, 1e9);
    require_range("anatomy", weights.anatomy, 0, 1e9);
    require_range("adversarial", weights.adversarial, 0, 1e9);
    require_range("penetration_start", weights.penetration_start, 0, 1e9);
    require_range("penetration_end", weights.penetration_end, 0, 1e9);
    require_range("self_penetration", weights.self_penetration, 0, 1e9);
    for (const std::string& term : without) {
        RIH_REQUIRE(std::find(kTermNames.begin(), kTermNames.end(), term) != kTermNames.end(),
                    "posing.without names \"{}\"; the terms are {}",
                    term,
                    fmt::join(kTermNames, ", "));
    }
    require_range("augment_bend_deg", augment_bend_deg, 0, 180);
    require_range("augment_splay_deg", augment_splay_deg, 0, 180);
    require_range("augment_scale", augment_scale, 0, 10);
    require_range("augmentations", augmentations, 1, 1'000'000);
    require_range("raw_noise_deg", raw_noise_deg, 0, 45);
    require_range("max_separation", max_separation, 0, 0.1);
    require_range("max_approach", max_approach, 0, 0.1);
    require_range("max_attempts", max_attempts, 1, 100'000);
    require_range("max_self_penetration", max_self_penetration, 0, 1);
    require_range("min_naturalness", min_naturalness, 0, 1);
    require_range("shape_sd", shape_sd, 0, 3);
    require_range("people", people, 1, 1'000'000);
    require_range("grid_spacing", grid_spacing, 5e-4, 0.01);
}

PosingOptions posing_preset(const std::string& name) {
    PosingOptions options;
    if (name == "default") {
        return options;
    }
    RIH_REQUIRE(name == "paper" || name == "released",
                "unknown preset \"{}\"; the presets are default, paper, released",
                name);
    options.augment_graded = false;
    options.augment_scale = 1;
    options.weights.self_penetration = 0;
    if (name == "released") {
        // Ver2Code's augmenter and optimiser (facts of the released code): five variants, wider
        // bends, translations at a hundredth of the joints' rate.
        options.augment_bend_deg = 120;
        options.augmentations = 5;
        options.translation_unit = 0.01;
    }
    return options;
}

std::string to_json(const PosingOptions& options) {
    nlohmann::json json = nlohmann::json::object();
    visit_posing_options(options, [&](const char* name, const auto& field) { json[name] = field; });
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace rih
