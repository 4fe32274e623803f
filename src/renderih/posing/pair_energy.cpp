// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/pair_energy.h"

#include "renderih/base/error.h"
#include "renderih/posing/hand_surfaces.h"
#include "renderih/posing/terms/adversarial_term.h"
#include "renderih/posing/terms/anatomy_term.h"

#include <algorithm>

namespace rih {

PosingContext make_posing_context(const HandPair& hands, const Discriminator* discriminator) {
    PosingContext context;
    context.hands = &hands;
    context.discriminator = discriminator;
    RIH_REQUIRE(hands.hands[0].vertex_count() == hands.hands[1].vertex_count(),
                "hand pair: the right hand has {} vertices, the left {}; posing needs two hands of "
                "one mesh (give the right hand alone and the left is mirrored)",
                hands.hands[0].vertex_count(),
                hands.hands[1].vertex_count());
    context.anchors = make_anchors(hands.hands[0]);
    for (int h = 0; h < 2; ++h) {
        context.correctives[h] = std::make_shared<const PoseCorrectives>(hands.hands[h]);
        context.parts[h] = closed_parts(hands.hands[h]);
        context.neighbours[h] = part_neighbours(context.parts[h], hands.hands[h].template_vertices);
    }
    context.surfaces = std::make_shared<const HandSurfaces>(hands);
    return context;
}

double term_weight(const PosingOptions& options, std::string_view term, int iteration) {
    const EnergyWeights& weights = options.weights;
    if (!options.stages.empty() && (term == "attraction" || term == "penetration")) {
        std::size_t stage = 0;
        while (stage + 3 < options.stages.size() && iteration >= options.stages[stage]) {
            stage += 3;
        }
        return options.stages[stage + (term == "attraction" ? 1 : 2)];
    }
    const double progress =
        options.schedule_end > 0 ? std::min(1.0, double(iteration) / options.schedule_end) : 1.0;
    const auto between = [&](double start, double end) { return start + (end - start) * progress; };
    if (term == "attraction") {
        return between(weights.attraction_start, weights.attraction_end);
    }
    if (term == "penetration") {
        return between(weights.penetration_start, weights.penetration_end);
    }
    if (term == "anatomy") {
        return weights.anatomy;
    }
    if (term == "adversarial") {
        return weights.adversarial;
    }
    RIH_ASSERT(term == "self", "no weight for the term {}", term);
    return weights.self_penetration;
}

AnchorRule anchor_rule(const PosingOptions& options) {
    return {.radius = options.anchor_radius,
            .neighbours = options.anchor_neighbours,
            .max_cosine = options.anchor_max_cosine,
            .stiffness = options.anchor_stiffness,
            .mean = options.anchor_mean};
}

PairEnergy::PairEnergy(const PosingContext& context,
                       const PosingOptions& options,
                       const PairState& state)
    : options_(options), surfaces_(context.parts, state) {
    if (options.has_term("attraction")) {
        terms_.push_back(std::make_unique<AttractionTerm>(context.anchors, anchor_rule(options)));
    }
    if (options.has_term("anatomy")) {
        terms_.push_back(std::make_unique<AnatomyTerm>());
    }
    if (options.has_term("adversarial") && context.discriminator != nullptr) {
        terms_.push_back(std::make_unique<AdversarialTerm>(*context.discriminator));
    }
    if (options.has_term("penetration")) {
        terms_.push_back(std::make_unique<PenetrationTerm>(surfaces_));
    }
    if (options.has_term("self") && options.weights.self_penetration > 0) {
        terms_.push_back(std::make_unique<SelfPenetrationTerm>(surfaces_, context.neighbours));
    }
    for (const auto& term : terms_) {
        values_.emplace_back(term->name(), 0.0);
    }
}

PairEnergy::~PairEnergy() = default;

void PairEnergy::rebuild(const PairState& state) {
    for (const auto& term : terms_) {
        term->rebuild(state);
    }
}

double PairEnergy::evaluate(const PairRig& rig,
                            const PairState& state,
                            int iteration,
                            PairGradient& gradient) {
    gradient.reset(rig);
    surfaces_.pose(state);
    double energy = 0;
    for (std::size_t t = 0; t < terms_.size(); ++t) {
        const double weight = term_weight(options_, terms_[t]->name(), iteration);
        values_[t].second = terms_[t]->evaluate(state, weight, gradient);
        energy += weight * values_[t].second;
    }
    return energy;
}

} // namespace rih
