// SPDX-License-Identifier: Apache-2.0
// What can be checked of records that were converted from others' data sets: that the picture
// decodes, that joints project to where they are said to be, and that MANO's parameters put the
// hand where its joints are.
#pragma once

#include "renderih/dataset/description.h"
#include "renderih/dataset/tar.h"
#include "renderih/hand/hand_model.h"
#include "renderih/pipeline/reference_hand.h"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace rih {

/// The hands that the parameters of a converted set refer to.
class ConvertedHands {
  public:
    explicit ConvertedHands(const HandPair& hands);

    /// The mean over a hand's labelled joints of how far MANO's lie from them, m; none when it has
    /// no parameters or no joints. Throws UserError for a shape of more coefficients than MANO's.
    std::optional<double> mano_distance(const Record& record, Side side) const;

  private:
    std::array<ReferenceHand, 2> hands_;
};

enum class ConvertedKind { Picture, Projection, Mano };

/// By ConvertedKind.
inline constexpr std::array<std::string_view, 3> kConvertedChecks{
    "the picture decodes at its size",
    "joints_px agree with the camera",
    "MANO's parameters put the hand where its joints are"};

class ConvertedChecker {
  public:
    /// `hands`: null where the set has no parameters of MANO's.
    ConvertedChecker(const DatasetDescription& description, const HandPair* hands);

    using Fail = std::function<void(ConvertedKind kind, const std::string& what)>;
    /// By ConvertedKind: which checks there was something for.
    using Made = std::array<bool, kConvertedChecks.size()>;
    /// `pictures`: the members beside the JSON, by name. Throws UserError for a record that is not
    /// of this set.
    Made check(const Record& record,
               const std::map<std::string, Bytes>& pictures,
               const Fail& fail) const;
    bool applies(ConvertedKind kind) const { return kind != ConvertedKind::Mano || hands_; }

  private:
    void check_picture(const Record& record,
                       const std::map<std::string, Bytes>& pictures,
                       const Fail& fail) const;
    bool check_projection(const Record& record, Side side, const Fail& fail) const;

    std::string data_source_;
    bool projects_joints_ = false;
    std::optional<ConvertedHands> hands_;
};

} // namespace rih
