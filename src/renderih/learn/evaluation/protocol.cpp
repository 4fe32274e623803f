// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/evaluation/protocol.h"

#include "renderih/base/error.h"

#include <algorithm>

namespace rih::learn {

const std::vector<Protocol>& protocols() {
    static const std::vector<Protocol> kAll{
        {.name = "P1",
         .summary = "middle MCP, each hand scaled to the true bone, joints of the mesh (IntagHand)",
         .scores = {.root = RootJoint::MiddleMcp, .bone_scaled = true}},
        {.name = "P2",
         .summary = "middle MCP, not scaled, joints of the mesh (RenderIH's Tables 4 to 6)",
         .scores = {.root = RootJoint::MiddleMcp}},
        {.name = "P3",
         .summary = "wrist, not scaled, joints of the mesh (DIR; RenderIH's Table 10)",
         .scores = {.root = RootJoint::Wrist}},
        {.name = "P4",
         .summary = "wrist, not scaled, joints as labelled, pairs of hands (InterWild)",
         .scores = {.root = RootJoint::Wrist},
         .stored_joints = true},
        {.name = "P5",
         .summary = "wrist, not scaled, joints as labelled, single hands too (InterNet)",
         .scores = {.root = RootJoint::Wrist},
         .stored_joints = true,
         .pairs_only = false}};
    return kAll;
}

const Protocol& protocol_of_name(std::string_view name) {
    const auto found = std::ranges::find(protocols(), name, &Protocol::name);
    RIH_REQUIRE(found != protocols().end(),
                "there is no protocol '{}'; it is P1 to P5",
                printable(name, 32));
    return *found;
}

} // namespace rih::learn
