// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/scene_file.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/json_fields.h"
#include "renderih/image/codecs.h"
#include "renderih/image/colour.h"
#include "renderih/scene/environment.h"
#include "renderih/scene/maps_file.h"
#include "renderih/scene/obj.h"

#include <map>

namespace rih {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxJson = std::size_t{16} << 20; // bytes
constexpr std::size_t kMaxMaterials = 4096;
constexpr std::size_t kMaxTextureBytes = std::size_t{256} << 20;
constexpr double kHuge = 1e6;
/// Pixels of a picture, some 300 bytes each with label images and denoiser (docs/rendering.md), and
/// texels of all textures, 12 bytes each.
constexpr std::int64_t kMaxPixels = std::int64_t{64} << 20;

template <std::size_t N>
std::array<double, N> numbers(const JsonValue& value, double low, double high) {
    std::array<double, N> result{};
    const std::vector<JsonValue> elements = value.elements(N);
    for (std::size_t i = 0; i < N; ++i) {
        result[i] = elements[i].number(low, high);
    }
    return result;
}

int integer(const JsonValue& value, int low, int high) {
    return static_cast<int>(value.integer(low, high));
}

std::string name_of(const JsonValue& value) {
    return value.text(4096, 1);
}

Camera parse_camera(JsonObject fields) {
    Camera camera;
    camera.width = integer(fields.at("width"), 1, kMaxImageSide);
    const JsonValue height = fields.at("height");
    camera.height = integer(height, 1, kMaxImageSide);
    if (std::int64_t{camera.width} * camera.height > kMaxPixels) {
        height.fail(fmt::format("{} x {} are more than the {} pixels that are rendered at once",
                                camera.width,
                                camera.height,
                                kMaxPixels));
    }
    const JsonValue k = fields.at("K");
    std::array<std::array<double, 3>, 3> matrix{};
    for (std::size_t i = 0; const JsonValue& row : k.elements(3)) {
        matrix[i++] = numbers<3>(row, -kHuge, kHuge);
    }
    if (!(matrix[0][0] > 0 && matrix[1][1] > 0 && matrix[0][1] == 0 && matrix[1][0] == 0 &&
          matrix[2] == std::array<double, 3>{0, 0, 1})) {
        k.fail("must be [[fx, 0, cx], [0, fy, cy], [0, 0, 1]] with fx, fy > 0");
    }
    camera.intrinsics = {
        .fx = matrix[0][0], .fy = matrix[1][1], .cx = matrix[0][2], .cy = matrix[1][2]};

    const JsonValue pose = fields.at("cam_from_world");
    for (Eigen::Index r = 0; const JsonValue& value : pose.elements(3)) {
        const auto row = numbers<4>(value, -kHuge, kHuge);
        camera.cam_from_world.rotation.row(r) << row[0], row[1], row[2];
        camera.cam_from_world.translation[r++] = row[3];
    }
    const Mat3& rotation = camera.cam_from_world.rotation;
    if (!((rotation * rotation.transpose() - Mat3::Identity()).cwiseAbs().maxCoeff() < 1e-4 &&
          rotation.determinant() > 0)) {
        pose.fail("must be a rotation [3][3] beside a translation [3]; this rotation is none");
    }
    fields.finish();
    return camera;
}

/// PNG of 8 bits, sRGB, or linear EXR.
ImageF read_texture(const std::filesystem::path& path) {
    if (path.extension() == ".exr") {
        return read_exr(path);
    }
    RIH_REQUIRE(path.extension() == ".png",
                "{}: is no texture; give a .png (sRGB, 8 bits a channel) or a linear .exr",
                path.string());
    const Image8 image = decode_png8(read_file(path, kMaxTextureBytes), path.string());
    RIH_REQUIRE(image.channels() == 3,
                "{}: has {} channels; a texture has 3",
                path.string(),
                image.channels());
    return linear_from_srgb8(image);
}

Material
parse_material(JsonObject fields, const std::filesystem::path& folder, std::int64_t& texels) {
    Material material;
    if (fields.has("texture")) {
        const JsonValue file = fields.at("texture");
        if (fields.has("albedo")) {
            file.fail("stands beside an albedo; give one of the two");
        }
        try {
            material.texture = std::make_shared<const ImageF>(read_texture(folder / name_of(file)));
            texels += std::int64_t{material.texture->width()} * material.texture->height();
            RIH_REQUIRE(texels <= kMaxPixels,
                        "the textures up to this one have {} texels; at most {} are kept",
                        texels,
                        kMaxPixels);
        } catch (const UserError& error) {
            file.fail(error.what());
        }
    } else {
        material.albedo = numbers<3>(fields.at("albedo"), 0, 1);
    }
    if (fields.has("roughness")) {
        material.roughness = fields.at("roughness").number(0, 1);
    }
    if (fields.has("ior")) {
        material.ior = fields.at("ior").number(1, 3);
    }
    if (fields.has("second_lobe")) {
        JsonObject lobe = fields.object("second_lobe");
        material.second_lobe.share = lobe.at("share").number(0, 1);
        material.second_lobe.roughness_factor = lobe.at("roughness_factor").number(0.05, 20);
        lobe.finish();
    }
    if (fields.has("coat")) {
        JsonObject coat = fields.object("coat");
        material.coat.weight = coat.at("weight").number(0, 1);
        if (coat.has("roughness")) {
            material.coat.roughness = coat.at("roughness").number(0, 1);
        }
        if (coat.has("ior")) {
            material.coat.ior = coat.at("ior").number(1, 3);
        }
        coat.finish();
    }
    if (fields.has("metal")) {
        const JsonValue metal = fields.at("metal");
        material.is_metal = metal.boolean();
        for (const char* other : {"second_lobe", "coat", "sss"}) {
            if (material.is_metal && fields.has(other)) {
                metal.fail(fmt::format("a metal has no {}", other));
            }
        }
    }
    if (fields.has("sss")) {
        JsonObject sss = fields.object("sss");
        material.has_subsurface = true;
        material.subsurface.dmfp_mm = numbers<3>(sss.at("dmfp_mm"), 1e-6, 1e4);
        if (sss.has("scale")) {
            material.subsurface.scale = sss.at("scale").number(1e-6, 1e4);
        }
        if (sss.has("g")) {
            material.subsurface.g = sss.at("g").number(-0.95, 0.95);
        }
        sss.finish();
    }
    fields.finish();
    return material;
}

std::map<std::string, Material> parse_materials(JsonObject fields,
                                                const std::filesystem::path& folder) {
    std::map<std::string, Material> materials;
    std::int64_t texels = 0;
    for (const std::string& name : fields.names(kMaxMaterials)) {
        materials[name] = parse_material(fields.object(name), folder, texels);
    }
    return materials;
}

const Material& find_material(const std::map<std::string, Material>& materials,
                              const std::string& name,
                              const std::string& where) {
    const auto found = materials.find(name);
    RIH_REQUIRE(
        found != materials.end(), "{}: no material is called '{}'", where, printable(name, 64));
    return found->second;
}

/// Maps over the mesh's uv, and how deep the pose makes their folds at each vertex.
void parse_maps(JsonObject fields, const std::filesystem::path& folder, SceneMesh& mesh) {
    const double metres_per_uv = fields.at("metres_per_uv").number(1e-6, 1e5);
    const JsonValue albedo = fields.at("albedo");
    const MapFiles files{folder / name_of(albedo),
                         folder / name_of(fields.at("relief")),
                         folder / name_of(fields.at("folds"))};
    if (fields.has("fold")) {
        const auto vertices = static_cast<std::size_t>(mesh.vertices.rows());
        for (const JsonValue& fold : fields.at("fold").elements(vertices)) {
            mesh.vertex_fold.push_back(static_cast<float>(fold.number(-10, 10)));
        }
    }
    fields.finish();
    try {
        mesh.maps = std::make_shared<const SurfaceMaps>(read_maps(files, metres_per_uv));
    } catch (const UserError& error) {
        albedo.fail(error.what());
    }
}

SceneMesh parse_mesh(const JsonValue& value,
                     const std::filesystem::path& folder,
                     const std::map<std::string, Material>& materials) {
    JsonObject fields(value);
    SceneMesh mesh;
    mesh.name = name_of(fields.at("name"));
    mesh.id = integer(fields.at("id"), 0, 254);
    const JsonValue material = fields.at("material");
    mesh.materials = {find_material(materials, name_of(material), material.where())};
    const JsonValue file = fields.at("file");
    ObjMesh obj;
    try {
        obj = read_obj(folder / name_of(file));
    } catch (const UserError& error) {
        file.fail(error.what());
    }
    mesh.vertices = std::move(obj.vertices);
    mesh.faces = std::move(obj.faces);
    mesh.normals = std::move(obj.normals);
    mesh.uv = std::move(obj.uv);
    mesh.vertex_albedo = std::move(obj.vertex_colour);
    mesh.face_label = std::move(obj.face_part);
    if (fields.has("maps")) {
        parse_maps(fields.object("maps"), folder, mesh);
    }
    if (fields.has("use_obj_materials") && fields.at("use_obj_materials").boolean()) {
        for (const std::string& name : obj.material_names) {
            mesh.materials.push_back(find_material(materials, name, file.where() + ": usemtl"));
        }
        for (const int index : obj.face_material) {
            mesh.face_material.push_back(index + 1); // 0 is the mesh's own
        }
    }
    fields.finish();
    return mesh;
}

/// `coated`: some of the mesh is, whatever the material says of the rest.
json material_to_json(const Material& material, bool coated) {
    json value{
        {"albedo", material.albedo}, {"roughness", material.roughness}, {"ior", material.ior}};
    if (material.second_lobe.share > 0) {
        value["second_lobe"] = {{"share", material.second_lobe.share},
                                {"roughness_factor", material.second_lobe.roughness_factor}};
    }
    if (material.coat.weight > 0 || coated) {
        value["coat"] = {{"weight", material.coat.weight},
                         {"roughness", material.coat.roughness},
                         {"ior", material.coat.ior}};
    }
    if (material.is_metal) {
        value["metal"] = true;
        value.erase("coat");
    }
    if (material.has_subsurface) {
        value["sss"] = {{"dmfp_mm", material.subsurface.dmfp_mm},
                        {"scale", material.subsurface.scale},
                        {"g", material.subsurface.g}};
    }
    return value;
}

json camera_to_json(const Camera& camera) {
    const Intrinsics& k = camera.intrinsics;
    json pose = json::array();
    for (Eigen::Index i = 0; i < 3; ++i) {
        const Mat3& r = camera.cam_from_world.rotation;
        pose.push_back({r(i, 0), r(i, 1), r(i, 2), camera.cam_from_world.translation[i]});
    }
    return {{"width", camera.width},
            {"height", camera.height},
            {"K", {{k.fx, 0.0, k.cx}, {0.0, k.fy, k.cy}, {0.0, 0.0, 1.0}}},
            {"cam_from_world", pose}};
}

} // namespace

