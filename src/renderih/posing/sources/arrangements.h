// SPDX-License-Identifier: Apache-2.0
// Two-hand arrangements as data (arrangements.json): how two hands meet in a clap, a prayer, ...
// Directions are given for the first hand as a right hand and the second as a left hand, y up, the
// person at +z looking towards -z; a draw mirrors half of them in x, which swaps the roles.
#pragma once

#include "renderih/math/types.h"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct ArrangedHand {
    std::vector<std::string> shapes;     // names, "#tag" for any shape with the tag, or "packages"
    Vec3 fingers;                        // unit, wrist to middle finger's root
    Vec3 palm;                           // unit, out of the palm, orthogonal to `fingers`
    Vec3 jitter = Vec3::Zero();          // +- radians about the axes fingers, palm, thumb side
    std::array<double, 2> wrist_flexion; // radians, range
    std::array<double, 2> wrist_deviation;
};

/// How the second hand finds its place once the landmarks coincide.
enum class Settle {
    Slide,  ///< along `approach` until the skins are the gap apart
    Weave,  ///< within `search` of it to where the hands overlap least (interlaced fingers)
    Placed, ///< stays
};

struct Arrangement {
    std::string name, description;
    double weight = 1; // relative frequency
    std::array<ArrangedHand, 2> hands;
    bool same_shape = false;                          // the second hand is shaped as the first
    double variation = 1;                             // scale of vary_naturally
    std::vector<std::array<std::string, 2>> meets;    // landmarks, one pair a draw
    std::vector<std::array<std::string, 2>> contacts; // landmarks that should touch; may be none
    Settle settle = Settle::Slide;
    Vec3 approach = Vec3::Zero();                  // unit, from the first hand to the second
    std::array<double, 2> gap{0, 0};               // m, range
    Vec3 offset = Vec3::Zero();                    // +- m, shift of the second hand
    Vec3 nominal_offset = Vec3::Zero();            // m, second landmark - first
    Vec3 search = Vec3::Zero();                    // +- m, for Weave
    Vec3 turn = Vec3::Zero();                      // +- radians of the whole pair about x, y, z
    Vec3 body = Vec3(0, -0.55, 0.85).normalized(); // unit, towards the person
    std::vector<int> slide_ignores; // fingers (mano16 order) that may overlap after Slide ...
    double slide_overlap = 0.004;   // m, ... but by no more than this
};

/// Throws UserError.
std::vector<Arrangement> read_arrangements(const std::filesystem::path& path);

} // namespace rih
