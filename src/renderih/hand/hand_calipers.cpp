// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_calipers.h"

#include "renderih/base/error.h"

#include <cmath>

namespace rih {
namespace {

// Joints of mano16.
constexpr int kThumbRoot = 13, kThumbEnd = 15, kIndexRoot = 1, kLittleRoot = 7;

constexpr int kMiddleTip = 2;        // of tip_vertices
constexpr double kNearJoint = 0.006; // m along the hand
constexpr double kMostThumb = 0.3;   // share of a vertex that may be the thumb's

/// The vertex furthest out on the thumb's side (`sign` 1) or the other (-1), beside a joint.
int outermost(const HandModel& model, const Vec3& joint, double sign) {
    int best = -1;
    double furthest = -INFINITY;
    for (int v = 0; v < model.vertex_count(); ++v) {
        if (std::abs(model.template_vertices(v, 0) - joint.x()) > kNearJoint) {
            continue;
        }
        double thumb = 0;
        for (int j = kThumbRoot; j <= kThumbEnd; ++j) {
            thumb += model.skin_weights.coeff(v, j);
        }
        const double out = sign * model.template_vertices(v, 2);
        if (thumb < kMostThumb && out > furthest) {
            furthest = out;
            best = v;
        }
    }
    RIH_REQUIRE(best >= 0, "{}: no vertex lies beside a root of its fingers", model.name);
    return best;
}

} // namespace

HandCalipers::HandCalipers(const HandModel& model) {
    const Points joints = model.joint_regressor * model.template_vertices;
    const auto joint = [&](int j) -> Vec3 { return joints.row(j).transpose(); };
    wrist_ = joint(0);
    const int vertices[] = {model.tip_vertices[kMiddleTip],
                            outermost(model, joint(kIndexRoot), 1),
                            outermost(model, joint(kLittleRoot), -1)};
    moves_.resize(9, model.shape_count());
    Vec3* points[] = {&template_.tip, &template_.thumb_side, &template_.little_side};
    for (int i = 0; i < 3; ++i) {
        *points[i] = model.template_vertices.row(vertices[i]).transpose();
        moves_.middleRows(3 * i, 3) = model.shape_dirs.middleRows(3 * vertices[i], 3);
    }
}

HandDimensions HandCalipers::of_shape(const VecX& shape) const {
    const VecX moved = moves_.leftCols(shape.size()) * shape;
    return between({template_.tip + moved.segment<3>(0),
                    template_.thumb_side + moved.segment<3>(3),
                    template_.little_side + moved.segment<3>(6)});
}

HandDimensions HandCalipers::between(const Points3& points) const {
    return {(points.tip - wrist_).norm(), (points.thumb_side - points.little_side).norm()};
}

} // namespace rih
