// SPDX-License-Identifier: Apache-2.0
// SceneTracer on Embree: the path loop and the label pass over tiles. Each pixel depends on its own
// key alone, so tiles may run on any thread in any order.
#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/render/core/camera_rays.h"
#include "renderih/render/core/film.h"
#include "renderih/render/core/path.h"
#include "renderih/render/core/sample_count.h"
#include "renderih/render/embree/embree_accel.h"
#include "renderih/render/environment_table.h"
#include "renderih/render/labels.h"
#include "renderih/render/out_of_focus.h"
#include "renderih/render/render.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace rih {

namespace {

constexpr int kTileSide = 16;   // pixels
constexpr int kMaxSide = 16384; // pixels
constexpr int kMaxSpp = 1 << 20;

/// What a lens adds to the rays of its pixels; nothing for a pinhole.
struct LensImages {
    ImageF environment; // [H, W, 3] through the lens
    Image8 surfaces;    // [H, W]
};

/// The Accel of core/path.h, counting its rays.
struct CountingAccel {
    const EmbreeAccel& accel;
    std::uint64_t& rays;

    bool intersect(Vec3f origin, Vec3f direction, float t_max, Hit& hit) const {
        ++rays;
        return accel.intersect(origin, direction, t_max, hit);
    }
    bool intersect_group(int group, Vec3f origin, Vec3f direction, float t_max, Hit& hit) const {
        ++rays;
        return accel.intersect_group(group, origin, direction, t_max, hit);
    }
    unsigned intersect_group(int group,
                             const Vec3f (&origins)[3],
                             Vec3f direction,
                             const float (&t_max)[3],
                             Hit (&hits)[3]) const {
        rays += 3;
        return accel.intersect_group(group, origins, direction, t_max, hits);
    }
    unsigned occluded(int count, const Vec3f* origins, const Vec3f* directions) const {
        rays += static_cast<std::uint64_t>(count);
        return accel.occluded(count, origins, directions);
    }
};

Vec3f to_float(const Vec3& v) {
    return {static_cast<float>(v.x()), static_cast<float>(v.y()), static_cast<float>(v.z())};
}

CameraRays make_camera_rays(const Camera& camera, const CameraLens& lens) {
    const Mat3 world_from_cam = camera.cam_from_world.rotation.transpose();
    const Vec3 corner = camera.ray_in_cam({0, 0});
    const double radius = 0.5 * lens.aperture_m;
    const Vec3 turn_in_cam(
        -lens.motion.y() / camera.intrinsics.fy, lens.motion.x() / camera.intrinsics.fx, 0);
    return {to_float(-(world_from_cam * camera.cam_from_world.translation)),
            to_float(world_from_cam * (camera.ray_in_cam({1, 0}) - corner)),
            to_float(world_from_cam * (camera.ray_in_cam({0, 1}) - corner)),
            to_float(world_from_cam * corner),
            to_float(radius * world_from_cam.col(0)),
            to_float(radius * world_from_cam.col(1)),
            static_cast<float>(lens.focus_m),
            to_float(world_from_cam * turn_in_cam)};
}

void check(const Camera& camera, const RenderOptions& options) {
    RIH_REQUIRE(camera.width > 0 && camera.width <= kMaxSide && camera.height > 0 &&
                    camera.height <= kMaxSide,
                "the picture is {}x{} pixels; each side must lie in 1 .. {}",
                camera.width,
                camera.height,
                kMaxSide);
    const Intrinsics& k = camera.intrinsics;
    constexpr double kMinFocal = 1e-3, kMaxFocal = 1e9; // pixels
    RIH_REQUIRE(k.fx >= kMinFocal && k.fx <= kMaxFocal && k.fy >= kMinFocal && k.fy <= kMaxFocal &&
                    std::abs(k.cx) <= kMaxFocal && std::abs(k.cy) <= kMaxFocal,
                "the camera has fx {}, fy {}, cx {}, cy {}; fx and fy must lie in {} .. {}, cx and "
                "cy within +-{}",
                k.fx,
                k.fy,
                k.cx,
                k.cy,
                kMinFocal,
                kMaxFocal,
                kMaxFocal);
    const Mat3& r = camera.cam_from_world.rotation;
    RIH_REQUIRE(camera.cam_from_world.translation.allFinite() && r.allFinite() &&
                    (r * r.transpose() - Mat3::Identity()).cwiseAbs().maxCoeff() < 1e-4 &&
                    r.determinant() > 0,
                "the camera's cam_from_world is not a rigid motion");
    RIH_REQUIRE(!options.radiance || (options.spp > 0 && options.spp <= kMaxSpp),
                "spp is {}; it must lie in 1 .. {}",
                options.spp,
                kMaxSpp);
    const CameraLens& lens = options.lens;
    RIH_REQUIRE(lens.aperture_m >= 0 && lens.aperture_m <= 1 && lens.focus_m > 1e-3 &&
                    lens.focus_m <= 1e6 && lens.motion.norm() <= 1000,
                "the lens has aperture {} m, focus {} m, motion {} px; they must lie in 0 .. 1, "
                "0.001 .. 1e6, 0 .. 1000",
                lens.aperture_m,
                lens.focus_m,
                lens.motion.norm());
}

std::shared_ptr<const EnvironmentTable> light_of(const Scene& scene) {
    Environment black;
    black.radiance = ImageF(1, 1, 3);
    return std::make_shared<const EnvironmentTable>(scene.environment ? *scene.environment : black);
}

} // namespace

