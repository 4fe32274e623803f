// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/mano.h"

#include "renderih/base/error.h"
#include "renderih/hand/forearm.h"
#include "renderih/hand/hand_arrays.h"
#include "renderih/hand/hand_npz.h"
#include "renderih/hand/parts.h"
#include "renderih/hand/pickle_arrays.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

namespace rih {

namespace {

constexpr int kPoseSize = 3 * kFingerJointCount;

/// Needed, and read when there.
constexpr std::array<const char*, 6> kNeeded{
    "v_template", "f", "weights", "J_regressor", "shapedirs", "kintree_table"};
constexpr std::array<const char*, 2> kWelcome{"posedirs", "hands_mean"};

/// MANO's sums are 1 but for the rounding of whoever saved it; a larger difference is damage.
void normalise_rows(Eigen::SparseMatrix<double, Eigen::RowMajor>& matrix,
                    const char* name,
                    const std::string& where) {
    constexpr double kExact = 1e-9, kRounding = 1e-3;
    const VecX sums = matrix * VecX::Ones(matrix.cols());
    for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
        RIH_REQUIRE(std::abs(sums[row] - 1) < kRounding,
                    "{}: array \"{}\" row {} sums to {:.9g}, expected 1",
                    where,
                    name,
                    row,
                    sums[row]);
        if (std::abs(sums[row] - 1) > kExact) {
            matrix.row(row) *= 1 / sums[row];
        }
    }
}

void check_kinematic_tree(const HandArrays& file) {
    // The wrist's parent is -1, stored as unsigned in the original.
    const std::vector<double> table = file.numbers("kintree_table", {2, kJointCount});
    for (int j = 1; j < kJointCount; ++j) {
        RIH_REQUIRE(table[static_cast<std::size_t>(j)] == kParents[j] &&
                        table[static_cast<std::size_t>(kJointCount + j)] == j,
                    "{}: array \"kintree_table\" gives joint {} the parent {}, expected {}",
                    file.where(),
                    table[static_cast<std::size_t>(kJointCount + j)],
                    table[static_cast<std::size_t>(j)],
                    kParents[j]);
    }
}

void check_side(const HandModel& model, const std::string& where) {
    const Points joints = model.joint_regressor * model.template_vertices;
    const double fingers_x = joints.col(0).tail(kFingerJointCount).mean() - joints(0, 0);
    const Side found = fingers_x < 0 ? Side::Right : Side::Left;
    RIH_REQUIRE(found == model.side,
                "{}: is a {} hand (its fingers point to {}x) where a {} hand is expected; swap "
                "the files",
                where,
                name_of(found),
                fingers_x < 0 ? '-' : '+',
                name_of(model.side));
}

/// The vertex of each finger's end part farthest along the bone from its second to its third joint.
void find_tips(HandModel& model) {
    const Points joints = model.joint_regressor * model.template_vertices;
    for (int finger = 0; finger < kTipCount; ++finger) {
        const int last = 3 * finger + 3;
        const auto along = (joints.row(last) - joints.row(last - 1)).eval();
        const int part = first_part(model.side) + kPartOfJoint[last];
        std::set<int> vertices; // ascending: the lowest of equals is the tip
        for (std::size_t f = 0; f < model.faces.size(); ++f) {
            if (model.part_of_face[f] == part) {
                vertices.insert(model.faces[f].begin(), model.faces[f].end());
            }
        }
        double farthest = -std::numeric_limits<double>::infinity();
        for (const int v : vertices) {
            const double distance = model.template_vertices.row(v).dot(along);
            if (distance > farthest) {
                farthest = distance;
                model.tip_vertices[kTipOfFinger[finger]] = v;
            }
        }
    }
}

std::string meta_of(const HandModel& model) {
    std::vector<std::string> shape_names;
    for (int s = 1; s <= model.shape_count(); ++s) {
        shape_names.push_back(fmt::format("mano_{}", s));
    }
    nlohmann::json meta{{"format", "MANO"},
                        {"licence", "the file's own; MANO: non-commercial research only"},
                        {"shape_names", shape_names},
                        {"pose_is_relative_to", "flat hand"}};
    if (model.side == Side::Left) {
        meta["mano_left_shapedirs_fixed"] = false;
    }
    return meta.dump();
}

} // namespace

