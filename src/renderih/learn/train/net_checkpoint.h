// SPDX-License-Identifier: Apache-2.0
// A training run on disk: the network's weights and running statistics, Adam's state, torch's
// random state, the step, all options, and which hand it belongs to. A safetensors file.
#pragma once

#include "renderih/learn/checkpoint/safetensors.h"
#include "renderih/learn/net/hand_net.h"
#include "renderih/learn/train/adam.h"
#include "renderih/learn/train/train_options.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

namespace rih::learn {

struct CheckpointInfo {
    TrainOptions options;
    std::uint64_t step = 0; ///< that were made
    double seconds = 0;     ///< of training
    double best_mpjpe_mm = std::numeric_limits<double>::infinity();
    std::string data;         ///< what was trained on: JSON, compared as text
    std::string hands_sha256; ///< HandsGeometry::sha256
    std::string trees_sha256; ///< of the vertex trees
    std::string hand_names;   ///< for messages
};

/// Fills in what follows from the hands.
void set_hands(CheckpointInfo& info, const HandsGeometry& geometry);

/// Throws UserError when a weight is not finite - the file at `path` stays as it was - or the place
/// cannot be written. `adam` may be null: a network that will not be trained on.
void save_checkpoint(const std::filesystem::path& path,
                     const HandNet& net,
                     const Adam* adam,
                     const CheckpointInfo& info);

/// Throws UserError when the file is none of ours, or of another version.
CheckpointInfo checkpoint_info(const Safetensors& file);

/// Throws UserError that tells both when the network in `info` belongs to other hands than these.
void require_hands(const CheckpointInfo& info,
                   const HandsGeometry& geometry,
                   const std::string& what);

/// Into the network; throws UserError for a weight that is missing, has another shape or is not
/// finite, and for one that the network does not have.
void load_weights(const Safetensors& file, HandNet& net);
/// Adam's and torch's random state: a resumed run makes the same steps.
void load_training_state(const Safetensors& file, HandNet& net, Adam& adam);

/// Weights of a torchvision ResNet-50 into the encoder; its classifier is left out.
void load_encoder_weights(const Safetensors& file, Encoder& encoder);

} // namespace rih::learn
