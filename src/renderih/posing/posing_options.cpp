// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/posing_options.h"

#include "renderih/base/error.h"
#include "renderih/posing/sources/asset_files.h"

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
    require_range("anchor_neighbours", anchor_neighbours, 0, 8);
    require_range("anchor_max_cosine", anchor_max_cosine, -1, 1);
    require_range("anchor_stiffness", anchor_stiffness, 0, 1e9);
    RIH_REQUIRE(stages.size() % 3 == 0,
                "posing.stages has {} numbers; it takes triples of last iteration, w1 and w4",
                stages.size());
    for (std::size_t i = 0; i < stages.size(); ++i) {
        require_range("stages", stages[i], 0, 1e9);
        RIH_REQUIRE(i % 3 != 0 || i == 0 || stages[i] > stages[i - 3],
                    "posing.stages: the last iterations must rise, and {} follows {}",
                    stages[i],
                    stages[i - 3]);
    }
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

bool PosingOptions::has_term(std::string_view term) const {
    return std::find(without.begin(), without.end(), term) == without.end();
}

bool PosingOptions::starts_stage(int iteration) const {
    for (std::size_t i = 0; i + 3 < stages.size(); i += 3) {
        if (iteration == static_cast<int>(stages[i])) {
            return true;
        }
    }
    return false;
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
    options.raw_noise_deg = 0;
    options.bring_near = false;
    options.max_approach = 0;
    if (name == "released") {
        // The released code: five variants, wider bends, translations at a hundredth of the
        // joints' rate; four stages; the four nearest anchors whose normals are below -0.6, k times
        // 0.3 without eq. 5's half, averaged; anatomy and discriminator as they are.
        options.augment_bend_deg = 120;
        options.augmentations = 5;
        options.translation_unit = 0.01;
        // Its depths are sums over four, in boxes of about 0.2 m on -1 .. 1: w4 times 2.5 per m.
        constexpr double kPerMetre = 2.5;
        options.stages = {50,
                          10,
                          0.064 * kPerMetre,
                          90,
                          150,
                          0.0064 * kPerMetre,
                          165,
                          1,
                          1.92 * kPerMetre,
                          215,
                          50,
                          0.064 * kPerMetre};
        options.anchor_neighbours = 4;
        options.anchor_max_cosine = -0.6;
        options.anchor_stiffness = 0.6;
        options.anchor_mean = true;
        options.rebuild_anchors_every = 215;
        options.weights.anatomy = 1;
        options.weights.adversarial = 1;
    }
    return options;
}

std::filesystem::path discriminator_file(const PosingOptions& options,
                                         const std::filesystem::path& assets) {
    return options.discriminator.empty() ? asset_file(assets, "discriminator/weights.npz")
                                         : std::filesystem::path(options.discriminator);
}

std::string to_json(const PosingOptions& options) {
    nlohmann::json json = nlohmann::json::object();
    visit_posing_options(options, [&](const char* name, const auto& field) { json[name] = field; });
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace rih
