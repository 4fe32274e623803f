// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_npz.h"

#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/hand/forearm.h"
#include "renderih/hand/hand_arrays.h"

#include <algorithm>

namespace rih {

namespace {

template <typename T>
std::vector<double> doubles(const T& values) {
    return {values.data(), values.data() + values.size()};
}

NpyOutput numbers(std::vector<std::size_t> shape, std::vector<double> values) {
    return {{std::move(shape), std::move(values)}, NpyType::Float64};
}

template <typename Values>
NpyOutput labels(const Values& values, NpyType type) {
    return {{{values.size()}, std::vector<std::int64_t>(values.begin(), values.end())}, type};
}

template <std::size_t N>
NpyOutput polygons(const std::vector<std::array<int, N>>& polygons) {
    std::vector<std::int64_t> flat;
    for (const auto& polygon : polygons) {
        flat.insert(flat.end(), polygon.begin(), polygon.end());
    }
    return {{{polygons.size(), N}, std::move(flat)}, NpyType::Int32};
}

NpyOutput text(const std::string& value) {
    return {{{}, std::vector<std::string>{value}}, NpyType::Text};
}

/// A matrix row by row; Eigen keeps columns together.
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

void read_joints(const HandArrays& file, HandModel& model, int joints) {
    const int count = model.vertex_count();
    const std::vector<int> parents = file.integers("parents", {joints}, -1, joints - 1);
    for (int j = 0; j < joints; ++j) {
        RIH_REQUIRE(parents[j] == kParents[j],
                    "{}: array \"parents\" has {} for joint {} ({}), expected {}",
                    file.where(),
                    parents[j],
                    j,
                    kJointNames[j],
                    kParents[j]);
    }
    model.skin_weights = file.sparse("skin_weights", count, joints);
    model.joint_regressor = file.sparse("joint_regressor", joints, count);
}

void read_optional(const HandArrays& file, HandModel& model) {
    const int count = model.vertex_count(), faces = static_cast<int>(model.faces.size());
    const auto has_rows = [&](const char* name) {
        return file.has(name) && file.extent(name, 0) > 0;
    };
    if (has_rows("uv") && has_rows("uv_faces")) {
        const std::vector<double> uv = file.numbers("uv", {-1, 2});
        model.uv = Eigen::Map<const Points2>(uv.data(), std::ssize(uv) / 2, 2);
        const int uv_count = static_cast<int>(model.uv.rows());
        model.uv_faces = file.polygons<3>("uv_faces", faces, uv_count);
    }
    if (has_rows("quads")) {
        model.quads = file.polygons<4>("quads", -1, count);
        const int quads = static_cast<int>(model.quads.size());
        model.part_of_quad = file.labels("part_of_quad", quads, 255);
        if (has_rows("quad_uv")) {
            model.quad_uv = file.polygons<4>("quad_uv", quads, static_cast<int>(model.uv.rows()));
        }
        model.nail_of_quad = file.has("nail_of_quad") ? file.labels("nail_of_quad", quads, 1)
                                                      : std::vector<std::uint8_t>(quads, 0);
    }
    model.nail_of_face = file.has("nail_of_face") ? file.labels("nail_of_face", faces, 1)
                                                  : std::vector<std::uint8_t>(faces, 0);
    if (file.has("palm_of_vertex")) {
        const std::vector<double> palm = file.numbers("palm_of_vertex", {count});
        model.palm_of_vertex = Eigen::Map<const VecX>(palm.data(), count);
    } else {
        model.palm_of_vertex = palm_from_normals(model);
    }
    if (file.has("thumb_up_hint")) {
        const std::vector<double> hint = file.numbers("thumb_up_hint", {3});
        model.thumb_up_hint = Eigen::Map<const Vec3>(hint.data());
    } else if (model.side == Side::Left) {
        model.thumb_up_hint.x() *= -1; // the default is the right hand's
    }
    if (file.has("hands_mean")) {
        const std::vector<double> mean = file.numbers("hands_mean", {3 * kFingerJointCount});
        model.hands_mean = Eigen::Map<const VecX>(mean.data(), std::ssize(mean));
    }
    if (file.has("meta")) {
        model.meta_json = file.text("meta");
        parse_json(model.meta_json, file.where() + ": array \"meta\""); // or refuses it
    }
}

} // namespace

VecX palm_from_normals(const HandModel& model) {
    return (0.5 - 0.5 * vertex_normals(model.template_vertices, model.faces).col(1).array())
        .cwiseMax(0)
        .cwiseMin(1);
}

HandModel hand_from_arrays(const NpzArrays& arrays, const std::string& where) {
    const HandArrays file(arrays, where);
    HandModel model;
    model.name = where; // for messages; the reader of the file names it
    const std::string side = file.text("side");
    RIH_REQUIRE(side == "right" || side == "left",
                "{}: array \"side\" is \"{}\", expected \"right\" or \"left\"",
                where,
                side);
    model.side = side == "right" ? Side::Right : Side::Left;
    const int count = file.extent("template_vertices", 0);
    model.template_vertices = file.points("template_vertices", count);
    model.faces = file.polygons<3>("faces", -1, count);
    model.part_of_face = file.labels("part_of_face", static_cast<int>(model.faces.size()), 255);
    const int joints = file.extent("skin_weights", 1);
    RIH_REQUIRE(joints == kJointCount || joints == kJointCountWithForearm,
                "{}: array \"skin_weights\" is for {} joints, expected {} or {}",
                where,
                joints,
                kJointCount,
                kJointCountWithForearm);
    read_joints(file, model, joints);
    model.shape_dirs = file.directions("shape_dirs", count, -1);
    if (file.has("pose_dirs")) {
        model.pose_dirs = file.directions("pose_dirs", count, 9 * kFingerJointCount);
    }
    const std::vector<int> tips = file.integers("tip_vertices", {kTipCount}, 0, count - 1);
    std::copy(tips.begin(), tips.end(), model.tip_vertices.begin());
    read_optional(file, model);
    return joints == kJointCount ? with_forearm(std::move(model)) : model;
}

std::map<std::string, NpyOutput> arrays_of(const HandModel& model) {
    const auto v = static_cast<std::size_t>(model.vertex_count());
    const auto s = static_cast<std::size_t>(model.shape_count());
    constexpr std::size_t j = kJointCountWithForearm;
    std::map<std::string, NpyOutput> arrays;
    arrays["side"] = text(std::string(name_of(model.side)));
    arrays["meta"] = text(model.meta_json.empty() ? "{}" : model.meta_json);
    arrays["template_vertices"] = numbers({v, 3}, doubles(model.template_vertices));
    arrays["faces"] = polygons(model.faces);
    arrays["parents"] = labels(kParents, NpyType::Int32);
    arrays["skin_weights"] = numbers({v, j}, doubles(RowMajor(MatX(model.skin_weights))));
    arrays["joint_regressor"] = numbers({j, v}, doubles(RowMajor(MatX(model.joint_regressor))));
    arrays["shape_dirs"] = numbers({v, 3, s}, doubles(RowMajor(model.shape_dirs)));
    const RowMajor pose_dirs =
        model.pose_dirs.cols() > 0
            ? RowMajor(model.pose_dirs)
            : RowMajor(RowMajor::Zero(model.shape_dirs.rows(), 9 * kFingerJointCount));
    arrays["pose_dirs"] = numbers({v, 3, 9 * kFingerJointCount}, doubles(pose_dirs));
    arrays["tip_vertices"] = labels(model.tip_vertices, NpyType::Int32);
    arrays["part_of_face"] = labels(model.part_of_face, NpyType::UInt8);
    arrays["uv"] = numbers({static_cast<std::size_t>(model.uv.rows()), 2}, doubles(model.uv));
    arrays["uv_faces"] = polygons(model.uv_faces);
    arrays["quads"] = polygons(model.quads);
    arrays["quad_uv"] = polygons(model.quad_uv);
    arrays["part_of_quad"] = labels(model.part_of_quad, NpyType::UInt8);
    arrays["nail_of_face"] = labels(model.nail_of_face, NpyType::UInt8);
    arrays["nail_of_quad"] = labels(model.nail_of_quad, NpyType::UInt8);
    arrays["palm_of_vertex"] = numbers({v}, doubles(model.palm_of_vertex));
    arrays["thumb_up_hint"] = numbers({3}, doubles(model.thumb_up_hint));
    if (model.hands_mean.size() > 0) {
        arrays["hands_mean"] =
            numbers({static_cast<std::size_t>(model.hands_mean.size())}, doubles(model.hands_mean));
    }
    return arrays;
}

} // namespace rih
