// SPDX-License-Identifier: Apache-2.0
// Natural shapes of one hand as joint angles: the authored set (hand_shapes.json) and takes from
// packages (packages.json). Angles are in right-hand convention, which is the left hand's too.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/hand/anatomy.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct HandShape {
    std::string name;   // "fist", or "package/take"
    std::string source; // "authored" or the package
    FingerAngles angles;
};

/// Reads hand_shapes.json: a row [root bend, middle bend, end bend, root splay] in degrees a
/// finger. Throws UserError; an angle outside Table 2 is an error, since a person wrote the file.
std::vector<HandShape> read_authored_shapes(const std::filesystem::path& path);

/// Reads packages.json: bend_deg[15] and splay_deg[15] of joints 1 .. 15. Throws UserError; angles
/// are clamped to Table 2.
std::vector<HandShape> read_package_shapes(const std::filesystem::path& path);

/// Both files of an asset folder, authored shapes first. Throws UserError.
std::vector<HandShape> load_hand_shapes(const std::filesystem::path& assets);

/// Natural variation about a shape: bends vary together along a finger and between neighbours
/// (a synergy), single joints and splays little. `scale` 1 is about 6 degrees. Within Table 2.
FingerAngles vary_naturally(const FingerAngles& angles, double scale, Rng& rng);

/// Linear in the angles: `t` = 0 is `a`, 1 is `b`.
FingerAngles blend_angles(const FingerAngles& a, const FingerAngles& b, double t);

} // namespace rih
