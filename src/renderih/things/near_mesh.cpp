// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/near_mesh.h"

#include "renderih/base/error.h"
#include "renderih/hand/joint_order.h"
#include "renderih/math/types.h"
#include "renderih/places/place_material.h"
#include "renderih/places/place_mesh.h"
#include "renderih/places/room_builder.h"
#include "renderih/things/lathe.h"
#include "renderih/things/thing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace rih {

namespace {

constexpr float kTableThickness = 0.03f, kTableHeight = 0.72f; // m
constexpr float kWallWidth = 3.0f, kWallHeight = 2.4f;         // m
constexpr float kTexel = 0.002f;                               // m
constexpr double kFar = 10;                                    // m; no near thing is farther

double number(const NearThing& thing, const std::string& name, double low, double high) {
    const auto found = thing.numbers.find(name);
    RIH_REQUIRE(found != thing.numbers.end(), "a {} has no {}", thing.kind, name);
    RIH_REQUIRE(found->second >= low && found->second <= high,
                "the {} of a {} is {}; it must lie in {} .. {}",
                name,
                thing.kind,
                found->second,
                low,
                high);
    return found->second;
}

float number_f(const NearThing& thing, const std::string& name, double low, double high) {
    return static_cast<float>(number(thing, name, low, high));
}

/// Turned like a Stand: about +y.
Stand stand_of(const NearThing& thing, float y) {
    return {{number_f(thing, "x_m", -kFar, kFar), y, number_f(thing, "z_m", -kFar, kFar)},
            number_f(thing, "yaw_deg", -360, 360) * static_cast<float>(kDegree)};
}

Vec3f tinted(std::span<const Vec3f> colours, float tint) {
    // The integer part chooses, what is left makes it lighter or darker.
    const float place = tint * static_cast<float>(colours.size());
    const std::size_t which = std::min(static_cast<std::size_t>(place), colours.size() - 1);
    return (0.85f + 0.3f * (place - static_cast<float>(which))) * colours[which];
}

// Wood, paint and cloth as diffuse reflectances that such surfaces have, linear Rec.709, by eye.
constexpr std::array<Vec3f, 3> kOak{
    {{0.45f, 0.29f, 0.16f}, {0.5f, 0.34f, 0.2f}, {0.38f, 0.24f, 0.12f}}};
constexpr std::array<Vec3f, 3> kWalnut{
    {{0.19f, 0.1f, 0.055f}, {0.14f, 0.07f, 0.04f}, {0.24f, 0.12f, 0.06f}}};
constexpr std::array<Vec3f, 3> kPine{
    {{0.55f, 0.4f, 0.24f}, {0.6f, 0.45f, 0.29f}, {0.5f, 0.33f, 0.18f}}};
constexpr std::array<Vec3f, 3> kPale{
    {{0.78f, 0.77f, 0.74f}, {0.7f, 0.69f, 0.66f}, {0.74f, 0.71f, 0.64f}}};
constexpr std::array<Vec3f, 3> kStone{
    {{0.62f, 0.62f, 0.59f}, {0.56f, 0.55f, 0.53f}, {0.59f, 0.57f, 0.51f}}};
constexpr std::array<Vec3f, 2> kBrick{{{0.33f, 0.14f, 0.09f}, {0.3f, 0.17f, 0.12f}}};
constexpr std::array<Vec3f, 1> kMortar{{{0.5f, 0.47f, 0.42f}}};
constexpr std::array<Vec3f, 7> kCloth{{{0.62f, 0.6f, 0.56f},
                                       {0.22f, 0.22f, 0.23f},
                                       {0.09f, 0.13f, 0.22f},
                                       {0.3f, 0.07f, 0.06f},
                                       {0.14f, 0.2f, 0.13f},
                                       {0.5f, 0.34f, 0.12f},
                                       {0.05f, 0.05f, 0.05f}}};
constexpr std::array<Vec3f, 3> kDark{
    {{0.03f, 0.03f, 0.032f}, {0.05f, 0.04f, 0.035f}, {0.02f, 0.025f, 0.03f}}};
constexpr std::array<Vec3f, 8> kGlaze{{{0.75f, 0.74f, 0.7f},
                                       {0.04f, 0.1f, 0.26f},
                                       {0.5f, 0.06f, 0.05f},
                                       {0.06f, 0.2f, 0.12f},
                                       {0.55f, 0.36f, 0.06f},
                                       {0.1f, 0.09f, 0.085f},
                                       {0.3f, 0.42f, 0.5f},
                                       {0.6f, 0.5f, 0.42f}}};

/// What is below a dielectric of this reflectance at normal incidence, as rough as `polish` leaves.
Material material_of(const Vec3f& albedo, float reflectance, float polish) {
    Material material;
    material.albedo = {albedo.x, albedo.y, albedo.z};
    const double root = std::sqrt(static_cast<double>(reflectance));
    material.ior = (1 + root) / (1 - root);
    material.roughness = std::max(0.08, 0.95 - 0.85 * static_cast<double>(polish));
    return material;
}

/// `pattern` over a rectangle of `width` x `height` m about uv = 0, one texel kTexel wide.
std::shared_ptr<const ImageF> bake(const PlaceMaterial& pattern, float width, float height) {
    const int columns = static_cast<int>(width / kTexel), rows = static_cast<int>(height / kTexel);
    auto texture = std::make_shared<ImageF>(columns, rows, 3);
    for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < columns; ++x) {
            const Vec2f uv{(static_cast<float>(x) + 0.5f) * kTexel - 0.5f * width,
                           0.5f * height - (static_cast<float>(y) + 0.5f) * kTexel};
            const PatternSample sample =
                sample_pattern(pattern, {uv, {uv.x, 0, uv.y}, {0, 1, 0}, kTexel});
            for (int c = 0; c < 3; ++c) {
                texture->at(x, y, c) = std::clamp(sample.albedo[c], 0.0f, 0.95f);
            }
        }
    }
    return texture;
}

