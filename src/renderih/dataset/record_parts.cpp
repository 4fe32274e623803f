// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/record_parts.h"

#include <limits>

namespace rih {

namespace {

constexpr int kMaxSide = 16384;         // pixels
constexpr std::size_t kMaxShape = 1000; // coefficients
constexpr double kRotationTolerance = 1e-6;

} // namespace

void write_image(JsonWriter& out, const Camera& camera) {
    out.key("image");
    out.begin_object();
    out.field("width", camera.width);
    out.field("height", camera.height);
    out.end_object();
}

void read_image(JsonObject fields, Camera& camera) {
    camera.width = static_cast<int>(fields.at("width").integer(1, kMaxSide));
    camera.height = static_cast<int>(fields.at("height").integer(1, kMaxSide));
    fields.finish();
}

void write_pinhole(JsonWriter& out, const Camera& camera) {
    out.field("fx", camera.intrinsics.fx);
    out.field("fy", camera.intrinsics.fy);
    out.field("cx", camera.intrinsics.cx);
    out.field("cy", camera.intrinsics.cy);
    out.key("cam_from_world");
    out.begin_array();
    for (int row = 0; row < 3; ++row) {
        out.begin_array();
        for (int column = 0; column < 3; ++column) {
            out.value(camera.cam_from_world.rotation(row, column));
        }
        out.value(camera.cam_from_world.translation[row]);
        out.end_array();
    }
    out.end_array();
}

void read_pinhole(JsonObject& fields, Camera& camera) {
    constexpr double kTiny = std::numeric_limits<double>::min();
    constexpr double kHuge = std::numeric_limits<double>::max();
    Intrinsics& intrinsics = camera.intrinsics;
    intrinsics.fx = fields.at("fx").number(kTiny, kHuge);
    intrinsics.fy = fields.at("fy").number(kTiny, kHuge);
    intrinsics.cx = fields.at("cx").number();
    intrinsics.cy = fields.at("cy").number();
    const JsonValue matrix = fields.at("cam_from_world");
    const auto rows = matrix.elements(3);
    Rigid3& cam_from_world = camera.cam_from_world;
    for (int row = 0; row < 3; ++row) {
        const Vec4 values = read_vec<4>(rows[static_cast<std::size_t>(row)]);
        cam_from_world.rotation.row(row) = values.head<3>().transpose();
        cam_from_world.translation[row] = values[3];
    }
    const Mat3& r = cam_from_world.rotation;
    const Mat3 defect = r * r.transpose() - Mat3::Identity();
    if (!(defect.cwiseAbs().maxCoeff() <= kRotationTolerance) || !(r.determinant() > 0)) {
        matrix.fail("its first three columns are not a rotation");
    }
}

VecX read_shape(const JsonValue& value) {
    const auto elements = value.elements(0, kMaxShape);
    VecX shape(static_cast<Eigen::Index>(elements.size()));
    for (std::size_t i = 0; i < elements.size(); ++i) {
        shape[static_cast<Eigen::Index>(i)] = elements[i].number();
    }
    return shape;
}

} // namespace rih
