// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/sha256.h"
#include "renderih/learn/data/item.h"
#include "renderih/learn/data/picture_warp.h"
#include "renderih/learn/net/tensors.h"
#include "renderih/learn/predict/picture_file.h"
#include "renderih/learn/predict/predict.h"
#include "renderih/learn/predict/prediction_files.h"
#include "renderih/learn/train/net_checkpoint.h"
#include "renderih/learn/train/net_runner.h"

#include <ATen/Parallel.h>
#include <ATen/ops/matmul.h>

#include <map>

namespace rih::learn {

namespace {

/// A network read from a file, for hands that are its own.
struct LoadedNet {
    CheckpointInfo info;
    NetRunner runner;
};

LoadedNet load_net(const std::filesystem::path& path, const HandPair& hands, int threads) {
    at::set_num_threads(resolve_thread_count(threads));
    const Safetensors file = Safetensors::read(path);
    CheckpointInfo info = checkpoint_info(file);
    HandsGeometry geometry = hands_geometry(hands, info.options.net.coarse_vertices);
    require_hands(info, geometry, path.string());
    // In float32 whatever it was trained in: a prediction is then as exact as its weights.
    NetRunner runner(info.options.net, std::move(geometry), false);
    load_weights(file, runner.net());
    return {std::move(info), std::move(runner)};
}

Points rows_of(const at::Tensor& points, std::int64_t sample) {
    const std::vector<float> values = floats_of(points[sample]);
    return Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, 3, Eigen::RowMajor>>(
               values.data(), std::ssize(values) / 3, 3)
        .cast<double>();
}

/// Continuous pixels of the picture from the network's -1 .. 1 over the crop.
Points2 pixels_of(const at::Tensor& projected, const Crop& crop, int size) {
    const std::vector<float> values = floats_of(projected);
    const Eigen::Matrix2d back = crop.crop_from_picture.leftCols<2>().inverse();
    Points2 pixels(std::ssize(values) / 2, 2);
    for (Eigen::Index i = 0; i < pixels.rows(); ++i) {
        const auto at = static_cast<std::size_t>(2 * i);
        const Vec2 in_crop = (Vec2(values[at], values[at + 1]).array() + 1) * size / 2;
        pixels.row(i) = (back * (in_crop - crop.crop_from_picture.col(2))).transpose();
    }
    return pixels;
}

/// The crop around the box, or the largest square of the picture as a training crop would have it.
Crop crop_of(const Image8& picture, const PredictRequest& request, int size) {
    CropOptions options{.size = size};
    Points2 corners(2, 2);
    if (request.box) {
        const auto& [x, y, width, height] = *request.box;
        corners << x, y, x + width, y + height;
    } else {
        corners << 0, 0, picture.width(), picture.height();
        options.fill = 1; // all of it
    }
    // The focal length scales nothing here: the network's camera is weak perspective.
    const double side = std::max(picture.width(), picture.height());
    return make_crop(
        {side, side, picture.width() / 2.0, picture.height() / 2.0}, corners, options, {});
}

void check_box(const PredictRequest& request, const Image8& picture, const std::string& name) {
    if (request.box) {
        const auto& [x, y, width, height] = *request.box;
        RIH_REQUIRE(width >= 2 && height >= 2 && x >= 0 && y >= 0 && x + width <= picture.width() &&
                        y + height <= picture.height(),
                    "{}: the box {},{},{},{} does not lie in the picture of {} x {} pixels",
                    name,
                    x,
                    y,
                    width,
                    height,
                    picture.width(),
                    picture.height());
    }
}

} // namespace

void predict(const PredictRequest& request) {
    std::map<std::string, std::string> image_of_stem;
    for (const std::filesystem::path& image : request.images) {
        const auto [other, fresh] = image_of_stem.emplace(image.stem().string(), image.string());
        RIH_REQUIRE(fresh,
                    "{} and {}: their results would have one name; predict them into two folders",
                    other->second,
                    image.string());
    }
    LoadedNet loaded = load_net(request.checkpoint, request.hands, request.threads);
    const std::string digest = sha256_of_file(request.checkpoint);
    make_folder(request.out);
    const int size = loaded.info.options.net.image_size;
    for (const std::filesystem::path& image : request.images) {
        const Image8 picture = read_picture(image);
        check_box(request, picture, image.string());
        const Crop crop = crop_of(picture, request, size);
        const HandOutputs outputs = loaded.runner.predict(warped(picture, crop, size, {}), 1).hands;
        PicturedPrediction prediction;
        prediction.image = image.filename().string();
        prediction.checkpoint = digest;
        prediction.bone_length_m = loaded.info.options.loss.bone_length_m;
        for (std::size_t hand = 0; hand < 2; ++hand) {
            const HandOutput& from = outputs[hand];
            const at::Tensor joints =
                at::matmul(loaded.runner.operators()[hand].joints, from.vertices);
            prediction.hands[hand] = {rows_of(from.vertices, 0),
                                      rows_of(joints, 0),
                                      pixels_of(project(from.vertices, from.camera), crop, size),
                                      pixels_of(project(joints, from.camera), crop, size),
                                      loaded.runner.geometry().hands[hand].mesh.faces};
        }
        write_prediction(request.out / image.stem(), prediction, picture);
    }
}

PredictionSet predict_dataset(const DatasetPredictRequest& request) {
    const RecordSource& source = *request.source;
    LoadedNet loaded = load_net(request.checkpoint, source.hands(), request.threads);
    const int size = loaded.info.options.net.image_size;
    const int vertices = loaded.runner.geometry().vertex_count();
    PredictionSet set;
    for (std::size_t first = 0; first < source.size();
         first += static_cast<std::size_t>(request.batch)) {
        const auto count = static_cast<int>(
            std::min<std::size_t>(static_cast<std::size_t>(request.batch), source.size() - first));
        TrainingBatch batch = make_batch({count, size, vertices});
        parallel_for(static_cast<std::size_t>(count), request.threads, [&](std::size_t i) {
            set_row(batch,
                    static_cast<int>(i),
                    make_item(source.picture(first + i),
                              source.labels(first + i),
                              vertices,
                              {.size = size},
                              {}));
        });
        const HandOutputs outputs = loaded.runner.predict(batch.images, count).hands;
        for (int i = 0; i < count; ++i) {
            PredictedPair pair;
            pair.key = batch.keys[static_cast<std::size_t>(i)];
            for (std::size_t hand = 0; hand < 2; ++hand) {
                const at::Tensor points = outputs[hand].vertices;
                pair.hands[hand].present = true;
                pair.hands[hand].vertices = rows_of(points, i).cast<float>();
                pair.hands[hand].joints =
                    rows_of(at::matmul(loaded.runner.operators()[hand].joints, points), i)
                        .cast<float>();
            }
            set.pairs.push_back(std::move(pair));
        }
    }
    return set;
}

} // namespace rih::learn
