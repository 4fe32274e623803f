// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/net_options.h"

#include "renderih/base/error.h"

namespace rih::learn {

namespace {

constexpr int kCoarsestStride = 32; // of every encoder: pixels that one of the coarsest map covers

}

int dense_map_size(const NetOptions& options) {
    return options.dense_features > 0 ? 4 * options.image_size / kCoarsestStride : 0;
}

void NetOptions::validate() const {
    RIH_REQUIRE(encoder == "resnet50" || encoder == "small",
                "net.encoder: must be resnet50 or small, not \"{}\"",
                encoder);
    const int multiple = kCoarsestStride;
    RIH_REQUIRE(image_size >= 2 * multiple && image_size <= 1024 && image_size % multiple == 0,
                "net.image_size: must be a multiple of {} within {} .. 1024, not {}",
                multiple,
                2 * multiple,
                image_size);
    RIH_REQUIRE(coarse_vertices >= 4 && coarse_vertices <= 1024,
                "net.coarse_vertices: must be within 4 .. 1024, not {}",
                coarse_vertices);
    RIH_REQUIRE(heads >= 1 && heads <= 64, "net.heads: must be within 1 .. 64, not {}", heads);
    for (std::size_t i = 0; i < features.size(); ++i) {
        RIH_REQUIRE(
            features[i] >= 8 && features[i] <= 4096 && features[i] % (2 * heads) == 0,
            "net.features[{}]: must be a multiple of {} (twice the heads) within 8 .. 4096, "
            "not {}",
            i,
            2 * heads,
            features[i]);
        RIH_REQUIRE(i == 0 || features[i] * 2 == features[i - 1],
                    "net.features[{}]: must be half of the one before, {}: a block halves them",
                    i,
                    features[i - 1]);
    }
    RIH_REQUIRE(image_features >= 1 && image_features <= 4096,
                "net.image_features: must be within 1 .. 4096, not {}",
                image_features);
    RIH_REQUIRE(dense_features >= 0 && dense_features <= 4096,
                "net.dense_features: must be within 0 .. 4096, not {}",
                dense_features);
    RIH_REQUIRE(dropout >= 0 && dropout < 1,
                "net.dropout: must be within 0 .. 1 without 1, not {}",
                dropout);
}

} // namespace rih::learn
