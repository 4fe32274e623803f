// SPDX-License-Identifier: Apache-2.0
// Everything that decides what a data set contains. Defaults live here and in posing_options.h,
// nowhere else; a TOML file and the command line write into these fields.
#pragma once

#include "renderih/dataset/plan.h"
#include "renderih/posing/posing_options.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct LensOptions;   // scene/lens.h
struct SensorOptions; // image/sensor/sensor.h
struct WornOptions;   // things/worn_draw.h

/// How the pictures are taken.
struct ImageOptions {
    int width = 512, height = 334;      ///< pixels
    int spp = 4;                        ///< samples a pixel; outlines get three times as many
    std::string rgb_format = "jpg";     ///< jpg, png or webp
    std::array<int, 2> quality{80, 97}; ///< of jpg and webp, drawn from .. to
    bool normal = false, albedo = false, uv = false; ///< optional label images
    bool denoise = true; ///< filter the radiance, guided by the label images; labels never change
    int places = 300;    ///< generated environments beside the packaged maps, 0 .. 10,000
    /// "camera": lens, photosites and all that a camera makes of them (docs/camera.md); "none": a
    /// pinhole, clean exposure and sRGB.
    std::string sensor = "camera";
    double first_person = 0.1;        ///< probability of a view from the owner's eyes
    double truncation = 0;            ///< probability that the picture may cut hands off
    double motion_probability = 0.05; ///< of a camera that moves while it exposes
    int subdivision_levels = 1;       ///< Catmull-Clark levels of the rendered surface, 0 .. 2
    std::string skin = "varied";      ///< or one of skin_choices(): scene/skin/skin_identity.h
    int skin_map_height = 2048;       ///< texels of the skin's maps, a multiple of 32
    /// Probabilities that a pose's person wears each (docs/appearance.md).
    double sleeve = 0.5, ring = 0.3, bracelet = 0.12, watch = 0.15;
    /// Probabilities that a record has a table below the hands, or a wall behind them, where there
    /// is a place for one.
    double table = 0.15, wall = 0.08;
    /// How light travels below the skin: "walk", step by step, or "profile", by the tabulated walk
    /// on flat ground (docs/rendering.md tells the difference).
    std::string subsurface = "profile";
};

struct GenerateOptions {
    std::uint64_t seed = 0;
    std::uint64_t poses = 10;
    int views = 10;
    std::string hand = "open"; ///< "open", or RIGHT,LEFT files
    ImageOptions image;
    PosingOptions posing;
    std::array<double, 3> split_fractions{0.9, 0.05, 0.05}; ///< train, val, test; by pose
    int records_per_shard = 0;                              ///< 0: chosen from the size of the set

    /// Throws UserError naming the field and its range.
    void validate() const;

    PlanOptions plan_options() const;

    /// Every field, as stored in dataset.json and hashed into each record's configuration.
    std::string to_json() const;
};

/// The options of a dataset.json's `configuration`: what to_json() wrote. `what` names the file.
/// Throws UserError for a field that is missing, unknown or of the wrong type.
GenerateOptions options_from_json(std::string_view json, const std::string& what);

/// Overwrites fields that the TOML file names. Throws UserError for a file that is missing or
/// malformed, for unknown keys and for values of the wrong type.
void read_toml(const std::filesystem::path& path, GenerateOptions& options);

/// What the options say of sensor and lens.
SensorOptions sensor_options(const ImageOptions& image);
LensOptions lens_options(const ImageOptions& image);
/// What they say of sleeves, rings, bracelets and watches.
WornOptions worn_options(const ImageOptions& image);

/// "512x334" to width and height. Throws UserError.
void set_size(const std::string& text, ImageOptions& image);

} // namespace rih
