// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/hand_geometry.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/hand/hand_io.h"
#include "renderih/learn/mesh/example_shapes.h"

namespace rih::learn {

namespace {

constexpr int kFineLevel = 2; // the last block's: two doublings above the first
constexpr int kExamplePoses = 64;
constexpr std::uint64_t kExampleSeed = 0;

HandGeometry geometry_of(const HandModel& model, int coarse_vertices) {
    HandGeometry hand;
    hand.mesh = hand_mesh(model);
    const int count = hand.mesh.vertex_count();
    RIH_REQUIRE(count >= coarse_vertices << kFineLevel,
                "the {} hand {} has {} vertices, too few for a network of {} (net.coarse_vertices: "
                "at most {})",
                name_of(model.side),
                model.name,
                count,
                coarse_vertices << kFineLevel,
                count >> kFineLevel);
    hand.hierarchy = coarsen_mesh(hand.mesh.faces, count, coarse_vertices);
    const Points& rest = hand.mesh.template_vertices;
    hand.vertices_from_fine =
        upsampling_matrix(hand.hierarchy,
                          kFineLevel,
                          example_shapes(model, hand.mesh, kExampleSeed, kExamplePoses),
                          hand.mesh.faces);
    hand.fine_from_vertices = averaging_matrix(hand.hierarchy, kFineLevel);
    const Eigen::RowVector3d low = rest.colwise().minCoeff(), high = rest.colwise().maxCoeff();
    Points code = rest.rowwise() - (low + high) / 2;
    code *= 2 / (high - low).maxCoeff();
    hand.position_code = averaging_matrix(hand.hierarchy, 0) * code;
    return hand;
}

} // namespace

HandsGeometry hands_geometry(const HandPair& hands, int coarse_vertices) {
    HandsGeometry geometry{{geometry_of(hands[Side::Right], coarse_vertices),
                            geometry_of(hands[Side::Left], coarse_vertices)},
                           sha256_hex(hash_of(hands[Side::Right]) + hash_of(hands[Side::Left])),
                           hands[Side::Right].name + ", " + hands[Side::Left].name};
    const HandGeometry &right = geometry.hands[0], &left = geometry.hands[1];
    RIH_REQUIRE(
        right.mesh.vertex_count() == left.mesh.vertex_count() &&
            right.hierarchy.coarse_count == left.hierarchy.coarse_count,
        "the right and the left hand differ in their meshes ({} and {} vertices): a network "
        "needs two hands of one mesh",
        right.mesh.vertex_count(),
        left.mesh.vertex_count());
    return geometry;
}

} // namespace rih::learn
