// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/pose_source.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/posing/sources/asset_files.h"
#include "renderih/posing/sources/neural_annot.h"
#include "renderih/posing/sources/open_source.h"

#include <fstream>

namespace rih {
namespace {

std::unique_ptr<PoseSource> make_open_source(const std::filesystem::path& assets,
                                             const HandPair& hands) {
    std::string digests;
    for (const char* name :
         {"poses/hand_shapes.json", "poses/packages.json", "poses/arrangements.json"}) {
        digests += sha256_of_file(asset_file(assets, name));
    }
    return std::make_unique<OpenSource>(
        load_hand_shapes(assets),
        read_arrangements(asset_file(assets, "poses/arrangements.json")),
        hands,
        sha256_hex(digests));
}

} // namespace

PoseSource::~PoseSource() = default;

std::unique_ptr<PoseSource> make_pose_source(const std::string& spec,
                                             const std::filesystem::path& assets,
                                             const HandPair& hands) {
    if (spec == "open") {
        return make_open_source(assets, hands);
    }
    std::error_code error;
    RIH_REQUIRE(std::filesystem::is_regular_file(spec, error),
                "pose source {} is neither \"open\" nor a file; give a MANO_NeuralAnnot.json or a "
                "poses .npz",
                spec);
    char first = 0;
    RIH_REQUIRE(std::ifstream(spec, std::ios::binary) >> first, "pose source {} is empty", spec);
    // A zip begins with P, NeuralAnnot with its outermost object.
    if (first == 'P') {
        return std::make_unique<RecordedSource>(
            "poses", read_recorded_poses(spec, hands), sha256_of_file(spec));
    }
    RIH_REQUIRE(
        first == '{', "pose source {} is neither a MANO_NeuralAnnot.json nor a poses .npz", spec);
    return std::make_unique<RecordedSource>(
        "neuralannot", read_neural_annot(spec, hands), sha256_of_file(spec));
}

} // namespace rih
