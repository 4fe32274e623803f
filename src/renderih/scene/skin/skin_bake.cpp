// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/skin_bake.h"

#include "renderih/image/colour.h"
#include "renderih/scene/skin/finger_creases.h"
#include "renderih/scene/skin/friction_ridges.h"
#include "renderih/scene/skin/hair.h"
#include "renderih/scene/skin/knuckle_folds.h"
#include "renderih/scene/skin/micro_relief.h"
#include "renderih/scene/skin/nails.h"
#include "renderih/scene/skin/palm_lines.h"
#include "renderih/scene/skin/pigment_layers.h"
#include "renderih/scene/skin/texel_noise.h"
#include "renderih/scene/skin/veins_tendons.h"

namespace rih {
namespace {

/// skin_albedo() of one person over factors on the pigments, in steps of their logarithms.
class AlbedoTable {
  public:
    explicit AlbedoTable(const SkinTone& tone) {
        for (int m = 0; m < kMelanin; ++m) {
            for (int h = 0; h < kBlood; ++h) {
                const SkinPigments pigments{
                    .melanin =
                        std::min(0.9, tone.pigments.melanin * std::exp(kFirstMelanin + kStep * m)),
                    .haemoglobin = tone.pigments.haemoglobin * std::exp(kFirstBlood + kStep * h)};
                const auto rgb = saturated(skin_albedo(pigments), tone.saturation);
                table_[static_cast<std::size_t>(m * kBlood + h)] = {static_cast<float>(rgb[0]),
                                                                    static_cast<float>(rgb[1]),
                                                                    static_cast<float>(rgb[2])};
            }
        }
    }

    Vec3f at(float log_melanin, float log_blood) const {
        const float m = std::clamp((log_melanin - static_cast<float>(kFirstMelanin)) /
                                       static_cast<float>(kStep),
                                   0.0f,
                                   static_cast<float>(kMelanin) - 1.001f);
        const float h =
            std::clamp((log_blood - static_cast<float>(kFirstBlood)) / static_cast<float>(kStep),
                       0.0f,
                       static_cast<float>(kBlood) - 1.001f);
        const int i = static_cast<int>(m), k = static_cast<int>(h);
        const float fm = m - static_cast<float>(i), fh = h - static_cast<float>(k);
        const Vec3f* low = &table_[static_cast<std::size_t>(i * kBlood + k)];
        const Vec3f* high = low + kBlood;
        return (1 - fm) * ((1 - fh) * low[0] + fh * low[1]) +
               fm * ((1 - fh) * high[0] + fh * high[1]);
    }

  private:
    static constexpr int kMelanin = 48, kBlood = 28;
    static constexpr double kFirstMelanin = -3, kFirstBlood = -1.4, kStep = 0.12;
    std::array<Vec3f, static_cast<std::size_t>(kMelanin) * kBlood> table_;
};

/// What lies on the skin's surface, place by place, before it becomes texels.
struct Painted {
    std::vector<Vec3f> albedo;
    std::vector<float> height, fold; // mm
    std::vector<std::uint8_t> gloss;
};

/// The rise per way from one place to its neighbour; 0 across a seam.
struct Slopes {
    const SkinAtlas& atlas;

    int place(int x, int y) const {
        return x < 0 || y < 0 || x >= atlas.width || y >= atlas.height
                   ? -1
                   : atlas.place_of[static_cast<std::size_t>(y) * atlas.width + x];
    }
    bool next_to(int a, int b) const {
        const Vec3f way = atlas.places[static_cast<std::size_t>(a)].at -
                          atlas.places[static_cast<std::size_t>(b)].at;
        const float reach = 4 * atlas.texel_mm();
        return dot(way, way) < reach * reach;
    }
    /// Along (dx, dy) texels, forward, or backward where nothing lies ahead.
    float along(const std::vector<float>& height, int x, int y, int dx, int dy) const {
        const int here = place(x, y);
        for (const int sign : {1, -1}) {
            const int other = place(x + sign * dx, y + sign * dy);
            if (other >= 0 && next_to(here, other)) {
                return static_cast<float>(sign) *
                       (height[static_cast<std::size_t>(other)] -
                        height[static_cast<std::size_t>(here)]) /
                       atlas.texel_mm();
            }
        }
        return 0;
    }
};

HairOptions hair_of(const SkinTraits& traits, float light) {
    // From black through brown to blond, the lighter the skin the more of it can be light.
    const float blond = light * light * traits.hair_light;
    const Vec3f black{0.012f, 0.010f, 0.009f}, brown{0.075f, 0.043f, 0.024f},
        fair{0.42f, 0.28f, 0.14f};
    HairOptions hair;
    hair.amount = traits.hair;
    hair.colour = blond < 0.5f ? black + 2 * blond * (brown - black)
                               : brown + (2 * blond - 1) * (fair - brown);
    // It greys a decade later on dark skin (Tobin and Paus, "Graying", Exp. Gerontol. 36, 2001).
    hair.grey = traits.hair_grey * mixed(0.25f, 1, light);
    return hair;
}

/// A base texture's traits on a tone. The same factor on melanin darkens dark skin more.
SkinTraits traits_on(const SkinIdentity& skin, float light) {
    SkinTraits traits = traits_of_texture(skin.texture);
    traits.knuckle_melanin = 1 + (traits.knuckle_melanin - 1) * mixed(0.6f, 1, light);
    return traits;
}

/// All layers but nails and hair, which lie on the skin.
class SkinLayers {
  public:
    SkinLayers(const SkinAtlas& atlas, const SkinIdentity& skin, float light, int hand)
        : traits_(traits_on(skin, light)), hand_(hand),
          pigments_(atlas,
                    traits_,
                    {.light = light,
                     .tan = static_cast<float>(skin.tan),
                     .tan_edge = static_cast<float>(skin.tan_edge_mm)},
                    stream("pigments")),
          palm_lines_(atlas, traits_, Rng(traits_.seed, 2, "palm lines"), stream("palm lines")),
          creases_(atlas, traits_, stream("finger creases")),
          knuckles_(atlas, traits_, stream("knuckle folds")),
          ridges_(atlas, traits_, stream("friction ridges")),
          veins_(atlas, traits_, light, stream("veins")),
          relief_(traits_, stream("micro relief").next_u32()), texel_mm_(atlas.texel_mm()) {}

