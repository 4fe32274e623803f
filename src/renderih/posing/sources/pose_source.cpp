// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/pose_source.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/posing/sources/asset_files.h"
#include "renderih/posing/sources/open_source.h"

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
    RIH_REQUIRE(std::filesystem::exists(spec),
                "pose source {} is neither \"open\" nor a file; give a MANO_NeuralAnnot.json or a "
                "poses .npz",
                spec);
    throw_user_error("pose source {} is of no known kind", spec);
}

} // namespace rih
