// SPDX-License-Identifier: Apache-2.0
// One record's labels made again from its parameters and held against what is stored. The hand is
// posed by ReferenceHand, pictures are made by the rasteriser, lines of sight are tested by brute
// force: nothing of the code that wrote the record but the subdivision and the mesh measures.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/dataset/tar.h"
#include "renderih/hand/hand_model.h"
#include "renderih/pipeline/hand_surface.h"
#include "renderih/pipeline/reference_hand.h"
#include "renderih/posing/hand_surfaces.h"

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rih {

/// The kinds of checks, in the order of the report's table.
inline constexpr std::array<std::string_view, 11> kLabelChecks{
    "joints_in_cam agree with the pose",
    "joints_px agree with the camera",
    "joint angles lie in Table 2",
    "joint visibility",
    "seg and amodal images",
    "depth image",
    "boxes, counts and mask overlap",
    "no triangles of the hands intersect",
    "contact and penetration measures",
    "skin tone agrees with its pigments",
    "picture decodes at its size"};

class LabelChecker {
  public:
    /// `hands` must outlive this.
    LabelChecker(const HandPair& hands, int subdivision_levels);

    /// Calls fail(check, what) for each thing that is off; `check` indexes kLabelChecks.
    using Fail = std::function<void(int check, const std::string& what)>;
    /// `members`: the pictures by name. Throws UserError for a picture that cannot be decoded.
    void check(const Record& record,
               const std::map<std::string, Bytes>& members,
               const Fail& fail) const;

  private:
    struct Posed {
        Points vertices, keypoints;
        Points flat; // vertices of the flat hand of the same shape
        LimitSurface surface;
    };
    void
    check_numbers(const Record& record, const std::array<Posed, 2>& posed, const Fail& fail) const;
    void check_visibility(const Record& record,
                          const std::array<Posed, 2>& posed,
                          const Fail& fail) const;
    void check_pictures(const Record& record,
                        const std::array<Posed, 2>& posed,
                        const std::map<std::string, Bytes>& members,
                        const Fail& fail) const;
    void check_interaction(const Record& record,
                           const std::array<Posed, 2>& posed,
                           const Fail& fail) const;

    const HandPair* hands_;
    std::vector<ReferenceHand> references_; // right, left
    std::vector<HandSurface> surfaces_;
    HandSurfaces exact_;
};

} // namespace rih