Material patterned(const PlaceMaterial& pattern, float width, float height) {
    Material material = material_of(pattern.colour_a, pattern.reflectance, pattern.polish);
    material.texture = bake(pattern, width, height);
    return material;
}

SceneMesh scene_mesh(const NearThing& thing,
                     const PlaceMesh& mesh,
                     std::vector<Material> materials,
                     float uv_width,
                     float uv_height) {
    SceneMesh scene;
    scene.name = thing.kind;
    scene.id = kObjectMeshId;
    const auto count = static_cast<Eigen::Index>(mesh.vertices.size());
    scene.vertices.resize(count, 3);
    scene.normals.resize(count, 3);
    scene.uv.resize(count, 2);
    for (Eigen::Index v = 0; v < count; ++v) {
        const auto i = static_cast<std::size_t>(v);
        for (int c = 0; c < 3; ++c) {
            scene.vertices(v, c) = static_cast<double>(mesh.vertices[i][c]);
            scene.normals(v, c) = static_cast<double>(mesh.normals[i][c]);
        }
        // v = 0 is below; the textures' middle is uv (0, 0) of the mesh.
        scene.uv(v, 0) = static_cast<double>(mesh.uv[i].x / uv_width) + 0.5;
        scene.uv(v, 1) = static_cast<double>(mesh.uv[i].y / uv_height) + 0.5;
    }
    for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
        scene.faces.push_back(mesh.faces[f]);
        scene.face_material.push_back(mesh.material[f]);
    }
    scene.face_label.assign(scene.faces.size(), kObjectPart);
    scene.amodal_ignores = {kObjectPart};
    scene.materials = std::move(materials);
    return scene;
}

/// How a table's top or a wall looks: a colour by `tint`, a second one of `second` or, where there
/// are none, the first darkened.
struct Look {
    Pattern pattern;
    std::span<const Vec3f> colours, second;
    float size, reflectance, polish; // as PlaceMaterial's
};
const std::array<Look, kTableStyles> kTableLooks{{{Pattern::Wood, kOak, {}, 1, 0.04f, 0.5f},
                                                  {Pattern::Wood, kWalnut, {}, 1, 0.04f, 0.65f},
                                                  {Pattern::Planks, kPine, {}, 0.12f, 0.04f, 0.25f},
                                                  {Pattern::Plain, kPale, {}, 1, 0.04f, 0.6f},
                                                  {Pattern::Plain, kDark, {}, 1, 0.04f, 0.75f},
                                                  {Pattern::Fabric, kCloth, {}, 0.006f, 0.02f, 0},
                                                  {Pattern::Concrete, kStone, {}, 4, 0.04f, 0.4f}}};
