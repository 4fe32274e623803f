// SPDX-License-Identifier: Apache-2.0
// Hand models through the C++ readers: the open hand, HAND.npz, MANO's .pkl and .npz; and posed by
// the C++ kinematics, to hold the numpy ones against.
#include "base/numpy_arrays.h"
#include "bind.h"
#include "renderih/base/error.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/hand_npz.h"
#include "renderih/hand/kinematics.h"
#include "renderih/pipeline/provenance.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>

namespace rih::python {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

nb::dict load_hands(const std::string& spec, const std::string& assets) {
    HandPair hands;
    {
        const nb::gil_scoped_release released;
        hands = rih::load_hands(spec, assets);
    }
    nb::dict result;
    for (const Side side : kSides) {
        const std::string name(name_of(side));
        result[name.c_str()] = numpy_arrays(arrays_of(hands[side]));
    }
    return result;
}

using Rows = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Row = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

std::vector<double> flat(const Points& points) {
    return {points.data(), points.data() + points.size()};
}

/// (vertices [V, 3], the 21 keypoints [21, 3]) of one hand of a HAND.npz.
std::pair<nb::object, nb::object> pose_hand_file(
    const std::string& path, const std::string& side, Rows axis_angle, Row shape, Row translation) {
    RIH_REQUIRE(axis_angle.shape(0) == kJointCountWithForearm && axis_angle.shape(1) == 3 &&
                    translation.shape(0) == 3,
                "pose: expected [17, 3] and a translation of 3");
    HandPose pose;
    for (std::size_t j = 0; j < kJointCountWithForearm; ++j) {
        pose.axis_angle[j] = Eigen::Map<const Vec3>(axis_angle.data() + 3 * j);
    }
    pose.translation = Eigen::Map<const Vec3>(translation.data());
    pose.shape = Eigen::Map<const VecX>(shape.data(), static_cast<Eigen::Index>(shape.shape(0)));
    const HandModel model = load_hand(path, side == "right" ? Side::Right : Side::Left);
    const HandState state = pose_hand(model, pose);
    return {numpy_array(flat(state.vertices), {static_cast<std::size_t>(model.vertex_count()), 3}),
            numpy_array(flat(keypoints_mano21(model, state)), {kKeypointCount, 3})};
}

} // namespace

void bind_hand(nb::module_& module) {
    module.def("load_hands",
               &load_hands,
               "spec"_a,
               "assets"_a,
               "side -> name -> array of docs/dataset_format.md.");
    module.def("pose_hand_file",
               &pose_hand_file,
               "path"_a,
               "side"_a,
               "axis_angle"_a.noconvert(),
               "shape"_a.noconvert(),
               "translation"_a.noconvert(),
               "Vertices and keypoints by the C++ kinematics.");
}

} // namespace rih::python
