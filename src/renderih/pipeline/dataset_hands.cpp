// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/dataset_hands.h"

#include "renderih/base/error.h"
#include "renderih/hand/hand_io.h"
#include "renderih/pipeline/asset_folder.h"
#include "renderih/pipeline/dressed_hands.h"
#include "renderih/pipeline/light_store.h"
#include "renderih/pipeline/provenance.h"

namespace rih {

namespace {

bool is_that_of(const DatasetDescription& description, const HandModel& hand) {
    const auto stored = description.assets.find(fmt::format("hand_{}", name_of(hand.side)));
    return stored != description.assets.end() && stored->second == hash_of(hand);
}

} // namespace

HandPair hands_of_dataset(const DatasetReader& reader, const std::string& given) {
    const DatasetDescription& description = reader.description();
    RIH_REQUIRE(refers_to_hands(description),
                "{}: was converted without --mano, so it refers to no hand model",
                reader.dir().string());
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
        if (!is_that_of(description, hands[Side::Right])) { // the labels show it with skin
            hands = dressed(std::move(hands), given, find_assets().path);
        }
    }
    for (const Side side : kSides) {
        RIH_REQUIRE(is_that_of(description, hands[side]),
                    "{}: the {} hand is not the one that the labels refer to",
                    reader.dir().string(),
                    name_of(side));
    }
    return hands;
}

bool refers_to_hands(const DatasetDescription& description) {
    return data_source_of(description).empty() || description.assets.contains("hand_right");
}

void require_generated(const DatasetReader& reader, std::string_view need) {
    const std::string source = data_source_of(reader.description());
    RIH_REQUIRE(source.empty(),
                "{}: was converted from {}; {} works on sets that renderih generated",
                reader.dir().string(),
                source,
                need);
}

LabelCheckSetup label_check_setup(const DatasetReader& reader) {
    require_generated(reader, "this");
    const DatasetDescription& description = reader.description();
    LabelCheckSetup setup;
    setup.options = options_from_json(description.configuration_json, "dataset.json");
    setup.options.validate();
    std::vector<std::string> maps;
    for (const auto& [name, digest] : description.assets) {
        if (name.starts_with(kEnvironments)) {
            maps.push_back(name);
        }
    }
    setup.environments = environment_names(maps, setup.options.image.places);
    if (description.files.contains(kDiscriminatorFile)) {
        setup.discriminator = Discriminator::load(reader.dir() / kDiscriminatorFile);
    }
    setup.digests = provenance_digests(description);
    return setup;
}

} // namespace rih
