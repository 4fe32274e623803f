// SPDX-License-Identifier: Apache-2.0
// An objective stand-in for Table 3, where people said which poses look natural: 90.8 % of the raw
// ones, 32.9 % of the augmented, 54.7 % optimised without the discriminator, 81.3 % with it.
#include "renderih/study/judges.h"
#include "renderih/study/study_context.h"

#include <algorithm>

namespace rih {

namespace {

struct Judged {
    std::vector<double> probability, distance_deg, coupling, outside;

    void add(const Judged& other) {
        const auto append = [](std::vector<double>& to, const std::vector<double>& from) {
            to.insert(to.end(), from.begin(), from.end());
        };
        append(probability, other.probability);
        append(distance_deg, other.distance_deg);
        append(coupling, other.coupling);
        append(outside, other.outside);
    }
};

/// Both hands of a pair.
Judged judge(const Judges& judges, const PairParameters& pose, const PairParameters& raw) {
    Judged result;
    for (int h = 0; h < 2; ++h) {
        result.probability.push_back(judges.probability(pose.angles[h], raw.angles[h]));
        result.distance_deg.push_back(judges.distance_deg(pose.angles[h]));
        result.coupling.push_back(coupling_violations(pose.angles[h]));
        result.outside.push_back(max_limit_excess(pose.angles[h]) > 1e-9 ? 1 : 0);
    }
    return result;
}

std::vector<std::string> row(const std::string& name, const Judged& judged) {
    std::vector<double> natural;
    for (const double p : judged.probability) {
        natural.push_back(p > 0.5 ? 1 : 0);
    }
    return {name,
            figure(mean_of(judged.probability), 3),
            figure(100 * mean_of(natural), 1),
            figure(median_of(judged.distance_deg), 2),
            figure(100 * mean_of(judged.coupling), 1),
            figure(100 * mean_of(judged.outside), 1)};
}

struct Stages {
    Judged raw, augmented, optimised;
};

Stages
run_stages(const StudyContext& context, const Judges& judges, PosingOptions posing, bool with_d) {
    if (!with_d) {
        posing.without.emplace_back("adversarial");
    }
    const std::vector<Stages> all =
        map_traces<Stages>(context,
                           posing,
                           with_d ? "with D" : "without D",
                           context.count(),
                           [&](const PoseTrace& trace) {
                               return Stages{judge(judges, trace.raw, trace.raw),
                                             judge(judges, trace.augmented, trace.raw),
                                             judge(judges, trace.optimised, trace.raw)};
                           });
    Stages sum;
    for (const Stages& one : all) {
        sum.raw.add(one.raw);
        sum.augmented.add(one.augmented);
        sum.optimised.add(one.optimised);
    }
    return sum;
}

} // namespace

std::string study_naturalness(const StudyContext& context) {
    const Judges judges(context.assets.path, context.seed() + 1, context.threads);
    Table table{{"poses",
                 "judged natural, mean",
                 "above one half, %",
                 "from a natural pose, median deg",
                 "end joint off, %",
                 "hands outside Table 2, %"},
                {}};
    for (const bool full : {false, true}) {
        PosingOptions posing = context.posing();
        posing.augment_graded = posing.augment_graded && !full;
        const std::string name = full ? ", full offsets" : "";
        const Stages with_d = run_stages(context, judges, posing, true);
        const Stages without_d = run_stages(context, judges, posing, false);
        if (!full) {
            table.rows.push_back(row("raw", with_d.raw));
        }
        table.rows.push_back(row("augmented" + name, with_d.augmented));
        table.rows.push_back(row("optimised without D" + name, without_d.optimised));
        table.rows.push_back(row("optimised with D" + name, with_d.optimised));
    }
    return write_table(context, "naturalness", table);
}

} // namespace rih
