// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/filter.h"

#include "renderih/geometry/interaction.h"
#include "renderih/posing/discriminator.h"
#include "renderih/posing/hand_surfaces.h"

#include <algorithm>

namespace rih {

std::size_t
measure_pair(const PosingContext& context, PosePair& pair, std::array<Points, 2>* vertices) {
    std::array<Points, 2> posed;
    std::vector<MeshDistance> solids;
    for (int h = 0; h < 2; ++h) {
        const ShapedHand shaped = context.surfaces->shaped(h, pair.pose[h].shape);
        const AnatomyFrames frames = anatomy_frames(shaped);
        posed[h] = pose_hand(shaped, rotations_of(pair.pose[h]), pair.pose[h].translation).vertices;
        solids.push_back(context.surfaces->posed(h, posed[h]));
        pair.self_penetration_depth_m[h] =
            context.surfaces->self_penetration_m(h, shaped.rest_vertices, posed[h], solids[h]);
        const FingerAngles angles = finger_angles(frames, pair.pose[h]);
        const double excess = max_limit_excess(angles);
        pair.limit_excess_deg[h] = excess <= kLimitTolerance ? 0 : excess / kDegree;
        pair.naturalness[h] =
            context.discriminator != nullptr ? context.discriminator->probability(angles) : 0;
    }
    const MeshInteraction interaction =
        measure_interaction(SolidMesh{posed[0], context.hands->hands[0].faces, solids[0]},
                            SolidMesh{posed[1], context.hands->hands[1].faces, solids[1]});
    pair.penetration_depth_m = interaction.penetration_depth_m;
    pair.min_distance_m = interaction.min_distance_m;
    pair.contact_area_mm2 = interaction.contact_area_mm2;
    pair.contact_area_1mm_mm2 = interaction.contact_area_1mm_mm2;
    pair.contact_area_5mm_mm2 = interaction.contact_area_5mm_mm2;
    pair.contact_vertices = {interaction.contact_vertices_a, interaction.contact_vertices_b};
    if (vertices != nullptr) {
        *vertices = std::move(posed);
    }
    return interaction.intersecting_triangle_pairs;
}

std::optional<std::string> rejection(const PosePair& pair,
                                     std::size_t intersecting_triangle_pairs,
                                     const PosingOptions& options) {
    if (intersecting_triangle_pairs > 0) {
        return "the hands intersect";
    }
    if (pair.penetration_depth_m > 0) {
        return "one hand lies inside the other";
    }
    for (int h = 0; h < 2; ++h) {
        if (pair.limit_excess_deg[h] > 0) {
            return "an angle outside Table 2";
        }
        if (pair.self_penetration_depth_m[h] > options.max_self_penetration) {
            return "a hand penetrates itself";
        }
        if (pair.naturalness[h] < options.min_naturalness) {
            return "an unnatural hand";
        }
    }
    return std::nullopt;
}

Vec3 centre_of_hands(const PosingContext& context, const std::array<Points, 2>& vertices) {
    Vec3 sum = Vec3::Zero();
    std::size_t count = 0;
    for (int h = 0; h < 2; ++h) {
        // Ascending ids that occur in any part, each once.
        std::vector<int> ids;
        for (const HandPart& part : context.parts[h]) {
            ids.insert(ids.end(), part.vertices.begin(), part.vertices.end());
        }
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        for (const int vertex : ids) {
            sum += vertices[h].row(vertex).transpose();
        }
        count += ids.size();
    }
    return sum / double(count);
}

} // namespace rih
