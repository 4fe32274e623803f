// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_check.h"

#include "renderih/base/error.h"
#include "renderih/hand/anatomy.h"
#include "renderih/hand/parts.h"

namespace rih {

namespace {

constexpr int kPoseFeatures = 9 * kFingerJointCount;
constexpr double kSumTolerance = 1e-6; // of weights that sum to one

class Checker {
  public:
    Checker(const HandModel& model, const std::string& where) : model_(model), where_(where) {}

    void run() const {
        check_sizes();
        check_surface();
        check_weights();
        check_regressor();
        check_labels();
        check_bones();
    }

  private:
    void size(const char* name, Eigen::Index actual, Eigen::Index wanted) const {
        RIH_REQUIRE(actual == wanted,
                    "{}: array \"{}\" has {} entries, expected {}",
                    where_,
                    name,
                    actual,
                    wanted);
    }

    template <typename Derived>
    void finite(const char* name, const Eigen::DenseBase<Derived>& values) const {
        RIH_REQUIRE(values.derived().array().isFinite().all(),
                    "{}: array \"{}\" has a value that is no finite number",
                    where_,
                    name);
    }

    template <typename Polygons>
    void indices(const char* name, const Polygons& polygons, Eigen::Index count) const {
        for (std::size_t i = 0; i < polygons.size(); ++i) {
            for (const int index : polygons[i]) {
                RIH_REQUIRE(index >= 0 && index < count,
                            "{}: array \"{}\" row {} names {}, expected 0 to {}",
                            where_,
                            name,
                            i,
                            index,
                            count - 1);
            }
        }
    }

    void check_sizes() const {
        const Eigen::Index v = model_.vertex_count();
        const auto f = std::ssize(model_.faces), q = std::ssize(model_.quads);
        RIH_REQUIRE(v >= 4 && f >= 4, "{}: has {} vertices and {} faces", where_, v, f);
        size("skin_weights", model_.skin_weights.rows(), v);
        size("skin_weights (axis 1)", model_.skin_weights.cols(), kJointCountWithForearm);
        size("joint_regressor", model_.joint_regressor.rows(), kJointCountWithForearm);
        size("joint_regressor (axis 1)", model_.joint_regressor.cols(), v);
        size("shape_dirs", model_.shape_dirs.rows(), 3 * v);
        if (model_.pose_dirs.cols() != 0) {
            size("pose_dirs", model_.pose_dirs.rows(), 3 * v);
            size("pose_dirs (axis 2)", model_.pose_dirs.cols(), kPoseFeatures);
        }
        size("part_of_face", std::ssize(model_.part_of_face), f);
        size("part_of_quad", std::ssize(model_.part_of_quad), q);
        size("palm_of_vertex", model_.palm_of_vertex.size(), v);
        size("nail_of_face", std::ssize(model_.nail_of_face), f);
        size("nail_of_quad", std::ssize(model_.nail_of_quad), q);
        if (!model_.uv_faces.empty()) {
            size("uv_faces", std::ssize(model_.uv_faces), f);
        }
        if (!model_.quad_uv.empty()) {
            size("quad_uv", std::ssize(model_.quad_uv), q);
        }
        if (model_.hands_mean.size() != 0) {
            size("hands_mean", model_.hands_mean.size(), 3 * kFingerJointCount);
        }
    }

    void check_surface() const {
        finite("template_vertices", model_.template_vertices);
        finite("shape_dirs", model_.shape_dirs);
        finite("pose_dirs", model_.pose_dirs);
        finite("uv", model_.uv);
        finite("hands_mean", model_.hands_mean);
        constexpr double kLargest = 2; // m; a hand with its forearm has 0.5
        const double largest = model_.template_vertices.cwiseAbs().maxCoeff();
        RIH_REQUIRE(largest <= kLargest,
                    "{}: array \"template_vertices\" reaches to {:g} m; is it in millimetres?",
                    where_,
                    largest);
        indices("faces", model_.faces, model_.vertex_count());
        indices("quads", model_.quads, model_.vertex_count());
        indices("uv_faces", model_.uv_faces, model_.uv.rows());
        indices("quad_uv", model_.quad_uv, model_.uv.rows());
        for (std::size_t f = 0; f < model_.faces.size(); ++f) {
            const auto [a, b, c] = model_.faces[f];
            RIH_REQUIRE(a != b && b != c && c != a,
                        "{}: array \"faces\" row {} names a vertex twice",
                        where_,
                        f);
        }
        RIH_REQUIRE(is_closed(model_.faces),
                    "{}: array \"faces\" is not a closed surface (every edge between two faces "
                    "wound alike)",
                    where_);
        RIH_REQUIRE(signed_volume({model_.template_vertices, model_.faces}) > 0,
                    "{}: array \"faces\" is wound inside out",
                    where_);
    }

