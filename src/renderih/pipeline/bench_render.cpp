// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/bench_render.h"

#include "renderih/base/parallel.h"
#include "renderih/base/stopwatch.h"
#include "renderih/image/denoise.h"
#include "renderih/pipeline/record_maker.h"
#include "renderih/render/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace rih {

namespace {

/// relMSE as bench/peers/cycles.py has it: the mean of (x - reference)^2 / (reference^2 + e) over
/// the hands' pixels and channels, e = (0.1 x mean radiance of the hands in the reference)^2.
double relative_error(const ImageF& image, const ImageF& reference, const Image8& hand) {
    double mean = 0, count = 0;
    const auto for_each_value = [&](const auto& visit) {
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const bool is_hand = hand.at(x, y) == 1 || hand.at(x, y) == 2; // not what is worn
                for (int c = 0; c < 3 && is_hand; ++c) {
                    visit(double{image.at(x, y, c)}, double{reference.at(x, y, c)});
                }
            }
        }
    };
    for_each_value([&](double, double wanted) {
        mean += wanted;
        count += 1;
    });
    const double dark = std::max(0.1 * mean / std::max(count, 1.0), 1e-9);
    double sum = 0;
    for_each_value([&](double value, double wanted) {
        sum += (value - wanted) * (value - wanted) / (wanted * wanted + dark * dark);
    });
    return count > 0 ? sum / count : 0;
}

} // namespace

BenchFigures bench_render(const BenchOptions& options, const AssetFolder& assets, int threads) {
    const RecordMaker maker(options.generate, assets, threads);
    const int views = options.generate.views;
    const int poses = (options.count + views - 1) / views;
    std::vector<PosePair> pairs;
    for (int pose = 0; pose < poses; ++pose) {
        pairs.push_back(maker.make_pair(static_cast<std::uint64_t>(pose)));
    }

    // Light maps are loaded once a run, however many records there are: not counted.
    std::vector<PosedPair> posed;
    for (const PosePair& pair : pairs) {
        posed.push_back(maker.dress(pair));
    }
    Record unused;
    for (int i = 0; i < options.count; ++i) {
        maker.make_view(posed[static_cast<std::size_t>(i / views)],
                        i % views,
                        static_cast<std::uint64_t>(i),
                        unused);
    }
    posed.clear();
    posed.resize(pairs.size());

    RecordStageSeconds stages;
    std::mutex mutex;
    const Stopwatch whole;
    parallel_for(pairs.size(), threads, [&](std::size_t i) {
        Stopwatch watch;
        posed[i] = maker.dress(pairs[i]);
        const std::lock_guard lock(mutex);
        stages.hands += watch.seconds();
    });
    parallel_for(static_cast<std::size_t>(options.count), threads, [&](std::size_t i) {
        RecordStageSeconds spent;
        maker.make_record(posed[i / static_cast<std::size_t>(views)],
                          static_cast<int>(i) % views,
                          i,
                          Split::Train,
                          &spent);
        const std::lock_guard lock(mutex);
        stages += spent;
    });
    const double seconds = whole.seconds();

    // What the label images cost, and how many rays a picture takes.
    double labels = 0, rays = 0, samples = 0;
    for (int i = 0; i < options.count; ++i) {
        const ViewScene scene = maker.make_view(posed[static_cast<std::size_t>(i / views)],
                                                i % views,
                                                static_cast<std::uint64_t>(i),
                                                unused);
        RenderOptions rendering;
        rendering.spp = options.generate.image.spp;
        rendering.seed = options.generate.seed;
        rendering.id = static_cast<std::uint64_t>(i);
        rendering.lens = scene.lens;
        rendering.spare_smooth = options.generate.image.denoise;
        rendering.radiance = false;
        const Stopwatch watch;
        scene.tracer.render(scene.camera, rendering);
        labels += watch.seconds();
        rendering.radiance = true;
        rendering.count_rays = true;
        rendering.threads = threads;
        const RenderResult counted = scene.tracer.render(scene.camera, rendering);
        rays += static_cast<double>(counted.rays);
        samples += static_cast<double>(counted.samples);
    }
    const double count = options.count;
    return {{"images", count},
            {"threads", static_cast<double>(threads)},
            {"spp", static_cast<double>(options.generate.image.spp)},
            {"images_per_second", count / seconds},
            {"samples_per_second_per_core", samples / stages.render},
            {"rays_per_second_per_core", rays / stages.render},
            {"rays_per_image", rays / count},
            {"label_share", labels / (seconds * threads)},
            {"seconds_hands", stages.hands / count},
            {"seconds_view", stages.view / count},
            {"seconds_render", stages.render / count},
            {"seconds_denoise", stages.denoise / count},
            {"seconds_sensor", stages.sensor / count},
            {"seconds_numbers", stages.numbers / count},
            {"seconds_encode", stages.encode / count}};
}

BenchFigures bench_curve(const BenchOptions& options, const AssetFolder& assets, int threads) {
    const RecordMaker maker(options.generate, assets, threads);
    Scene scene = maker.scene_of_record(0);
    scene.integrator.subsurface = SubsurfaceMethod::Walk;
    RenderOptions rendering;
    rendering.threads = threads;
    rendering.seed = 1; // not that of the pictures to be judged
    rendering.spp = options.curve_spp;
    const RenderResult reference = SceneTracer(scene).render(scene.camera, rendering);
    DenoiseGuides guides{&reference.labels.albedo,
                         &reference.labels.detail_normal,
                         &reference.labels.depth_z,
                         &reference.labels.hand};
    rendering.seed = 0;
    BenchFigures figures{{"reference_spp", static_cast<double>(options.curve_spp)}};
    for (const auto& [name, method] : {std::pair{"walk", SubsurfaceMethod::Walk},
                                       std::pair{"profile", SubsurfaceMethod::Profile}}) {
        scene.integrator.subsurface = method;
        const SceneTracer tracer(scene);
        for (int spp = 1; spp <= 64 && spp <= options.curve_spp / 16; spp *= 2) {
            rendering.spp = spp;
            Stopwatch watch;
            const RenderResult result = tracer.render(scene.camera, rendering);
            const double seconds = watch.lap();
            guides.noise = &result.noise;
            const ImageF smooth = denoise(result.radiance, guides);
            const double denoising = watch.lap();
            const std::string prefix = fmt::format("{}_{}_", name, spp);
            figures.push_back({prefix + "seconds", seconds});
            figures.push_back(
                {prefix + "error",
                 relative_error(result.radiance, reference.radiance, reference.labels.hand)});
            figures.push_back({prefix + "denoised_seconds", seconds + denoising});
            figures.push_back({prefix + "denoised_error",
                               relative_error(smooth, reference.radiance, reference.labels.hand)});
        }
    }
    return figures;
}

} // namespace rih
