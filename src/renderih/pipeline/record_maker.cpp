// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/record_maker.h"

#include "renderih/base/error.h"
#include "renderih/base/stopwatch.h"
#include "renderih/hand/parts.h"
#include "renderih/image/codecs.h"
#include "renderih/image/colour.h"
#include "renderih/image/denoise.h"
#include "renderih/image/denoise_defocus.h"
#include "renderih/image/sensor/sensor.h"
#include "renderih/pipeline/dressed_hands.h"
#include "renderih/pipeline/keypoint_visibility.h"
#include "renderih/pipeline/labels.h"
#include "renderih/pipeline/near_things.h"
#include "renderih/pipeline/provenance.h"
#include "renderih/pipeline/view_choice.h"
#include "renderih/pipeline/worn_things.h"
#include "renderih/render/out_of_focus.h"
#include "renderih/scene/skin/skin_bake.h"
#include "renderih/scene/skin/skin_traits.h"

#include <algorithm>

namespace rih {

namespace {

Bytes encode_rgb(const SensorResult& picture, const std::string& format) {
    return format == "png" ? encode_png(picture.image)
           : format == "webp"
               ? encode_webp(picture.image, picture.quality)
               : encode_jpeg(picture.image,
                             picture.quality,
                             picture.chroma_subsampled ? JpegChroma::Half : JpegChroma::Full);
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

/// What a camera meters: 1 right, 2 left, 0 neither, forearms among it.
Image8 hands_without_forearms(const Image8& part) {
    Image8 hand(part.width(), part.height(), 1);
    for (std::size_t i = 0; i < hand.values().size(); ++i) {
        for (const Side side : kSides) {
            const int within = part.values()[i] - first_part(side);
            if (within >= 0 && within < kPartsPerHand) {
                hand.values()[i] = static_cast<std::uint8_t>(1 + index_of(side));
            }
        }
    }
    return hand;
}

/// Guided by the labels of the pinhole where they hold; where the lens spreads light beyond them,
/// by how far it does.
ImageF without_noise(const RenderResult& result, const ViewScene& scene) {
    const LabelImages& labels = result.labels;
    const ImageF radiance = denoise(
        result.radiance,
        {&labels.albedo, &labels.detail_normal, &labels.depth_z, &labels.hand, &result.noise});
    return scene.lens.is_pinhole()
               ? radiance
               : denoise_defocus(radiance,
                                 labels.hand,
                                 circles_px(scene.camera, scene.lens, labels.depth_z),
                                 scene.lens.motion);
}

/// A pose's pictures take hundreds of times as long as its person's tables, which would fill
/// gigabytes were all people kept.
constexpr std::size_t kPeopleKept = 8;

} // namespace

RecordMaker::RecordMaker(const GenerateOptions& options, const AssetFolder& assets, int threads)
    : options_(options), plan_(options.plan_options()),
      hands_(std::make_unique<HandPair>(load_dressed_hands(options.hand, assets.path))),
      engine_(std::make_unique<PoseEngine>(*hands_, options.posing, assets.path, kPeopleKept)) {
    const int places = options.image.places;
    lights_ = std::make_unique<const LightStore>(
        assets, places, places > 0 ? generator_digest() : std::string{}, threads);
    environments_.emplace(plan_, static_cast<int>(lights_->names().size()));
    for (const Side side : kSides) {
        surfaces_.emplace_back((*hands_)[side], options.image.subdivision_levels);
        forearm_ends_[index_of(side)] = forearm_end((*hands_)[side]);
    }
    atlases_ = skin_atlases(*hands_, surfaces_, options.image.skin_map_height);
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
    return dress(make_pair(pose_id));
}

PosePair RecordMaker::make_pair(std::uint64_t pose_id) const {
    // Splits share nobody.
    return engine_->make(options_.seed, pose_id, static_cast<int>(plan_.split_of(pose_id)));
}

PosedPair RecordMaker::dress(PosePair pair) const {
    PosedPair posed;
    posed.pair = std::move(pair);
    posed.skin = draw_skin_identity(options_.seed, posed.pair.id, options_.image.skin);
    std::array<Points, 2> rendered; // [R, 3]
    for (const Side side : kSides) {
        const int i = index_of(side);
        const HandPose& pose = posed.pair.pose[i];
        const HandModel& model = (*hands_)[side];
        const ShapedHand hand = shape_hand(model, pose.shape);
        posed.states[i] = pose_hand(hand, rotations_of(pose), pose.translation);
        posed.keypoints[i] = keypoints_mano21(model, posed.states[i]);
        LimitSurface surface = surfaces_[i].refine(posed.states[i].vertices);
        SceneMesh mesh = surfaces_[i].mesh(surface);
        rendered[i] = std::move(surface.positions);
        std::shared_ptr<const SurfaceMaps> maps;
        if (atlases_[i]) {
            maps = std::make_shared<const SurfaceMaps>(bake_skin(*atlases_[i], posed.skin, i));
        }
        surfaces_[i].apply_skin(hand, pose, posed.skin, std::move(maps), mesh);
        posed.scene.meshes.push_back(std::move(mesh));
    }
    for (FittedThing& worn :
         worn_things(options_, posed.pair.id, surfaces_, rendered, posed.keypoints)) {
        posed.things.push_back(std::move(worn.thing));
        posed.scene.meshes.push_back(std::move(worn.mesh));
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

    record.appearance.things.clear();
    for (const Thing& thing : posed.things) {
        record.appearance.things.push_back(record_thing(thing));
    }

    // One stream a purpose, so that a new draw in one does not move the others.
    Rng light_rng(options_.seed, record_id, "light");
    const int light = environments_->of_view(posed.pair.id, view);
    record.appearance.environment = lights_->names()[static_cast<std::size_t>(light)];
    record.appearance.environment_rotation_deg = light_rng.uniform(0, 360);

    const View shot =
        choose_view(options_,
                    posed.pair.id,
                    view,
                    view_subject({&posed.states[0].vertices, &posed.states[1].vertices},
                                 {&posed.keypoints[0], &posed.keypoints[1]},
                                 forearm_ends_));
    record.camera = shot.camera;
    record.track = shot.place.track;
    record.azimuth_deg = shot.place.azimuth_deg;
    record.distance_m = shot.distance_m;
    for (const Side side : kSides) {
        const int i = index_of(side);
        fill_hand(posed, side, record.hands[i]);
        fill_keypoints(shot.camera, posed.keypoints[i], record.hands[i]);
    }
    CameraLens lens;
    if (options_.image.sensor == "camera") {
        const LensDraw drawn = draw_lens_of(record, options_.image);
        record.appearance.sensor = drawn.numbers();
        lens = drawn.lens();
    }
    std::vector<const Points*> surfaces;
    for (const SceneMesh& mesh : posed.scene.meshes) {
        surfaces.push_back(&mesh.vertices);
    }
    const std::vector<NearThing> near = near_things(options_,
                                                    record_id,
                                                    shot.camera,
                                                    std::move(surfaces),
                                                    {&posed.keypoints[0], &posed.keypoints[1]});
    std::shared_ptr<const SceneTracer> tracer = posed.tracer;
    if (!near.empty()) {
        Scene scene = posed.scene;
        for (const NearThing& thing : near) {
            record.appearance.things.push_back(record_thing(thing));
            scene.meshes.push_back(mesh_of_near(thing));
        }
        tracer = std::make_shared<const SceneTracer>(scene);
    }
    return {shot.camera,
            lens,
            tracer->in_light(lights_->table(light), 1, record.appearance.environment_rotation_deg)};
}

Scene RecordMaker::scene_of_record(std::uint64_t record_id) const {
    const auto views = static_cast<std::uint64_t>(options_.views);
    const PosedPair posed = make_pose(record_id / views);
    Record record;
    const ViewScene view = make_view(posed, static_cast<int>(record_id % views), record_id, record);
    Scene scene = posed.scene;
    for (const NearThing& thing : near_things_of(record)) {
        scene.meshes.push_back(mesh_of_near(thing));
    }
    scene.camera = view.camera;
    const auto light = std::ranges::find(lights_->names(), record.appearance.environment);
    scene.environment = std::make_shared<const Environment>(
        lights_->environment(static_cast<int>(light - lights_->names().begin())));
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
    rendering.lens = scene.lens;
    rendering.spare_smooth = options_.image.denoise;
    const RenderResult result = scene.tracer.render(scene.camera, rendering);
    const LabelImages& labels = result.labels;
    stages.render = watch.lap();

    const ImageF radiance = options_.image.denoise ? without_noise(result, scene) : result.radiance;
    stages.denoise = watch.lap();

    const Intrinsics& k = scene.camera.intrinsics;
    const SensorResult picture = develop(radiance,
                                         hands_without_forearms(labels.part),
                                         {k.cx, k.cy},
                                         sensor_options(options_.image),
                                         Rng(options_.seed, record_id, "sensor"));
    stages.sensor = watch.lap();
    record.appearance.exposure_ev = picture.exposure_ev;
    record.appearance.sensor.insert(picture.values.begin(), picture.values.end());

    const MaskNumbers masks = mask_numbers(labels.part, labels.amodal);
    const auto first_hit = [&](const Vec3& from, const Vec3& to, double margin) {
        return scene.tracer.first_hit(from, to, margin);
    };
    for (const Side side : kSides) {
        const int i = index_of(side);
        RecordHand& hand = record.hands[i];
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

    made.members = {
        {"rgb." + options_.image.rgb_format, encode_rgb(picture, options_.image.rgb_format)},
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
