// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/place_tracer.h"

#include "renderih/math/sampling.h"

#include <algorithm>
#include <array>

namespace rih {

namespace {

constexpr float kFar = 1e6f; // m
/// What a diffuse ray's footprint is: texture finer than this shows its mean colour.
constexpr float kBounceSpread = 0.2f;
constexpr std::size_t kMaxLamps = 64;

struct Basis {
    Vec3f x, y, z;
    explicit Basis(Vec3f normal) : z(normal) {
        x = normalize(cross(std::fabs(z.x) > 0.7f ? Vec3f{0, 1, 0} : Vec3f{1, 0, 0}, z));
        y = cross(z, x);
    }
    Vec3f world(Vec3f local) const { return local.x * x + local.y * y + local.z * z; }
};

Vec3f no_light() {
    return {};
}

/// The normal of a surface of this relief: heights at three points along its texture's axes.
Vec3f bent_normal(const PlaceMaterial& material,
                  const PatternPoint& at,
                  float height,
                  Vec3f along_u,
                  Vec3f along_v) {
    const float step = std::max(0.7f * at.footprint, 0.0004f);
    PatternPoint moved = at;
    moved.uv.x += step;
    moved.position += step * along_u;
    const float slope_u = (sample_pattern(material, moved).height - height) / step;
    moved = at;
    moved.uv.y += step;
    moved.position += step * along_v;
    const float slope_v = (sample_pattern(material, moved).height - height) / step;
    const float limit = 1.5f; // no cliffs
    return normalize(at.normal - std::clamp(slope_u, -limit, limit) * along_u -
                     std::clamp(slope_v, -limit, limit) * along_v);
}

} // namespace

PlaceTracer::PlaceTracer(const PlaceScene& scene, const Sky& sky)
    : scene_(scene), sky_(sky), rays_(scene.mesh.vertices, scene.mesh.faces) {}

bool PlaceTracer::nearest(Vec3f origin, Vec3f direction, float spread, PlacePoint& point) const {
    TriangleHit hit;
    if (!rays_.nearest(origin, direction, kFar, hit)) {
        return false;
    }
    const PlaceMesh& mesh = scene_.mesh;
    const auto& face = mesh.faces[static_cast<std::size_t>(hit.face)];
    const auto a = static_cast<std::size_t>(face[0]), b = static_cast<std::size_t>(face[1]),
               c = static_cast<std::size_t>(face[2]);
    const float w = 1 - hit.u - hit.v;
    point.distance = hit.t;
    point.position = w * mesh.vertices[a] + hit.u * mesh.vertices[b] + hit.v * mesh.vertices[c];
    const Vec3f ab = mesh.vertices[b] - mesh.vertices[a], ac = mesh.vertices[c] - mesh.vertices[a];
    point.face_normal = normalize(cross(ab, ac));
    point.normal =
        normalize(w * mesh.normals[a] + hit.u * mesh.normals[b] + hit.v * mesh.normals[c]);
    if (dot(point.face_normal, direction) > 0) {
        point.face_normal = -point.face_normal;
    }
    if (dot(point.normal, point.face_normal) < 0) {
        point.normal = -point.normal;
    }
    const float facing = dot(point.normal, direction);
    if (facing > -0.02f) { // an interpolated normal turned away from the viewer
        point.normal = normalize(point.normal - (facing + 0.02f) * direction);
    }
    const float size = std::max(
        {std::fabs(point.position.x), std::fabs(point.position.y), std::fabs(point.position.z)});
    point.ray_origin = point.position + (1e-4f + 1e-5f * size) * point.face_normal;
    const auto index = static_cast<std::size_t>(mesh.material[static_cast<std::size_t>(hit.face)]);
    point.material = &scene_.materials[index];
    point.is_lamp = scene_.is_lamp[index];

    PatternPoint at;
    at.uv = {w * mesh.uv[a].x + hit.u * mesh.uv[b].x + hit.v * mesh.uv[c].x,
             w * mesh.uv[a].y + hit.u * mesh.uv[b].y + hit.v * mesh.uv[c].y};
    at.position = point.position;
    at.normal = point.normal;
    const float slant = std::max(0.12f, std::fabs(dot(point.face_normal, direction)));
    at.footprint = spread * hit.t / std::sqrt(slant);
    point.pattern = sample_pattern(*point.material, at);
    point.relief_normal = point.normal;
    if (point.material->relief > 0 && spread < 0.5f * kBounceSpread) {
        // Axes of the texture on the triangle.
        const Vec2f d1{mesh.uv[b].x - mesh.uv[a].x, mesh.uv[b].y - mesh.uv[a].y};
        const Vec2f d2{mesh.uv[c].x - mesh.uv[a].x, mesh.uv[c].y - mesh.uv[a].y};
        const float area = d1.x * d2.y - d2.x * d1.y;
        if (std::fabs(area) > 1e-12f) {
            const Vec3f along_u = (1 / area) * (d2.y * ab - d1.y * ac);
            const Vec3f along_v = (1 / area) * (d1.x * ac - d2.x * ab);
            point.relief_normal = bent_normal(
                *point.material, at, point.pattern.height, normalize(along_u), normalize(along_v));
            const float seen = dot(point.relief_normal, direction);
            if (seen > -0.02f) {
                point.relief_normal = normalize(point.relief_normal - (seen + 0.02f) * direction);
            }
        }
    }
    return true;
}

Vec3f PlaceTracer::sunlight(const PlacePoint& point, Vec3f normal) const {
    const Vec3f sun = sky_.sun_direction(), light = sky_.sun_illuminance();
    if (sun.y < -0.01f || luminance(light) <= 0) {
        return no_light();
    }
    const float cosine = dot(normal, sun);
    const bool behind = dot(point.face_normal, sun) < 0;
    const float through = point.material->through;
    const float share =
        behind ? through * std::max(0.0f, -cosine) : (1 - through) * std::max(0.0f, cosine);
    if (share <= 0) {
        return no_light();
    }
    const Vec3f origin =
        behind ? point.position + (point.position - point.ray_origin) : point.ray_origin;
    return rays_.blocked(origin, sun, kFar) ? no_light() : share * light;
}

PlaceTracer::LightSample PlaceTracer::lamp_light(Vec3f origin, Vec3f normal, Rng& rng) const {
    const std::size_t count = std::min(scene_.lamps.size(), kMaxLamps);
    if (count == 0) {
        return {};
    }
    // One lamp, by what it would give unhindered.
    std::array<float, kMaxLamps> weight{};
    float sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Lamp& lamp = scene_.lamps[i];
        const bool ball = lamp.radius > 0;
        const Vec3f middle = ball ? lamp.centre : lamp.centre + 0.5f * (lamp.side_a + lamp.side_b);
        const float area =
            ball ? kPiF * lamp.radius * lamp.radius : length(cross(lamp.side_a, lamp.side_b));
        const Vec3f way = middle - origin;
        const float d2 = dot(way, way) + 0.2f * area;
        const float facing = dot(way, normal) / std::sqrt(d2);
        sum += luminance(lamp.radiance) * area / d2 * std::max(facing, 0.02f);
        weight[i] = sum;
    }
    const float pick = sum * rng.uniform_float();
    std::size_t chosen = 0;
    while (chosen + 1 < count && weight[chosen] <= pick) {
        ++chosen;
    }
    const float chance = (weight[chosen] - (chosen > 0 ? weight[chosen - 1] : 0)) / sum;
    if (!(chance > 0)) {
        return {};
    }
    const Lamp& lamp = scene_.lamps[chosen];
    const Vec2f u{rng.uniform_float(), rng.uniform_float()};
    Vec3f target;
    float area = 0, facing = 1, stop = 0;
    if (lamp.radius > 0) {
        // The disc that the ball shows.
        const Basis basis(normalize(origin - lamp.centre));
        const Vec2f disc = sample_concentric_disk(u);
        target = lamp.centre + lamp.radius * (disc.x * basis.x + disc.y * basis.y);
        area = kPiF * lamp.radius * lamp.radius;
        stop = 1.05f * lamp.radius;
    } else {
        target = lamp.centre + u.x * lamp.side_a + u.y * lamp.side_b;
        const Vec3f across = cross(lamp.side_a, lamp.side_b);
        area = length(across);
        facing = std::max(0.0f, dot(normalize(origin - target), across / area));
        stop = 0.003f;
    }
    const Vec3f way = target - origin;
    const float distance = length(way);
    const Vec3f direction = way / distance;
    const float cosine = dot(direction, normal);
    if (cosine <= 0 || facing <= 0 || distance <= stop ||
        rays_.blocked(origin, direction, distance - stop)) {
        return {};
    }
    const float geometry = cosine * facing * area / std::max(distance * distance, 0.01f * area);
    return {(geometry / chance) * lamp.radiance, direction};
}