const std::array<Look, kWallStyles> kWallLooks{
    {{Pattern::Plaster, kPale, {}, 1, 0.03f, 0.05f},
     {Pattern::Plaster, kWallPaints, {}, 1, 0.03f, 0.05f},
     {Pattern::Brick, kBrick, kMortar, 0.075f, 0.03f, 0.05f},
     {Pattern::Tiles, kGlaze, kMortar, 0.1f, 0.04f, 0.75f},
     {Pattern::Stripes, kPale, kWallPaints, 0.12f, 0.03f, 0.05f},
     {Pattern::Planks, kPine, {}, 0.14f, 0.03f, 0.05f},
     {Pattern::Fabric, kCloth, {}, 0.008f, 0.03f, 0.05f}}};

/// `looks`: by the thing's `style`.
PlaceMaterial pattern_of(const NearThing& thing, std::span<const Look> looks) {
    const double last = static_cast<double>(looks.size()) - 1;
    const Look& look = looks[static_cast<std::size_t>(number(thing, "style", 0, last))];
    const float tint = number_f(thing, "tint", 0, 1);
    PlaceMaterial material;
    material.pattern = look.pattern;
    material.colour_a = tinted(look.colours, tint);
    material.colour_b =
        look.second.empty() ? 0.6f * material.colour_a : tinted(look.second, 1 - tint);
    material.size = look.size;
    material.reflectance = look.reflectance;
    material.polish = look.polish;
    material.seed = static_cast<std::uint32_t>(number(thing, "pattern", 0, 1 << 20));
    return material;
}

SceneMesh make_table(const NearThing& table) {
    const float top = number_f(table, "top_m", -kFar, kFar);
    const float x = 0.5f * number_f(table, "width_m", 0.1, 4),
                z = 0.5f * number_f(table, "depth_m", 0.1, 4);
    const PlaceMaterial pattern = pattern_of(table, kTableLooks);
    const Stand stand = stand_of(table, top - kTableHeight);
    PlaceMesh mesh;
    mesh.box(stand, {-x, kTableHeight - kTableThickness, -z}, {x, kTableHeight, z}, 0, 0.004f);
    for (const float side_x : {-1.0f, 1.0f}) {
        for (const float side_z : {-1.0f, 1.0f}) {
            const Vec3f leg{side_x * (x - 0.06f), 0, side_z * (z - 0.06f)};
            mesh.box(stand,
                     leg - Vec3f{0.025f, 0, 0.025f},
                     leg + Vec3f{0.025f, kTableHeight - kTableThickness, 0.025f},
                     1,
                     0.004f);
        }
    }
    return scene_mesh(
        table,
        mesh,
        {patterned(pattern, 2 * x, 2 * z), material_of(0.8f * pattern.colour_a, 0.04f, 0.3f)},
        2 * x,
        2 * z);
}

SceneMesh make_wall(const NearThing& wall) {
    const double yaw = number(wall, "yaw_deg", -360, 360) * kDegree;
    const double distance = number(wall, "distance_m", -1, 1);
    // Its face lies where n . p = -distance, n the stand's +z.
    const Vec3 foot = -distance * Vec3(std::sin(yaw), 0, std::cos(yaw));
    const Stand stand{
        {static_cast<float>(foot.x()), -0.5f * kWallHeight, static_cast<float>(foot.z())},
        static_cast<float>(yaw)};
    PlaceMesh mesh;
    mesh.box(
        stand, {-0.5f * kWallWidth, 0, -0.05f}, {0.5f * kWallWidth, kWallHeight, 0}, 0, 0.003f);
    return scene_mesh(wall,
                      mesh,
                      {patterned(pattern_of(wall, kWallLooks), kWallWidth, kWallHeight)},
                      kWallWidth,
                      kWallHeight);
}

// Things on the table: each gets a foot, a size within its kind's own, and colours by its tint.

struct OnTable {
    std::string_view kind;
    NearExtent (*extent)(float size);
    SceneMesh (*make)(const NearThing& thing, const Stand& stand, float size);
};

float between(float low, float high, float t) {
    return low + (high - low) * t;
}

NearExtent extent(float radius, float height) {
    return {static_cast<double>(radius), static_cast<double>(height)};
}

float tint_of(const NearThing& thing) {
    return number_f(thing, "tint", 0, 1);
}