NpzArrays mano_arrays_of_pickle(std::span<const std::uint8_t> bytes, const std::string& where) {
    std::uint64_t bytes_left = std::uint64_t{1} << 30; // of all arrays together
    const Pickle pickle = parse_pickle(bytes, where);
    RIH_REQUIRE(pickle[pickle.root].kind == PickleNode::Kind::Dict,
                "{}: the pickle holds no dictionary, so it is no MANO file",
                where);
    NpzArrays arrays;
    const auto take = [&](const char* name, bool needed) {
        const auto node = pickle.find(pickle.root, name);
        RIH_REQUIRE(node.has_value() || !needed,
                    "{}: the pickle has no entry \"{}\", so it is no MANO file",
                    where,
                    name);
        if (node) {
            try {
                arrays[name] = array_of_pickle(pickle, *node, name, where, bytes_left);
            } catch (const UserError& error) { // some messages name the array only
                const std::string message = error.what();
                throw UserError(message.starts_with(printable(where)) ? message
                                                                      : where + ": " + message);
            }
        }
    };
    for (const char* name : kNeeded) {
        take(name, true);
    }
    for (const char* name : kWelcome) {
        take(name, false);
    }
    return arrays;
}

bool is_mano(const NpzArrays& arrays) {
    return arrays.contains("v_template");
}

HandModel hand_from_mano(const NpzArrays& arrays, Side side, const std::string& where) {
    const HandArrays file(arrays, where);
    HandModel model;
    model.side = side;
    model.name = where; // for messages; the reader of the file names it
    const int count = file.extent("v_template", 0);
    model.template_vertices = file.points("v_template", count);
    model.faces = file.polygons<3>("f", -1, count);
    model.skin_weights = file.sparse("weights", count, kJointCount);
    normalise_rows(model.skin_weights, "weights", where);
    model.joint_regressor = file.sparse("J_regressor", kJointCount, count);
    normalise_rows(model.joint_regressor, "J_regressor", where);
    model.shape_dirs = file.directions("shapedirs", count, -1);
    if (file.has("posedirs")) {
        model.pose_dirs = file.directions("posedirs", count, 9 * kFingerJointCount);
    }
    check_kinematic_tree(file);
    check_side(model, where);
    if (file.has("hands_mean")) {
        const std::vector<double> mean = file.numbers("hands_mean", {kPoseSize});
        model.hands_mean = Eigen::Map<const VecX>(mean.data(), kPoseSize);
    }
    if (side == Side::Left) {
        model.thumb_up_hint.x() *= -1; // (1, 1, 1), mirrored
    }
    model.part_of_face = parts_from_skin_weights(model);
    find_tips(model);

    model = with_forearm(std::move(model));
    if (signed_volume({model.template_vertices, model.faces}) < 0) {
        for (auto& face : model.faces) {
            std::swap(face[1], face[2]);
        }
    }
    model.palm_of_vertex = palm_from_normals(model);
    model.nail_of_face.assign(model.faces.size(), 0);
    model.meta_json = meta_of(model);
    return model;
}

bool fix_left_shape_dirs(const HandModel& right, HandModel& left) {
    bool fixed = false;
    if (right.shape_dirs.rows() == left.shape_dirs.rows() &&
        right.shape_dirs.cols() == left.shape_dirs.cols()) {
        double from_equal = 0, from_mirrored = 0;
        for (Eigen::Index x = 0; x < left.shape_dirs.rows(); x += 3) {
            from_equal += (left.shape_dirs.row(x) - right.shape_dirs.row(x)).cwiseAbs().sum();
            from_mirrored += (left.shape_dirs.row(x) + right.shape_dirs.row(x)).cwiseAbs().sum();
        }
        constexpr double kNearlyEqual = 1;
        fixed = from_equal < kNearlyEqual && from_equal < from_mirrored;
    }
    for (Eigen::Index x = 0; fixed && x < left.shape_dirs.rows(); x += 3) {
        left.shape_dirs.row(x) *= -1;
    }
    nlohmann::json meta = nlohmann::json::parse(left.meta_json, nullptr, false);
    if (!meta.is_object()) {
        meta = nlohmann::json::object();
    }
    meta["mano_left_shapedirs_fixed"] = fixed;
    left.meta_json = meta.dump();
    return fixed;
}

} // namespace rih