    const SkinTraits& traits() const { return traits_; }
    Rng stream(const char* name) const {
        return {traits_.seed, static_cast<std::uint64_t>(hand_), name};
    }

    SkinLook at(int x, int y, const SkinPlace& place) const {
        SkinLook look;
        pigments_.add(place, look);
        palm_lines_.add(place, look);
        creases_.add(place, look);
        knuckles_.add(place, look);
        ridges_.add(place, look);
        veins_.add(place, look);
        const float back = smooth_step(0.8f, 0.45f, static_cast<float>(place.palm) / 255);
        const float wrist = smooth_step(12, -4, place.at.x);
        relief_.add({static_cast<float>(x) * texel_mm_, static_cast<float>(y) * texel_mm_},
                    std::max(back, wrist),
                    look);
        return look;
    }

  private:
    SkinTraits traits_;
    int hand_;
    PigmentLayers pigments_;
    PalmLines palm_lines_;
    FingerCreases creases_;
    KnuckleFolds knuckles_;
    FrictionRidges ridges_;
    VeinsTendons veins_;
    MicroRelief relief_;
    float texel_mm_;
};

/// A look's colour: pigments' factors, evened or deepened by the person's contrast.
class SkinColours {
  public:
    explicit SkinColours(const SkinIdentity& skin)
        : table_(skin.tone), contrast_(static_cast<float>(skin.contrast)) {}

    Vec3f at(const SkinLook& look) const {
        return at(contrast_ * std::log(look.melanin), contrast_ * std::log(look.haemoglobin)) *
               look.tint;
    }

    /// Makes the mean over the back of the hand that of the person's tone, by a factor on all
    /// melanin: knuckles, furrows, spots and a sleeve's pale skin would shift it.
    void centre_on_back(const SkinAtlas& atlas, const SkinLayers& layers, double ita) {
        struct Sample {
            float melanin, blood; // logarithms
            Vec3f tint;
        };
        std::vector<Sample> samples;
        const int step = std::max(1, atlas.height / kSampledRows);
        for (int y = 0; y < atlas.height; y += step) {
            for (int x = 0; x < atlas.width; x += step) {
                const int index = atlas.place_of[static_cast<std::size_t>(y) * atlas.width + x];
                if (index < 0 || !is_back(atlas.places[static_cast<std::size_t>(index)])) {
                    continue;
                }
                const SkinLook look =
                    layers.at(x, y, atlas.places[static_cast<std::size_t>(index)]);
                samples.push_back({contrast_ * std::log(look.melanin),
                                   contrast_ * std::log(look.haemoglobin),
                                   look.tint});
            }
        }
        float low = -1, high = 1; // more melanin, a lower angle
        for (int i = 0; i < 16 && !samples.empty(); ++i) {
            shift_ = 0.5f * (low + high);
            std::array<double, 3> sum{};
            for (const Sample& sample : samples) {
                const Vec3f albedo = at(sample.melanin, sample.blood) * sample.tint;
                for (int c = 0; c < 3; ++c) {
                    sum[static_cast<std::size_t>(c)] += double{albedo[c]};
                }
            }
            for (double& value : sum) {
                value /= static_cast<double>(samples.size());
            }
            (ita_deg(lab_from_rec709(sum)) > ita ? low : high) = shift_;
        }
    }