SceneMesh make_mug(const NearThing& thing, const Stand& stand, float size) {
    const float r = between(0.036f, 0.044f, size), h = between(0.085f, 0.105f, size);
    const float wall = 0.0035f;
    PlaceMesh mesh;
    add_lathe(mesh,
              stand,
              {{0, 0},
               {r - 0.006f, 0},
               {r, 0.006f},
               {r, h - 0.002f},
               {r - 0.5f * wall, h},
               {r - wall, h - 0.002f},
               {r - wall, 0.55f * h}},
              0);
    add_lathe(mesh, stand, {{r - wall, 0.8f * h}, {0, 0.8f * h}}, 1); // the drink
    add_handle(mesh, stand, r, 0.22f * h, 0.82f * h, 0);
    const bool coffee = tint_of(thing) < 0.6f;
    return scene_mesh(
        thing,
        mesh,
        {material_of(tinted(kGlaze, tint_of(thing)), 0.045f, 0.85f),
         material_of(coffee ? Vec3f{0.03f, 0.015f, 0.008f} : Vec3f{0.25f, 0.1f, 0.03f}, 0.02f, 1)},
        1,
        1);
}

SceneMesh make_bottle(const NearThing& thing, const Stand& stand, float size) {
    const float r = between(0.03f, 0.038f, size), h = between(0.18f, 0.26f, size);
    PlaceMesh mesh;
    add_lathe(mesh,
              stand,
              {{0, 0},
               {r - 0.004f, 0},
               {r, 0.004f},
               {r, 0.62f * h},
               {0.95f * r, 0.68f * h},
               {0.7f * r, 0.77f * h},
               {0.42f * r, 0.84f * h},
               {0.38f * r, 0.9f * h}},
              0);
    add_lathe(
        mesh, stand, {{0.45f * r, 0.9f * h}, {0.45f * r, 0.99f * h}, {0.4f * r, h}, {0, h}}, 1);
    return scene_mesh(thing,
                      mesh,
                      {material_of(0.6f * tinted(kGlaze, tint_of(thing)), 0.045f, 0.95f),
                       material_of({0.7f, 0.7f, 0.68f}, 0.04f, 0.5f)},
                      1,
                      1);
}

SceneMesh make_ball(const NearThing& thing, const Stand& stand, float size) {
    const float r = between(0.02f, 0.036f, size);
    PlaceMesh mesh;
    constexpr int kSteps = 20;
    std::vector<Vec2f> outline{{0, 0}};
    for (int i = 1; i < kSteps; ++i) {
        const double angle = kPi * i / kSteps;
        outline.push_back(
            {r * static_cast<float>(std::sin(angle)), r * static_cast<float>(1 - std::cos(angle))});
    }
    outline.push_back({0, 2 * r});
    add_lathe(mesh, stand, outline, 0);
    return scene_mesh(
        thing, mesh, {material_of(tinted(kGlaze, tint_of(thing)), 0.04f, 0.4f)}, 1, 1);
}

SceneMesh make_bowl(const NearThing& thing, const Stand& stand, float size) {
    const float r = between(0.06f, 0.085f, size), h = 0.45f * r;
    PlaceMesh mesh;
    add_lathe(mesh,
              stand,
              {{0, 0},
               {0.5f * r, 0},
               {0.52f * r, 0.06f * h},
               {0.75f * r, 0.3f * h},
               {0.93f * r, 0.65f * h},
               {r, h},
               {r - 0.003f, h},
               {0.9f * r, 0.68f * h},
               {0.72f * r, 0.38f * h},
               {0.45f * r, 0.16f * h},
               {0, 0.1f * h}},
              0);
    return scene_mesh(
        thing, mesh, {material_of(tinted(kGlaze, tint_of(thing)), 0.045f, 0.8f)}, 1, 1);
}

SceneMesh make_book(const NearThing& thing, const Stand& stand, float size) {
    const float w = between(0.055f, 0.075f, size), d = 1.45f * w, h = between(0.012f, 0.04f, size);
    PlaceMesh mesh;
    mesh.box(stand, {-w, 0, -d}, {w, 0.0025f, d}, 0, 0.001f);
    mesh.box(stand, {-w, h - 0.0025f, -d}, {w, h, d}, 0, 0.001f);
    mesh.box(stand, {-w - 0.001f, 0, -d}, {-w + 0.003f, h, d}, 0, 0.001f);
    mesh.box(stand, {-w + 0.003f, 0.0025f, -d + 0.004f}, {w - 0.004f, h - 0.0025f, d - 0.004f}, 1);
    return scene_mesh(thing,
                      mesh,
                      {material_of(tinted(kGlaze, tint_of(thing)), 0.04f, 0.45f),
                       material_of({0.72f, 0.69f, 0.6f}, 0.02f, 0)},
                      1,
                      1);
}

