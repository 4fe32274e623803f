// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/render_scene.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/stopwatch.h"
#include "renderih/image/codecs.h"
#include "renderih/image/denoise.h"
#include "renderih/render/environment_table.h"
#include "renderih/render/render.h"
#include "renderih/scene/scene_file.h"

#include <map>
#include <set>

namespace rih {

namespace {

/// Channel names of each AOV, in the order of its image's channels.
const std::map<std::string, std::vector<std::string>> kAovChannels{
    {"depth_z", {"depth_z.Z"}},
    {"normal", {"normal.X", "normal.Y", "normal.Z"}},
    {"shading_normal", {"shading_normal.X", "shading_normal.Y", "shading_normal.Z"}},
    {"part", {"part.id"}},
    {"hand", {"hand.id"}},
    {"amodal", {"amodal.bits"}},
    {"uv", {"uv.U", "uv.V"}},
    {"albedo", {"albedo.R", "albedo.G", "albedo.B"}},
    {"position", {"position.X", "position.Y", "position.Z"}}};

ImageF as_float(const Image8& image) {
    ImageF out(image.width(), image.height(), image.channels());
    std::copy(image.values().begin(), image.values().end(), out.values().begin());
    return out;
}

ImageF aov(const LabelImages& labels, const std::string& name) {
    if (name == "depth_z") {
        return labels.depth_z;
    }
    if (name == "normal") {
        return labels.geometric_normal;
    }
    if (name == "shading_normal") {
        return labels.shading_normal;
    }
    if (name == "part") {
        return as_float(labels.part);
    }
    if (name == "hand") {
        return as_float(labels.hand);
    }
    if (name == "amodal") {
        return as_float(labels.amodal);
    }
    if (name == "uv") {
        return labels.uv;
    }
    return name == "albedo" ? labels.albedo : labels.position;
}

} // namespace

void RenderSceneOptions::validate() const {
    for (const std::string& name : aovs) {
        RIH_REQUIRE(
            kAovChannels.contains(name),
            "there is no aov \"{}\"; there are depth_z, normal, shading_normal, part, hand, "
            "amodal, uv, albedo, position",
            name);
    }
    RIH_REQUIRE(std::set(aovs.begin(), aovs.end()).size() == aovs.size(),
                "an aov is asked for twice");
    RIH_REQUIRE(subsurface == "walk" || subsurface == "profile",
                "subsurface is \"{}\"; it must be walk or profile",
                subsurface);
}

SceneRendering render_scene(Scene scene, const RenderSceneOptions& options) {
    options.validate();
    SceneRendering rendering;
    Stopwatch watch;
    scene.integrator.subsurface =
        options.subsurface == "walk" ? SubsurfaceMethod::Walk : SubsurfaceMethod::Profile;
    // The table holds the map once more: the map goes before the meshes come.
    const auto environment = std::make_shared<const EnvironmentTable>(*scene.environment);
    scene.environment.reset();
    const SceneTracer tracer = SceneTracer(scene).in_light(
        environment, scene.environment_strength, scene.environment_rotation_deg);
    rendering.times.build = watch.lap();
    RenderOptions options_of_tracer;
    options_of_tracer.spp = options.spp;
    options_of_tracer.seed = options.seed;
    options_of_tracer.threads = resolve_thread_count(options.threads);
    RenderResult result = tracer.render(scene.camera, options_of_tracer);
    rendering.times.render = watch.lap();
    if (options.denoise) {
        const LabelImages& labels = result.labels;
        result.radiance = denoise(
            result.radiance,
            {&labels.albedo, &labels.detail_normal, &labels.depth_z, &labels.hand, &result.noise});
        rendering.times.denoise = watch.lap();
    }
    rendering.layers.push_back({"radiance", std::move(result.radiance)});
    for (const std::string& name : options.aovs) {
        rendering.layers.push_back({name, aov(result.labels, name)});
    }
    return rendering;
}

RenderSceneTimes render_scene_file(const RenderSceneFiles& files,
                                   const RenderSceneOptions& options) {
    options.validate();
    RIH_REQUIRE(files.out.extension() == ".exr",
                "{}: pictures are written as EXR; name a file that ends in .exr",
                files.out.string());
    Stopwatch watch;
    Scene scene = read_scene(files.scene);
    const double read_seconds = watch.lap();
    const SceneRendering rendering = render_scene(std::move(scene), options);
    RenderSceneTimes times = rendering.times;
    times.read = read_seconds;

    watch.lap();
    std::vector<std::string> channels;
    for (const SceneRendering::Layer& layer : rendering.layers) {
        const auto& names = layer.name == "radiance" ? std::vector<std::string>{"R", "G", "B"}
                                                     : kAovChannels.at(layer.name);
        channels.insert(channels.end(), names.begin(), names.end());
    }
    const ImageF& radiance = rendering.layers.front().values;
    ImageF all(radiance.width(), radiance.height(), static_cast<int>(channels.size()));
    int offset = 0;
    for (const SceneRendering::Layer& layer : rendering.layers) {
        for (int y = 0; y < all.height(); ++y) {
            for (int x = 0; x < all.width(); ++x) {
                for (int c = 0; c < layer.values.channels(); ++c) {
                    all.at(x, y, offset + c) = layer.values.at(x, y, c);
                }
            }
        }
        offset += layer.values.channels();
    }
    write_exr(files.out, all, channels);
    times.write = watch.lap();
    return times;
}

} // namespace rih
