// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/record_maker.h"

#include "renderih/base/error.h"
#include "renderih/base/stopwatch.h"
#include "renderih/image/codecs.h"
#include "renderih/image/colour.h"
#include "renderih/image/denoise.h"
#include "renderih/image/sensor.h"
#include "renderih/pipeline/keypoint_visibility.h"
#include "renderih/pipeline/labels.h"
#include "renderih/pipeline/provenance.h"
#include "renderih/render/environment_table.h"
#include "renderih/scene/environment.h"
#include "renderih/scene/environment_resample.h"
#include "renderih/scene/skin/skin_traits.h"

#include <algorithm>

namespace rih {

namespace {

/// Environments are enlarged to about this width: a picture shows some 40 degrees of one.
constexpr int kBackgroundWidth = 2048; // pixels

Environment background_of(const Environment& loaded) {
    const int factor = std::max(1, kBackgroundWidth / loaded.radiance.width());
    return smoothly_enlarged(loaded, std::min(factor, 16));
}

/// Places that a view tries until no forearm's end is in the picture.
constexpr int kMaxViewDraws = 64;

/// The vertices within the last tenth of the forearm, by their distance from the wrist.
std::vector<int> forearm_end(const HandModel& model) {
    const Points joints = model.joint_regressor * model.template_vertices;
    const VecX distance = (model.template_vertices.rowwise() - joints.row(0)).rowwise().norm();
    std::vector<int> end;
    for (int v = 0; v < model.vertex_count(); ++v) {
        if (model.skin_weights.coeff(v, kForearmJoint) > 0.99 &&
            distance[v] > 0.9 * distance.maxCoeff()) {
            end.push_back(v);
        }
    }
    return end;
}

Bytes encode_rgb(const Image8& image, const ImageOptions& options) {
    return options.rgb_format == "png"    ? encode_png(image)
           : options.rgb_format == "webp" ? encode_webp(image, options.quality)
                                          : encode_jpeg(image, options.quality);
}

void fill_hand(const PosedPair& posed, Side side, RecordHand& hand) {
    const int i = index_of(side);
    const HandPose& pose = posed.pair.pose[i];
    hand.shape = pose.shape;
    std::copy_n(pose.axis_angle.begin(), kJointCount, hand.pose.begin());
    hand.translation = pose.translation;
    hand.forearm_rotation = pose.axis_angle[kForearmJoint];
    hand.forearm_flexion_deg = posed.pair.forearm_flexion[i] / kDegree;
    hand.forearm_deviation_deg = posed.pair.forearm_deviation[i] / kDegree;
}

void fill_keypoints(const Camera& camera, const Points& keypoints, RecordHand& hand) {
    for (int k = 0; k < kKeypointCount; ++k) {
        hand.joints_in_cam[k] = camera.cam_from_world * Vec3(keypoints.row(k));
        hand.joints_px[k] = camera.project(hand.joints_in_cam[k]);
    }
}

void fill_interaction(const PosePair& pair, RecordInteraction& interaction) {
    interaction.min_distance_m = pair.min_distance_m;
    interaction.contact_area_mm2 = pair.contact_area_mm2;
    interaction.contact_vertices = pair.contact_vertices;
    interaction.penetration_depth_m = pair.penetration_depth_m;
    interaction.self_penetration_depth_m = pair.self_penetration_depth_m;
}

} // namespace

RecordMaker::RecordMaker(const GenerateOptions& options, const AssetFolder& assets)
    : options_(options), hands_(std::make_unique<HandPair>(load_hands(options.hand, assets.path))),
      engine_(std::make_unique<PoseEngine>(*hands_, options.posing, assets.path)) {
    for (const std::string& name : assets.in_folder("environments")) {
        lights_.emplace_back().file = assets.path / name;
    }
    RIH_REQUIRE(!lights_.empty(),
                "{}: lists no environments; build the assets again with tools/setup.sh",
                (assets.path / "assets.json").string());
    for (const Side side : kSides) {
        surfaces_.emplace_back((*hands_)[side], options.image.subdivision_levels);
        forearm_ends_[index_of(side)] = forearm_end((*hands_)[side]);
    }
    atlases_ = skin_atlases(*hands_, surfaces_, options.image.skin_map_height);
}

bool RecordMaker::shows_forearm_end(const Camera& camera, const PosedPair& posed) const {
    for (int i = 0; i < 2; ++i) {
        for (const int v : forearm_ends_[i]) {
            const Vec3 in_cam = camera.cam_from_world * Vec3(posed.states[i].vertices.row(v));
            if (in_cam.z() <= 0) {
                continue;
            }
            const Vec2 px = camera.project(in_cam);
            if (px.x() >= 0 && px.y() >= 0 && px.x() < camera.width && px.y() < camera.height) {
                return true;
            }
        }
    }
    return false;
}

View RecordMaker::choose_view(const PosedPair& posed, int view) const {
    TrackOptions tracks;
    tracks.width = options_.image.width;
    tracks.height = options_.image.height;
    Points keypoints(2 * kKeypointCount, 3);
    keypoints << posed.keypoints[0], posed.keypoints[1];
    // Arms go on beyond the picture: a place from which one is seen to stop is passed over for the
    // pose's next one that no other view has.
    const auto draw = [&](int round) {
        return sample_view(
            {options_.seed, posed.pair.id, view + round * options_.views}, keypoints, tracks);
    };
    for (int round = 0; round < kMaxViewDraws; ++round) {
        View shot = draw(round);
        if (!shows_forearm_end(shot.camera, posed)) {
            return shot;
        }
    }
    return draw(0);
}

std::shared_ptr<const EnvironmentTable> RecordMaker::table_of(Light& light) const {
    std::call_once(light.once, [&] {
        light.table =
            std::make_shared<const EnvironmentTable>(background_of(load_environment(light.file)));
    });
    return light.table;
}

RecordStageSeconds& RecordStageSeconds::operator+=(const RecordStageSeconds& other) {
    hands += other.hands;
    view += other.view;
    render += other.render;
    denoise += other.denoise;
    sensor += other.sensor;
    numbers += other.numbers;
    encode += other.encode;
    return *this;
}

PosedPair RecordMaker::make_pose(std::uint64_t pose_id) const {
    return dress(engine_->make(options_.seed, pose_id));
}

PosedPair RecordMaker::dress(PosePair pair) const {
    PosedPair posed;
    posed.pair = std::move(pair);
    posed.skin = draw_skin_identity(options_.seed, posed.pair.id, options_.image.skin);
    for (const Side side : kSides) {
        const int i = index_of(side);
        const HandPose& pose = posed.pair.pose[i];
        const HandModel& model = (*hands_)[side];
        const ShapedHand hand = shape_hand(model, pose.shape);
        posed.states[i] = pose_hand(hand, rotations_of(pose), pose.translation);
        posed.keypoints[i] = keypoints_mano21(model, posed.states[i]);
        SceneMesh mesh = surfaces_[i].mesh(surfaces_[i].refine(posed.states[i].vertices));
        surfaces_[i].apply_skin(hand, pose, posed.skin, atlases_[i].get(), mesh);
        posed.scene.meshes.push_back(std::move(mesh));
    }
    posed.scene.integrator.subsurface =
        options_.image.subsurface == "walk" ? SubsurfaceMethod::Walk : SubsurfaceMethod::Profile;
    posed.tracer = std::make_shared<const SceneTracer>(posed.scene);
    return posed;
}

ViewScene RecordMaker::make_view(const PosedPair& posed,
                                 int view,
                                 std::uint64_t record_id,
                                 Record& record) const {
    const SkinTone& tone = posed.skin.tone;
    record.appearance.melanin = tone.pigments.melanin;
    record.appearance.haemoglobin = tone.pigments.haemoglobin;
    record.appearance.ita_deg = tone.ita_deg;
    record.appearance.ita_class = ita_class_of(tone.ita_deg).name;
    record.appearance.monk = monk_tone_of(tone.albedo);
    record.appearance.texture = name_of_texture(posed.skin.texture);
    record.appearance.skin = posed.skin.numbers();

    // One stream a purpose, so that a new draw in one does not move the others.
    Rng light_rng(options_.seed, record_id, "light");
    Light& light = lights_[light_rng.uniform_index(static_cast<std::uint32_t>(lights_.size()))];
    record.appearance.environment = light.file.stem().string();
    record.appearance.environment_rotation_deg = light_rng.uniform(0, 360);

    const View shot = choose_view(posed, view);
    record.camera = shot.camera;
    record.track = shot.place.track;
    record.azimuth_deg = shot.place.azimuth_deg;
    record.distance_m = shot.distance_m;
    return {shot.camera,
            posed.tracer->in_light(table_of(light), 1, record.appearance.environment_rotation_deg)};
}

Scene RecordMaker::scene_of_record(std::uint64_t record_id) const {
    const auto views = static_cast<std::uint64_t>(options_.views);
    const PosedPair posed = make_pose(record_id / views);
    Record record;
    const ViewScene view = make_view(posed, static_cast<int>(record_id % views), record_id, record);
    Scene scene = posed.scene;
    scene.camera = view.camera;
    const auto light = std::ranges::find_if(lights_, [&](const Light& candidate) {
        return candidate.file.stem() == record.appearance.environment;
    });
    scene.environment =
        std::make_shared<const Environment>(background_of(load_environment(light->file)));
    scene.environment_rotation_deg = record.appearance.environment_rotation_deg;
    return scene;
}

MadeRecord RecordMaker::make_record(const PosedPair& posed,
                                    int view,
                                    std::uint64_t record_id,
                                    Split split,
                                    RecordStageSeconds* spent) const {
    Stopwatch watch;
    RecordStageSeconds stages;
    MadeRecord made;
    Record& record = made.record;
    record.seed = options_.seed;
    record.record = record_id;
    record.pose = posed.pair.id;
    record.view = view;
    record.split = split;
    record.provenance = {posed.pair.source,
                         posed.pair.source_id,
                         posed.pair.augmentation,
                         posed.pair.attempts,
                         posed.pair.naturalness,
                         digests_.configuration_sha256,
                         digests_.assets_sha256};
    const ViewScene scene = make_view(posed, view, record_id, record);
    stages.view = watch.lap();
    RenderOptions rendering;
    rendering.spp = options_.image.spp;
    rendering.seed = options_.seed;
    rendering.id = record_id;
    const RenderResult result = scene.tracer.render(scene.camera, rendering);
    const LabelImages& labels = result.labels;
    stages.render = watch.lap();

    const DenoiseGuides guides{
        &labels.albedo, &labels.detail_normal, &labels.depth_z, &labels.hand};
    const ImageF radiance =
        options_.image.denoise ? denoise(result.radiance, guides) : result.radiance;
    stages.denoise = watch.lap();

    SensorOptions sensor;
    sensor.enabled = options_.image.sensor;
    const SensorResult picture =
        develop(radiance, labels.hand, sensor, Rng(options_.seed, record_id, "sensor"));
    stages.sensor = watch.lap();
    record.appearance.exposure_ev = picture.exposure_ev;
    record.appearance.sensor = picture.values;

    const MaskNumbers masks = mask_numbers(labels.part, labels.amodal);
    const auto first_hit = [&](const Vec3& from, const Vec3& to, double margin) {
        return scene.tracer.first_hit(from, to, margin);
    };
    for (const Side side : kSides) {
        const int i = index_of(side);
        RecordHand& hand = record.hands[i];
        fill_hand(posed, side, hand);
        fill_keypoints(scene.camera, posed.keypoints[i], hand);
        const KeypointVisibility seen = keypoint_visibility(
            scene.camera, i, posed.states[i].vertices, posed.keypoints[i], first_hit);
        hand.joint_visible = seen.visible;
        hand.joint_occluded_by = seen.occluded_by;
        hand.bbox_px = masks.bbox_px[i];
        hand.visible_pixels = masks.visible_pixels[i];
        hand.amodal_pixels = masks.amodal_pixels[i];
    }
    fill_interaction(posed.pair, record.interaction);
    record.interaction.mask_iou = masks.mask_iou;
    record.interaction.root_offset_m =
        record.hands[1].joints_in_cam[0] - record.hands[0].joints_in_cam[0];

    stages.numbers = watch.lap();

    made.members = {{"rgb." + options_.image.rgb_format, encode_rgb(picture.image, options_.image)},
                    {"seg.png", encode_png(labels.part)},
                    {"depth.png", encode_png(depth_to_16bit(labels.depth_z))},
                    {"amodal.png", encode_png(labels.amodal)}};
    if (options_.image.normal) {
        made.members.push_back({"normal.png", encode_png(normal_to_8bit(labels.shading_normal))});
    }
    if (options_.image.albedo) {
        made.members.push_back({"albedo.png", encode_png(srgb8_from_linear(labels.albedo))});
    }
    if (options_.image.uv) {
        made.members.push_back({"uv.png", encode_png(uv_to_16bit(labels.uv, labels.part))});
    }
    stages.encode = watch.lap();
    if (spent != nullptr) {
        *spent += stages;
    }
    return made;
}

} // namespace rih
