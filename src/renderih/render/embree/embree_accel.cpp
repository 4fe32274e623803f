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

} // namespace

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
