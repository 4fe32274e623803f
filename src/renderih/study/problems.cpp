// SPDX-License-Identifier: Apache-2.0
// The optimiser's starts, results and energies with all that another implementation needs to do the
// same: bench/poses_torch.py compares itself with these, in numbers and in speed.
#include "renderih/base/npz.h"
#include "renderih/posing/batch/batch_optimiser.h"
#include "renderih/posing/discriminator.h"
#include "renderih/study/study_context.h"

namespace rih {

namespace {

using Arrays = std::map<std::string, NpyOutput>;

void add(Arrays& arrays,
         const std::string& name,
         std::vector<std::size_t> shape,
         std::vector<double> values) {
    arrays[name] = {{std::move(shape), std::move(values)}, NpyType::Float64};
}

void add_integers(Arrays& arrays,
                  const std::string& name,
                  std::vector<std::size_t> shape,
                  std::vector<std::int64_t> values) {
    arrays[name] = {{std::move(shape), std::move(values)}, NpyType::Int64};
}

/// Row by row.
template <typename Matrix>
void append(std::vector<double>& values, const Matrix& matrix) {
    for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
        for (Eigen::Index c = 0; c < matrix.cols(); ++c) {
            values.push_back(matrix(r, c));
        }
    }
}

/// What every problem shares: skinning, parts, anchors, the discriminator.
void add_model(Arrays& arrays, const PosingContext& context) {
    for (int h = 0; h < 2; ++h) {
        const HandModel& model = context.hands->hands[h];
        const std::string side(name_of(kSides[h]));
        const auto v = static_cast<std::size_t>(model.vertex_count());
        std::vector<double> weights, directions;
        append(weights, MatX(model.skin_weights));
        append(directions, model.pose_dirs);
        add(arrays, side + "_skin_weights", {v, kJointCountWithForearm}, std::move(weights));
        add(arrays,
            side + "_pose_dirs",
            {3 * v, static_cast<std::size_t>(model.pose_dirs.cols())},
            std::move(directions));
        std::vector<std::int64_t> neighbours;
        for (int p = 0; p < kPartsPerHand; ++p) {
            const HandPart& part = context.parts[h][p];
            add_integers(arrays,
                         fmt::format("{}_part{}_vertices", side, p),
                         {part.vertices.size()},
                         {part.vertices.begin(), part.vertices.end()});
            for (const bool near : context.neighbours[h][p]) {
                neighbours.push_back(near ? 1 : 0);
            }
        }
        add_integers(
            arrays, side + "_neighbours", {kPartsPerHand, kPartsPerHand}, std::move(neighbours));
    }
    std::vector<std::int64_t> faces, anchor_of_face;
    for (std::size_t a = 0; a < context.anchors.vertices.size(); ++a) {
        for (const auto& face : context.anchors.faces[a]) {
            faces.insert(faces.end(), face.begin(), face.end());
            anchor_of_face.push_back(static_cast<std::int64_t>(a));
        }
    }
    add_integers(arrays,
                 "anchors",
                 {context.anchors.vertices.size()},
                 {context.anchors.vertices.begin(), context.anchors.vertices.end()});
    add_integers(arrays, "anchor_faces", {anchor_of_face.size(), 3}, std::move(faces));
    const std::size_t face_count = anchor_of_face.size();
    add_integers(arrays, "anchor_of_face", {face_count}, std::move(anchor_of_face));
    const Discriminator::Layers& layers = context.discriminator->layers();
    for (int l = 0; l < Discriminator::kLayerCount; ++l) {
        const MatX& weights = layers.weights[l];
        std::vector<double> values, biases;
        append(values, weights);
        append(biases, layers.biases[l]);
        add(arrays,
            fmt::format("layer{}_weight", l + 1),
            {static_cast<std::size_t>(weights.rows()), static_cast<std::size_t>(weights.cols())},
            std::move(values));
        add(arrays,
            fmt::format("layer{}_bias", l + 1),
            {static_cast<std::size_t>(weights.rows())},
            std::move(biases));
    }
}

void append(std::vector<double>& angles,
            std::vector<double>& translations,
            const PairParameters& parameters) {
    for (int h = 0; h < 2; ++h) {
        for (const JointAngles& joint : parameters.angles[h]) {
            angles.insert(angles.end(), {joint.twist, joint.splay, joint.bend});
        }
        append(translations, parameters.translation[h].transpose());
    }
}

/// Depth grids of a person's parts, made as the engine makes them: [z, y, x] and the lowest node.
void add_grids(Arrays& arrays,
               const BatchModel& model,
               const PairRig& rig,
               std::size_t person,
               double spacing) {
    for (int h = 0; h < 2; ++h) {
        for (int p = 0; p < kPartsPerHand; ++p) {
            const PartGrid grid(model.context().parts[h][p],
                                model.tables(h).part_surfaces[p],
                                rig.hands[h].rest_vertices,
                                spacing);
            const std::string name = fmt::format("{}_grid{}_{}", name_of(kSides[h]), p, person);
            const auto [x, y, z] = grid.count();
            arrays[name] = {{{static_cast<std::size_t>(z),
                              static_cast<std::size_t>(y),
                              static_cast<std::size_t>(x)},
                             std::vector<double>(grid.depths().begin(), grid.depths().end())},
                            NpyType::Float32};
            add(arrays, name + "_low", {3}, {grid.low().begin(), grid.low().end()});
        }
    }
}

} // namespace

