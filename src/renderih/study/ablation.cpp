// SPDX-License-Identifier: Apache-2.0
// Figures 3 and 16: what each term is for, by leaving it out. Every row optimises the same draws.
#include "renderih/posing/filter.h"
#include "renderih/study/bare_hand.h"
#include "renderih/study/judges.h"
#include "renderih/study/pair_picture.h"
#include "renderih/study/study_context.h"

#include "renderih/base/error.h"

namespace rih {

namespace {

constexpr std::uint64_t kPictured = 4; // draws in the picture

struct Variant {
    std::string name;
    PosingOptions options;
};

std::vector<Variant> variants(const PosingOptions& posing) {
    std::vector<Variant> list{{"all terms", posing}};
    for (const char* term : {"penetration", "attraction", "anatomy", "adversarial", "self"}) {
        PosingOptions options = posing;
        options.without.emplace_back(term);
        list.push_back({fmt::format("without {}", term), options});
    }
    PosingOptions approached = posing; // the pull alone is gone, both approaches stay
    approached.weights.attraction_start = approached.weights.attraction_end = 0;
    for (std::size_t i = 1; i < approached.stages.size(); i += 3) {
        approached.stages[i] = 0;
    }
    list.push_back({"without the attraction term alone", approached});
    PosingOptions far = posing;
    far.bring_near = false;
    list.push_back({"not brought near at the start", far});
    PosingOptions as_optimised = posing;
    as_optimised.max_approach = 0;
    list.push_back({"without the exact approach", as_optimised});
    PosingOptions vertices = posing;
    vertices.anchor_count = 0;
    list.push_back({"vertices for anchors", vertices});
    PosingOptions free = posing;
    free.project_angles = false;
    list.push_back({"angles not held in Table 2", free});
    return list;
}

struct Measured {
    bool released = false, touching = false;
    double contact_mm2 = 0;                            // of a released pair
    double depth_mm = 0, triangles = 0;                // before the exact step, forearms left out
    double judged = 0, distance_deg = 0, coupling = 0; // means of both hands
    double self_mm = 0;
};

Measured measure(const PoseTrace& trace, const BareHands& bare, const Judges& judges) {
    Measured result;
    result.released = trace.failure.empty();
    result.touching = result.released && trace.pair.min_distance_m < kContactDistance;
    result.contact_mm2 = trace.pair.contact_area_mm2;
    const MeshInteraction before = bare.interaction(trace.rig, trace.optimised);
    result.depth_mm = 1e3 * before.penetration_depth_m;
    result.triangles = static_cast<double>(before.intersecting_triangle_pairs);
    for (int h = 0; h < 2; ++h) {
        const FingerAngles& angles = trace.optimised.angles[h];
        result.judged += 0.5 * judges.probability(angles, trace.raw.angles[h]);
        result.distance_deg += 0.5 * judges.distance_deg(angles);
        result.coupling += 0.5 * coupling_violations(angles);
        result.self_mm = std::max(result.self_mm, 1e3 * trace.pair.self_penetration_depth_m[h]);
    }
    return result;
}

template <typename Pick>
std::vector<double> column(const std::vector<Measured>& all, const Pick& pick, bool released) {
    std::vector<double> values;
    for (const Measured& one : all) {
        if (one.released || !released) {
            values.push_back(pick(one));
        }
    }
    return values;
}

/// Largest excess over Table 2 where nothing holds the angles inside, degrees.
double free_excess_deg(const StudyContext& context, PosingOptions posing) {
    posing.project_angles = false;
    return mean_of(map_traces<double>(context,
                                      posing,
                                      "free",
                                      std::min<std::uint64_t>(context.count(), 200),
                                      [](const PoseTrace& t) {
                                          return std::max(max_limit_excess(t.optimised.angles[0]),
                                                          max_limit_excess(t.optimised.angles[1])) /
                                                 kDegree;
                                      }));
}

} // namespace

std::string study_ablation(const StudyContext& context) {
    const BareHands bare(context.hands);
    const Judges judges(context.assets.path, context.seed() + 1, context.threads);
    Table table{{"variant",
                 "released %",
                 "touching %",
                 "contact at 2 mm, median mm2",
                 "depth before the exact step, mean mm",
                 "triangle pairs before it, median",
                 "judged natural",
                 "from a natural pose, deg",
                 "end joint off, %",
                 "over Table 2 when free, deg",
                 "self-penetration, 95 % mm"},
                {}};
    std::vector<std::vector<PictureHands>> pictured;
    for (const Variant& variant : variants(context.posing())) {
        std::vector<PictureHands> pictures(std::min(kPictured, context.count()));
        const std::vector<Measured> all = map_traces<Measured>(
            context, variant.options, variant.name, context.count(), [&](const PoseTrace& trace) {
                if (trace.pair.id < pictures.size()) {
                    pictures[trace.pair.id] = picture_hands(trace.rig, trace.optimised);
                }
                return measure(trace, bare, judges);
            });
        if (pictured.empty()) { // the same draws before the optimisation
            std::vector<PictureHands> before(pictures.size());
            PosingOptions still = variant.options;
            still.iterations = 0;
            map_traces<int>(
                context, still, "augmented", before.size(), [&](const PoseTrace& trace) {
                    before[trace.pair.id] = picture_hands(trace.rig, trace.augmented);
                    return 0;
                });
            pictured.push_back(std::move(before));
        }
        pictured.push_back(std::move(pictures));
        const auto of_all = [&](auto pick) { return column(all, pick, false); };
        const auto of_released = [&](auto pick) { return column(all, pick, true); };
        table.rows.push_back(
            {variant.name,
             figure(100 * mean_of(of_all([](const Measured& m) { return m.released ? 1. : 0.; })),
                    1),
             figure(
                 100 * mean_of(of_released([](const Measured& m) { return m.touching ? 1. : 0.; })),
                 1),
             figure(median_of(of_released([](const Measured& m) { return m.contact_mm2; })), 0),
             figure(mean_of(of_all([](const Measured& m) { return m.depth_mm; })), 2),
             figure(median_of(of_all([](const Measured& m) { return m.triangles; })), 0),
             figure(mean_of(of_all([](const Measured& m) { return m.judged; })), 3),
             figure(mean_of(of_all([](const Measured& m) { return m.distance_deg; })), 2),
             figure(100 * mean_of(of_all([](const Measured& m) { return m.coupling; })), 1),
             figure(free_excess_deg(context, variant.options), 2),
             figure(quantile_of(of_all([](const Measured& m) { return m.self_mm; }), 0.95), 2)});
    }
    write_contact_sheet(context.file("ablation.jpg"), context.hands, pictured);
    std::string markdown = write_table(context, "ablation", table);
    markdown += "\n![The same draws: augmented, then each row of the table](ablation.jpg)\n";
    return markdown;
}

} // namespace rih