    void check_weights() const {
        for (Eigen::Index v = 0; v < model_.skin_weights.rows(); ++v) {
            double sum = 0;
            for (decltype(model_.skin_weights)::InnerIterator it(model_.skin_weights, v); it;
                 ++it) {
                RIH_REQUIRE(it.value() >= 0,
                            "{}: array \"skin_weights\" has {:g} at [{}, {}], expected 0 to 1",
                            where_,
                            it.value(),
                            v,
                            it.col());
                sum += it.value();
            }
            RIH_REQUIRE(std::abs(sum - 1) <= kSumTolerance,
                        "{}: array \"skin_weights\" row {} sums to {:.9g}, expected 1",
                        where_,
                        v,
                        sum);
        }
    }

    void check_regressor() const {
        const VecX sums = model_.joint_regressor * VecX::Ones(model_.joint_regressor.cols());
        for (Eigen::Index j = 0; j < sums.size(); ++j) {
            RIH_REQUIRE(std::abs(sums[j] - 1) <= kSumTolerance,
                        "{}: array \"joint_regressor\" row {} ({}) sums to {:.9g}, expected 1",
                        where_,
                        j,
                        kJointNames[j],
                        sums[j]);
        }
    }

    void check_parts(const char* name, const std::vector<std::uint8_t>& parts) const {
        const int first = first_part(model_.side);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            RIH_REQUIRE((parts[i] >= first && parts[i] < first + kPartsPerHand) ||
                            parts[i] == forearm_part(model_.side),
                        "{}: array \"{}\" has {} at position {}, expected a {} hand's part",
                        where_,
                        name,
                        parts[i],
                        i,
                        name_of(model_.side));
        }
    }

    void check_labels() const {
        check_parts("part_of_face", model_.part_of_face);
        check_parts("part_of_quad", model_.part_of_quad);
        RIH_REQUIRE(
            (model_.palm_of_vertex.array() >= 0 && model_.palm_of_vertex.array() <= 1).all(),
            "{}: array \"palm_of_vertex\" leaves [0, 1]",
            where_);
        for (const int tip : model_.tip_vertices) {
            RIH_REQUIRE(tip >= 0 && tip < model_.vertex_count(),
                        "{}: array \"tip_vertices\" names vertex {} of {}",
                        where_,
                        tip,
                        model_.vertex_count());
        }
        try {
            closed_parts(model_);
        } catch (const UserError& error) {
            throw_user_error("{}: {}", where_, error.what());
        }
    }

    void check_bones() const {
        const double hint = model_.thumb_up_hint.norm();
        RIH_REQUIRE(std::isfinite(hint) && hint > 1e-6,
                    "{}: array \"thumb_up_hint\" is no direction",
                    where_);
        const ShapedHand hand = shape_hand(model_, VecX());
        const AnatomyFrames frames = anatomy_frames(hand);
        for (int j = 1; j < kJointCount; ++j) {
            // Zero bones and bones along the up hint give no frame.
            RIH_REQUIRE(std::abs(frames[j - 1].determinant() - 1) < 1e-6,
                        "{}: the bone from joint {} ({}) has no length or no bending plane",
                        where_,
                        j,
                        kJointNames[j]);
        }
    }

    const HandModel& model_;
    const std::string& where_;
};

} // namespace

void check_hand(const HandModel& model, const std::string& where) {
    Checker(model, where).run();
}

} // namespace rih