SceneMesh make_phone(const NearThing& thing, const Stand& stand, float size) {
    const float w = between(0.034f, 0.039f, size), d = between(0.071f, 0.081f, size);
    PlaceMesh mesh;
    mesh.box(stand, {-w, 0, -d}, {w, 0.0078f, d}, 0, 0.0025f);
    mesh.box(
        stand, {-w + 0.002f, 0.0078f, -d + 0.002f}, {w - 0.002f, 0.0082f, d - 0.002f}, 1, 0.0002f);
    return scene_mesh(thing,
                      mesh,
                      {material_of(0.4f * tinted(kGlaze, tint_of(thing)), 0.05f, 0.6f),
                       material_of({0.012f, 0.012f, 0.014f}, 0.043f, 1)},
                      1,
                      1);
}

SceneMesh make_carton(const NearThing& thing, const Stand& stand, float size) {
    const float w = between(0.03f, 0.05f, size), h = between(0.06f, 0.16f, size);
    PlaceMesh mesh;
    mesh.box(stand, {-w, 0, -0.7f * w}, {w, h, 0.7f * w}, 0, 0.0015f);
    return scene_mesh(
        thing, mesh, {material_of(tinted(kGlaze, tint_of(thing)), 0.035f, 0.35f)}, 1, 1);
}

/// Extents hold the meshes above, as a test checks.
constexpr std::array<OnTable, 7> kOnTable{{
    {"mug", [](float) { return extent(0.08f, 0.106f); }, make_mug},
    {"bottle", [](float) { return extent(0.039f, 0.261f); }, make_bottle},
    {"ball",
     [](float size) { return extent(0.001f + between(0.02f, 0.036f, size), 0.073f); },
     make_ball},
    {"bowl",
     [](float size) { return extent(0.001f + between(0.06f, 0.085f, size), 0.04f); },
     make_bowl},
    {"book",
     [](float size) { return extent(0.002f + 1.77f * between(0.055f, 0.075f, size), 0.041f); },
     make_book},
    {"phone", [](float) { return extent(0.091f, 0.009f); }, make_phone},
    {"carton",
     [](float size) { return extent(0.001f + 1.23f * between(0.03f, 0.05f, size), 0.161f); },
     make_carton},
}};

const OnTable* on_table(const std::string& kind) {
    const auto* found = std::ranges::find(kOnTable, kind, &OnTable::kind);
    return found == kOnTable.end() ? nullptr : found;
}

} // namespace

const std::vector<std::string>& on_table_kinds() {
    static const std::vector<std::string> kinds = [] {
        std::vector<std::string> names;
        for (const OnTable& one : kOnTable) {
            names.emplace_back(one.kind);
        }
        return names;
    }();
    return kinds;
}

NearExtent extent_of(const NearThing& thing) {
    const OnTable* one = on_table(thing.kind);
    RIH_REQUIRE(one != nullptr, "there is no '{}' that stands on a table", thing.kind);
    return one->extent(number_f(thing, "size", 0, 1));
}

bool is_on_table(const NearThing& table, const Vec3& foot, double radius) {
    const double yaw = number(table, "yaw_deg", -360, 360) * kDegree;
    const double x = foot.x() - number(table, "x_m", -kFar, kFar),
                 z = foot.z() - number(table, "z_m", -kFar, kFar);
    // The inverse of Stand's turn.
    const double along = std::cos(yaw) * x - std::sin(yaw) * z,
                 across = std::sin(yaw) * x + std::cos(yaw) * z;
    return std::abs(along) + radius < 0.5 * number(table, "width_m", 0.1, 4) &&
           std::abs(across) + radius < 0.5 * number(table, "depth_m", 0.1, 4);
}

bool is_near_kind(const std::string& kind) {
    return kind == "table" || kind == "wall" || on_table(kind) != nullptr;
}

SceneMesh mesh_of_near(const NearThing& thing) {
    if (thing.kind == "table") {
        return make_table(thing);
    }
    if (thing.kind == "wall") {
        return make_wall(thing);
    }
    const OnTable* one = on_table(thing.kind);
    RIH_REQUIRE(one != nullptr, "there is no near thing '{}'", thing.kind);
    return one->make(thing,
                     stand_of(thing, number_f(thing, "top_m", -kFar, kFar)),
                     number_f(thing, "size", 0, 1));
}

} // namespace rih
