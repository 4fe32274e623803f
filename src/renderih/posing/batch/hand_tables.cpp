// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/batch/hand_tables.h"

#include <algorithm>

namespace rih {

namespace {

Lanes lanes_of(const std::array<float, kLaneCount>& values) {
    return Lanes::load(values.data());
}

} // namespace

ModelTables::ModelTables(const HandModel& hand_model,
                         const std::array<HandPart, kPartsPerHand>& hand_parts)
    : model(&hand_model) {
    slot_of_vertex.assign(static_cast<std::size_t>(model->vertex_count()), -1);
    std::vector<int> count_of_vertex(slot_of_vertex.size(), 0);
    for (const HandPart& part : hand_parts) {
        part_surfaces.emplace_back(
            TriMesh{PartGrid::vertices_of(part, model->template_vertices), part.faces});
        for (const int vertex : part.vertices) {
            ++count_of_vertex[static_cast<std::size_t>(vertex)];
        }
    }
    for (int p = 0; p < kPartsPerHand; ++p) {
        Part& part = parts[p];
        part.bone = kJointOfPart[p];
        // A seam vertex counts for each part that it borders, but is posed once.
        const std::size_t first = vertex_of_slot.size();
        std::array<bool, kJointCountWithForearm> moved{};
        for (const int vertex : hand_parts[p].vertices) {
            int& slot = slot_of_vertex[static_cast<std::size_t>(vertex)];
            if (slot >= 0) {
                continue;
            }
            slot = static_cast<int>(vertex_of_slot.size());
            vertex_of_slot.push_back(vertex);
            for (decltype(model->skin_weights)::InnerIterator it(model->skin_weights, vertex); it;
                 ++it) {
                moved[static_cast<std::size_t>(it.col())] |= it.value() != 0;
            }
        }
        const std::size_t last = vertex_of_slot.size();
        while (vertex_of_slot.size() % kLaneCount != 0) {
            vertex_of_slot.push_back(vertex_of_slot.back());
        }
        part.groups = {static_cast<int>(first) / kLaneCount,
                       static_cast<int>(vertex_of_slot.size()) / kLaneCount};
        for (int j = 0; j < kJointCountWithForearm; ++j) {
            if (moved[j]) {
                part.joints.push_back(j);
            }
        }
        for (const int joint : part.joints) {
            for (int g = part.groups.first; g < part.groups.last; ++g) {
                std::array<float, kLaneCount> weights{};
                for (int i = 0; i < kLaneCount; ++i) {
                    weights[i] = static_cast<float>(
                        model->skin_weights.coeff(vertex_of_slot[kLaneCount * g + i], joint));
                }
                part.weights.push_back(lanes_of(weights));
            }
        }
        for (int g = part.groups.first; g < part.groups.last; ++g) {
            std::array<float, kLaneCount> counts{};
            for (int i = 0; i < kLaneCount; ++i) {
                const std::size_t slot = static_cast<std::size_t>(kLaneCount) * g + i;
                counts[i] =
                    slot < last ? static_cast<float>(count_of_vertex[vertex_of_slot[slot]]) : 0.0f;
            }
            part_count.push_back(lanes_of(counts));
        }
    }

    for (int g = 0; g < group_count(); ++g) {
        IndexRange& range = correctives_of_group.emplace_back();
        range.first = static_cast<int>(correctives.size());
        for (int j = 1; model->pose_dirs.cols() > 0 && j <= kFingerJointCount; ++j) {
            std::array<std::array<float, kLaneCount>, 27> directions{};
            bool used = false;
            for (int feature = 0; feature < 9; ++feature) {
                for (int axis = 0; axis < 3; ++axis) {
                    for (int i = 0; i < kLaneCount; ++i) {
                        const int vertex = vertex_of_slot[kLaneCount * g + i];
                        const double d = model->pose_dirs(3 * vertex + axis, 9 * (j - 1) + feature);
                        directions[3 * feature + axis][i] = static_cast<float>(d);
                        used |= d != 0;
                    }
                }
            }
            if (used) {
                Corrective& corrective = correctives.emplace_back();
                corrective.joint = j;
                for (std::size_t k = 0; k < directions.size(); ++k) {
                    corrective.directions[k] = lanes_of(directions[k]);
                }
            }
        }
        range.last = static_cast<int>(correctives.size());
    }
}

IdentityTables::IdentityTables(const ModelTables& model, const ShapedHand& shaped)
    : hand(shaped), frames(anatomy_frames(shaped)) {
    for (int axis = 0; axis < 3; ++axis) {
        for (int g = 0; g < model.group_count(); ++g) {
            std::array<float, kLaneCount> values{};
            for (int i = 0; i < kLaneCount; ++i) {
                values[i] = static_cast<float>(
                    hand.rest_vertices(model.vertex_of_slot[kLaneCount * g + i], axis));
            }
            rest[axis].push_back(lanes_of(values));
        }
    }
}

IdentityTables::IdentityTables(const ModelTables& model,
                               const std::array<HandPart, kPartsPerHand>& parts,
                               const ShapedHand& shaped,
                               double grid_spacing)
    : IdentityTables(model, shaped) {
    for (int p = 0; p < kPartsPerHand; ++p) {
        grids.emplace_back(parts[p], model.part_surfaces[p], hand.rest_vertices, grid_spacing);
    }
}

IdentityTables::IdentityTables(const ModelTables& model,
                               const IdentityTables& right,
                               const ShapedHand& shaped)
    : IdentityTables(model, shaped) {
    for (const PartGrid& grid : right.grids) {
        grids.push_back(grid.mirrored());
    }
}

} // namespace rih
