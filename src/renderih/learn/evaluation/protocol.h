// SPDX-License-Identifier: Apache-2.0
// The protocols in which the field reports errors on InterHand2.6M, by name. They differ in the
// joint that hands are aligned at, in scaling, in where the true joints come from and in which
// pictures count, and figures of different protocols do not compare.
#pragma once

#include "renderih/learn/metrics/pair_scores.h"

#include <string>
#include <string_view>
#include <vector>

namespace rih::learn {

struct Protocol {
    std::string name;    ///< "P1"
    std::string summary; ///< one line
    ScoreOptions scores;
    /// True joints: as the record has them (of InterHand2.6M: triangulated), else regressed from
    /// the record's mesh, as predictions' are from theirs.
    bool stored_joints = false;
    bool pairs_only = true; ///< only pictures in which both hands are labelled
};

/// P1 .. P5.
const std::vector<Protocol>& protocols();
/// Throws UserError that lists the names.
const Protocol& protocol_of_name(std::string_view name);

} // namespace rih::learn
