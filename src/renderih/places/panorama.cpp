// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/panorama.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/math/sampling.h"
#include "renderih/places/light_field.h"

#include <algorithm>

namespace rih {

namespace {

constexpr int kLightFieldShare = 8; // the light's map is smaller by this

class Eye {
  public:
    Eye(const PlaceTracer& tracer, const PanoramaOptions& options)
        : tracer_(tracer), scene_(tracer.scene()), sky_(tracer.sky()),
          light_(tracer,
                 options.width / kLightFieldShare,
                 options.paths,
                 options.seed,
                 options.threads),
          spread_(kTwoPiF / options.width) {
        // Blue light is scattered out sooner than red.
        const float mean = 3.912f / scene_.visibility;
        extinction_ = {0.75f * mean, 0.97f * mean, 1.45f * mean};
    }

    Vec3f look(Vec3f direction) const {
        PlacePoint point;
        if (!tracer_.nearest(scene_.eye, direction, spread_, point)) {
            return sky_.radiance(direction) + sky_.disc(direction);
        }
        Vec3f radiance = lit(point, light_.at(direction, point));
        if (point.pattern.reflectance > 0 && point.pattern.polish > 0) {
            radiance = with_mirror(point, direction, radiance);
        }
        return through_air(direction, point.distance, radiance);
    }

  private:
    /// The diffuse light of a surface: what the field says, more where relief turns towards the
    /// light and less where it turns away, and the sun's own.
    Vec3f lit(const PlacePoint& point, const Gathered& gathered) const {
        const float total = luminance(gathered.illuminance);
        float bend = 1;
        if (total > 0) {
            const Vec3f mean = (1 / total) * gathered.mean_direction;
            const float flat = std::max(0.0f, dot(mean, point.normal));
            const float bent = std::max(0.0f, dot(mean, point.relief_normal));
            bend = (0.35f + bent) / (0.35f + flat);
        }
        const Vec3f light =
            bend * gathered.illuminance + tracer_.sunlight(point, point.relief_normal);
        return point.pattern.emission + kInvPiF * point.pattern.albedo * light;
    }

    Vec3f with_mirror(const PlacePoint& point, Vec3f direction, Vec3f diffuse) const {
        const Vec3f n = point.relief_normal;
        const float cosine = std::clamp(-dot(n, direction), 0.0f, 1.0f);
        const float r0 = point.pattern.reflectance;
        const float grazing = std::pow(1 - cosine, 5.0f);
        const float share = (r0 + (1 - r0) * grazing) * point.pattern.polish;
        Vec3f mirrored = direction + (2 * cosine) * n;
        const float below = dot(mirrored, point.face_normal);
        if (below < 0.01f) {
            mirrored = normalize(mirrored + (0.01f - below) * point.face_normal);
        }
        PlacePoint seen;
        Vec3f image;
        // A dull polish blurs: what it mirrors shows no texture.
        const float spread = spread_ + 0.25f * (1 - point.pattern.polish);
        if (tracer_.nearest(point.ray_origin, mirrored, spread, seen)) {
            image = through_air(mirrored, seen.distance, lit(seen, light_.near(seen)));
        } else {
            image = sky_.radiance(mirrored);
        }
        const float clear = 1 - share;
        return clear * diffuse + share * image;
    }

    Vec3f through_air(Vec3f direction, float distance, Vec3f radiance) const {
        if (distance < 30) {
            return radiance;
        }
        const Vec3f kept{std::exp(-extinction_.x * distance),
                         std::exp(-extinction_.y * distance),
                         std::exp(-extinction_.z * distance)};
        return kept * radiance + (Vec3f{1, 1, 1} - kept) * sky_.haze_radiance(direction);
    }

    const PlaceTracer& tracer_;
    const PlaceScene& scene_;
    const Sky& sky_;
    LightField light_;
    float spread_;
    Vec3f extinction_;
};

Vec3f pixel(const ImageF& image, int x, int y) {
    return {image.at(x, y, 0), image.at(x, y, 1), image.at(x, y, 2)};
}

void set_pixel(ImageF& image, int x, int y, Vec3f value) {
    for (int c = 0; c < 3; ++c) {
        image.at(x, y, c) = value[c];
    }
}

/// How many pixels of a row are seen as one where the map's meridians draw together.
int columns_a_look(int y, int height) {
    const float sine = std::sin(kPiF * (y + 0.5f) / height);
    const int wanted = static_cast<int>(1 / std::max(sine, 1e-3f));
    int columns = 1;
    while (2 * columns <= wanted && columns < 8) {
        columns *= 2;
    }
    return columns;
}

bool differs(Vec3f a, Vec3f b) {
    const float la = luminance(a), lb = luminance(b);
    return std::fabs(la - lb) > 0.14f * (la + lb);
}

} // namespace

ImageF render_panorama(const PlaceTracer& tracer, const PanoramaOptions& options) {
    RIH_REQUIRE(options.width >= 64 && options.width <= 8192 && options.width % 8 == 0,
                "a panorama's width is {}; it must be a multiple of 8 in 64 .. 8192",
                options.width);
    RIH_REQUIRE(options.paths >= 1 && options.paths <= 4096,
                "paths a pixel is {}; it must lie in 1 .. 4096",
                options.paths);
    const Eye eye(tracer, options);
    const int width = options.width, height = width / 2;
    const auto look = [&](float x, float y) {
        return eye.look(panorama_direction(x / width, y / height));
    };
    ImageF first(width, height, 3);
    parallel_for(static_cast<std::size_t>(height), options.threads, [&](std::size_t row) {
        const int y = static_cast<int>(row);
        const int columns = columns_a_look(y, height);
        for (int x = 0; x < width; x += columns) {
            const Vec3f value = look(x + 0.5f * columns, y + 0.5f);
            for (int i = 0; i < columns; ++i) {
                set_pixel(first, x + i, y, value);
            }
        }
    });
    // Edges once more, with three looks instead of one.
    ImageF image = first;
    parallel_for(static_cast<std::size_t>(height), options.threads, [&](std::size_t row) {
        const int y = static_cast<int>(row);
        const int columns = columns_a_look(y, height);
        for (int x = 0; x < width; x += columns) {
            const Vec3f value = pixel(first, x, y);
            const int left = (x + width - columns) % width, right = (x + columns) % width;
            if (!differs(value, pixel(first, left, y)) && !differs(value, pixel(first, right, y)) &&
                !differs(value, pixel(first, x, std::max(y - 1, 0))) &&
                !differs(value, pixel(first, x, std::min(y + 1, height - 1)))) {
                continue;
            }
            Vec3f sum = value;
            for (const Vec2f at : {Vec2f{0.375f, 0.125f}, Vec2f{0.625f, 0.875f}}) {
                sum += look(x + at.x * columns, y + at.y);
            }
            for (int i = 0; i < columns; ++i) {
                set_pixel(image, x + i, y, (1.0f / 3) * sum);
            }
        }
    });
    return image;
}

} // namespace rih