std::string study_problems(const StudyContext& context) {
    struct One {
        PairRig rig;
        PairParameters start, end;
    };
    const PosingOptions& posing = context.posing();
    const PoseEngine engine(context.hands, posing, context.assets.path);
    const PosingContext& shared = engine.context();
    const std::vector<One> all =
        map_traces<One>(context, posing, "problems", context.count(), [&](const PoseTrace& trace) {
            return One{trace.rig, trace.augmented, trace.optimised};
        });

    const BatchModel model(shared);
    BatchOptimiser optimiser(model, posing);
    std::vector<PersonTables> tables; // of `people`
    const auto energy_at = [&](const PersonTables& person,
                               const PairRig& rig,
                               const PairParameters& at,
                               int iteration) {
        PairParameters gradient;
        return optimiser.evaluate({person, rig, at}, iteration, gradient);
    };

    // A person is told by the hands' shapes.
    std::vector<const One*> people;
    std::vector<std::int64_t> person_of_problem;
    std::vector<double> wrists, forearms, starts, start_translations, ends, end_translations, first,
        last;
    for (const One& one : all) {
        const auto known = std::find_if(people.begin(), people.end(), [&](const One* other) {
            return other->rig.hands[0].shape == one.rig.hands[0].shape &&
                   other->rig.hands[1].shape == one.rig.hands[1].shape;
        });
        person_of_problem.push_back(known - people.begin());
        if (known == people.end()) {
            people.push_back(&one);
            tables.push_back(make_person_tables(model, one.rig.hands, posing.grid_spacing));
        }
        const PersonTables& person = tables[static_cast<std::size_t>(person_of_problem.back())];
        for (int h = 0; h < 2; ++h) {
            append(wrists, one.rig.world_from_hand[h]);
            append(forearms, forearm_rotation(one.rig, h));
        }
        append(starts, start_translations, one.start);
        append(ends, end_translations, one.end);
        first.push_back(energy_at(person, one.rig, one.start, 0));
        last.push_back(energy_at(person, one.rig, one.end, posing.iterations));
    }
    std::vector<double> vertices, joints, frames;
    for (const One* one : people) {
        for (int h = 0; h < 2; ++h) {
            append(vertices, one->rig.hands[h].rest_vertices);
            append(joints, one->rig.hands[h].rest_joints);
            for (const Mat3& frame : one->rig.frames[h]) {
                append(frames, frame);
            }
        }
    }

    Arrays arrays;
    add_model(arrays, shared);
    for (std::size_t person = 0; person < people.size(); ++person) {
        add_grids(arrays, model, people[person]->rig, person, posing.grid_spacing);
    }
    const std::size_t n = all.size(), p = people.size();
    const auto v = static_cast<std::size_t>(context.hands.hands[0].vertex_count());
    add(arrays, "rest_vertices", {p, 2, v, 3}, std::move(vertices));
    add(arrays, "rest_joints", {p, 2, kJointCountWithForearm, 3}, std::move(joints));
    add(arrays, "frames", {p, 2, kFingerJointCount, 3, 3}, std::move(frames));
    add_integers(arrays, "person", {n}, std::move(person_of_problem));
    add(arrays, "world_from_hand", {n, 2, 3, 3}, std::move(wrists));
    add(arrays, "forearm_rotation", {n, 2, 3, 3}, std::move(forearms));
    add(arrays, "start_angles", {n, 2, kFingerJointCount, 3}, std::move(starts));
    add(arrays, "start_translation", {n, 2, 3}, std::move(start_translations));
    add(arrays, "end_angles", {n, 2, kFingerJointCount, 3}, std::move(ends));
    add(arrays, "end_translation", {n, 2, 3}, std::move(end_translations));
    add(arrays, "start_energy", {n}, std::move(first));
    add(arrays, "end_energy", {n}, std::move(last));
    arrays["options"] = {{{}, std::vector<std::string>{to_json(posing)}}, NpyType::Text};
    write_npz(context.file("problems.npz"), arrays);
    return fmt::format("{} problems of {} people in problems.npz; compare with "
                       "`python bench/poses_torch.py problems.npz`\n",
                       n,
                       p);
}

} // namespace rih