Vec3f PlaceTracer::outside_radiance(const PlacePoint& point) const {
    const Vec3f light = sunlight(point, point.normal) +
                        (0.5f + 0.25f * point.normal.y) * sky_.horizontal_illuminance();
    return point.pattern.emission + kInvPiF * point.pattern.albedo * light;
}

PlaceTracer::LightSample PlaceTracer::window_light(Vec3f origin, Vec3f normal, Rng& rng) const {
    if (scene_.windows.empty()) {
        return {};
    }
    const auto count = static_cast<std::uint32_t>(scene_.windows.size());
    const WindowOpening& window = scene_.windows[rng.uniform_index(count)];
    const float along_a = rng.uniform_float();
    const float along_b = rng.uniform_float();
    const Vec3f target = window.corner + along_a * window.side_a + along_b * window.side_b;
    const Vec3f across = cross(window.side_a, window.side_b);
    const float area = length(across);
    const Vec3f way = target - origin;
    const float distance = length(way);
    const Vec3f direction = way / distance;
    const float cosine = dot(direction, normal), facing = -dot(direction, across / area);
    if (cosine <= 0 || facing <= 0) {
        return {};
    }
    Vec3f radiance;
    PlacePoint beyond;
    if (!nearest(origin, direction, kBounceSpread, beyond)) {
        radiance = sky_.radiance(direction);
    } else if (scene_.in_room(beyond.position)) {
        return {};
    } else {
        radiance = outside_radiance(beyond);
    }
    const float geometry = cosine * facing * area / std::max(distance * distance, 0.02f * area);
    return {(count * geometry) * radiance, direction};
}

