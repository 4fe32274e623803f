// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/place_mesh.h"

#include "renderih/math/sampling.h"

#include <algorithm>

namespace rih {

namespace {

Vec3f any_across(Vec3f axis) {
    return normalize(cross(axis, std::fabs(axis.y) < 0.9f ? Vec3f{0, 1, 0} : Vec3f{1, 0, 0}));
}

float signed_power(float x, float exponent) {
    return std::copysign(std::pow(std::fabs(x), exponent), x);
}

} // namespace

int PlaceMesh::vertex(Vec3f p, Vec3f normal, Vec2f at) {
    vertices.push_back(p);
    normals.push_back(normal);
    uv.push_back(at);
    return static_cast<int>(vertices.size()) - 1;
}

void PlaceMesh::triangle(int a, int b, int c, int material_index) {
    faces.push_back({a, b, c});
    material.push_back(static_cast<std::uint16_t>(material_index));
}

void PlaceMesh::quad(
    const Stand& stand, Vec3f corner, Vec3f side_a, Vec3f side_b, int material_index) {
    const Vec3f normal = stand.direction(normalize(cross(side_a, side_b)));
    const float a = length(side_a), b = length(side_b);
    const int first = vertex(stand.point(corner), normal, {0, 0});
    vertex(stand.point(corner + side_a), normal, {a, 0});
    vertex(stand.point(corner + side_a + side_b), normal, {a, b});
    vertex(stand.point(corner + side_b), normal, {0, b});
    triangle(first, first + 1, first + 2, material_index);
    triangle(first, first + 2, first + 3, material_index);
}

void PlaceMesh::box(const Stand& stand, Vec3f low, Vec3f high, int material_index, float bevel) {
    const Vec3f size = high - low;
    bevel = std::min({bevel, 0.49f * size.x, 0.49f * size.y, 0.49f * size.z});
    // Six faces, drawn in; then the twelve cut edges and eight corners between them.
    int corner[8][3]; // of corner (x, y, z bits) the vertex on the face across each axis
    for (int bits = 0; bits < 8; ++bits) {
        for (int axis = 0; axis < 3; ++axis) {
            Vec3f p, normal;
            for (int k = 0; k < 3; ++k) {
                const bool upper = ((bits >> k) & 1) != 0;
                const float in = k == axis ? 0 : bevel;
                p[k] = upper ? high[k] - in : low[k] + in;
            }
            normal[axis] = ((bits >> axis) & 1) != 0 ? 1.0f : -1.0f;
            // The long way of a board is the u of its grain.
            const int a = (axis + 1) % 3, b = (axis + 2) % 3;
            const bool swap = size[b] > size[a];
            const Vec2f at = {p[swap ? b : a], p[swap ? a : b]};
            corner[bits][axis] = vertex(stand.point(p), stand.direction(normal), at);
        }
    }
    for (int axis = 0; axis < 3; ++axis) {
        const int a = 1 << ((axis + 1) % 3), b = 1 << ((axis + 2) % 3);
        for (int upper = 0; upper < 2; ++upper) {
            const int base = upper << axis;
            const int q[4] = {corner[base][axis],
                              corner[base | a][axis],
                              corner[base | a | b][axis],
                              corner[base | b][axis]};
            if (upper != 0) {
                triangle(q[0], q[1], q[2], material_index);
                triangle(q[0], q[2], q[3], material_index);
            } else {
                triangle(q[0], q[2], q[1], material_index);
                triangle(q[0], q[3], q[2], material_index);
            }
        }
    }
    if (bevel <= 0) {
        return;
    }
    // Whether their corners run one way or the other depends on the edge: normals tell.
    const auto outward = [&](int a, int b, int c) {
        const auto at = [&](int v) { return static_cast<std::size_t>(v); };
        const Vec3f across =
            cross(vertices[at(b)] - vertices[at(a)], vertices[at(c)] - vertices[at(a)]);
        const bool turned = dot(across, normals[at(a)] + normals[at(b)] + normals[at(c)]) < 0;
        triangle(a, turned ? c : b, turned ? b : c, material_index);
    };
    for (int axis = 0; axis < 3; ++axis) { // edges along `axis`
        const int i = (axis + 1) % 3, j = (axis + 2) % 3;
        for (int bits = 0; bits < 4; ++bits) {
            const int base = ((bits & 1) << i) | ((bits >> 1) << j);
            const int q[4] = {corner[base][i],
                              corner[base | (1 << axis)][i],
                              corner[base | (1 << axis)][j],
                              corner[base][j]};
            outward(q[0], q[1], q[2]);
            outward(q[0], q[2], q[3]);
        }
    }
    for (auto& at : corner) {
        outward(at[0], at[1], at[2]);
    }
}

void PlaceMesh::cylinder(
    const Stand& stand, Vec3f from, Vec3f to, Vec2f radii, int sides, int material_index) {
    const Vec3f axis = normalize(to - from), x = any_across(axis), y = cross(axis, x);
    const float height = length(to - from);
    const auto point = [&](Vec3f centre, float radius, int i) {
        const float angle = kTwoPiF * i / sides;
        return centre + (radius * std::cos(angle)) * x + (radius * std::sin(angle)) * y;
    };
    const auto first = static_cast<int>(vertices.size());
    for (int i = 0; i <= sides; ++i) {
        const Vec3f out = stand.direction(point({}, 1, i));
        const float u = kTwoPiF * radii.x * i / sides;
        vertex(stand.point(point(from, radii.x, i)), out, {u, 0});
        vertex(stand.point(point(to, radii.y, i)), out, {u, height});
    }
    for (int i = 0; i < sides; ++i) {
        const int a = first + 2 * i;
        triangle(a, a + 2, a + 3, material_index);
        triangle(a, a + 3, a + 1, material_index);
    }
    for (const bool top : {false, true}) {
        const Vec3f centre = top ? to : from;
        const float radius = top ? radii.y : radii.x;
        const Vec3f normal = stand.direction(top ? axis : -axis);
        if (radius < 1e-4f) {
            continue;
        }
        const int middle = vertex(stand.point(centre), normal, {0, 0});
        for (int i = 0; i <= sides; ++i) {
            const float angle = kTwoPiF * i / sides;
            vertex(stand.point(point(centre, radius, i)),
                   normal,
                   {radius * std::cos(angle), radius * std::sin(angle)});
        }
        for (int i = 0; i < sides; ++i) {
            const int a = middle + 1 + i;
            triangle(middle, top ? a : a + 1, top ? a + 1 : a, material_index);
        }
    }
}

void PlaceMesh::pillow(
    const Stand& stand, Vec3f centre, Vec3f radii, float roundness, int material_index) {
    constexpr int kAround = 20, kUp = 12;
    const auto first = static_cast<int>(vertices.size());
    for (int j = 0; j <= kUp; ++j) {
        const float v = kPiF * (static_cast<float>(j) / kUp - 0.5f);
        for (int i = 0; i <= kAround; ++i) {
            const float u = kTwoPiF * i / kAround;
            const float level = std::pow(std::max(0.0f, std::cos(v)), roundness);
            const Vec3f unit{level * signed_power(std::cos(u), roundness),
                             signed_power(std::sin(v), roundness),
                             level * signed_power(std::sin(u), roundness)};
            // The gradient of the implicit form; its exponent is 2 / roundness.
            const float k = 2 / roundness - 1;
            const Vec3f gradient{signed_power(unit.x, k) / radii.x,
                                 signed_power(unit.y, k) / radii.y,
                                 signed_power(unit.z, k) / radii.z};
            const float size = length(gradient);
            const Vec3f normal = size > 1e-9f ? gradient / size : Vec3f{0, v > 0 ? 1.0f : -1.0f, 0};
            const Vec3f p = centre + radii * unit;
            const Vec2f at = std::fabs(normal.y) > 0.7f
                                 ? Vec2f{p.x, p.z}
                                 : (std::fabs(normal.x) > 0.7f ? Vec2f{p.z, p.y} : Vec2f{p.x, p.y});
            vertex(stand.point(p), stand.direction(normal), at);
        }
    }
    for (int j = 0; j < kUp; ++j) {
        for (int i = 0; i < kAround; ++i) {
            const int a = first + j * (kAround + 1) + i, b = a + kAround + 1;
            triangle(a, b, b + 1, material_index);
            triangle(a, b + 1, a + 1, material_index);
        }
    }
}

void PlaceMesh::leaves(
    Vec3f centre, Vec3f radii, int count, float size, int material_index, Rng& rng) {
    for (int i = 0; i < count; ++i) {
        const Vec3f out = sample_uniform_sphere({rng.uniform_float(), rng.uniform_float()});
        const float r = std::cbrt(rng.uniform_float());
        const Vec3f p = centre + r * (radii * out);
        const Vec3f tilt = sample_uniform_sphere({rng.uniform_float(), rng.uniform_float()});
        const Vec3f normal = normalize(0.7f * out + Vec3f{0, 0.4f, 0} + 0.9f * tilt);
        const Vec3f x = any_across(normal), y = cross(normal, x);
        const float turn = kTwoPiF * rng.uniform_float();
        const float s = size * (0.7f + 0.6f * rng.uniform_float());
        const Vec3f a = (s * std::cos(turn)) * x + (s * std::sin(turn)) * y;
        const Vec3f b = (-0.55f * s * std::sin(turn)) * x + (0.55f * s * std::cos(turn)) * y;
        // A lozenge; what it is shaded by is turned outwards, so that a crown has one round form.
        const Vec3f shading = normalize(normal + 0.8f * out);
        const int first = vertex(p - a, shading, {0, 0});
        vertex(p + b, shading, {s, 0});
        vertex(p + a, shading, {s, s});
        vertex(p - b, shading, {0, s});
        triangle(first, first + 1, first + 2, material_index);
        triangle(first, first + 2, first + 3, material_index);
    }
}

} // namespace rih
