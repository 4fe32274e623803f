// SPDX-License-Identifier: Apache-2.0
// Natural shapes of one hand as joint angles: the authored set (hand_shapes.json) and takes from
// packages (packages.json). Angles are in right-hand convention, which is the left hand's too.
// An authored shape is a few lines: a description, tags by which arrangements name groups of
// shapes, a row of degrees a finger, how loose the fingers are and which move together.
#pragma once

#include "renderih/hand/anatomy.h"
#include "renderih/posing/sources/natural_variation.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct HandShape {
    std::string name;   // "fist", or "package/take"
    std::string source; // "authored" or the package
    FingerAngles angles;
    ShapeFreedom freedom;          // natural_variation.h
    std::vector<std::string> tags; // "grasp", "letter", "count", "rest", ...
    std::vector<std::string> also; // other names: the fist is the letter S too
    std::string family;            // of a recorded hand: its sequence; empty: see family_of()
    double weight = 1;             // relative frequency in draws of single hands
};

/// Reads hand_shapes.json: a row [root bend, middle bend, end bend, root splay] in degrees a
/// finger; optional are "also" and "tags" (lists of names), "loose" (degrees, one number or five as
/// the rows: thumb to little finger) and "together" (lists of fingers). Throws UserError; an angle
/// outside Table 2 is an error, since a person wrote the file.
std::vector<HandShape> read_authored_shapes(const std::filesystem::path& path);

/// Reads packages.json: bend_deg[15] and splay_deg[15] of joints 1 .. 15. Throws UserError; angles
/// are clamped to Table 2.
std::vector<HandShape> read_package_shapes(const std::filesystem::path& path);

/// Both files of an asset folder, authored shapes first. Throws UserError.
std::vector<HandShape> load_hand_shapes(const std::filesystem::path& assets);

/// Root mean square over the 15 joints of the difference in bend and splay, radians. Authored
/// shapes are at least kDistinctShapes apart: closer ones would be each other's natural variations,
/// whose joints have a standard deviation of that size (ShapeFreedom::kUsual is two).
double shape_distance(const FingerAngles& a, const FingerAngles& b);
constexpr double kDistinctShapes = 5 * kDegree;

/// Linear in the angles: `t` = 0 is `a`, 1 is `b`.
FingerAngles blend_angles(const FingerAngles& a, const FingerAngles& b, double t);

} // namespace rih
