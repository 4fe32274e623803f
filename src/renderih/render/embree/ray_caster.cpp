// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/ray_caster.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/render/embree/embree_accel.h"

#include <vector>

namespace rih {

namespace {

RTCRay make_ray(Vec3f origin, Vec3f direction, float t_max) {
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

} // namespace

struct RayCaster::Impl {
    std::vector<Vec3f> vertices; // one more than there are: Embree reads 16 bytes at the last
    std::vector<std::array<int, 3>> faces;
    DeviceHandle device{rtcNewDevice("isa=avx2")};
    SceneHandle scene;
};

RayCaster::RayCaster(std::span<const Vec3f> vertices, std::span<const std::array<int, 3>> faces)
    : impl_(std::make_unique<Impl>()) {
    const auto count = static_cast<int>(vertices.size());
    for (const auto& face : faces) {
        for (const int corner : face) {
            RIH_REQUIRE(corner >= 0 && corner < count,
                        "a face names vertex {}; there are {}",
                        corner,
                        count);
        }
    }
    impl_->vertices.assign(vertices.begin(), vertices.end());
    impl_->vertices.emplace_back();
    impl_->faces.assign(faces.begin(), faces.end());
    RIH_REQUIRE(impl_->device != nullptr, "Embree cannot start; this processor may lack AVX2");
    impl_->scene.reset(rtcNewScene(impl_->device.get()));
    rtcSetSceneFlags(impl_->scene.get(), RTC_SCENE_FLAG_ROBUST);
    if (!faces.empty()) {
        RTCGeometry geometry = rtcNewGeometry(impl_->device.get(), RTC_GEOMETRY_TYPE_TRIANGLE);
        rtcSetSharedGeometryBuffer(geometry,
                                   RTC_BUFFER_TYPE_VERTEX,
                                   0,
                                   RTC_FORMAT_FLOAT3,
                                   impl_->vertices.data(),
                                   0,
                                   sizeof(Vec3f),
                                   vertices.size());
        rtcSetSharedGeometryBuffer(geometry,
                                   RTC_BUFFER_TYPE_INDEX,
                                   0,
                                   RTC_FORMAT_UINT3,
                                   impl_->faces.data(),
                                   0,
                                   sizeof(impl_->faces.front()),
                                   impl_->faces.size());
        rtcCommitGeometry(geometry);
        rtcAttachGeometry(impl_->scene.get(), geometry);
        rtcReleaseGeometry(geometry);
    }
    // One thread, as in EmbreeAccel: the order of faces decides who wins where two share an edge.
    run_on_one_thread([&] { rtcCommitScene(impl_->scene.get()); });
    const RTCError error = rtcGetDeviceError(impl_->device.get());
    RIH_ASSERT(error == RTC_ERROR_NONE, "Embree error {}", static_cast<int>(error));
}

RayCaster::~RayCaster() = default;

bool RayCaster::nearest(Vec3f origin, Vec3f direction, float t_max, TriangleHit& hit) const {
    RTCRayHit query{};
    query.ray = make_ray(origin, direction, t_max);
    query.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    query.hit.instID[0] = RTC_INVALID_GEOMETRY_ID;
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    rtcIntersect1(impl_->scene.get(), &context, &query);
    if (query.hit.geomID == RTC_INVALID_GEOMETRY_ID) {
        return false;
    }
    hit = {query.ray.tfar, query.hit.u, query.hit.v, static_cast<int>(query.hit.primID)};
    return true;
}

bool RayCaster::blocked(Vec3f origin, Vec3f direction, float t_max) const {
    RTCRay ray = make_ray(origin, direction, t_max);
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    rtcOccluded1(impl_->scene.get(), &context, &ray);
    return ray.tfar < 0.0f;
}

} // namespace rih