Gathered PlaceTracer::gather(const PlacePoint& first, Rng& rng) const {
    const int max_bounces = scene_.is_room ? 5 : 2;
    Gathered sum;
    PlacePoint point = first;
    Vec3f throughput{1, 1, 1}; // of light on `point` to light on `first`
    Vec3f first_direction;
    const auto add = [&](int bounce, Vec3f illuminance, Vec3f direction) {
        sum.illuminance += throughput * illuminance;
        const float amount = luminance(throughput * illuminance);
        sum.mean_direction += amount * (bounce == 0 ? direction : first_direction);
    };
    for (int bounce = 0;; ++bounce) {
        const bool inside = scene_.in_room(point.position);
        const LightSample lamp = lamp_light(point.ray_origin, point.normal, rng);
        add(bounce, lamp.illuminance, lamp.direction);
        if (inside) {
            const LightSample window = window_light(point.ray_origin, point.normal, rng);
            add(bounce, window.illuminance, window.direction);
        }
        if (bounce > 0) {
            add(bounce, sunlight(point, point.normal), {});
        }
        if (bounce == max_bounces) {
            return sum;
        }
        const Vec3f local = sample_cosine_hemisphere({rng.uniform_float(), rng.uniform_float()});
        const Vec3f direction = Basis(point.normal).world(local);
        if (dot(direction, point.face_normal) <= 0) {
            return sum;
        }
        if (bounce == 0) {
            first_direction = direction;
        }
        PlacePoint next;
        if (!nearest(point.ray_origin, direction, kBounceSpread, next)) {
            if (!inside) {
                add(bounce, kPiF * sky_.radiance(direction), direction);
            }
            return sum;
        }
        if (inside && !scene_.in_room(next.position)) {
            return sum; // the window's own samples have that light
        }
        if (!next.is_lamp) {
            add(bounce, kPiF * next.pattern.emission, direction);
        }
        throughput *= next.pattern.albedo;
        if (bounce >= 1) {
            const float survival = std::clamp(max_component(throughput), 0.05f, 0.95f);
            if (rng.uniform_float() >= survival) {
                return sum;
            }
            throughput *= 1 / survival;
        }
        point = next;
    }
}

} // namespace rih
