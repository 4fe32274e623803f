// SPDX-License-Identifier: Apache-2.0
// How often each vertex of a hand touches the other hand, counted over raw pairs of pose sources as
// the paper counts it over InterHand2.6M (3.1). Counts are made once by `renderih anchors` and
// stored; those of the open hand are committed, and other meshes take theirs from the same places
// of the open hand until somebody counts on them.
#pragma once

#include "renderih/hand/hand_model.h"
#include "renderih/posing/sources/pose_source.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rih {

/// Nearer to the other hand than this, or inside it, is contact.
inline constexpr double kCountedContact = 0.002; // m

struct ContactCounts {
    std::vector<std::int64_t> hands; // [V] hands (two a pair) that touched with this vertex
    std::uint64_t pairs = 0;         // counted
    std::uint64_t seed = 0;
    std::string source;   // as given to the command
    std::string topology; // topology_of() the hand that was counted on

    VecX frequency() const; // [V] share of hands, 0 .. 1
    void save(const std::filesystem::path& path) const;
    /// Throws UserError.
    static ContactCounts load(const std::filesystem::path& path);
};

/// Digest of a hand's faces: equal where vertex ids mean the same places.
std::string topology_of(const HandModel& model);

/// Vertices of each posed hand that are in contact with the other one, forearms left out;
/// ascending.
std::array<std::vector<int>, 2> touching_vertices(const HandPair& hands,
                                                  const std::array<Points, 2>& vertices,
                                                  double distance = kCountedContact);

struct ContactCounting {
    std::uint64_t pairs = 10'000;
    std::uint64_t seed = 0;
    int threads = 0;
    double shape_sd = 1.0;      ///< scale of the identities' normal coefficients
    std::function<void()> step; ///< called after each pair, from any thread
};

/// Draws pairs from `source` and counts. A function of the hands, the source, seed and number of
/// pairs alone. Throws UserError.
ContactCounts
count_contacts(const HandPair& hands, const PoseSource& source, const ContactCounting& counting);

/// Each vertex of `to` gets the frequency of the place of `from` that is most like it: same bone,
/// same share of its length, same direction around it (on the palm: along, across and through).
/// Both are right hands. [V of to]
VecX carry_frequency(const HandModel& from, const VecX& frequency, const HandModel& to);

/// Contact frequency of the vertices of `model`, a right hand: from `file`, which must have been
/// counted on this mesh; without a file from the open hand's committed counts, carried over when
/// `model` is another mesh. `assets` as in asset_file(). Throws UserError. [V]
VecX contact_frequency(const HandModel& model,
                       const std::filesystem::path& file,
                       const std::filesystem::path& assets);

} // namespace rih
