// SPDX-License-Identifier: Apache-2.0
// The acceleration structures of one scene in Embree: all meshes together, and each group of meshes
// of one id alone. The instruction set is pinned: hit distances depend on it, and records must be
// the same on every machine of the baseline.
#pragma once

#include "renderih/render/core/scene_view.h"
#include "renderih/render/scene_data.h"

#include <embree3/rtcore.h>

#include <memory>
#include <vector>

namespace rih {

struct DeviceRelease {
    void operator()(RTCDevice device) const { rtcReleaseDevice(device); }
};
struct SceneRelease {
    void operator()(RTCScene scene) const { rtcReleaseScene(scene); }
};
using DeviceHandle = std::unique_ptr<std::remove_pointer_t<RTCDevice>, DeviceRelease>;
using SceneHandle = std::unique_ptr<std::remove_pointer_t<RTCScene>, SceneRelease>;

/// The Accel of core/path.h. `data` must outlive it. Thread-safe after construction.
class EmbreeAccel {
  public:
    explicit EmbreeAccel(const SceneData& data);

    bool intersect(Vec3f origin, Vec3f direction, float t_max, Hit& hit) const {
        return intersect_scene(all_.get(), origin, direction, t_max, hit);
    }
    bool intersect_group(int group, Vec3f origin, Vec3f direction, float t_max, Hit& hit) const {
        return intersect_scene(
            groups_[static_cast<std::size_t>(group)].get(), origin, direction, t_max, hit);
    }
    unsigned intersect_group(int group,
                             const Vec3f (&origins)[3],
                             Vec3f direction,
                             const float (&t_max)[3],
                             Hit (&hits)[3]) const;
    unsigned occluded(int count, const Vec3f* origins, const Vec3f* directions) const;

  private:
    static RTCRay make_ray(Vec3f origin, Vec3f direction, float t_max) {
        RTCRay ray{};
        ray.org_x = origin.x;
        ray.org_y = origin.y;
        ray.org_z = origin.z;
        ray.dir_x = direction.x;
        ray.dir_y = direction.y;
        ray.dir_z = direction.z;
        ray.tfar = t_max;
        ray.mask = ~0u;
        return ray;
    }
    static bool
    intersect_scene(RTCScene scene, Vec3f origin, Vec3f direction, float t_max, Hit& hit) {
        RTCRayHit query{};
        query.ray = make_ray(origin, direction, t_max);
        query.hit.geomID = RTC_INVALID_GEOMETRY_ID;
        query.hit.instID[0] = RTC_INVALID_GEOMETRY_ID;
        RTCIntersectContext context;
        rtcInitIntersectContext(&context);
        rtcIntersect1(scene, &context, &query);
        if (query.hit.geomID == RTC_INVALID_GEOMETRY_ID) {
            return false;
        }
        hit.t = query.ray.tfar;
        hit.u = query.hit.u;
        hit.v = query.hit.v;
        hit.mesh = static_cast<int>(query.hit.geomID);
        hit.face = static_cast<int>(query.hit.primID);
        return true;
    }

    DeviceHandle device_;
    SceneHandle all_;
    std::vector<SceneHandle> groups_;
};

} // namespace rih
