// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/train_options.h"

#include "renderih/base/option_fields.h"

namespace rih::learn {

namespace {

/// Calls field(name, reference) for every option; JSON and TOML are both read from this list.
template <typename Options, typename Field>
void visit(Options& o, Field&& field) {
    field("seed", o.seed);
    field("batch", o.batch);
    field("accumulate", o.accumulate);
    field("epochs", o.epochs);
    field("steps", o.steps);
    field("beta1", o.beta1);
    field("beta2", o.beta2);
    field("weight_decay", o.weight_decay);
    field("clip_norm", o.clip_norm);
    field("bfloat16", o.bfloat16);
    field("encoder_weights", o.encoder_weights);
    field("log_every", o.log_every);
    field("evaluate_every", o.evaluate_every);
    field("checkpoint_every", o.checkpoint_every);
    field("evaluation_split", o.evaluation_split);
    field("evaluation_records", o.evaluation_records);
    field("stop_below_mpjpe_mm", o.stop_below_mpjpe_mm);
    field("augment", o.augment);
    field("augmentation.rotation_deg", o.augmentation.rotation_deg);
    field("augmentation.scale", o.augmentation.scale);
    field("augmentation.flip", o.augmentation.flip);
    field("augmentation.channel_gain", o.augmentation.channel_gain);
    field("augmentation.offset", o.augmentation.offset);
    field("augmentation.noise", o.augmentation.noise);
    field("schedule.learning_rate", o.schedule.learning_rate);
    field("schedule.decay", o.schedule.decay);
    field("schedule.warmup_epochs", o.schedule.warmup_epochs);
    field("schedule.warmup_start", o.schedule.warmup_start);
    field("schedule.step_epochs", o.schedule.step_epochs);
    field("schedule.step_factor", o.schedule.step_factor);
    field("schedule.floor", o.schedule.floor);
    field("schedule.by_epoch", o.schedule.by_epoch);
    field("net.encoder", o.net.encoder);
    field("net.image_size", o.net.image_size);
    field("net.coarse_vertices", o.net.coarse_vertices);
    field("net.features", o.net.features);
    field("net.image_features", o.net.image_features);
    field("net.heads", o.net.heads);
    field("net.dropout", o.net.dropout);
    field("net.dense_features", o.net.dense_features);
    field("net.correlation", o.net.correlation);
    field("loss.distance_3d", o.loss.distance_3d);
    field("loss.distance_2d", o.loss.distance_2d);
    field("loss.vertices_3d", o.loss.vertices_3d);
    field("loss.joints_3d", o.loss.joints_3d);
    field("loss.vertices_2d", o.loss.vertices_2d);
    field("loss.joints_2d", o.loss.joints_2d);
    field("loss.smooth", o.loss.smooth);
    field("loss.edges", o.loss.edges);
    field("loss.edges_from_epoch", o.loss.edges_from_epoch);
    field("loss.coarse_vertices_3d", o.loss.coarse_vertices_3d);
    field("loss.coarse_vertices_2d", o.loss.coarse_vertices_2d);
    field("loss.parts", o.loss.parts);
    field("loss.depth", o.loss.depth);
    field("loss.bone_length_m", o.loss.bone_length_m);
}

} // namespace

void TrainOptions::validate() const {
    const auto within = [](const char* name, auto value, auto low, auto high) {
        RIH_REQUIRE(value >= low && value <= high,
                    "{}: must be within {} .. {}, not {}",
                    name,
                    low,
                    high,
                    value);
    };
    within("batch", batch, 1, 65536);
    within("accumulate", accumulate, 1, 65536);
    within("epochs", epochs, std::uint64_t{1}, std::uint64_t{1000000});
    within("steps", steps, std::uint64_t{0}, std::uint64_t{1} << 40);
    within("beta1", beta1, 0.0, 0.9999999);
    within("beta2", beta2, 0.0, 0.9999999);
    within("weight_decay", weight_decay, 0.0, 10.0);
    within("clip_norm", clip_norm, 0.0, 1e9);
    within("threads", threads, 0, 1024);
    within("log_every", log_every, std::uint64_t{1}, std::uint64_t{1} << 40);
    within("evaluation_records", evaluation_records, 0, 1 << 30);
    within("stop_below_mpjpe_mm", stop_below_mpjpe_mm, 0.0, 1e6);
    RIH_REQUIRE(evaluation_split == "train" || evaluation_split == "val" ||
                    evaluation_split == "test",
                "evaluation_split: must be train, val or test, not \"{}\"",
                evaluation_split);
    RIH_REQUIRE(encoder_weights.empty() || net.encoder == "resnet50",
                "encoder_weights: are a ResNet-50's; net.encoder is {}",
                net.encoder);
    RIH_REQUIRE(batch >= 2 || net.dense_features == 0,
                "batch: must be 2 or more with net.dense_features, whose feature of the picture is "
                "normed over a batch");
    RIH_REQUIRE(net.dense_features > 0 || (loss.parts == 0 && loss.depth == 0),
                "loss.parts and loss.depth: hold maps that net.dense_features = 0 leaves out");
    augmentation.validate();
    schedule.validate();
    net.validate();
    loss.validate();
}

std::string TrainOptions::to_json() const {
    OrderedJson json;
    visit(*this, [&](const char* name, const auto& value) { json[name] = value; });
    return json.dump();
}

TrainOptions train_options_from_json(std::string_view text, const std::string& what) {
    const OrderedJson json = parse_json(text, what, {.max_bytes = 1 << 16, .max_depth = 3});
    const JsonValue root(json, what);
    JsonObject fields(root);
    TrainOptions options;
    visit(options, [&](const char* name, auto& value) { assign_option(fields.at(name), value); });
    fields.finish();
    options.validate();
    return options;
}

void read_toml(const std::filesystem::path& path, TrainOptions& options) {
    read_option_file(path, "docs/training.md", [&](const auto& field) { visit(options, field); });
    options.validate();
}

} // namespace rih::learn
