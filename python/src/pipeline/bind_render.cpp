// SPDX-License-Identifier: Apache-2.0
#include "base/numpy_arrays.h"
#include "bind.h"
#include "renderih/pipeline/render_scene.h"
#include "renderih/scene/scene_file.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace rih::python {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

/// `json`: the scene itself, with `folder` where its relative paths start; empty: `path` has it.
nb::dict render_scene(const std::string& path,
                      const std::string& json,
                      const std::string& folder,
                      int spp,
                      std::uint64_t seed,
                      int threads,
                      const std::string& subsurface,
                      bool denoise,
                      const std::vector<std::string>& aovs) {
    RenderSceneOptions options;
    options.spp = spp;
    options.seed = seed;
    options.threads = threads;
    options.subsurface = subsurface;
    options.denoise = denoise;
    options.aovs = aovs;
    options.validate();
    SceneRendering rendering;
    {
        const nb::gil_scoped_release released;
        rendering = rih::render_scene(
            json.empty() ? read_scene(path) : parse_scene(json, folder, "scene"), options);
    }
    nb::dict result;
    for (SceneRendering::Layer& layer : rendering.layers) {
        std::vector<std::size_t> shape{static_cast<std::size_t>(layer.values.height()),
                                       static_cast<std::size_t>(layer.values.width())};
        if (layer.values.channels() > 1) {
            shape.push_back(static_cast<std::size_t>(layer.values.channels()));
        }
        result[layer.name.c_str()] = numpy_array(std::move(layer.values.values()), shape);
    }
    return result;
}

} // namespace

void bind_render(nb::module_& module) {
    module.def("render_scene",
               &render_scene,
               "path"_a,
               "json"_a,
               "folder"_a,
               "spp"_a,
               "seed"_a,
               "threads"_a,
               "subsurface"_a,
               "denoise"_a,
               "aovs"_a,
               "name -> [H, W] or [H, W, C] float32.");
}

} // namespace rih::python
