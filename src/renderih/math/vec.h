// SPDX-License-Identifier: Apache-2.0
// Small float vectors for light transport, for host and device alike.
#pragma once

#include "renderih/base/hd.h"

#include <cmath>

namespace rih {

/// The lesser and the greater; `b` where `a` is no number. One instruction, where fmin is a call.
RIH_HD inline float min_of(float a, float b) {
    return a < b ? a : b;
}
RIH_HD inline float max_of(float a, float b) {
    return a > b ? a : b;
}
RIH_HD inline int min_of(int a, int b) {
    return a < b ? a : b;
}
RIH_HD inline int max_of(int a, int b) {
    return a > b ? a : b;
}

struct Vec2f {
    float x = 0, y = 0;
};

/// A point, a direction, or linear RGB.
struct Vec3f {
    float x = 0, y = 0, z = 0;

    RIH_HD float& operator[](int i) { return i == 0 ? x : (i == 1 ? y : z); }
    RIH_HD float operator[](int i) const { return i == 0 ? x : (i == 1 ? y : z); }
    RIH_HD Vec3f& operator+=(Vec3f o) {
        x += o.x;
        y += o.y;
        z += o.z;
        return *this;
    }
    RIH_HD Vec3f& operator*=(Vec3f o) {
        x *= o.x;
        y *= o.y;
        z *= o.z;
        return *this;
    }
    RIH_HD Vec3f& operator*=(float s) {
        x *= s;
        y *= s;
        z *= s;
        return *this;
    }
};

RIH_HD inline Vec3f operator+(Vec3f a, Vec3f b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
RIH_HD inline Vec3f operator-(Vec3f a, Vec3f b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
RIH_HD inline Vec3f operator-(Vec3f a) {
    return {-a.x, -a.y, -a.z};
}
RIH_HD inline Vec3f operator*(Vec3f a, Vec3f b) {
    return {a.x * b.x, a.y * b.y, a.z * b.z};
}
RIH_HD inline Vec3f operator*(float s, Vec3f a) {
    return {s * a.x, s * a.y, s * a.z};
}
RIH_HD inline Vec3f operator*(Vec3f a, float s) {
    return s * a;
}
RIH_HD inline Vec3f operator/(Vec3f a, float s) {
    return {a.x / s, a.y / s, a.z / s};
}
RIH_HD inline Vec3f operator/(Vec3f a, Vec3f b) {
    return {a.x / b.x, a.y / b.y, a.z / b.z};
}
RIH_HD inline bool operator==(Vec3f a, Vec3f b) {
    return a.x == b.x && a.y == b.y && a.z == b.z;
}

RIH_HD inline float dot(Vec3f a, Vec3f b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
RIH_HD inline Vec3f cross(Vec3f a, Vec3f b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
RIH_HD inline float length(Vec3f a) {
    return std::sqrt(dot(a, a));
}
RIH_HD inline Vec3f normalize(Vec3f a) {
    return (1.0f / length(a)) * a;
}
RIH_HD inline float max_component(Vec3f a) {
    return max_of(a.x, max_of(a.y, a.z));
}
RIH_HD inline float mean_component(Vec3f a) {
    return (a.x + a.y + a.z) * (1.0f / 3.0f);
}

/// Relative luminance of linear Rec.709.
RIH_HD inline float luminance(Vec3f rgb) {
    return 0.2126f * rgb.x + 0.7152f * rgb.y + 0.0722f * rgb.z;
}

} // namespace rih
