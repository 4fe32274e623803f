// SPDX-License-Identifier: Apache-2.0
// InterHand2.6M's InterHand2.6M_SPLIT_MANO_NeuralAnnot.json: capture -> frame -> {right, left:
// {pose [48] axis-angle, shape [10], trans [3] m} or null}. Poses are relative to MANO's mean hand
// (flat_hand_mean = false), so the hand model must be a MANO file, which carries that mean. The
// file is read as a stream: memory is bounded by the frames kept (about 1 kB each), not by its
// size.
#pragma once

#include "renderih/posing/sources/recorded_source.h"

#include <optional>

namespace rih {

struct NeuralAnnotOptions {
    /// Neighbouring frames of a capture are near copies: what counts as one pose; empty keeps all.
    std::optional<CoverOptions> distinct = CoverOptions{};
    std::size_t max_frames = 1'000'000; ///< frames with both hands that are read; more: an error
    std::uint64_t max_file_bytes = std::uint64_t{2} << 30;
};

/// The frames of the file with both hands, exact repetitions left out, as they are in the file:
/// poses not yet relative to the flat hand and `wrist` still the translation. Throws UserError.
std::vector<RecordedPair> parse_neural_annot(const std::filesystem::path& path,
                                             const NeuralAnnotOptions& options = {});

/// The whole way: parse, add the mean hand, place the wrists, keep distinct poses. Throws UserError
/// when the hands have no mean pose, that is, are not from MANO files.
std::vector<RecordedPair> read_neural_annot(const std::filesystem::path& path,
                                            const HandPair& hands,
                                            const NeuralAnnotOptions& options = {});

} // namespace rih
