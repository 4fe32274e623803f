// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/parts.h"

#include "renderih/base/error.h"

#include <algorithm>

namespace rih {

namespace {

HandPart make_part(const HandModel& model, int part) {
    const int number = first_part(model.side) + part;
    const std::string_view joint = kJointNames[kJointOfPart[part]];
    HandPart result;
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        if (model.part_of_face[f] == number) {
            result.skin_faces.push_back(model.faces[f]);
        }
    }
    RIH_REQUIRE(!result.skin_faces.empty(),
                "hand model \"{}\": no face belongs to part {} ({})",
                model.name,
                number,
                joint);
    for (const auto& face : result.skin_faces) {
        result.vertices.insert(result.vertices.end(), face.begin(), face.end());
    }
    std::sort(result.vertices.begin(), result.vertices.end());
    result.vertices.erase(std::unique(result.vertices.begin(), result.vertices.end()),
                          result.vertices.end());
    for (auto& face : result.skin_faces) {
        for (int& v : face) {
            v = static_cast<int>(
                std::lower_bound(result.vertices.begin(), result.vertices.end(), v) -
                result.vertices.begin());
        }
    }
    result.faces = close_borders(result.skin_faces);
    RIH_REQUIRE(is_closed(result.faces),
                "hand model \"{}\": part {} ({}) cannot be closed by fans over its borders",
                model.name,
                number,
                joint);
    return result;
}

} // namespace

std::array<HandPart, kPartsPerHand> closed_parts(const HandModel& model) {
    std::array<HandPart, kPartsPerHand> parts;
    for (int p = 0; p < kPartsPerHand; ++p) {
        parts[p] = make_part(model, p);
    }
    return parts;
}

} // namespace rih