Scene parse_scene(std::string_view text,
                  const std::filesystem::path& folder,
                  const std::string& what) {
    const OrderedJson document =
        parse_json(text, what, {.max_bytes = kMaxJson, .max_keys = kMaxMaterials});
    JsonObject root(JsonValue(document, what));
    Scene scene;
    scene.camera = parse_camera(root.object("camera"));
    if (root.has("integrator")) {
        JsonObject integrator = root.object("integrator");
        scene.integrator.max_bounces = integer(integrator.at("max_bounces"), 0, 1000);
        integrator.finish();
    }
    JsonObject env = root.object("env");
    if (env.has("strength")) {
        scene.environment_strength = env.at("strength").number(0, kHuge);
    }
    if (env.has("rotation_deg")) {
        scene.environment_rotation_deg = env.at("rotation_deg").number(-kHuge, kHuge);
    }
    const JsonValue env_file = env.at("file");
    env.finish();
    JsonObject material_fields = root.object("materials");
    const JsonValue meshes = root.at("meshes");
    root.finish(); // before files are read, for a slip of the pen
    const auto materials = parse_materials(std::move(material_fields), folder);
    for (const JsonValue& mesh : meshes.elements(0, 256)) {
        scene.meshes.push_back(parse_mesh(mesh, folder, materials));
    }
    try {
        scene.environment =
            std::make_shared<const Environment>(load_environment(folder / name_of(env_file)));
    } catch (const UserError& error) {
        env_file.fail(error.what());
    }
    return scene;
}