/// What every light shares.
struct Geometry {
    explicit Geometry(const Scene& scene) : data(scene), accel(data) {}
    SceneData data;
    EmbreeAccel accel;
};

struct SceneTracer::Impl {
    Impl(std::shared_ptr<const Geometry> meshes,
         std::shared_ptr<const EnvironmentTable> environment,
         double strength,
         double rotation_deg)
        : geometry(std::move(meshes)), light(std::move(environment)), data(geometry->data),
          accel(geometry->accel), view(data.view()) {
        view.environment = light->view(strength, rotation_deg);
    }

    template <typename Accel>
    void trace_pixel(const Accel& tracing,
                     const SceneView& scene,
                     const CameraRays& rays,
                     const RenderOptions& options,
                     int spp,
                     int x,
                     int y,
                     const Vec3f* beyond,
                     RenderResult& result) const {
        const auto pixel = static_cast<std::uint32_t>(y * result.radiance.width() + x);
        FilmPixel film{.spp = spp};
        for (int i = 0; i < spp; ++i) {
            PathSampler sampler(options.seed, options.id, pixel, static_cast<std::uint32_t>(i));
            const Vec2f place = film_place(x, y, sampler.next_2d());
            CameraRays::Ray ray{rays.origin, rays.direction(place.x, place.y)};
            if (!options.lens.is_pinhole()) {
                const Vec2f on_lens = sample_concentric_disk(sampler.next_2d());
                ray = rays.ray(place.x, place.y, on_lens, sampler.next_1d() - 0.5f);
            }
            film.add(i, trace_path(tracing, scene, ray.origin, ray.direction, sampler, beyond));
        }
        for (int c = 0; c < 3; ++c) {
            RIH_ASSERT(std::isfinite(film.sum[c]) && film.sum[c] >= 0,
                       "pixel {}, {} of picture {} is {}",
                       x,
                       y,
                       options.id,
                       film.sum[c]);
            result.radiance.at(x, y, c) = film.mean(c);
            if (!result.noise.empty()) {
                result.noise.at(x, y, c) = film.noise(c);
            }
        }
    }

    void label_pixel(
        const CameraRays& rays, const Camera& camera, int x, int y, LabelImages& labels) const {
        const Vec3f direction =
            rays.direction(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f);
        Hit hit;
        if (!accel.intersect(rays.origin, direction, kFarAway, hit)) {
            return;
        }
        write_label(data, camera, hit, x, y, labels);
        const int seen = data.meshes()[static_cast<std::size_t>(hit.mesh)].group;
        unsigned amodal = 0;
        for (std::size_t g = 0; g < data.group_ids().size(); ++g) {
            const int group = static_cast<int>(g);
            Hit alone = hit;
            if (data.group_in_amodal()[g] &&
                (group == seen ||
                 accel.intersect_group(group, rays.origin, direction, kFarAway, alone)) &&
                counts_as_amodal(alone)) {
                amodal |= 1u << data.group_ids()[g];
            }
        }
        labels.amodal.at(x, y) = static_cast<std::uint8_t>(amodal);
    }

    bool counts_as_amodal(const Hit& hit) const {
        const MeshData& mesh = data.meshes()[static_cast<std::size_t>(hit.mesh)];
        const std::uint8_t label =
            mesh.face_label.empty() ? 0 : mesh.face_label[static_cast<std::size_t>(hit.face)];
        return std::ranges::find(mesh.amodal_ignores, label) == mesh.amodal_ignores.end();
    }

    std::shared_ptr<const Geometry> geometry;
    std::shared_ptr<const EnvironmentTable> light;
    const SceneData& data;
    const EmbreeAccel& accel;
    SceneView view;
};

