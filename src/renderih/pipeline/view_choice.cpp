// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/view_choice.h"

#include "renderih/hand/kinematics.h"

#include <algorithm>

namespace rih {

namespace {

/// Places that a view tries until no forearm's end is in the picture.
constexpr int kMaxViewDraws = 64;
/// After so many, hands fill the picture as far as they may: it shows less of the arms.
constexpr int kWideViewDraws = 32;

bool shows_forearm_end(const Camera& camera, const ViewSubject& subject) {
    for (const Points& end : subject.forearm_end) {
        for (Eigen::Index i = 0; i < end.rows(); ++i) {
            const Vec3 in_cam = camera.cam_from_world * Vec3(end.row(i).transpose());
            if (in_cam.z() <= 0) {
                continue;
            }
            const Vec2 px = camera.project(in_cam);
            if (px.x() >= 0 && px.y() >= 0 && px.x() < camera.width && px.y() < camera.height) {
                return true;
            }
        }
    }
    return false;
}

/// Nearer to the lens than this an arm is all that one sees, m.
constexpr double kLeastArmDistance = 0.15;

/// Between the camera and the line from a wrist to where its forearm stops.
bool arm_is_too_near(const Camera& camera, const ViewSubject& subject) {
    const Vec3 eye = camera.cam_from_world.inverse().translation;
    const Eigen::Index keypoints = subject.keypoints.rows() / 2;
    for (std::size_t i = 0; i < 2; ++i) {
        if (subject.forearm_end[i].rows() == 0) {
            continue;
        }
        const Vec3 wrist = subject.keypoints.row(static_cast<Eigen::Index>(i) * keypoints);
        const Vec3 arm = Vec3(subject.forearm_end[i].colwise().mean()) - wrist;
        const double along = std::clamp((eye - wrist).dot(arm) / arm.squaredNorm(), 0.0, 1.0);
        if ((wrist + along * arm - eye).norm() < kLeastArmDistance) {
            return true;
        }
    }
    return false;
}

bool arm_spoils(const Camera& camera, const ViewSubject& subject) {
    return shows_forearm_end(camera, subject) || arm_is_too_near(camera, subject);
}

} // namespace

std::vector<int> forearm_end(const HandModel& model) {
    const Points joints = model.joint_regressor * model.template_vertices;
    const VecX distance = (model.template_vertices.rowwise() - joints.row(0)).rowwise().norm();
    std::vector<int> end;
    for (int v = 0; v < model.vertex_count(); ++v) {
        if (model.skin_weights.coeff(v, kForearmJoint) > 0.99 &&
            distance[v] > 0.9 * distance.maxCoeff()) {
            end.push_back(v);
        }
    }
    return end;
}

ViewSubject view_subject(const std::array<const Points*, 2>& vertices,
                         const std::array<const Points*, 2>& keypoints,
                         const std::array<std::vector<int>, 2>& ends) {
    ViewSubject subject;
    subject.keypoints.resize(keypoints[0]->rows() + keypoints[1]->rows(), 3);
    subject.keypoints << *keypoints[0], *keypoints[1];
    for (std::size_t i = 0; i < 2; ++i) {
        subject.forearm_end[i] = (*vertices[i])(ends[i], Eigen::all);
    }
    return subject;
}

View choose_view(const GenerateOptions& options,
                 std::uint64_t pose_id,
                 int view,
                 const ViewSubject& subject) {
    TrackOptions tracks;
    tracks.width = options.image.width;
    tracks.height = options.image.height;
    tracks.truncation = options.image.truncation;

    const ViewKey key{options.seed, pose_id, view};
    Rng kind(options.seed, mix_bits(pose_id) + static_cast<std::uint64_t>(view), "kind of view");
    if (kind.uniform() < options.image.first_person) {
        const Eigen::Index keypoints = subject.keypoints.rows() / 2;
        std::array<Forearm, 2> forearms;
        bool known = true;
        for (int i = 0; i < 2; ++i) {
            const Points& end = subject.forearm_end[static_cast<std::size_t>(i)];
            known = known && end.rows() > 0;
            forearms[static_cast<std::size_t>(i)] = {
                subject.keypoints.row(i * keypoints).transpose(), end.colwise().mean().transpose()};
        }
        for (int round = 0; known && round < kMaxViewDraws; ++round) {
            const auto shot =
                sample_first_person({options.seed, pose_id, view + round * options.views},
                                    subject.keypoints,
                                    forearms,
                                    tracks);
            if (shot && !arm_spoils(shot->camera, subject)) {
                return *shot;
            }
        }
    }
    // Arms go on beyond the picture: a place from which one is seen to stop, or that is right
    // beside one, is passed over for the pose's next one that no other view has.
    View first;
    for (int round = 0; round < kMaxViewDraws; ++round) {
        if (round == kWideViewDraws) {
            tracks.min_fill = tracks.max_fill;
        }
        const View shot = sample_view(
            {key.seed, key.pose_id, view + round * options.views}, subject.keypoints, tracks);
        if (!arm_spoils(shot.camera, subject)) {
            return shot;
        }
        first = round == 0 ? shot : first;
    }
    return first;
}

LensDraw draw_lens_of(const Record& record, const ImageOptions& image) {
    std::vector<Vec3> keypoints;
    for (const RecordHand& hand : record.hands) {
        keypoints.insert(keypoints.end(), hand.joints_in_cam.begin(), hand.joints_in_cam.end());
    }
    Rng rng(record.seed, record.record, "lens");
    return draw_lens(lens_options(image), record.camera, keypoints, rng);
}

} // namespace rih
