// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/dataset_hands.h"

#include "renderih/base/error.h"
#include "renderih/hand/hand_io.h"

#include <nlohmann/json.hpp>

namespace rih {

HandPair hands_of_dataset(const DatasetReader& reader, const std::string& given) {
    const DatasetDescription& description = reader.description();
    HandPair hands;
    if (description.files.contains("hands/right.npz")) {
        for (const Side side : kSides) {
            hands.hands[index_of(side)] =
                load_hand(reader.dir() / fmt::format("hands/{}.npz", name_of(side)), side);
        }
    } else {
        RIH_REQUIRE(!given.empty(),
                    "{}: was made with hand files that it does not hold; give them with --hand "
                    "RIGHT,LEFT",
                    reader.dir().string());
        hands = load_hand_pair(given, {});
    }
    for (const Side side : kSides) {
        const auto stored = description.assets.find(fmt::format("hand_{}", name_of(side)));
        RIH_REQUIRE(stored != description.assets.end() && stored->second == hash_of(hands[side]),
                    "{}: the {} hand is not the one that the labels refer to",
                    reader.dir().string(),
                    name_of(side));
    }
    return hands;
}

int subdivision_levels_of(const DatasetDescription& description) {
    try {
        const auto json = nlohmann::json::parse(description.configuration_json);
        const int levels = json.at("image").at("subdivision_levels").get<int>();
        RIH_REQUIRE(levels >= 0 && levels <= 2, "dataset.json: subdivision_levels is {}", levels);
        return levels;
    } catch (const nlohmann::json::exception& error) {
        throw_user_error("dataset.json: configuration.image.subdivision_levels: {}", error.what());
    }
}

} // namespace rih
