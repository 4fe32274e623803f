// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_summary.h"

#include "renderih/base/error.h"
#include "renderih/hand/kinematics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace rih {

namespace {

constexpr double kMillimetre = 1e3;

/// A text field of the meta data, or `fallback`.
std::string text_of(const nlohmann::json& meta, const char* key, const char* fallback) {
    const auto found = meta.find(key);
    return found != meta.end() && found->is_string() ? printable(found->get<std::string>())
                                                     : fallback;
}

} // namespace

std::string hand_summary(const HandModel& model) {
    const nlohmann::json parsed = nlohmann::json::parse(model.meta_json, nullptr, false);
    const nlohmann::json meta = parsed.is_object() ? parsed : nlohmann::json::object();
    std::vector<std::string> shape_names;
    if (const auto found = meta.find("shape_names"); found != meta.end() && found->is_array()) {
        for (const auto& name : *found) {
            shape_names.push_back(
                printable(name.is_string() ? name.get<std::string>() : name.dump(), 64));
        }
    }
    const ShapedHand hand = shape_hand(model, VecX());
    const auto reach = [&](int vertex) {
        return kMillimetre * (hand.rest_vertices.row(vertex) - hand.rest_joints.row(0)).norm();
    };
    std::string text =
        fmt::format("hand model \"{}\" ({} hand)\n", printable(model.name), name_of(model.side));
    text += fmt::format("  mesh      {} vertices, {} triangles, {} quads, {} texture vertices\n",
                        model.vertex_count(),
                        model.faces.size(),
                        model.quads.size(),
                        model.uv.rows());
    text += fmt::format("  size      wrist to middle tip {:.1f} mm, to thumb tip {:.1f} mm\n",
                        reach(model.tip_vertices[2]),
                        reach(model.tip_vertices[0]));
    text += fmt::format("  joints    {}: {}\n", kJointNames.size(), fmt::join(kJointNames, ", "));
    text += fmt::format("  shape     {} directions{}{}\n",
                        model.shape_count(),
                        shape_names.empty() ? "" : ": ",
                        fmt::join(shape_names, ", "));
    text += fmt::format("  pose      {}, {}\n",
                        model.pose_dirs.isZero(0) ? "no correctives" : "with correctives",
                        model.hands_mean.size() > 0 ? "with a mean pose" : "no mean pose");
    if (meta.contains("skin_from")) {
        text += fmt::format("  skin      of the hand \"{}\": {}\n",
                            text_of(meta, "skin_from", ""),
                            text_of(meta, "skin_registration", ""));
    }
    text += fmt::format("  licence   {}\n", text_of(meta, "licence", "not stated in the file"));
    text += fmt::format("  sha256    {}\n", model.sha256);
    return text;
}

} // namespace rih
