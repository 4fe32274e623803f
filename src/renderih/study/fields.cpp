// SPDX-License-Identifier: Apache-2.0
// Figure 14: which penetrating vertices and pairs a distance field finds - one a hand, as in the
// loss that the paper compares with, or one for each of the sixteen parts - against the exact
// answer. Fields are sampled trilinearly from 32^3 nodes over a cube a tenth larger than the mesh;
// "clamped" ones store max(depth, 0) as that loss does, "signed" ones the signed depth. The
// optimiser's own are grids of the flat parts, carried along by their bones (batch/part_grid.h).
#include "renderih/geometry/signed_distance.h"
#include "renderih/hand/parts.h"
#include "renderih/posing/batch/batch_optimiser.h"
#include "renderih/study/bare_hand.h"
#include "renderih/study/study_context.h"

#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace rih {

namespace {

constexpr int kNodes = 32;      // a side
constexpr double kMargin = 1.1; // side of the cube over the longest side of the mesh

/// Depth inside a mesh from nodes that are worked out when first asked for.
class GridField {
  public:
    GridField(const TriMesh& mesh, const MeshDistance& exact) : exact_(&exact) {
        const Vec3 low = mesh.vertices.colwise().minCoeff().transpose();
        const Vec3 high = mesh.vertices.colwise().maxCoeff().transpose();
        const double side = kMargin * (high - low).maxCoeff();
        origin_ = 0.5 * (low + high) - Vec3::Constant(0.5 * side);
        step_ = side / (kNodes - 1);
        nodes_.assign(kNodes * kNodes * kNodes, std::numeric_limits<double>::quiet_NaN());
    }

    /// Nothing outside the cube.
    struct Sample {
        double clamped = 0, signed_depth = 0; // m
    };
    std::optional<Sample> sample(const Vec3& query) {
        const Vec3 at = (query - origin_) / step_;
        if ((at.array() < 0).any() || (at.array() >= kNodes - 1).any()) {
            return std::nullopt;
        }
        const Eigen::Vector3i cell = at.array().floor().cast<int>();
        const Vec3 f = at - cell.cast<double>();
        Sample result;
        for (int corner = 0; corner < 8; ++corner) {
            double weight = 1;
            Eigen::Vector3i node = cell;
            for (int axis = 0; axis < 3; ++axis) {
                const int up = corner >> axis & 1;
                node[axis] += up;
                weight *= up ? f[axis] : 1 - f[axis];
            }
            const double depth = value(node);
            result.clamped += weight * std::max(depth, 0.0);
            result.signed_depth += weight * depth;
        }
        return result;
    }

  private:
    double value(const Eigen::Vector3i& node) {
        double& value =
            nodes_[static_cast<std::size_t>((node[2] * kNodes + node[1]) * kNodes + node[0])];
        if (std::isnan(value)) {
            value = exact_->inside_distance(origin_ + step_ * node.cast<double>());
        }
        return value;
    }

    const MeshDistance* exact_;
    Vec3 origin_;
    double step_ = 0;
    std::vector<double> nodes_;
};

enum Method {
    kOneClamped,
    kOneSigned,
    kPartsClamped,
    kPartsSigned,
    kBoneGrids,
    kPartsExact,
    kMethodCount
};
constexpr std::array<const char*, kMethodCount> kMethodNames{
    "one field, clamped",
    "one field, signed",
    "sixteen fields, clamped",
    "sixteen fields, signed",
    "sixteen grids with their bones (the optimiser's)",
    "sixteen closed parts, exact"};

struct Tally {
    double hit = 0, false_alarm = 0, missed = 0;
    double depth_error = 0; // sum over hits and misses, m