Scene read_scene(const std::filesystem::path& json_path) {
    return parse_scene(
        read_text_file(json_path, kMaxJson), json_path.parent_path(), json_path.string());
}

std::filesystem::path write_scene(const std::filesystem::path& folder, const Scene& scene) {
    RIH_REQUIRE(scene.environment != nullptr, "a scene without an environment cannot be written");
    make_folder(folder);
    json materials = json::object();
    json meshes = json::array();
    for (std::size_t m = 0; m < scene.meshes.size(); ++m) {
        const SceneMesh& mesh = scene.meshes[m];
        ObjMesh obj{.vertices = mesh.vertices,
                    .faces = mesh.faces,
                    .normals = mesh.normals.rows() > 0 ? mesh.normals
                                                       : vertex_normals(mesh.vertices, mesh.faces),
                    .uv = mesh.uv,
                    .vertex_colour = mesh.vertex_albedo,
                    .material_names = {},
                    .face_material = mesh.face_material,
                    .face_part = mesh.face_label};
        const std::string prefix = "mesh" + std::to_string(m);
        for (std::size_t i = 0; i < mesh.materials.size(); ++i) {
            const std::string name = prefix + "_material" + std::to_string(i);
            materials[name] = material_to_json(mesh.materials[i], mesh.maps != nullptr);
            if (mesh.materials[i].texture != nullptr) {
                const std::string texture = name + ".exr";
                write_exr(folder / texture, *mesh.materials[i].texture, {"R", "G", "B"});
                materials[name].erase("albedo");
                materials[name]["texture"] = texture;
            }
            obj.material_names.push_back(name);
        }
        if (mesh.maps != nullptr && obj.vertex_colour.empty()) {
            obj.vertex_colour = vertex_albedo_of(*mesh.maps, mesh.uv);
        }
        const std::string file = prefix + ".obj";
        write_file_atomically(folder / file, obj_text(obj));
        json entry{{"name", mesh.name},
                   {"file", file},
                   {"id", mesh.id},
                   {"material", prefix + "_material0"}};
        if (!mesh.face_material.empty()) {
            entry["use_obj_materials"] = true;
        }
        if (mesh.maps != nullptr) {
            const std::string albedo = prefix + "_albedo.png", relief = prefix + "_relief.png",
                              folds = prefix + "_folds.png";
            write_maps({folder / albedo, folder / relief, folder / folds}, *mesh.maps);
            entry["maps"] = {{"albedo", albedo},
                             {"relief", relief},
                             {"folds", folds},
                             {"metres_per_uv", mesh.maps->metres_per_uv}};
            if (!mesh.vertex_fold.empty()) {
                entry["maps"]["fold"] = mesh.vertex_fold;
            }
        }
        meshes.push_back(entry);
    }
    write_exr(folder / "environment.exr", scene.environment->radiance, {"R", "G", "B"});
    const json document{{"meshes", meshes},
                        {"camera", camera_to_json(scene.camera)},
                        {"env",
                         {{"file", "environment.exr"},
                          {"strength", scene.environment_strength},
                          {"rotation_deg", scene.environment_rotation_deg}}},
                        {"materials", materials},
                        {"integrator", {{"max_bounces", scene.integrator.max_bounces}}}};
    const std::filesystem::path path = folder / "scene.json";
    write_file_atomically(path, document.dump(2) + "\n");
    return path;
}

} // namespace rih