  private:
    static constexpr int kSampledRows = 256;

    static bool is_back(const SkinPlace& place) {
        return place.palm < 0.2 * 255 && place.nail == 0 && place.at.x > 0; // beyond the wrist
    }
    Vec3f at(float log_melanin, float log_blood) const {
        return table_.at(log_melanin + shift_, log_blood);
    }

    AlbedoTable table_;
    float contrast_, shift_ = 0;
};

Nails nails_of(const SkinIdentity& skin, const SkinLayers& layers) {
    const auto bed = saturated(skin_albedo({.melanin = skin.tone.pigments.melanin * 0.4,
                                            .haemoglobin = skin.tone.pigments.haemoglobin * 1.5}),
                               skin.tone.saturation);
    NailOptions options;
    options.length = static_cast<float>(skin.nail_length);
    options.painted = skin.nails_painted;
    for (std::size_t c = 0; c < 3; ++c) {
        options.polish[c] = static_cast<float>(skin.polish[c]);
        options.bed[c] = static_cast<float>(bed[c]);
    }
    return {layers.traits(), options, layers.stream("nails")};
}

Painted paint(const SkinAtlas& atlas, const SkinIdentity& skin, int hand) {
    const auto light = static_cast<float>(std::clamp((skin.tone.ita_deg + 10) / 50, 0.0, 1.0));
    const SkinLayers layers(atlas, skin, light, hand);
    const Nails nails = nails_of(skin, layers);
    SkinColours colours(skin);
    colours.centre_on_back(atlas, layers, skin.tone.ita_deg);

    Painted painted;
    painted.albedo.resize(atlas.places.size());
    painted.height.resize(atlas.places.size());
    painted.fold.resize(atlas.places.size());
    painted.gloss.resize(atlas.places.size());
    for (int y = 0; y < atlas.height; ++y) {
        for (int x = 0; x < atlas.width; ++x) {
            const int index = atlas.place_of[static_cast<std::size_t>(y) * atlas.width + x];
            if (index < 0) {
                continue;
            }
            const auto i = static_cast<std::size_t>(index);
            const SkinPlace& place = atlas.places[i];
            SkinLook look = layers.at(x, y, place);
            Vec3f albedo = colours.at(look);
            float roughness = static_cast<float>(skin.tone.roughness) + look.roughness, coat = 0;
            if (place.nail != 0) {
                const NailLook nail = nails.at(place);
                albedo = albedo + nail.plate * (nail.albedo - albedo);
                roughness = mixed(roughness, nail.roughness, nail.plate);
                coat = nail.coat * nail.plate;
                look.height = nail.height;
                look.fold = 0;
            }
            painted.albedo[i] = albedo;
            painted.height[i] = look.height;
            painted.fold[i] = look.fold;
            const float dither = unit_of_hash(hash_cell(x, y, hand, layers.traits().seed), 7);
            painted.gloss[i] = encode_gloss(static_cast<double>(roughness),
                                            static_cast<double>(coat),
                                            static_cast<double>(dither));
        }
    }
    draw_hair(atlas,
              hair_of(layers.traits(), light),
              layers.stream("hair"),
              painted.albedo,
              painted.height);
    return painted;
}

} // namespace

SurfaceMaps bake_skin(const SkinAtlas& atlas, const SkinIdentity& skin, int hand) {
    const Painted painted = paint(atlas, skin, hand);
    const Slopes slopes{atlas};
    SurfaceMaps::Level texels(atlas.place_of.size());
    std::vector<std::uint8_t> covered(texels.size(), 0);
    for (int y = 0; y < atlas.height; ++y) {
        for (int x = 0; x < atlas.width; ++x) {
            const auto at = static_cast<std::size_t>(y) * atlas.width + x;
            if (atlas.place_of[at] < 0) {
                continue;
            }
            const auto i = static_cast<std::size_t>(atlas.place_of[at]);
            covered[at] = 1;
            SurfaceTexel& texel = texels[at];
            for (int c = 0; c < 3; ++c) {
                texel.albedo[c] = encode_albedo(static_cast<double>(painted.albedo[i][c]));
            }
            texel.gloss = painted.gloss[i];
            // v rises against the rows.
            const auto slope = [&](const std::vector<float>& height, std::uint8_t(&pair)[2]) {
                pair[0] = encode_slope(static_cast<double>(slopes.along(height, x, y, 1, 0)));
                pair[1] = encode_slope(static_cast<double>(-slopes.along(height, x, y, 0, 1)));
            };
            slope(painted.height, texel.slope);
            slope(painted.fold, texel.fold);
        }
    }
    return make_surface_maps(
        atlas.width, atlas.height, atlas.metres_per_uv, std::move(texels), covered);
}

} // namespace rih