    void add(bool truth, bool found) {
        hit += truth && found ? 1 : 0;
        false_alarm += !truth && found ? 1 : 0;
        missed += truth && !found ? 1 : 0;
    }
    void add(const Tally& other) {
        hit += other.hit;
        false_alarm += other.false_alarm;
        missed += other.missed;
        depth_error += other.depth_error;
    }
    double precision() const { return hit / (hit + false_alarm); }
    double recall() const { return hit / (hit + missed); }
};

struct Counted {
    std::array<Tally, kMethodCount> vertices, pairs;
    bool intersects = false;
};

TriMesh part_mesh(const HandPart& part, const Points& vertices) {
    return {Points(vertices(part.vertices, Eigen::all)), part.faces};
}

/// How deep a point lies in a part by the part's grid, whose frame moves with `world_from_rest`.
double depth_in_grid(const PartGrid& grid, const Rigid3& world_from_rest, const Vec3& query) {
    const Eigen::Vector3f at_rest = (world_from_rest.inverse() * query).cast<float>();
    const PartGrid::Sample sample = grid.sample({at_rest.x(), at_rest.y(), at_rest.z()});
    std::array<float, kLaneCount> depth;
    sample.depth.store(depth.data());
    return depth[0];
}

Counted count_pair(const std::array<std::array<HandPart, kPartsPerHand>, 2>& parts,
                   const BareHands& bare,
                   const BatchModel& model,
                   double grid_spacing,
                   const PoseTrace& trace) {
    const PairState state = pose_pair(trace.rig, trace.augmented);
    const PersonTables person = make_person_tables(model, trace.rig.hands, grid_spacing);
    Counted counted;
    std::array<bool, kMethodCount> any{};
    counted.intersects =
        bare.interaction(trace.rig, trace.augmented).intersecting_triangle_pairs > 0;
    for (int h = 0; h < 2; ++h) { // vertices of hand h inside the other hand
        const int o = 1 - h;
        const TriMesh solid = bare.mesh(o, state.hands[o].vertices);
        const MeshDistance exact(solid);
        GridField one(solid, exact);
        std::vector<MeshDistance> exact_parts;
        std::vector<GridField> part_fields;
        exact_parts.reserve(kPartsPerHand);
        for (int p = 0; p < kPartsPerHand; ++p) {
            const TriMesh mesh = part_mesh(parts[o][p], state.hands[o].vertices);
            exact_parts.emplace_back(mesh);
            part_fields.emplace_back(mesh, exact_parts.back());
        }
        for (const int v : bare.vertices(h)) {
            const Vec3 query = state.hands[h].vertices.row(v);
            std::array<double, kMethodCount> depth{};
            if (const auto found = one.sample(query)) {
                depth[kOneClamped] = found->clamped;
                depth[kOneSigned] = found->signed_depth;
            } else {
                continue; // outside the hand's cube, and so outside all
            }
            for (int p = 0; p < kPartsPerHand; ++p) {
                const Rigid3& bone = state.hands[o].world_from_rest[model.tables(o).parts[p].bone];
                depth[kBoneGrids] =
                    std::max(depth[kBoneGrids], depth_in_grid(person[o]->grids[p], bone, query));
                if (const auto found = part_fields[p].sample(query)) {
                    depth[kPartsClamped] = std::max(depth[kPartsClamped], found->clamped);
                    depth[kPartsSigned] = std::max(depth[kPartsSigned], found->signed_depth);
                    depth[kPartsExact] =
                        std::max(depth[kPartsExact], exact_parts[p].inside_distance_clamped(query));
                }
            }
            const double truth = exact.inside_distance_clamped(query);
            for (int m = 0; m < kMethodCount; ++m) {
                counted.vertices[m].add(truth > 0, depth[m] > 0);
                if (truth > 0) {
                    counted.vertices[m].depth_error += std::abs(std::max(depth[m], 0.0) - truth);
                }
                any[m] = any[m] || depth[m] > 0;
            }
        }
    }
    for (int m = 0; m < kMethodCount; ++m) {
        counted.pairs[m].add(counted.intersects, any[m]);
    }
    return counted;
}

} // namespace

std::string study_fields(const StudyContext& context) {
    const BareHands bare(context.hands);
    const std::array<std::array<HandPart, kPartsPerHand>, 2> parts{
        closed_parts(context.hands.hands[0]), closed_parts(context.hands.hands[1])};
    const PosingContext parts_of_hands = make_posing_context(context.hands, nullptr);
    const BatchModel model(parts_of_hands);
    PosingOptions posing = context.posing();
    posing.iterations = 0;
    const std::vector<Counted> all = map_traces<Counted>(
        context, posing, "fields", context.count(), [&](const PoseTrace& trace) {
            return count_pair(parts, bare, model, posing.grid_spacing, trace);
        });
    Table table{{"method",
                 "vertices: precision %",
                 "recall %",
                 "depth error, mean mm",
                 "pairs: precision %",
                 "recall %"},
                {}};
    double intersecting = 0;
    for (const Counted& one : all) {
        intersecting += one.intersects ? 1 : 0;
    }
    for (int m = 0; m < kMethodCount; ++m) {
        Tally vertices, pairs;
        for (const Counted& one : all) {
            vertices.add(one.vertices[m]);
            pairs.add(one.pairs[m]);
        }
        table.rows.push_back(
            {kMethodNames[m],
             figure(100 * vertices.precision(), 1),
             figure(100 * vertices.recall(), 1),
             figure(1e3 * vertices.depth_error / (vertices.hit + vertices.missed), 2),
             figure(100 * pairs.precision(), 1),
             figure(100 * pairs.recall(), 1)});
    }
    return fmt::format("{} augmented pairs, of which {:.0f} intersect.\n\n",
                       context.count(),
                       intersecting) +
           write_table(context, "fields", table);
}

} // namespace rih
