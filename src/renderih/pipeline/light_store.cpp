// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/light_store.h"

#include "renderih/base/error.h"
#include "renderih/render/environment_table.h"
#include "renderih/scene/environment.h"
#include "renderih/scene/environment_resample.h"

#include <algorithm>
#include <cstdlib>

namespace rih {

namespace {

/// Packaged maps are enlarged to about this width: a picture shows some 40 degrees of one.
constexpr int kBackgroundWidth = 2048; // pixels

Environment background_of(const Environment& loaded) {
    const int factor = std::max(1, kBackgroundWidth / loaded.radiance.width());
    return smoothly_enlarged(loaded, std::min(factor, 16));
}

} // namespace

std::vector<std::string> environment_names(const std::vector<std::string>& files, int places) {
    std::vector<std::string> names;
    for (const std::string& file : files) {
        names.push_back(std::filesystem::path(file).stem().string());
    }
    for (int i = 0; i < places; ++i) {
        names.push_back(describe_place(i).name);
    }
    return names;
}

std::filesystem::path places_folder(const AssetFolder& assets) {
    const char* variable = std::getenv("RENDERIH_PLACES");
    if (variable != nullptr && *variable != '\0') {
        return variable;
    }
    std::filesystem::path folder = std::filesystem::absolute(assets.path).lexically_normal();
    if (!folder.has_filename()) { // it ended in a slash
        folder = folder.parent_path();
    }
    return folder.parent_path() / "places";
}

LightStore::LightStore(const AssetFolder& assets, int places, std::string maker, int threads)
    : names_(environment_names(assets.in_folder("environments"), places)),
      places_(places_folder(assets), std::move(maker)),
      loaded_(assets.in_folder("environments").size()),
      // Each thread's, for the pose's next view: a place's takes 100 MB.
      tables_(static_cast<std::size_t>(threads)) {
    for (const std::string& name : assets.in_folder("environments")) {
        files_.push_back(assets.path / name);
    }
    RIH_REQUIRE(!names_.empty(),
                "{}: lists no environments; build the assets again with tools/setup.sh",
                (assets.path / "assets.json").string());
}

Environment LightStore::environment(int index) const {
    const auto i = static_cast<std::size_t>(index);
    if (i >= files_.size()) {
        return places_.place(index - static_cast<int>(files_.size()));
    }
    return background_of(*loaded_.get(index, [&] { return load_environment(files_[i]); }));
}

std::shared_ptr<const EnvironmentTable> LightStore::table(int index) const {
    return tables_.get(index, [&] { return EnvironmentTable(environment(index)); });
}

} // namespace rih
