// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/embree/embree_accel.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"

namespace rih {

namespace {

SceneHandle make_scene(RTCDevice device) {
    SceneHandle scene(rtcNewScene(device));
    rtcSetSceneFlags(scene.get(), RTC_SCENE_FLAG_ROBUST);
    rtcSetSceneBuildQuality(scene.get(), RTC_BUILD_QUALITY_HIGH);
    return scene;
}

/// Packets of Embree, a ray a lane.
template <typename Packet>
void set_lane(Packet& packet, int i, Vec3f origin, Vec3f direction, float t_max) {
    packet.org_x[i] = origin.x;
    packet.org_y[i] = origin.y;
    packet.org_z[i] = origin.z;
    packet.tnear[i] = 0;
    packet.dir_x[i] = direction.x;
    packet.dir_y[i] = direction.y;
    packet.dir_z[i] = direction.z;
    packet.time[i] = 0;
    packet.tfar[i] = t_max;
    packet.mask[i] = ~0u;
    packet.id[i] = 0;
    packet.flags[i] = 0;
}

RTCIntersectContext packet_context() {
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    context.flags = RTC_INTERSECT_CONTEXT_FLAG_COHERENT;
    return context;
}

template <typename Packet, int kLanes>
unsigned occluded_packet(RTCScene scene,
                         int count,
                         const Vec3f* origins,
                         const Vec3f* directions,
                         void (*ask)(const int*, RTCScene, RTCIntersectContext*, Packet*)) {
    Packet packet;
    alignas(32) int valid[kLanes];
    for (int i = 0; i < kLanes; ++i) {
        valid[i] = i < count ? -1 : 0;
        const int ray = i < count ? i : 0;
        set_lane(packet, i, origins[ray], directions[ray], kFarAway);
    }
    RTCIntersectContext context = packet_context();
    ask(valid, scene, &context, &packet);
    unsigned blocked = 0;
    for (int i = 0; i < count; ++i) {
        blocked |= unsigned{packet.tfar[i] < 0.0f} << i;
    }
    return blocked;
}

} // namespace

unsigned EmbreeAccel::occluded(int count, const Vec3f* origins, const Vec3f* directions) const {
    RIH_ASSERT(count >= 1 && count <= 8, "{} rays together", count);
    if (count > 4) {
        return occluded_packet<RTCRay8, 8>(all_.get(), count, origins, directions, rtcOccluded8);
    }
    if (count > 1) {
        return occluded_packet<RTCRay4, 4>(all_.get(), count, origins, directions, rtcOccluded4);
    }
    RTCRay ray = make_ray(origins[0], directions[0], kFarAway);
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    rtcOccluded1(all_.get(), &context, &ray);
    return unsigned{ray.tfar < 0.0f};
}

unsigned EmbreeAccel::intersect_group(int group,
                                      const Vec3f (&origins)[3],
                                      Vec3f direction,
                                      const float (&t_max)[3],
                                      Hit (&hits)[3]) const {
    constexpr int kLanes = 4;
    RTCRayHit4 query;
    alignas(16) int valid[kLanes];
    for (int i = 0; i < kLanes; ++i) {
        valid[i] = i < 3 ? -1 : 0;
        const int ray = i < 3 ? i : 0;
        set_lane(query.ray, i, origins[ray], direction, t_max[ray]);
        query.hit.geomID[i] = RTC_INVALID_GEOMETRY_ID;
        query.hit.instID[0][i] = RTC_INVALID_GEOMETRY_ID;
    }
    RTCIntersectContext context = packet_context();
    rtcIntersect4(valid, groups_[static_cast<std::size_t>(group)].get(), &context, &query);
    unsigned found = 0;
    for (int i = 0; i < 3; ++i) {
        if (query.hit.geomID[i] != RTC_INVALID_GEOMETRY_ID) {
            hits[i] = {query.ray.tfar[i],
                       query.hit.u[i],
                       query.hit.v[i],
                       static_cast<int>(query.hit.geomID[i]),
                       static_cast<int>(query.hit.primID[i])};
            found |= 1u << i;
        }
    }
    return found;
}

EmbreeAccel::EmbreeAccel(const SceneData& data) : device_(rtcNewDevice("isa=avx2")) {
    RIH_REQUIRE(device_ != nullptr,
                "Embree cannot start (error {}); this processor may lack AVX2",
                static_cast<int>(rtcGetDeviceError(nullptr)));
    all_ = make_scene(device_.get());
    for (std::size_t i = 0; i < data.group_ids().size(); ++i) {
        groups_.push_back(make_scene(device_.get()));
    }
    for (std::size_t i = 0; i < data.meshes().size(); ++i) {
        const MeshData& mesh = data.meshes()[i];
        if (mesh.faces.empty()) {
            continue;
        }
        RTCGeometry geometry = rtcNewGeometry(device_.get(), RTC_GEOMETRY_TYPE_TRIANGLE);
        rtcSetSharedGeometryBuffer(geometry,
                                   RTC_BUFFER_TYPE_VERTEX,
                                   0,
                                   RTC_FORMAT_FLOAT3,
                                   mesh.vertices_f.data(),
                                   0,
                                   sizeof(Vec3f),
                                   mesh.vertices_f.size() - 1);
        rtcSetSharedGeometryBuffer(geometry,
                                   RTC_BUFFER_TYPE_INDEX,
                                   0,
                                   RTC_FORMAT_UINT3,
                                   mesh.faces.data(),
                                   0,
                                   sizeof(mesh.faces.front()),
                                   mesh.faces.size());
        rtcCommitGeometry(geometry);
        const auto geometry_id = static_cast<unsigned>(i);
        rtcAttachGeometryByID(all_.get(), geometry, geometry_id);
        rtcAttachGeometryByID(
            groups_[static_cast<std::size_t>(mesh.group)].get(), geometry, geometry_id);
        rtcReleaseGeometry(geometry);
    }
    // One thread builds: the order of faces in the leaves decides who wins where two share an edge.
    // Embree's own "threads=1" would hold every other TBB task of the process to one thread too.
    run_on_one_thread([&] {
        rtcCommitScene(all_.get());
        for (const SceneHandle& group : groups_) {
            rtcCommitScene(group.get());
        }
    });
    const RTCError error = rtcGetDeviceError(device_.get());
    RIH_ASSERT(error == RTC_ERROR_NONE, "Embree error {}", static_cast<int>(error));
}

} // namespace rih