SceneTracer::SceneTracer(const Scene& scene)
    : impl_(std::make_unique<Impl>(std::make_shared<const Geometry>(scene),
                                   light_of(scene),
                                   scene.environment_strength,
                                   scene.environment_rotation_deg)) {}
SceneTracer::SceneTracer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SceneTracer::~SceneTracer() = default;
SceneTracer::SceneTracer(SceneTracer&&) noexcept = default;
SceneTracer& SceneTracer::operator=(SceneTracer&&) noexcept = default;

SceneTracer SceneTracer::in_light(std::shared_ptr<const EnvironmentTable> environment,
                                  double strength,
                                  double rotation_deg) const {
    return SceneTracer(
        std::make_unique<Impl>(impl_->geometry, std::move(environment), strength, rotation_deg));
}

RenderResult SceneTracer::render(const Camera& camera, const RenderOptions& options) const {
    check(camera, options);
    RenderResult result;
    result.labels = make_label_images(camera.width, camera.height);
    if (options.radiance) {
        result.radiance = ImageF(camera.width, camera.height, 3);
        if (options.spp > 1) {
            result.noise = ImageF(camera.width, camera.height, 3);
        }
    }
    const CameraRays rays = make_camera_rays(camera, options.lens);
    const int columns = (camera.width + kTileSide - 1) / kTileSide;
    const int rows = (camera.height + kTileSide - 1) / kTileSide;
    const auto tiles = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
    const auto for_each_pixel = [&](const auto& pixel) {
        parallel_for(tiles, options.threads, [&](std::size_t tile) {
            const int left = static_cast<int>(tile) % columns * kTileSide;
            const int top = static_cast<int>(tile) / columns * kTileSide;
            for (int y = top; y < std::min(top + kTileSide, camera.height); ++y) {
                for (int x = left; x < std::min(left + kTileSide, camera.width); ++x) {
                    pixel(x, y);
                }
            }
        });
    };
    for_each_pixel([&](int x, int y) { impl_->label_pixel(rays, camera, x, y, result.labels); });
    if (options.radiance) {
        LensImages lens;
        if (!options.lens.is_pinhole()) {
            lens.environment =
                environment_through_lens(impl_->view.environment, rays, camera, options.lens);
            lens.surfaces = surfaces_in_reach(
                result.labels.hand, lens_reach(camera, options.lens, result.labels.depth_z));
        }
        std::atomic<std::uint64_t> samples = 0, rays_traced = 0;
        SceneView scene = impl_->view;
        scene.eye = rays.origin;
        scene.pixel_width = static_cast<float>(1 / camera.intrinsics.fx);
        const SeenView seen{camera.width,
                            camera.height,
                            result.labels.hand.values().data(),
                            result.labels.depth_z.values().data(),
                            result.labels.detail_normal.values().data()};
        for_each_pixel([&](int x, int y) {
            int spp = sample_count(seen, x, y, options.spp, options.spare_smooth);
            Vec3f through_lens;
            const Vec3f* beyond = nullptr;
            if (!options.lens.is_pinhole()) {
                spp = sample_count_in_reach(spp, options.spp, lens.surfaces.at(x, y));
                through_lens = {lens.environment.at(x, y, 0),
                                lens.environment.at(x, y, 1),
                                lens.environment.at(x, y, 2)};
                beyond = &through_lens;
            }
            samples += static_cast<std::uint64_t>(spp);
            if (options.count_rays) {
                std::uint64_t count = 0;
                const CountingAccel counting{impl_->accel, count};
                impl_->trace_pixel(counting, scene, rays, options, spp, x, y, beyond, result);
                rays_traced += count;
            } else {
                impl_->trace_pixel(impl_->accel, scene, rays, options, spp, x, y, beyond, result);
            }
        });
        result.samples = samples;
        result.rays = rays_traced;
    }
    return result;
}

int SceneTracer::first_hit(const Vec3& from_in_world,
                           const Vec3& to_in_world,
                           double margin) const {
    const Vec3 way = to_in_world - from_in_world;
    const double length = way.norm();
    RIH_REQUIRE(std::isfinite(length) && margin >= 0, "first_hit needs finite points, margin >= 0");
    if (length <= margin) {
        return -1;
    }
    Hit hit;
    if (!impl_->accel.intersect(to_float(from_in_world),
                                to_float(way / length),
                                static_cast<float>(length - margin),
                                hit)) {
        return -1;
    }
    return impl_->data.meshes()[static_cast<std::size_t>(hit.mesh)].id;
}

} // namespace rih
