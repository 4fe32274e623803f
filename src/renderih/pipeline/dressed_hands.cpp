// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/dressed_hands.h"

#include "renderih/base/error.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/skin_transfer.h"
#include "renderih/pipeline/provenance.h"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace rih {

HandPair load_dressed_hands(const std::string& spec, const std::filesystem::path& assets) {
    return dressed(load_hands(spec, assets), spec, assets);
}

HandPair dressed(HandPair hands, const std::string& spec, const std::filesystem::path& assets) {
    if (!lacks_uv(hands[Side::Right]) && !lacks_uv(hands[Side::Left])) {
        return hands;
    }
    try {
        const HandPair open = load_hand_pair("open", assets);
        HandPair with_skin = hands;
        for (const Side side : kSides) {
            HandModel& hand = with_skin.hands[static_cast<std::size_t>(index_of(side))];
            if (side == Side::Left && mirrors_users_hand(spec)) {
                hand = mirror(with_skin[Side::Right]);
            } else if (lacks_uv(hand)) {
                hand = with_skin_of(open[side], std::move(hand));
            }
            hand.sha256 = hash_of(hand);
        }
        return with_skin;
    } catch (const UserError& error) {
        fmt::print(
            stderr, "renderih: skin will be plain, without lines and nails: {}\n", error.what());
        return hands;
    }
}

bool has_skin_of_another(const HandModel& model) {
    const auto meta = nlohmann::json::parse(model.meta_json, nullptr, false);
    return !lacks_uv(model) && meta.is_object() && meta.contains("skin_from");
}

} // namespace rih
