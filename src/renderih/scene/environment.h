// SPDX-License-Identifier: Apache-2.0
// Lat-long HDR environments from files. Some public ones were shrunk with a ringing filter and hold
// negative pixels around suns and lamps; they are mended here, with their light kept.
#pragma once

#include "renderih/scene/scene.h"

#include <filesystem>

namespace rih {

/// Reads linear Rec.709 radiance from an .exr or .hdr file, mends negative pixels, and names the
/// environment after the file. Throws UserError on a file that is missing, damaged, of another
/// kind, smaller than 4 x 2 pixels, or without any light.
Environment load_environment(const std::filesystem::path& path);

struct MendReport {
    int mended = 0;           ///< values below zero, channels counted apart
    double negative_part = 0; ///< their energy over that of the positive values, worst channel
};

/// Lifts each negative value to what lies about it and takes the energy, weighted by solid angle,
/// from the brightest pixels within 5 px: a ringing filter had put it there. Afterwards no value is
/// negative; the mean radiance and the vector irradiance of each channel are what they were.
/// `radiance` [H, W, C] must be finite. Throws UserError when a channel holds more negative than
/// positive energy.
MendReport mend_negative_radiance(ImageF& radiance);

/// Some files lost a channel or two of the sun when they were made: there the values are about zero
/// while another channel is in the thousands and all that surrounds it is white or yellow (the sun
/// of one public map is pure blue). Gives such pixels the colour of their surroundings, by their
/// brightest channel; returns how many. Coloured lamps, whose glow is coloured too, are left alone.
/// `radiance` [H, W, 3] must have no negative values.
int restore_dead_channels(ImageF& radiance);

/// The solid angle of one pixel of row y of a lat-long map, sr.
double pixel_solid_angle(int width, int height, int y);

/// Mean luminance over the sphere (strength not applied).
double mean_luminance(const Environment& environment);

} // namespace rih
