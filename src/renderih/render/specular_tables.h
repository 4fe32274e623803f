// SPDX-License-Identifier: Apache-2.0
// The tables behind core/specular_layer.h, each made once in the process for what it depends on.
#pragma once

#include "renderih/render/core/specular_layer.h"
#include "renderih/scene/scene.h"

#include <map>
#include <memory>
#include <mutex>

namespace rih {

/// What `make` returns for `key`, made once and shared; at most 16 of a kind are remembered.
template <typename Table, typename Key, typename Make>
std::shared_ptr<const Table> shared_by_key(const Key& key, const Make& make) {
    constexpr std::size_t kMaxKept = 16;
    static std::mutex mutex;
    static std::map<Key, std::shared_ptr<const Table>> tables;
    const std::lock_guard guard(mutex);
    auto found = tables.find(key);
    if (found == tables.end()) {
        if (tables.size() >= kMaxKept) {
            tables.clear();
        }
        found = tables.emplace(key, std::make_shared<const Table>(make())).first;
    }
    return found->second;
}

struct SpecularTables {
    std::shared_ptr<const GgxGainTable> gain;
    std::shared_ptr<const SpecularAlbedoTable> albedo;
    std::shared_ptr<const SpecularAlbedoTable> coat_albedo; ///< null without coat
    std::shared_ptr<const CoatedAlbedoTable> coated_albedo; ///< null without coat

    /// Valid while the tables live.
    SpecularMaterial view(const Material& material) const;
};

/// Of a material in range; `coated`: some of its points have a coat.
SpecularTables make_specular_tables(const Material& material, bool coated);

} // namespace rih
