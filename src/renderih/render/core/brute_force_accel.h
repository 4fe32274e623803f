// SPDX-License-Identifier: Apache-2.0
// The Accel of core/path.h that asks every triangle: the plain twin of the others, on any device.
#pragma once

#include "renderih/render/core/scene_view.h"

#include <cmath>

namespace rih {

struct BruteForceAccel {
    SceneView scene;
    const int* face_counts = nullptr; ///< [mesh_count]
    int mesh_count = 0;

    static constexpr int kAnyGroup = -1;

    RIH_HD bool intersect(Vec3f origin, Vec3f direction, float t_max, Hit& hit) const {
        return nearest(kAnyGroup, origin, direction, t_max, hit);
    }
    RIH_HD bool
    intersect_group(int group, Vec3f origin, Vec3f direction, float t_max, Hit& hit) const {
        return nearest(group, origin, direction, t_max, hit);
    }
    RIH_HD unsigned intersect_group(int group,
                                    const Vec3f (&origins)[3],
                                    Vec3f direction,
                                    const float (&t_max)[3],
                                    Hit (&hits)[3]) const {
        unsigned found = 0;
        for (int i = 0; i < 3; ++i) {
            found |= unsigned{nearest(group, origins[i], direction, t_max[i], hits[i])} << i;
        }
        return found;
    }
    RIH_HD unsigned occluded(int count, const Vec3f* origins, const Vec3f* directions) const {
        unsigned blocked = 0;
        for (int i = 0; i < count; ++i) {
            Hit hit;
            blocked |= unsigned{nearest(kAnyGroup, origins[i], directions[i], kFarAway, hit)} << i;
        }
        return blocked;
    }

  private:
    RIH_HD bool nearest(int group, Vec3f origin, Vec3f direction, float t_max, Hit& hit) const {
        hit.t = t_max;
        bool found = false;
        for (int m = 0; m < mesh_count; ++m) {
            for (int f = 0; f < face_counts[m]; ++f) {
                if (group != kAnyGroup && scene.meshes[m].group != group) {
                    break;
                }
                if (meets(scene.meshes[m], f, origin, direction, hit)) {
                    hit.mesh = m;
                    hit.face = f;
                    found = true;
                }
            }
        }
        return found;
    }

    /// Moeller and Trumbore, "Fast, minimum storage ray/triangle intersection" (1997).
    RIH_HD static bool
    meets(const MeshView& mesh, int face, Vec3f origin, Vec3f direction, Hit& hit) {
        const int* corner = mesh.faces + 3 * static_cast<std::int64_t>(face);
        const Vec3f a = mesh.vertices[corner[0]];
        const Vec3f ab = mesh.vertices[corner[1]] - a, ac = mesh.vertices[corner[2]] - a;
        const Vec3f p = cross(direction, ac), s = origin - a, q = cross(s, ab);
        const float determinant = dot(ab, p);
        const float u = dot(s, p) / determinant, v = dot(direction, q) / determinant;
        const float t = dot(ac, q) / determinant; // NaN or infinite where they are parallel
        if (!(u >= 0.0f && v >= 0.0f && u + v <= 1.0f && t > 0.0f && t < hit.t)) {
            return false;
        }
        hit.t = t;
        hit.u = u;
        hit.v = v;
        return true;
    }
};

} // namespace rih
