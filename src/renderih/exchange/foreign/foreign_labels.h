// SPDX-License-Identifier: Apache-2.0
// What the readers of others' data sets share: from their numbers to a record's.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/hand/hand_model.h"

#include <filesystem>
#include <span>
#include <string>

namespace rih {

/// Formats that count pixels from the middle of the first: add this.
inline constexpr double kCornerFromPixel = 0.5;
/// Coordinates beyond this are no hand's. Metres.
inline constexpr double kFarthest = 100;

/// `name` below `folder`. Throws UserError, which names `where`, for a name that is absolute, empty
/// or leaves the folder: lists of files come from others.
std::filesystem::path
path_below(const std::filesystem::path& folder, const std::string& name, const std::string& where);

/// The rotation nearest to `matrix`, which published digits leave slightly off. Throws UserError
/// when it is none within 1e-3.
Mat3 nearest_rotation(const Mat3& matrix, const std::string& where);

/// Sets a keypoint that has a place in space, and in the picture if it lies before the camera.
/// Throws UserError for a place where no hand is.
void set_joint(
    Record& record, Side side, std::size_t keypoint, const Vec3& in_cam, const std::string& where);

/// MANO's parameters as the field has them: 48 axis-angle, 10 shape, 3 translation (m, world).
struct ManoParameters {
    std::array<double, 48> pose{};
    std::array<double, 10> shape{};
    Vec3 translation = Vec3::Zero();
};
enum class PoseZero { FlatHand, MeanHand }; ///< flat_hand_mean true, false

/// Sets a hand's parameters, relative to the flat hand. `hand` is the MANO model of its side.
/// Throws UserError for numbers that are no hand's.
void set_mano(RecordHand& labels,
              const ManoParameters& parameters,
              PoseZero zero,
              const HandModel& hand,
              const std::string& where);

} // namespace rih
