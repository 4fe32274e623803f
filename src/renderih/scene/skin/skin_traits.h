// SPDX-License-Identifier: Apache-2.0
// How strong each layer of skin is. A base texture is a number: traits and seeds of all that is
// drawn over the hand are functions of it alone, whatever the tone.
#pragma once

#include <cstdint>
#include <string>

namespace rih {

inline constexpr int kSkinTextures = 64;

/// 0 .. 1 unless it says otherwise.
struct SkinTraits {
    std::uint32_t seed = 0;
    float age = 0.3f;         ///< thins the skin: crepe, veins and tendons follow
    float relief = 1;         ///< factor on furrows between pores, about 1
    float folds = 1;          ///< factor on knuckle folds and flexion creases, about 1
    float lines = 1;          ///< factor on the palm's lines, about 1
    float minor_lines = 0.5f; ///< how many of them
    float ridges = 1;         ///< factor on the ridges of palm and fingertips, about 1
    float veins = 0.3f;
    float tendons = 0.3f;
    float mottling = 1;           ///< factor on blotches of blood, about 1
    float redness = 1;            ///< factor on the blood of knuckles and fingertips, about 1
    float knuckle_melanin = 1.3f; ///< factor on the back's melanin over finger joints
    float palm_melanin = 0.3f;    ///< factor on the back's melanin
    float freckles = 0;           ///< show on light skin only
    float age_spots = 0;
    float moles = 0;
    float hair = 0.2f;
    float hair_light = 0; ///< 0 black .. 1 blond, as far as the skin is light
    float hair_grey = 0;
    float lunula = 0.5f;     ///< how far it reaches out of the nail's root
    float free_edge = 0.12f; ///< share of the nail's length
    float nail_ridges = 0.3f;
};

/// 0 .. kSkinTextures - 1.
SkinTraits traits_of_texture(int number);
/// "skin_07"
std::string name_of_texture(int number);

} // namespace rih
