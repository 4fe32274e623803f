// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/scene_file.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/image/codecs.h"
#include "renderih/scene/environment.h"
#include "renderih/scene/obj.h"
#include "renderih/scene/scene_json.h"

#include <algorithm>
#include <map>

namespace rih {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxJson = 16ull << 20; // bytes
constexpr int kMaxDepth = 16;
constexpr double kHuge = 1e6;

json parse_json(std::string_view text, const std::string& what) {
    const json::parser_callback_t check_depth = [&](int depth, json::parse_event_t, json&) {
        RIH_REQUIRE(depth <= kMaxDepth, "{}: nested deeper than {} levels", what, kMaxDepth);
        return true;
    };
    try {
        return json::parse(text.begin(), text.end(), check_depth);
    } catch (const json::exception& error) {
        throw_user_error("{}: not valid JSON ({})", what, JsonField::printable(error.what()));
    }
}

Camera parse_camera(const JsonField& field) {
    field.expect_keys({"width", "height", "K", "cam_from_world"});
    Camera camera;
    camera.width = field.at("width").integer(1, kMaxImageSide);
    camera.height = field.at("height").integer(1, kMaxImageSide);
    const JsonField k = field.at("K");
    k.expect_array(3, 3);
    std::array<std::array<double, 3>, 3> matrix{};
    for (std::size_t i = 0; i < 3; ++i) {
        matrix[i] = k.at(i).numbers<3>(-kHuge, kHuge);
    }
    if (!(matrix[0][0] > 0 && matrix[1][1] > 0 && matrix[0][1] == 0 && matrix[1][0] == 0 &&
          matrix[2] == std::array<double, 3>{0, 0, 1})) {
        k.fail("[[fx, 0, cx], [0, fy, cy], [0, 0, 1]] with fx, fy > 0");
    }
    camera.intrinsics = {
        .fx = matrix[0][0], .fy = matrix[1][1], .cx = matrix[0][2], .cy = matrix[1][2]};

    const JsonField pose = field.at("cam_from_world");
    pose.expect_array(3, 3);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto row = pose.at(i).numbers<4>(-kHuge, kHuge);
        const auto r = static_cast<Eigen::Index>(i);
        camera.cam_from_world.rotation.row(r) << row[0], row[1], row[2];
        camera.cam_from_world.translation[r] = row[3];
    }
    const Mat3& rotation = camera.cam_from_world.rotation;
    if (!((rotation * rotation.transpose() - Mat3::Identity()).cwiseAbs().maxCoeff() < 1e-4 &&
          rotation.determinant() > 0)) {
        pose.fail("a rotation [3][3] beside a translation [3]; this rotation is none");
    }
    return camera;
}

Material parse_material(const JsonField& field) {
    if (field.has("texture")) {
        field.at("texture").fail("absent: textures are not read yet, give an albedo");
    }
    field.expect_keys({"albedo", "roughness", "ior", "sss"});
    Material material;
    material.albedo = field.at("albedo").numbers<3>(0, 1);
    if (field.has("roughness")) {
        material.roughness = field.at("roughness").number(0, 1);
    }
    if (field.has("ior")) {
        material.ior = field.at("ior").number(1, 3);
    }
    if (field.has("sss")) {
        const JsonField sss = field.at("sss");
        sss.expect_keys({"dmfp_mm", "scale", "g"});
        material.has_subsurface = true;
        material.subsurface.dmfp_mm = sss.at("dmfp_mm").numbers<3>(1e-6, 1e4);
        if (sss.has("scale")) {
            material.subsurface.scale = sss.at("scale").number(1e-6, 1e4);
        }
        if (sss.has("g")) {
            material.subsurface.g = sss.at("g").number(-0.99, 0.99);
        }
    }
    return material;
}

std::map<std::string, Material> parse_materials(const JsonField& field) {
    field.expect_object();
    std::map<std::string, Material> materials;
    RIH_REQUIRE(field.value().size() <= 4096, "{}: more than 4096 materials", field.name());
    for (const auto& [name, value] : field.value().items()) {
        materials[name] = parse_material({value, field.name() + "." + JsonField::printable(name)});
    }
    return materials;
}

const Material& find_material(const std::map<std::string, Material>& materials,
                              const std::string& name,
                              const std::string& where) {
    const auto found = materials.find(name);
    RIH_REQUIRE(found != materials.end(),
                "{}: no material is called '{}'",
                where,
                JsonField::printable(name));
    return found->second;
}

SceneMesh parse_mesh(const JsonField& field,
                     const std::filesystem::path& folder,
                     const std::map<std::string, Material>& materials) {
    field.expect_keys({"name", "file", "id", "material", "use_obj_materials"});
    SceneMesh mesh;
    mesh.name = field.at("name").text();
    mesh.id = field.at("id").integer(0, 254);
    mesh.materials = {
        find_material(materials, field.at("material").text(), field.name() + ".material")};
    ObjMesh obj;
    try {
        obj = read_obj(folder / field.at("file").text());
    } catch (const UserError& error) {
        throw_user_error("{}.file: {}", field.name(), error.what());
    }
    mesh.vertices = std::move(obj.vertices);
    mesh.faces = std::move(obj.faces);
    mesh.normals = std::move(obj.normals);
    mesh.uv = std::move(obj.uv);
    mesh.vertex_albedo = std::move(obj.vertex_colour);
    if (field.has("use_obj_materials") && field.at("use_obj_materials").boolean()) {
        for (const std::string& name : obj.material_names) {
            mesh.materials.push_back(
                find_material(materials, name, field.name() + ".file: usemtl"));
        }
        for (const int index : obj.face_material) {
            mesh.face_material.push_back(index + 1); // 0 is the mesh's own
        }
    }
    return mesh;
}

json material_to_json(const Material& material) {
    json value{
        {"albedo", material.albedo}, {"roughness", material.roughness}, {"ior", material.ior}};
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
    const json document = parse_json(text, what);
    const JsonField root(document, what);
    root.expect_keys({"meshes", "camera", "env", "materials", "integrator"});
    Scene scene;
    scene.camera = parse_camera(root.at("camera"));
    if (root.has("integrator")) {
        const JsonField integrator = root.at("integrator");
        integrator.expect_keys({"max_bounces"});
        scene.integrator.max_bounces = integrator.at("max_bounces").integer(0, 1024);
    }
    const JsonField env = root.at("env");
    env.expect_keys({"file", "strength", "rotation_deg"});
    if (env.has("strength")) {
        scene.environment_strength = env.at("strength").number(0, kHuge);
    }
    if (env.has("rotation_deg")) {
        scene.environment_rotation_deg = env.at("rotation_deg").number(-kHuge, kHuge);
    }
    const auto materials = parse_materials(root.at("materials"));
    const JsonField meshes = root.at("meshes");
    meshes.expect_array(0, 256);
    for (std::size_t i = 0; i < meshes.value().size(); ++i) {
        scene.meshes.push_back(parse_mesh(meshes.at(i), folder, materials));
    }
    try {
        scene.environment =
            std::make_shared<const Environment>(load_environment(folder / env.at("file").text()));
    } catch (const UserError& error) {
        throw_user_error("{}.file: {}", env.name(), error.what());
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
                    .face_material = mesh.face_material};
        const std::string prefix = "mesh" + std::to_string(m);
        for (std::size_t i = 0; i < mesh.materials.size(); ++i) {
            const std::string name = prefix + "_material" + std::to_string(i);
            materials[name] = material_to_json(mesh.materials[i]);
            obj.material_names.push_back(name);
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
