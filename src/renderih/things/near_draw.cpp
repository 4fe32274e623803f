// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/near_draw.h"

#include "renderih/base/rng.h"
#include "renderih/math/rotation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace rih {

namespace {

constexpr double kMaxTableDrop = 0.35;    // m below the hands' centre
constexpr double kMaxWallDistance = 0.45; // m behind it
constexpr double kCameraOverTable = 0.06; // m
constexpr double kClear = 0.008;          // m between a thing on the table and any surface
constexpr double kCameraClear = 0.10;     // m between a thing and the camera
constexpr int kMaxOnTable = 4, kTriesPerThing = 6;
/// The horizontal share of the camera's direction below which nothing can stand upright behind.
constexpr double kLeastHorizontal = 0.35;

double whole(double x) {
    return std::floor(x);
}

/// The least n . p of all vertices.
double least_along(const NearSubject& subject, const Vec3& direction) {
    double least = std::numeric_limits<double>::infinity();
    for (const Points* points : subject.surfaces) {
        least = std::min(least, (*points * direction).minCoeff());
    }
    return least;
}

double square_distance_to_segment(const Vec3& p, const Vec3& a, const Vec3& b) {
    const Vec3 way = b - a;
    const double t = std::clamp((p - a).dot(way) / way.squaredNorm(), 0.0, 1.0);
    return (p - a - t * way).squaredNorm();
}

/// Whether an upright cylinder keeps clear of all surfaces, of the camera and of its lines of
/// sight.
bool is_free(const NearSubject& subject,
             const Vec3& camera,
             const Vec3& foot,
             double radius,
             double height) {
    for (const Points* points : subject.surfaces) {
        for (Eigen::Index v = 0; v < points->rows(); ++v) {
            const Vec3 from_foot = Vec3(points->row(v)) - foot;
            if (from_foot.y() < height + kClear &&
                std::hypot(from_foot.x(), from_foot.z()) < radius + kClear) {
                return false;
            }
        }
    }
    const Vec3 middle = foot + Vec3(0, 0.5 * height, 0);
    const double reach = std::hypot(radius, 0.5 * height);
    if ((middle - camera).norm() < reach + kCameraClear) {
        return false;
    }
    for (const Points* points : subject.keypoints) {
        for (Eigen::Index k = 0; k < points->rows(); ++k) {
            if (square_distance_to_segment(middle, camera, points->row(k)) < reach * reach) {
                return false;
            }
        }
    }
    return true;
}

std::optional<NearThing> draw_wall(const NearSubject& subject, const Vec3& camera, Rng& rng) {
    const double turn = rng.uniform(-35, 35) * kDegree;
    const double gap = 0.02 + 0.15 * rng.uniform();
    NearThing wall;
    wall.kind = "wall";
    wall.numbers["style"] = whole(rng.uniform(0, kWallStyles));
    wall.numbers["tint"] = rng.uniform();
    wall.numbers["pattern"] = whole(rng.uniform(0, 1 << 20));
    const double horizontal = std::hypot(camera.x(), camera.z());
    if (horizontal < kLeastHorizontal * camera.norm()) {
        return std::nullopt;
    }
    // The wall's face looks along `normal`, roughly to the camera.
    const double yaw = std::atan2(camera.x(), camera.z()) + turn;
    const Vec3 normal(std::sin(yaw), 0, std::cos(yaw));
    const double along = least_along(subject, normal) - gap;
    if (along < -kMaxWallDistance || normal.dot(camera) - along < kCameraClear) {
        return std::nullopt;
    }
    wall.numbers["yaw_deg"] = yaw / kDegree;
    wall.numbers["distance_m"] = -along;
    return wall;
}

std::vector<NearThing> draw_table(const NearSubject& subject, const Vec3& camera, Rng& rng) {
    NearThing table;
    table.kind = "table";
    const double u = rng.uniform();
    const double top = least_along(subject, Vec3(0, 1, 0)) - 0.002 - 0.06 * u * u;
    table.numbers["yaw_deg"] = rng.uniform(-180, 180);
    table.numbers["width_m"] = rng.uniform(1.1, 1.7);
    table.numbers["depth_m"] = rng.uniform(0.6, 0.95);
    table.numbers["x_m"] = rng.uniform(-0.15, 0.15);
    table.numbers["z_m"] = rng.uniform(-0.15, 0.15);
    table.numbers["style"] = whole(rng.uniform(0, kTableStyles));
    table.numbers["tint"] = rng.uniform();
    table.numbers["pattern"] = whole(rng.uniform(0, 1 << 20));
    const int count = static_cast<int>(rng.uniform(0, kMaxOnTable + 1));
    if (top < -kMaxTableDrop || camera.y() < top + kCameraOverTable) {
        return {};
    }
    table.numbers["top_m"] = top;
    std::vector<NearThing> things{table};
    struct Taken {
        Vec3 foot;
        double radius;
    };
    std::vector<Taken> taken;
    for (int i = 0; i < count; ++i) {
        NearThing thing;
        thing.kind = on_table_kinds()[static_cast<std::size_t>(
            rng.uniform(0, static_cast<double>(on_table_kinds().size())))];
        thing.numbers["size"] = rng.uniform();
        thing.numbers["yaw_deg"] = rng.uniform(-180, 180);
        thing.numbers["tint"] = rng.uniform();
        thing.numbers["top_m"] = top;
        const NearExtent extent = extent_of(thing);
        for (int attempt = 0; attempt < kTriesPerThing; ++attempt) {
            const double azimuth = rng.uniform(0, 2 * kPi), away = rng.uniform(0.05, 0.38);
            const Vec3 foot(away * std::sin(azimuth), top, away * std::cos(azimuth));
            const bool alone = std::ranges::all_of(taken, [&](const Taken& other) {
                return (other.foot - foot).norm() > other.radius + extent.radius + kClear;
            });
            if (alone && is_on_table(table, foot, extent.radius) &&
                is_free(subject, camera, foot, extent.radius, extent.height)) {
                thing.numbers["x_m"] = foot.x();
                thing.numbers["z_m"] = foot.z();
                taken.push_back({foot, extent.radius});
                things.push_back(thing);
                break;
            }
        }
    }
    return things;
}

} // namespace

std::vector<NearThing> draw_near(const NearOptions& options,
                                 std::uint64_t seed,
                                 std::uint64_t record,
                                 const NearSubject& subject) {
    Rng rng(seed, record, "near");
    const double choice = rng.uniform();
    const Vec3 camera = subject.camera.cam_from_world.inverse().translation;
    if (choice < options.table) {
        return draw_table(subject, camera, rng);
    }
    if (choice < options.table + options.wall) {
        if (std::optional<NearThing> wall = draw_wall(subject, camera, rng)) {
            return {std::move(*wall)};
        }
    }
    return {};
}

} // namespace rih
