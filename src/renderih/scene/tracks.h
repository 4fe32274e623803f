// SPDX-License-Identifier: Apache-2.0
// Where the cameras stand: four full circles about the centre of both hands, as in section 3.2 of
// the paper (ten views each when sparse, any number when dense). The paper gives neither tilts,
// distance nor focal length; those are ours, and options. And the eyes of the hands' owner.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/math/camera.h"

#include <array>
#include <optional>
#include <vector>

namespace rih {

inline constexpr int kTrackCount = 4;

/// A great circle: the horizontal one turned by `tilt_deg` about the horizontal axis at `node_deg`
/// (from +z towards +x). Its azimuth 0 lies on that axis.
struct TrackCircle {
    double tilt_deg = 0, node_deg = 0;
};

struct TrackOptions {
    /// One level circle and three steep ones that cover the sphere up to 60 degrees evenly.
    std::array<TrackCircle, kTrackCount> circles{{{0, 0}, {60, 0}, {60, 120}, {60, 240}}};
    int views_per_track = 10; ///< 10 = the paper's sparse sampling
    int width = 512;          ///< pixels
    int height = 334;         ///< pixels
    /// The lens as a focal length on a sensor 36 mm wide, log-uniform. The distance (camera to
    /// origin) follows, as far as its range goes; beyond, the lens does.
    double min_focal_mm = 24, max_focal_mm = 90;
    double min_distance_m = 0.3, max_distance_m = 1.2;
    double min_fill = 0.55;   ///< part of the picture's height (or width) that the keypoints span,
    double max_fill = 0.80;   ///< drawn uniformly
    double off_centre = 0.85; ///< most part of the free margin by which the hands leave the middle
    double max_roll_deg = 10; ///< of the camera about its axis, uniform within +-
    /// How far the principal point may lie off the middle, part of the width.
    double max_principal_offset = 0.01;
    double truncation = 0; ///< probability that keypoints may lie outside the picture

    /// Throws UserError that names the field and its range.
    void validate() const;
};

/// A place on a track.
struct TrackPlace {
    int track = 0;          ///< 0 .. kTrackCount - 1, or kFirstPersonTrack
    double azimuth_deg = 0; ///< 0..360 along the circle; 0 in the first person
};

/// The number of what is no circle: a camera at the eyes of the hands' owner.
inline constexpr int kFirstPersonTrack = kTrackCount;

/// Every place when each circle is divided evenly into `views_per_track`, starting `start_deg`.
std::vector<TrackPlace> track_places(int views_per_track, double start_deg = 0);

/// The camera's pose at a place: `distance_m` from the world's origin, upright, looking at
/// `target_in_world`.
Rigid3 track_cam_from_world(const TrackCircle& circle,
                            double azimuth_deg,
                            double distance_m,
                            const Vec3& target_in_world);

/// The longest focal length (square pixels, principal point in the middle) that keeps every point
/// within `fill` of half the picture from its middle. Throws UserError when a point is not in front
/// of the camera. points_in_world: [N, 3] m
Camera camera_that_fits(const Rigid3& cam_from_world,
                        const Points& points_in_world,
                        int width,
                        int height,
                        double fill);

struct View {
    Camera camera;
    TrackPlace place;
    double distance_m = 0; ///< camera to the world's origin
};

/// View `view` of pose `pose_id`: the places of all tracks (their starts turned by an angle drawn
/// for the pose) in an order drawn for the pose, so that the views of a pose differ; after the last
/// place a new round with new starts. The camera stands on its circle about the world's origin and
/// looks past the middle of the keypoints' box; every keypoint lies inside the picture, unless the
/// view is truncated. A function of its arguments alone. keypoints_in_world: [N, 3] m, those of
/// both hands without forearms.
struct ViewKey {
    std::uint64_t seed = 0, pose_id = 0;
    int view = 0;
};
View sample_view(const ViewKey& key,
                 const Points& keypoints_in_world,
                 const TrackOptions& options = {});

/// A forearm as far as it tells where its owner is.
struct Forearm {
    Vec3 wrist_in_world = Vec3::Zero(); ///< m
    Vec3 elbow_in_world = Vec3::Zero(); ///< any point on the way there, m
};

/// The same from the eyes of the hands' owner: behind and above the hands, as the forearms (right,
/// left) tell. Nothing where they contradict each other, or what they tell: elbows crossed or one
/// above the other, or the eyes nearer than `min_distance_m`.
std::optional<View> sample_first_person(const ViewKey& key,
                                        const Points& keypoints_in_world,
                                        const std::array<Forearm, 2>& forearms,
                                        const TrackOptions& options = {});

} // namespace rih
